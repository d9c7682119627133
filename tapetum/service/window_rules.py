"""The runner of rules over time: judges those that have records, once a period, by the records' own time.

Up to its newest record of the kind a cluster's windows are whole. What is judged moves how the rule stands
and raises the alerts in one step, so a second runner finds it done.
"""

import asyncio
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol

import structlog

from tapetum.catalog.port import Kept
from tapetum.detect.detecting import detected
from tapetum.detect.detectors import Asker
from tapetum.detect.detectors import alert_of as alert_of_finding
from tapetum.detect.measuring import evidence_of, measure
from tapetum.detect.rules import Rule
from tapetum.detect.windows import Begun, Standing, alert_of, due, foreseen, grows, judged
from tapetum.domain.alert_rules import Window
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import RecordKind
from tapetum.domain.detectors import Detector
from tapetum.domain.errors import TapetumError
from tapetum.domain.moments import MINUTE, SECOND, Clock, Micros
from tapetum.domain.scope import EVERYTHING
from tapetum.logstore.port import LogStore
from tapetum.service.distributed.aside import to_its_end
from tapetum.service.rulebook import Rulebook, Touched

log = structlog.get_logger()

_ROUND = 1.0
_PATIENCE = 10 * MINUTE
"""After it without a newer record, a cluster's time goes on with the clock: sources flush that seldom."""
_PACE, _SLOWEST, _LOOKS = 30, 120, 20
"""Seconds between two looks of a detector; one that looks far back looks so many times in that time."""
_UNKNOWN = Touched(sys.maxsize, 0)
_MOST_SHOWN = 20
"""Alerts of a judgement whose records are looked up."""


class Stores(Protocol):
    """A composition. Its methods block."""

    @property
    def logs(self) -> LogStore[Any]: ...
    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def clock(self) -> Clock: ...

    def newest(self, cluster: str, kind: RecordKind) -> Micros | None: ...
    def follow_rules(self) -> None: ...
    def standing(self, watch: str, cluster: str) -> Kept | None: ...
    def stand(
        self, watch: str, cluster: str, before: Kept | None, after: Kept, alerts: Sequence[Alert]
    ) -> None:
        """Raises the alerts too; nothing where somebody else judged since `before`."""
        ...

    def write_alerts(self) -> None:
        """Those that were raised and not written yet."""
        ...


