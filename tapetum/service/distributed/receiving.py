"""The receiver of a `tapetum api`: its spool, its place among others' spools, and what it counts."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tapetum.bus.port import Delivery
from tapetum.bus.redis import RedisQueue
from tapetum.domain.moments import DAY
from tapetum.ingest.receiver import Pace, Receiver
from tapetum.ingest.spool import Spool
from tapetum.ingest.spool_note import InUseError
from tapetum.service.distributed.addresses import Addresses
from tapetum.service.distributed.announcing import Announcer
from tapetum.service.distributed.applying import applier
from tapetum.service.distributed.composition import Distributed
from tapetum.service.distributed.preview import Preview
from tapetum.service.distributed.remembered import RememberedTokens
from tapetum.service.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Receiving:
    receiver: Receiver
    queue: RedisQueue
    spool: Spool
    tokens: RememberedTokens
    announcer: Announcer

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        ready = asyncio.create_task(self.announcer.keep_ready())
        try:
            async with self.queue, self.receiver:
                yield
        finally:
            ready.cancel()
            with suppress(asyncio.CancelledError):
                await ready


class SpoolCollector(Collector):
    """What waits to be applied, as Prometheus gauges."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "tapetum_spool_deliveries", "Deliveries in the spool.", value=self._spool.count
        )
        yield GaugeMetricFamily(
            "tapetum_spool_bytes", "Bytes of the spool that they take.", value=self._spool.bytes
        )


@contextmanager
def receiving(where: Addresses, stores: Distributed, settings: Settings) -> Generator[Receiving]:
    """Raises DamagedStoreError where a spool holds less than was acknowledged."""
    queue = RedisQueue(where.redis)
    with claimed(settings.spool, settings.spool_bytes) as spool:
        reader = applier(stores, settings)
        announcer = Announcer(stores, settings.retention_days * DAY)

        def preview(delivery: Delivery) -> Preview:
            announcer.expect()
            return Preview(partial(reader.read, delivery), announcer.announce)

        receiver = Receiver(
            spool,
            queue,
            receipts=stores.receipts,
            preview=preview,
            clock=stores.clock,
            pace=Pace(patience=settings.push_patience),
        )
        tokens = RememberedTokens(stores.catalog.token, spool.directory / "tokens.json")
        yield Receiving(receiver, queue, spool, tokens, announcer)


@contextmanager
def claimed(directory: Path, most_bytes: int) -> Generator[Spool]:
    """The first spool below the directory that nobody holds, with what others left behind.

    So a receiver that was replaced leaves nothing unsent, whatever its successor's host is called.
    """
    with ExitStack() as stack:
        spool = stack.enter_context(_first_free(directory, most_bytes))
        for left in sorted(directory.glob("receiver-*")):
            _take_over(left, spool, most_bytes)
        yield spool


def _first_free(directory: Path, most_bytes: int) -> Spool:
    number = 0
    while True:
        try:
            return Spool(directory / f"receiver-{number}", most_bytes)
        except InUseError:
            number += 1


def _take_over(left: Path, spool: Spool, most_bytes: int) -> None:
    try:
        with Spool(left, most_bytes) as other:
            moved = [each.id for each in other.pending(other.count, 0)]
            for delivery_id in moved:
                delivery = other.get(delivery_id)
                if delivery is not None:
                    spool.put(delivery)
                other.remove([delivery_id])
    except InUseError:
        return
    if moved:
        log.info("deliveries that another receiver left were taken over", count=len(moved), spool=str(left))
