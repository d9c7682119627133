"""The demo: a simulated cluster's logs of every kind, with some history, flowing on for as long as it runs.

Its plan is kept in a directory, so a second run resumes the same cluster where it stopped. It does not know
where its lines go.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import structlog

from tapetum import simulate
from tapetum.catalog.manifests import ManifestImport
from tapetum.domain.batches import Receipt
from tapetum.domain.errors import BadInputError, TapetumError
from tapetum.domain.manifests import Origin
from tapetum.domain.moments import SECOND, Clock
from tapetum.ingest.forms import Form
from tapetum.policy.bodies import bodies_of
from tapetum.policy.documents import Document, Place
from tapetum.policy.resources.manifests import resolve

CLUSTER = "demo"
WINDOW = 5
"""Seconds in a live flush, against the 300 of a real cluster: a demo should move."""

_RATE = 8.0
"""Flow lines a second. History has the windows of live flushes too: in so many lines of longer ones it would
tell ten times the connections, and every rate would seem to break off where the demo began.
"""

_HISTORY = 2 * 3600
_MINUTE = 60
_AGE = 3 * 86_400
_CALM = 45
"""Seconds of normal traffic before the attack begins."""

_BULKY = (Form.DNS, Form.L7)
"""Kinds that sum windows up, as flows do: more windows are more lines. They are flushed once a minute, live
too, so that their histograms are level as well."""

_AT_ONCE = (Form.AUDIT, Form.BGP, Form.EVENTS)
"""Kinds that are written when something happens."""

_SETTING_UP = 720
"""Seconds from the cluster's first until its policies are as they are: audit logs tell of each."""

_BODY = 900
_THIN_BODY = 2700
"""Seconds of history in one body, of flows and of others: at most some 14 MB, which every server takes."""

Submit = Callable[[bytes, Form, str, str], Receipt]
"""Body, form, cluster and source; durable when it returns."""

Bring = Callable[[ManifestImport], object]
"""Imports manifests; durable when it returns."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Plan:
    """Unix seconds: when the cluster was set up, when it is attacked, and how far it has been written."""

    epoch: int
    attack_at: int
    until: int


class Demo:
    def __init__(self, data: Path, submit: Submit, clock: Clock, bring: Bring | None = None) -> None:
        """`bring` imports manifests; without it the cluster has only what its audit logs tell of."""
        self._file = data / "demo.json"
        self._submit = submit
        self._clock = clock
        self._bring = bring
        self._plan = self._read() or self._begin()
        self._world = self._built()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self.run, name="demo", daemon=True)

    def catch_up(self, say: Callable[[str], None]) -> None:
        """Write the history that is missing, at most the last hours."""
        begins = self._plan.until == self._plan.epoch
        now = self._now()
        start = max(self._plan.until, now - now % _MINUTE - _HISTORY)
        start += (self._plan.epoch - start) % _MINUTE
        end = now - (now - self._plan.epoch) % _MINUTE
        if end <= start:
            return
        accepted = 0
        if begins:
            setup = self._plan.epoch, self._plan.epoch + _SETTING_UP
            accepted += self._write_records((Form.AUDIT, Form.BGP), *setup)
            self._write_manifests(setup[1])
        self._write_manifests(end)
        for first in range(start, end, _THIN_BODY):
            accepted += self._write_records((*_AT_ONCE, *_BULKY), first, min(first + _THIN_BODY, end))
        for first in range(start, end, _BODY):
            accepted += self._write_flows(first, min(first + _BODY, end))
        if begins:  # loading took a while, and the attack should come when somebody looks
            self._save(replace(self._plan, attack_at=self._now() + _CALM))
            self._world = self._built()
        say(f"Loaded {accepted} records of the demo cluster.")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(timeout=10)

    def run(self) -> None:
        """Until it is stopped."""
        while not self._ending.is_set():
            until = self._plan.until
            wait = until + WINDOW - self._clock() / SECOND
            if wait > 0 and self._ending.wait(wait):
                return
            try:
                self._write(until, until + WINDOW)
            except TapetumError as error:
                log.warning("the demo could not write; it tries again", reason=error.message)
                self._ending.wait(WINDOW)

    def _write(self, start: int, end: int) -> None:
        """A live window: what is sent again, as its place was not kept yet, changes nothing."""
        self._write_records(_AT_ONCE, start, end)
        self._write_records(_BULKY, self._minute(start), self._minute(end))
        self._write_flows(start, end)

    def _write_flows(self, start: int, end: int) -> int:
        lines = simulate.flow_lines(
            self._world, start, end, per_second=_RATE, window=WINDOW, allowed_level=simulate.KEEP_PODS
        )
        receipt = self._submit(b"".join(lines), Form.CALICO, CLUSTER, "demo")
        self._save(replace(self._plan, until=end))
        return receipt.accepted

    def _write_records(self, forms: Iterable[Form], start: int, end: int) -> int:
        """What happens in [start, end) of kinds other than flows."""
        accepted = 0
        for form in forms:
            kind = simulate.RecordKind(form.kind)
            lines = simulate.record_lines(
                self._world, kind, start, end, window=_MINUTE, level=simulate.KEEP_PODS
            )
            body = b"".join(lines)
            if body:
                accepted += self._submit(body, form, CLUSTER, "demo").accepted
        return accepted

    def _write_manifests(self, moment: int) -> None:
        """The cluster's objects as of then; pods that a rollout ended are gone."""
        if self._bring is None:
            return
        documents = simulate.manifests(self._world, at=moment)
        found = resolve(Document(Place("the simulator"), each) for each in documents)
        bodies = bodies_of(CLUSTER, found)
        at = moment * SECOND
        self._bring(ManifestImport(CLUSTER, at, Origin.IMPORT, "demo", bodies, True, frozenset({"Pod"})))

    def _minute(self, moment: int) -> int:
        """The start of the history's window that it is in."""
        return moment - (moment - self._plan.epoch) % _MINUTE

    def _built(self) -> simulate.World:
        plan = self._plan
        return simulate.build(simulate.WorldSpec(cluster=CLUSTER, epoch=plan.epoch, attack_at=plan.attack_at))

    def _begin(self) -> Plan:
        now = self._now()
        epoch = now - now % _MINUTE - _AGE
        plan = Plan(epoch=epoch, attack_at=now + _CALM, until=epoch)
        self._save(plan)
        return plan

    def _read(self) -> Plan | None:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Plan)
        except (OSError, msgspec.DecodeError):
            return None

    def _save(self, plan: Plan) -> None:
        self._plan = plan
        fresh = self._file.with_suffix(".new")
        try:
            fresh.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(msgspec.json.encode(plan))
            fresh.replace(self._file)
        except OSError as error:
            raise BadInputError(
                f"The demo cannot keep its place in {self._file} ({error.strerror}); "
                "give a directory that it may write with --data."
            ) from None

    def _now(self) -> int:
        return self._clock() // SECOND
