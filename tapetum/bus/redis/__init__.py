"""The Redis adapters: RedisQueue over a stream, RedisBus over pub/sub. Only here is Redis known."""

from tapetum.bus.redis.bus import RedisBus
from tapetum.bus.redis.queue import RedisQueue

__all__ = ["RedisBus", "RedisQueue"]
