"""Work on a thread that is always waited for: what it uses is closed by whoever ends us."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, TypeVar

T = TypeVar("T")


async def to_its_end(work: Callable[[], T]) -> T:
    """The result of a blocking call, as a thread cannot be cancelled."""
    return await waited_out(asyncio.to_thread(work))


async def waited_out(work: Coroutine[Any, Any, T]) -> T:
    """Its result. Who is cancelled meanwhile is so once the work has ended."""
    working = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise


@asynccontextmanager
async def held(context: AbstractContextManager[object]) -> AsyncGenerator[None]:
    """A context of blocking calls while the block runs, on one thread from its beginning to its end."""
    loop = asyncio.get_running_loop()
    entered: asyncio.Future[None] = loop.create_future()
    leave = threading.Event()

    def hold() -> None:
        with context:
            loop.call_soon_threadsafe(_tell, entered)
            leave.wait()

    holding = asyncio.ensure_future(asyncio.to_thread(hold))
    try:
        await asyncio.wait((holding, entered), return_when=asyncio.FIRST_COMPLETED)
        if not entered.done():
            await holding  # raises why
        yield
    finally:
        leave.set()
        await asyncio.gather(asyncio.shield(holding), return_exceptions=True)


def _tell(entered: "asyncio.Future[None]") -> None:
    if not entered.done():
        entered.set_result(None)
