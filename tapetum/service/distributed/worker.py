"""The worker: takes deliveries from the queue and applies them, some at once, until it is told to stop.

A delivery is let go only with its receipt. It knows the queue and what applies, no engine.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Protocol

import structlog

from tapetum.bus.port import Delivery, Handed, Queue
from tapetum.domain.batches import Receipt
from tapetum.domain.errors import UnavailableError
from tapetum.service.distributed.room import Room

log = structlog.get_logger()


class Applies(Protocol):
    def apply(self, delivery: Delivery) -> Receipt: ...
    def give_up(self, delivery: Delivery, reason: str) -> Receipt: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, but for `tries`: failures of our own after which a delivery is given up; and for what is under
    way at once: deliveries, and bytes of them, though always one.

    `beat` must be well below the time after which the queue hands a silent worker's deliveries to others.
    """

    at_once: int = 8
    bytes_at_once: int = 6 << 20
    tries: int = 5
    beat: float = 5.0
    first_wait: float = 0.5
    longest_wait: float = 10.0


class Worker:
    def __init__(
        self,
        name: str,
        queue: Queue,
        applies: Applies,
        pace: Pace | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._name = name
        self._queue = queue
        self._applies = applies
        self._pace = pace or Pace()
        self._jitter = jitter
        self._threads = ThreadPoolExecutor(self._pace.at_once, thread_name_prefix="applying")
        self._slots = asyncio.Semaphore(self._pace.at_once)
        self._room = Room(self._pace.bytes_at_once)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Take nothing more; what is under way is finished, the rest stays in the queue."""
        self._stopping.set()

    async def run(self) -> None:
        try:
            async with (
                asyncio.TaskGroup() as group,
                aclosing(self._queue.deliveries(self._name)) as deliveries,
            ):
                while True:
                    await self._slots.acquire()
                    handed = await self._next(deliveries)
                    if handed is None:
                        return
                    admitted = asyncio.Event()
                    task = group.create_task(self._handle(handed, admitted))
                    task.add_done_callback(lambda _: self._slots.release())
                    await admitted.wait()
        finally:
            self._threads.shutdown(wait=False)

    async def _next(self, deliveries: AsyncGenerator[Handed]) -> Handed | None:
        """None once it is told to stop; what was on its way to us is handed to others in time."""
        coming = asyncio.ensure_future(anext(deliveries))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((coming, stopping), return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else None
        finally:
            for each in (coming, stopping):
                each.cancel()
            await asyncio.gather(coming, stopping, return_exceptions=True)

    async def _handle(self, handed: Handed, admitted: asyncio.Event) -> None:
        """`admitted`: there is room for it, so others may be taken."""
        beating = asyncio.create_task(self._beat(handed))
        try:
            async with self._room.of(len(handed.delivery.body)):
                admitted.set()
                receipt = await self._applied(handed)
                if receipt is not None:
                    await self._settle(handed, receipt)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _applied(self, handed: Handed) -> Receipt | None:
        """Its receipt, however long an engine is away; None where we stop first."""
        wait, failures = self._pace.first_wait, 0
        while not self._stopping.is_set():
            try:
                return await self._on_thread(lambda: self._applies.apply(handed.delivery))
            except UnavailableError as error:
                log.warning("a delivery waits for an engine", reason=error.message, wait=wait)
            except Exception as error:  # a fault of ours must not stop the worker
                failures += 1
                log.exception("a delivery failed", delivery=handed.delivery.id, failures=failures)
                if max(failures, handed.tries) >= self._pace.tries:
                    return await self._given_up(handed, error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait * (0.5 + self._jitter()))
            wait = min(2 * wait, self._pace.longest_wait)
        return None

    async def _given_up(self, handed: Handed, error: Exception) -> Receipt | None:
        reason = (
            f"could not be applied after {self._pace.tries} tries ({type(error).__name__}); "
            "report this, and send the lines again once it is mended"
        )
        try:
            return await self._on_thread(lambda: self._applies.give_up(handed.delivery, reason))
        except UnavailableError:
            return None  # it comes again, with all its tries behind it

    async def _on_thread(self, work: Callable[[], Receipt]) -> Receipt:
        """Of our own: all wait for engines most of the time."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _settle(self, handed: Handed, receipt: Receipt) -> None:
        """Where the queue is away now, the delivery comes again and is found to be done."""
        with suppress(UnavailableError):
            await self._queue.settle(handed, receipt)

    async def _beat(self, handed: Handed) -> None:
        """Tell the queue that we are still at it."""
        while True:
            await asyncio.sleep(self._pace.beat)
            with suppress(UnavailableError):
                await self._queue.keep_alive(handed)
