"""Redis 7: Debian's server with its append-only file, synced at every write."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.engines.group import Launch

MARK = "made-for-tests"


@dataclass(frozen=True, slots=True)
class Redis:
    kind: str = "redis"
    ports: int = 1

    def url(self, port: int) -> str:
        return f"redis://127.0.0.1:{port}/0"

    def settings(self, url: str) -> Mapping[str, str]:
        return {"TAPETUM_REDIS_URL": url}

    def ready(self, url: str) -> bool:
        try:
            with redis.Redis.from_url(url, socket_timeout=2) as client:
                return bool(client.ping())
        except (redis.RedisError, OSError):  # loading its file, or not there
            return False

    def wipe(self, url: str) -> None:
        with redis.Redis.from_url(url) as client:
            client.flushdb()

    def is_empty(self, url: str) -> bool:
        with redis.Redis.from_url(url) as client:
            return client.dbsize() == 0 or bool(client.exists(MARK))

    def mark(self, url: str) -> None:
        with redis.Redis.from_url(url) as client:
            client.set(MARK, "1")

    def launch(self, folder: Path, port: int, *, quick: bool) -> Launch:
        del quick
        options = {
            "bind": "127.0.0.1",
            "port": str(port),
            "dir": str(folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory": "512mb",
            "maxmemory-policy": "noeviction",
        }
        given = [word for name, value in options.items() for word in (f"--{name}", value)]
        return Launch(["redis-server", *given], os.environ)
