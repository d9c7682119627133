"""Deliveries that are not applied soon are announced, so that their alerts need not wait for the stores.

What is not announced, for whatever reason, is told when it is applied.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from tapetum.bus.port import Delivery
from tapetum.domain.batches import Receipt
from tapetum.domain.errors import UnavailableError

log = structlog.get_logger("tapetum.ingest")

_AT_ONCE = 8
_MOST_BYTES = 64 << 20
"""Of deliveries that are held to be announced, though always one: of a flood some are only told of when they
are applied.
"""


class Preview(Protocol):
    """What can be told of a delivery before it is applied."""

    def receipt(self) -> Receipt:
        """By its lines alone, without a store; called in a worker thread."""
        ...

    async def announce(self) -> None:
        """Raise the alerts that it will raise. Raises UnavailableError."""
        ...


class Announcing:
    """`waits` tells whether a delivery is still to be applied. Confined to one event loop."""

    def __init__(self, waits: Callable[[str], bool]) -> None:
        self._waits = waits
        self._tasks: set[asyncio.Task[None]] = set()
        self._bytes = 0
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._away = False

    def later(
        self, delivery: Delivery, preview: Preview, applied: "asyncio.Future[Receipt | None]", patience: float
    ) -> None:
        """Announce it unless it is applied within so many seconds."""
        size = len(delivery.body)
        if self._tasks and self._bytes + size > _MOST_BYTES:
            return

        def let_go(task: "asyncio.Task[None]") -> None:
            self._tasks.discard(task)
            self._bytes -= size

        task = asyncio.create_task(self._announce(delivery.id, preview, applied, patience))
        task.add_done_callback(let_go)
        self._tasks.add(task)
        self._bytes += size

    async def end(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _announce(
        self, delivery_id: str, preview: Preview, applied: "asyncio.Future[Receipt | None]", patience: float
    ) -> None:
        await asyncio.wait([applied], timeout=patience)
        async with self._slots:
            try:
                if self._waits(delivery_id):
                    await preview.announce()
                    self._away = False
            except UnavailableError as error:
                if not self._away:  # said once an outage
                    log.warning("alerts wait for their records", error=error.message)
                self._away = True
            except Exception:  # a fault of ours must not stop what is ingested
                log.exception("announcing_failed", delivery=delivery_id)
