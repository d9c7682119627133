"""A turn among processes: what only one of them may do at a time, such as changing a schema."""

from collections.abc import Generator
from contextlib import contextmanager, suppress

from redis import Redis
from redis.exceptions import RedisError

from tapetum.bus.redis.connection import told
from tapetum.domain.errors import UnavailableError

_LONGEST = 120.0
"""Seconds after which a turn ends whatever became of who had it; the work must bear that."""


@contextmanager
def turn(url: str, name: str, *, prefix: str = "tapetum") -> Generator[None]:
    """Wait for our turn and keep it while the block runs. Raises UnavailableError where Redis is away."""
    with Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
        lock = client.lock(f"{prefix}:turn:{name}", timeout=_LONGEST, blocking_timeout=_LONGEST)
        try:
            got = lock.acquire()
        except RedisError as error:
            raise told(error) from error
        if not got:
            raise UnavailableError(
                f"Another process has been at the {name} for {_LONGEST:g} s; try again later."
            )
        try:
            yield
        finally:
            with suppress(RedisError):  # it ends by itself
                lock.release()
