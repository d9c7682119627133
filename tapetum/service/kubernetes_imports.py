"""What an API server tells of its objects as imports: heard on many threads, applied one by one."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from tapetum.catalog.manifests import LARGEST, ManifestImport
from tapetum.domain.errors import TapetumError
from tapetum.domain.manifests import ManifestCounts, ManifestKey, Origin
from tapetum.domain.moments import Clock
from tapetum.ingest.sources.kubernetes import ApiServer, Changed, Heard, Listed, Served
from tapetum.ingest.sources.kubernetes_follow import follow
from tapetum.policy.bodies import bodies_of
from tapetum.policy.documents import Document, Place
from tapetum.policy.resources.manifests import resolve

_HELD = 10_000
"""Changes that wait; more hold the watches up."""
_TOGETHER = 0.5
"""Seconds within which changes go into one import."""
_LONGEST_WAIT = 30.0
Take = Callable[[ManifestImport], ManifestCounts]
Say = Callable[[str], None]


class Following:
    """`take` applies an import; one that fails is tried again until it is over, as nothing may be lost."""

    def __init__(self, server: ApiServer, cluster: str, take: Take, clock: Clock, say: Say) -> None:
        self._server, self._cluster = server, cluster
        self._take, self._clock, self._say = take, clock, say
        self._heard: queue.Queue[Heard] = queue.Queue(_HELD)
        self._failures: list[Exception] = []
        self.over = threading.Event()

    def once(self) -> ManifestCounts:
        """All there is now, as one import; raises what keeps it from being listed."""
        listed = [self._server.listed(served)[0] for served in self._server.served()]
        bodies = [self._bodies(each.served, each.documents) for each in listed]
        kinds = frozenset(each.served.kind.name for each in listed)
        return self._take(self._import({k: v for each in bodies for k, v in each.items()}, kinds))

    def run(self) -> None:
        """Until it is over. Raises what ended a watch for good."""
        for each in self._server.served():
            # A watch waits for minutes in the client, which nobody can wake: it ends with the process.
            threading.Thread(target=self._follow, args=(each,), daemon=True).start()
        while not self.over.is_set():
            for given in self._imports(list(self._waiting())):
                self._apply(given)
        if self._failures:
            raise self._failures[0]

    def _follow(self, served: Served) -> None:
        try:
            follow(self._server, served, self._hear, self.over, self._say)
        except Exception as error:  # noqa: BLE001 - raised again where somebody hears it
            self._failures.append(error)
            self.over.set()  # without one of them what is kept would go stale in silence

    def _hear(self, heard: Heard) -> None:
        while not self.over.is_set():
            with suppress(queue.Full):
                self._heard.put(heard, timeout=1)
                return

    def _waiting(self) -> Iterator[Heard]:
        """What was heard since, and shortly after the first of it."""
        until: float | None = None
        while not self.over.is_set() and (until is None or self._clock() < until):
            try:
                yield self._heard.get(timeout=_TOGETHER)
            except queue.Empty:
                if until is not None:
                    return
            else:
                until = until or self._clock() + _TOGETHER * 1_000_000

    def _imports(self, heard: Iterable[Heard]) -> Iterator[ManifestImport]:
        """Changes in a row together; a list by itself, as it replaces its kind."""
        bodies: dict[ManifestKey, str | None] = {}
        for each in heard:
            if isinstance(each, Changed):
                bodies |= self._gone(each) if each.gone else self._bodies(each.served, (each.document,))
                continue
            if bodies:
                yield self._import(bodies, None)
                bodies = {}
            yield self._listed(each)
        if bodies:
            yield self._import(bodies, None)

    def _listed(self, heard: Listed) -> ManifestImport:
        return self._import(self._bodies(heard.served, heard.documents), frozenset((heard.served.kind.name,)))

    def _import(self, bodies: dict[ManifestKey, str | None], kinds: frozenset[str] | None) -> ManifestImport:
        """`kinds`: these objects are all there is of them."""
        return ManifestImport(
            self._cluster, self._clock(), Origin.WATCH, None, bodies, kinds is not None, kinds
        )

    def _gone(self, heard: Changed) -> dict[ManifestKey, str | None]:
        kind, metadata = heard.served.kind, heard.document["metadata"]
        namespace = metadata.get("namespace") if kind.namespaced else None
        return {ManifestKey(self._cluster, kind.name, namespace, metadata["name"]): None}

    def _bodies(
        self, served: Served, documents: Iterable[dict[str, object]]
    ) -> dict[ManifestKey, str | None]:
        """An object that cannot be read is said and left out; the others must not wait for it."""
        found = resolve((Document(Place(served.path), each) for each in documents), lenient=True)
        for problem in found.problems:
            self._say(str(problem))
        kept: dict[ManifestKey, str | None] = {}
        for key, body in bodies_of(self._cluster, found).items():
            if len(body.encode()) > LARGEST:
                self._say(f"{key} has more than {LARGEST:,} bytes and is left out; make it smaller.")
            else:
                kept[key] = body
        return kept

    def _apply(self, given: ManifestImport) -> None:
        waits = 0.5
        while not self.over.is_set():
            try:
                counts = self._take(given)
            except TapetumError as error:
                self._say(error.message)
                self.over.wait(waits)
                waits = min(_LONGEST_WAIT, 2 * waits)
            else:
                if changed := counts.added + counts.changed + counts.removed:
                    self._say(f"{changed} objects of {self._cluster} changed.")
                return
