"""Upkeep on the engines, by every worker: merging closed buckets each minute, retention each hour.

Each step may run in several workers at once: the graph's are transactions in turn, and an index is
removed once.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import TapetumError
from tapetum.domain.moments import DAY, HOUR, MINUTE, Micros
from tapetum.service.distributed.aside import to_its_end
from tapetum.service.distributed.composition import Distributed

_ROUND = 60.0
_HOURS = DAY // HOUR
_ABANDONED = 15 * MINUTE
_ROUNDS_A_RETENTION = 60

log = structlog.get_logger()


class Upkeep:
    def __init__(
        self, stores: Distributed, retention_days: int, jitter: Callable[[], float] = random.random
    ) -> None:
        self._stores = stores
        self._retention = retention_days * DAY
        self._jitter = jitter

    def once(self, *, retain: bool) -> None:
        now = self._stores.clock()
        self._stores.graph.upkeep.tidy(now)
        self._finish(now)
        if retain:
            self._retain(now)

    def _finish(self, now: Micros) -> None:
        """End what an import left that was cut off between the stores: the graph's word counts."""
        for batch_id in self._stores.logs.abandoned(now - _ABANDONED):
            self._stores.logs.finish(batch_id, keep=self._stores.graph.holds(batch_id))

    def _retain(self, now: Micros) -> None:
        """The graph first: where it ends between the two, the days are found again by their records."""
        expired = self._stores.logs.expired(self._retention, now)
        by_cluster: dict[str, list[int]] = defaultdict(list)
        for one in expired:
            if one.kind is not RecordKind.FLOWS:  # the graph knows nothing of the others
                continue
            by_cluster[one.cluster] += range(one.day * _HOURS, (one.day + 1) * _HOURS)
        for cluster, hours in by_cluster.items():
            self._stores.graph.upkeep.expire(cluster, hours)
        self._stores.logs.drop(expired, now - self._retention)
        self._stores.graph.upkeep.forget_batches(now - self._retention)
        if expired:
            log.info("days past their retention were removed", days=len(expired))

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keep at it while the block runs, and end what is under way; workers do not all begin at once."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        turn = int(self._jitter() * _ROUNDS_A_RETENTION)
        while True:
            await asyncio.sleep(_ROUND * (0.5 + self._jitter()))
            try:
                await to_its_end(partial(self.once, retain=turn % _ROUNDS_A_RETENTION == 0))
            except TapetumError as error:
                log.warning("upkeep was put off", reason=error.message)
            turn += 1
