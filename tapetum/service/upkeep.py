"""Upkeep while `up` runs: folding the day's sums every minute, verdict keys every ten, retention and all sums
every hour. One that fails holds up no other.
"""

import threading
from collections.abc import Callable
from functools import partial

import structlog

from tapetum.domain.errors import TapetumError
from tapetum.domain.moments import DAY, TimeRange
from tapetum.service import duckdb_upkeep
from tapetum.service.embedded import Embedded

_MINUTE = 60.0
_AN_HOUR, _TEN = 60, 10

log = structlog.get_logger()


class Upkeep:
    def __init__(self, embedded: Embedded, retention_days: int) -> None:
        self._embedded = embedded
        self._retention = retention_days * DAY
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join(timeout=30)

    def fold(self, *, everything: bool = False) -> None:
        duckdb_upkeep.fold(self._embedded.engine, self._embedded.clock(), everything=everything)

    def fold_verdicts(self) -> None:
        duckdb_upkeep.fold_verdicts(self._embedded.engine, self._embedded.clock())

    def retain(self) -> None:
        gone = duckdb_upkeep.retain(self._embedded.engine, self._retention, self._embedded.clock())
        if gone:
            self._embedded.graph.forget()
            self._embedded.logs.forget()
            log.info("records past their retention were removed", records=gone)

    def warm(self) -> None:
        """Load the days that may be looked at, so that whoever goes through them waits for none."""
        now = self._embedded.clock()
        today = now // DAY * DAY
        self._embedded.graph.warm(TimeRange((now - self._retention) // DAY * DAY, today))

    def _run(self) -> None:
        turn = 0
        self._kept(self.warm)
        while not self._ending.wait(_MINUTE):
            hourly = turn % _AN_HOUR == 0
            if hourly:  # before the rest, which may want for the room that it makes
                self._kept(self.retain)
            self._kept(partial(self.fold, everything=hourly))
            if turn % _TEN == 0:
                self._kept(self.fold_verdicts)
            if hourly:
                self._kept(self.warm)
            turn += 1

    def _kept(self, work: Callable[[], None]) -> None:
        try:
            work()
        except TapetumError as error:
            log.warning("upkeep was put off", reason=error.message)
