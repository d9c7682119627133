"""Waiting for the engines, and bringing them to this version once they answer.

Meanwhile a process serves what it can without them, and tells what it waits for.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from tapetum.domain.errors import TapetumError, UnavailableError
from tapetum.service.distributed.aside import to_its_end

log = structlog.get_logger()

_PATIENCE = 5.0
_FIRST_WAIT = 0.25
_LONGEST_WAIT = 3.0


class Preparing:
    """`answer` raises while an engine is away; `migrate` runs on a thread and may be repeated."""

    def __init__(
        self,
        answer: Callable[[], Awaitable[object]],
        migrate: Callable[[], object],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._answer = answer
        self._migrate = migrate
        self._jitter = jitter
        self._missing: str | None = "The engines were not asked yet; ask again in a moment."

    async def ready(self) -> None:
        """Raises UnavailableError with what is missing, and once all was there, while an engine is away."""
        if self._missing is not None:
            raise UnavailableError(self._missing)
        await self._answer()

    async def run(self) -> None:
        """Until they are at this version, however long that takes; what is missing is said once each."""
        wait, said = _FIRST_WAIT, set[str]()
        while (missing := await self._missed()) is not None:
            if missing not in said:
                said.add(missing)
                log.warning("waiting for the engines", reason=missing)
            self._missing = missing
            await asyncio.sleep(wait * (0.5 + self._jitter()))
            wait = min(2 * wait, _LONGEST_WAIT)
        self._missing = None
        log.info("the engines are there")

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Beside what a block does."""
        task = asyncio.create_task(self.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _missed(self) -> str | None:
        """Asked first, as a question can be given up and a migration cannot."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._answer()
            await to_its_end(self._migrate)
        except TimeoutError:
            return f"An engine did not answer within {_PATIENCE:g} s; see that all three run."
        except TapetumError as error:
            return error.message
        except Exception:  # a fault of ours must not end what goes on without the engines
            log.exception("the engines could not be prepared")
            return "The engines could not be brought to this version; the log of this process says why."
        return None
