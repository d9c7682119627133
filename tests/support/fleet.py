"""The distributed product: replicas of `tapetum api` and workers over engines, each a process to be ended.

As Served, it knows processes, addresses and wire formats, and nothing of the product's code.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.support.served import Served


@dataclass(frozen=True)
class Urls:
    neo4j: str
    elasticsearch: str
    redis: str

    def settings(self) -> dict[str, str]:
        return {
            "TAPETUM_NEO4J_URL": self.neo4j,
            "TAPETUM_ELASTICSEARCH_URL": self.elasticsearch,
            "TAPETUM_REDIS_URL": self.redis,
        }


class Process(Served):
    """A command that says on standard error where it serves."""

    def __init__(self, folder: Path, command: str, urls: Urls, **settings: str) -> None:
        super().__init__(folder, **urls.settings(), **settings)
        self._verb = command

    def _command(self) -> list[str | Path]:
        return [self._verb, "--port", "0"]

    def _address(self) -> str | None:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        return found and found[0]


class Fleet:
    """So many replicas and workers over the same engines; use as a context."""

    def __init__(self, folder: Path, urls: Urls, *, apis: int = 1, workers: int = 1, **settings: str) -> None:
        self.urls = urls
        self.apis = [
            Process(
                folder / f"api-{place}", "api", urls, TAPETUM_SPOOL=str(folder / f"spool-{place}"), **settings
            )
            for place in range(apis)
        ]
        self.workers = [
            Process(folder / f"worker-{place}", "worker", urls, **settings) for place in range(workers)
        ]

    def __enter__(self) -> Self:
        for each in self.processes:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self.processes:
            each.stop()

    @property
    def processes(self) -> Sequence[Process]:
        return [*self.workers, *self.apis]

    @property
    def api(self) -> Process:
        return self.apis[0]

    def drained(self, within: float = 60) -> float:
        """Wait until every receiver's spool is empty and what was applied shows; in how many seconds."""
        began = time.monotonic()
        while any(self._waiting(each) for each in self.apis):
            assert time.monotonic() - began < within, self.said
            time.sleep(0.1)
        took = time.monotonic() - began
        time.sleep(1.5)  # the log store shows new records once a second
        return took

    @staticmethod
    def _waiting(api: Process) -> int:
        page = api.http.get("/metrics").text
        return int(float(re.search(r"^tapetum_spool_deliveries (\S+)", page, re.MULTILINE)[1]))  # pyright: ignore[reportOptionalSubscript] - it is always there

    @property
    def said(self) -> str:
        return "\n".join(each.said for each in self.processes)
