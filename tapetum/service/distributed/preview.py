"""What can be told of a delivery before it is applied: a receipt by its lines alone, and its alerts."""

from collections.abc import Awaitable, Callable
from threading import Lock

import anyio.to_thread

from tapetum.domain.batches import Batch, Receipt


class Preview:
    """The delivery is decoded once, when it is first asked about."""

    def __init__(self, decode: Callable[[], Batch], announce: Callable[[Batch], Awaitable[None]]) -> None:
        self._decode = decode
        self._announce = announce
        self._lock = Lock()
        self._batch: Batch | None = None

    def receipt(self) -> Receipt:
        """What can be told without the engines: lines that cannot be read, and those there twice."""
        batch = self._decoded()
        lines, rejected = len(batch.lines), len(batch.rejections)
        accepted = len(set(batch.records.column("id").to_pylist()))
        return Receipt(lines, accepted, lines - accepted - rejected, rejected)

    async def announce(self) -> None:
        """Raise the alerts that its records will raise. Raises UnavailableError where an engine is away."""
        await self._announce(await anyio.to_thread.run_sync(self._decoded))

    def _decoded(self) -> Batch:
        with self._lock:
            if self._batch is None:
                self._batch = self._decode()
            return self._batch
