"""The receiver of the distributed mode: spools what is pushed, hands it to the workers, answers.

An answer means that the spool holds the delivery. What waits to be applied is announced ahead, so that alerts
need not wait along. It knows neither how deliveries are applied nor a store.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

import structlog

from tapetum.bus.port import Delivery, Queue
from tapetum.domain.batches import Receipt
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import DamagedStoreError, TapetumError, UnavailableError
from tapetum.domain.moments import SECOND, Clock
from tapetum.ingest.announcing import Announcing, Preview
from tapetum.ingest.forms import Form
from tapetum.ingest.progress import Progress
from tapetum.ingest.spool import Spool

Receipts = Callable[[Sequence[str]], Awaitable[Mapping[str, Receipt]]]
"""The receipts that the log store holds, by delivery id. Raises UnavailableError."""

log = structlog.get_logger("tapetum.ingest")

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how long an answer waits for the worker's receipt, after how long a delivery that is not
    settled is announced, after how long it is looked after again, and how often that is looked at.
    """

    patience: float = 5.0
    announce: float = 0.5
    offer_again: float = 10.0
    round: float = 1.0


class Receiver:
    """Between entering and leaving it takes deliveries, on that event loop; the rest stays in the spool."""

    def __init__(
        self,
        spool: Spool,
        queue: Queue,
        *,
        receipts: Receipts,
        preview: Callable[[Delivery], Preview],
        clock: Clock,
        pace: Pace | None = None,
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        self._spool = spool
        self._queue = queue
        self._receipts = receipts
        self._preview = preview
        self._clock = clock
        self._pace = pace or Pace()
        self._new_id = new_id
        self._open = False
        self._tasks: list[asyncio.Task[None]] = []
        self._announcing = Announcing(self._waits)
        self._awaited: dict[str, asyncio.Future[Receipt | None]] = {}
        self._settled: set[str] = set()  # not removed from the spool yet
        self._removable = asyncio.Event()
        self._progress = Progress(self._pace.patience)
        self._troubles: set[str] = set()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._open = True
        if self._spool.count:
            self._progress.waiting(loop.time())
        runs = (self._hear(), self._offer_again(), self._remove())
        self._tasks = [loop.create_task(run) for run in runs]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, self._announcing.end(), return_exceptions=True)
        with suppress(UnavailableError):  # then they are found to be settled at the next start
            await asyncio.to_thread(self._spool.remove, self._settled)

    def stop(self) -> None:
        """Take nothing more; answers that wait for a receipt are given without."""
        self._open = False
        for awaited in self._awaited.values():
            if not awaited.done():
                awaited.set_result(None)

    async def submit(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt:
        """Durable when this returns. Raises UnavailableError where the delivery cannot be kept now."""
        delivery = Delivery(self._new_id(), checked_cluster(cluster), form, source, self._clock(), body)
        if not self._open:
            raise UnavailableError("This receiver is stopping; send again in a moment.")
        preview = self._preview(delivery)
        with self._awaiting(delivery.id) as awaited:
            await asyncio.to_thread(self._spool.put, delivery)
            # Alerts come with their records where these come soon.
            behind = self._progress.behind(asyncio.get_running_loop().time(), self._pace.announce)
            self._announcing.later(delivery, preview, awaited, 0.0 if behind else self._pace.announce)
            receipt = await self._receipt(delivery, awaited)
        return await asyncio.to_thread(preview.receipt) if receipt is None else receipt

    async def _receipt(self, delivery: Delivery, awaited: "asyncio.Future[Receipt | None]") -> Receipt | None:
        """The worker's, if it comes in time; none where waiting would be in vain."""
        now = asyncio.get_running_loop().time()
        stuck = self._progress.stuck(now)
        self._progress.waiting(now)
        if stuck:
            return None
        try:
            async with asyncio.timeout(self._pace.patience):
                if not await self._queue.offer(delivery):
                    return None
                self._spool.offered(delivery.id, self._clock())
                return await awaited
        except (TimeoutError, UnavailableError):
            return None

    @contextmanager
    def _awaiting(self, delivery_id: str) -> Generator["asyncio.Future[Receipt | None]"]:
        awaited = self._awaited[delivery_id] = asyncio.get_running_loop().create_future()
        try:
            yield awaited
        finally:
            del self._awaited[delivery_id]

    def _waits(self, delivery_id: str) -> bool:
        """Whether it is not known to be applied."""
        return self._open and delivery_id not in self._settled and self._spool.find(delivery_id) is not None

    async def _hear(self) -> None:
        async with self._queue.settlements() as settlements:
            async for settled in settlements:
                self._settle({settled.delivery_id: settled.receipt})

    def _settle(self, receipts: Mapping[str, Receipt]) -> None:
        for delivery_id, receipt in receipts.items():
            waiting = self._spool.find(delivery_id)
            if waiting is None:
                continue
            awaited = self._awaited.get(delivery_id)
            if awaited is not None and not awaited.done():
                awaited.set_result(receipt)
            self._settled.add(delivery_id)
            lag = (self._clock() - waiting.received_at) / SECOND
            more = self._spool.count > len(self._settled)
            self._progress.settled(asyncio.get_running_loop().time(), lag, more)
        self._removable.set()

    async def _remove(self) -> None:
        while True:
            await self._removable.wait()
            self._removable.clear()
            settled = frozenset(self._settled)
            try:
                await asyncio.to_thread(self._spool.remove, settled)
                self._settled -= settled
                self._troubles.discard("removing")
            except UnavailableError as error:
                self._say("removing", error)
                await asyncio.sleep(self._pace.round)
                self._removable.set()

    async def _offer_again(self) -> None:
        while True:
            try:
                await self._round()
                self._troubles.discard("offering")
            except UnavailableError as error:
                self._say("offering", error)
            except Exception:  # a fault of ours must not stop the hand-over
                log.exception("offering_failed")
            await asyncio.sleep(self._pace.round)

    async def _round(self) -> None:
        """Every delivery that was not looked after lately: settled meanwhile, held, or to be offered."""
        while True:
            since = self._clock() - int(self._pace.offer_again * SECOND)
            under_way = self._awaited.keys() | self._settled
            page = [each.id for each in self._spool.pending(_PAGE, since, under_way)]
            if not page:
                return
            known = await self._known(page)
            self._settle(known)
            missing = await self._queue.missing([each for each in page if each not in known])
            for delivery_id in page:
                if delivery_id in missing and not await self._offered(delivery_id):
                    return
                self._spool.offered(delivery_id, self._clock())

    async def _known(self, delivery_ids: list[str]) -> Mapping[str, Receipt]:
        try:
            known = await self._receipts(delivery_ids)
        except UnavailableError as error:
            self._say("receipts", error)
            return {}
        self._troubles.discard("receipts")
        return known

    async def _offered(self, delivery_id: str) -> bool:
        try:
            delivery = await asyncio.to_thread(self._spool.get, delivery_id)
        except DamagedStoreError as error:  # it stays, and is looked at again: others go on
            log.exception("delivery_damaged", delivery=delivery_id, error=error.message)
            return True
        return delivery is None or await self._queue.offer(delivery)

    def _say(self, trouble: str, error: TapetumError) -> None:
        """Once an outage: nothing is lost by it."""
        if trouble not in self._troubles:
            self._troubles.add(trouble)
            log.warning("receiver_waits", doing=trouble, error=error.message)
