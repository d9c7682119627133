"""Connections to Redis: time limits, what its errors mean to callers, and listening that reconnects."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError

from tapetum.domain.errors import UnavailableError

log = structlog.get_logger("tapetum.bus")

_CONNECT = 5.0
ANSWER = 5.0
"""Seconds that Redis may take for an answer, beyond what a blocking read asks it to wait."""

_SILENCE = 15.0
_PING = 5.0


def connect(url: str) -> Redis:
    """A client whose callers limit the time of each command: some wait in the server. And with a limit of
    its own, it loses a cancellation now and then (`asyncio.wait_for` before Python 3.12).

    A command is repeated once, on a fresh connection: each of ours may be.
    """
    return Redis.from_url(
        url,
        protocol=2,
        socket_timeout=None,
        socket_connect_timeout=_CONNECT,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 1),
    )


@asynccontextmanager
async def reached() -> AsyncGenerator[None]:
    """An answer in time, and Redis' errors as ours."""
    try:
        async with asyncio.timeout(ANSWER):
            yield
    except (RedisError, TimeoutError) as error:
        raise told(error) from error


def told(error: Exception) -> UnavailableError:
    """An error of Redis as ours."""
    if isinstance(error, AuthenticationError):
        return UnavailableError("Redis refuses the user or the password; correct TAPETUM_REDIS_URL.")
    return UnavailableError(f"Redis gives no answer ({explained(error)}); try again later.")


def explained(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


class Backoff:
    """Seconds to wait before the next attempt: doubling, until one succeeds."""

    def __init__(self, first: float = 0.1, most: float = 2.0) -> None:
        self._first, self._most = first, most
        self._next = first

    def reset(self) -> None:
        self._next = self._first

    @property
    def failing(self) -> bool:
        return self._next > self._first

    async def wait(self, doing: str, error: Exception) -> None:
        """Said once an outage, as nothing is lost by it."""
        if not self.failing:
            log.warning("redis_away", doing=doing, error=explained(error))
        delay, self._next = self._next, min(2 * self._next, self._most)
        await asyncio.sleep(delay)


async def heard(client: Redis, channel: str, attached: Callable[[bool], None]) -> AsyncGenerator[bytes]:
    """Messages of a channel, endlessly; `attached` is told when listening begins and when it breaks off."""
    backoff = Backoff()
    while True:
        try:
            async with aclosing(_connected(client, channel)) as messages:
                async for message in messages:
                    if message is None:
                        backoff.reset()
                        attached(True)
                    else:
                        yield message
        except (RedisError, OSError) as error:
            attached(False)
            await backoff.wait(f"listening to {channel}", error)


async def _connected(client: Redis, channel: str) -> AsyncGenerator[bytes | None]:
    """None once subscribed, then messages, until the connection breaks or gives no sign of life."""
    clock = asyncio.get_running_loop().time
    async with client.pubsub() as subscription:
        async with asyncio.timeout(ANSWER):
            await subscription.subscribe(channel)
        last = asked = clock()
        while True:
            message: dict[str, Any] | None = await subscription.get_message(timeout=1.0)
            now = clock()
            if message is not None:
                last = now
                if message["type"] == "subscribe":
                    yield None
                elif message["type"] == "message":
                    yield message["data"]
            elif now - last > _SILENCE:
                raise TimeoutError(f"nothing was heard for {_SILENCE:.0f} s")
            elif now - max(last, asked) > _PING:
                asked = now
                async with asyncio.timeout(ANSWER):
                    await subscription.ping()
