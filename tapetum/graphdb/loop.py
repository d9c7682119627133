"""An event loop on a thread of its own, so that connections outlive the loops of those who ask."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from tapetum.domain.errors import UnavailableError

T = TypeVar("T")


class Loop:
    """Starts with the first work."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._under_way: set[Future[Any]] = set()

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Its result; who cancels the awaiting task cancels the work."""
        with self._lock:
            loop = self._running()
            given = asyncio.run_coroutine_threadsafe(work(), loop)
            self._under_way.add(given)
        given.add_done_callback(self._under_way.discard)
        return await asyncio.wrap_future(given)

    def close(self, last: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Cancel what is under way, let it end, do the last work, then take no more."""
        with self._lock:
            self._closed = True
            loop, thread, self._loop = self._loop, self._thread, None
            under_way = tuple(self._under_way)
        if loop is not None and thread is not None:
            for given in under_way:
                given.cancel()
            asyncio.run_coroutine_threadsafe(_others(), loop).result()
            asyncio.run_coroutine_threadsafe(last(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._closed:
            raise UnavailableError(
                "The connection to the database is closed, as this process is ending; ask again later."
            )
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name=self._name, daemon=True)
            self._thread.start()
        return self._loop


async def _others() -> None:
    """Wait for what goes on although it was cancelled: some of it must not end midway."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)