class WindowRules:
    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._heard: dict[tuple[str, RecordKind], tuple[Micros, Micros]] = {}
        self._paced: dict[tuple[str, str], Micros] = {}
        self._woken = False

    async def once(self) -> None:
        """Judge what is due; raises TapetumError where an engine is away."""
        await self._judge_windows()
        await self._look()

    async def _judge_windows(self) -> None:
        stores, book = self._stores, self._stores.rulebook
        await to_its_end(stores.follow_rules)
        await to_its_end(stores.write_alerts)
        touched = book.touched()
        rules = [rule for rule in book.rules.rules if rule.later]
        known = {rule.watch for rule in rules}
        for watch, cluster in touched:
            if watch not in known:  # its rule is no more
                book.take(watch, cluster)
        await self._wake(rules)
        await self._judge_each([rule for rule in rules if rule.says.window is not None])

    async def _look(self) -> None:
        """Detectors, which ask much more than windows do."""
        rules = self._stores.rulebook.rules.rules
        await self._judge_each([rule for rule in rules if rule.says.detector is not None])

    async def _judge_each(self, rules: Sequence[Rule]) -> None:
        book, known = self._stores.rulebook, {rule.watch: rule for rule in rules}
        for watch, cluster in book.touched():
            rule = known.get(watch)
            if rule is None or not self._is_due(rule, cluster):
                continue
            times = book.take(watch, cluster)
            judged = False
            try:
                judged = times is None or await self._judged(rule, cluster, times)
            finally:
                if times is not None and not judged:
                    book.touch(watch, cluster, times)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keep at it while the block runs."""
        tasks = [asyncio.create_task(self._run(each)) for each in (self._judge_windows, self._look)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, round_: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(_ROUND)
            try:
                await round_()
            except TapetumError as error:
                log.warning("window rules were put off", reason=error.message)
            except Exception:  # a fault of ours must not end it
                log.exception("window rules failed")

    async def _wake(self, rules: Sequence[Rule]) -> None:
        """Nobody remembers which records had come when the last runner ended: each rule is judged once."""
        if self._woken:
            return
        for one in await self._stores.logs.census(EVERYTHING) if rules else ():
            for rule in rules:
                if rule.concerns(one.cluster):
                    self._stores.rulebook.touch(rule.watch, one.cluster, _UNKNOWN)
        self._woken = True

    def _is_due(self, rule: Rule, cluster: str) -> bool:
        """At most once a period."""
        window, key, now = rule.says.window, (rule.watch, cluster), self._stores.clock()
        period = window.period if window else _pace(rule.says.detector)
        if now - self._paced.get(key, 0) < period * SECOND:
            return False
        self._paced[key] = now
        return True

    async def _judged(self, rule: Rule, cluster: str, times: Touched) -> bool:
        """Whether nothing more can come of its records."""
        window, detector = rule.says.window, rule.says.detector
        try:
            if window is not None:
                return await self._judge(rule, window, cluster, times.latest)
            return detector is None or await self._detect(rule, detector, cluster, times.earliest)
        except TapetumError as error:
            log.warning("an alert rule was not judged", rule=rule.id, cluster=cluster, reason=error.message)
            return False

    async def _judge(self, rule: Rule, window: Window, cluster: str, latest: Micros) -> bool:
        stores = self._stores
        upto = await to_its_end(lambda: self._time(cluster, rule.says.kind))
        if upto is None:
            return True
        kept = await to_its_end(lambda: stores.standing(rule.watch, cluster))
        standing, begun, quiet = Standing.read(*kept) if kept else Standing(), list[Begun](), False
        moments = due(window, standing, upto)
        if moments:
            measured = await measure(stores.logs, EVERYTHING, rule, cluster, window, moments)
            for at in measured.moments:
                standing, some = judged(window, standing, at, measured.at(at))
                begun += some
                quiet = at > latest and not measured.at(at)
        if grows(window) and standing.at is not None and upto - standing.at < window.period * SECOND:
            at = standing.at + window.period * SECOND
            measured = await measure(stores.logs, EVERYTHING, rule, cluster, window, [at])
            standing, some = foreseen(window, standing, at, measured.at(at))
            begun += some
        await self._stand(rule, window, cluster, kept, standing, begun)
        if due(window, standing, upto):  # more than a question answers: the rest comes next
            self._paced.pop((rule.watch, cluster))
        return quiet and not standing.alarmed

    async def _detect(self, rule: Rule, detector: Detector, cluster: str, earliest: Micros) -> bool:
        """Whether it was judged, and not by somebody else in between, who did not know what had come here."""
        stores = self._stores
        upto = await to_its_end(lambda: self._time(cluster, rule.says.kind))
        if upto is None:
            return True
        kept = await to_its_end(lambda: stores.standing(rule.watch, cluster))
        ask = Asker(stores.logs, EVERYTHING, rule, cluster)
        standing = Standing.read(*kept) if kept else Standing()
        found = await detected(detector, ask, standing, earliest, upto)
        alerts: list[Alert] = []
        for one in found.found:
            shown = len(alerts) < _MOST_SHOWN
            evidence = await ask.evidence(one.seen, *one.where) if shown else ()
            alerts.append(alert_of_finding(rule, cluster, one, evidence))
        after = upto, found.standing.told()
        if after == kept:
            return True
        await to_its_end(lambda: stores.stand(rule.watch, cluster, kept, after, alerts))
        return await to_its_end(lambda: stores.standing(rule.watch, cluster)) == after

    async def _stand(
        self,
        rule: Rule,
        window: Window,
        cluster: str,
        kept: Kept | None,
        standing: Standing,
        begun: Sequence[Begun],
    ) -> None:
        stores = self._stores
        if standing.at is None or (after := (standing.at, standing.told())) == kept:
            return
        alerts: list[Alert] = []
        for one in begun:
            shown = len(alerts) < _MOST_SHOWN
            evidence = await evidence_of(stores.logs, EVERYTHING, rule, cluster, window, one) if shown else ()
            alerts.append(alert_of(rule, cluster, one, evidence))
        await to_its_end(lambda: stores.stand(rule.watch, cluster, kept, after, alerts))

    def _time(self, cluster: str, kind: RecordKind) -> Micros | None:
        """Up to when the cluster's records of a kind are there, as far as can be told."""
        newest, now = self._stores.newest(cluster, kind), self._stores.clock()
        if newest is None:
            return None
        if self._heard.get((cluster, kind), (None, 0))[0] != newest:
            self._heard[cluster, kind] = newest, now
        silent = now - self._heard[cluster, kind][1]
        return min(now, newest + max(0, silent - _PATIENCE))


def _pace(detector: Detector | None) -> int:
    return _PACE if detector is None else max(_PACE, min(_SLOWEST, detector.lookback // _LOOKS))


class Alongside:
    """The runner on a thread of its own, for a composition that has no loop."""

    def __init__(self, rules: WindowRules) -> None:
        self._rules = rules
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="rules", daemon=True)
        self._end: Callable[[], object]

    def start(self) -> None:
        self._thread.start()
        self._started.wait()

    def stop(self) -> None:
        self._end()
        self._thread.join(timeout=30)

    async def _main(self) -> None:
        ending, loop = asyncio.Event(), asyncio.get_running_loop()
        self._end = lambda: loop.call_soon_threadsafe(ending.set)
        self._started.set()
        async with self._rules.running():
            await ending.wait()
