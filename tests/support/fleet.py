"""The distributed product: replicas of `tapetum api` and workers over engines, each a process to be ended.

As Served, it knows processes, addresses and wire formats, and nothing of the product's code.
"""

import re
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from tests import engines
from tests.engines import Engine
from tests.support.served import Served, run


@dataclass(frozen=True)
class Engines:
    """Three servers that a test may end and start again."""

    neo4j: Engine
    elasticsearch: Engine
    redis: Engine

    def settings(self) -> dict[str, str]:
        return {**self.neo4j.settings, **self.elasticsearch.settings, **self.redis.settings}

    def wipe(self) -> None:
        for each in (self.neo4j, self.elasticsearch, self.redis):
            each.wipe()


def product_engines(name: str = "product") -> Engines:
    with ThreadPoolExecutor(len(engines.KINDS)) as pool:
        started = dict(
            zip(engines.KINDS, pool.map(lambda kind: engines.own(kind, name), engines.KINDS), strict=True)
        )
    return Engines(**started)


class Process(Served):
    """A command that says on standard error where it serves.

    What is asked after something was sent waits until that shows; on the engines that takes a second.
    """

    def __init__(self, folder: Path, verb: str, on: Engines, **settings: str) -> None:
        super().__init__(folder, **on.settings(), **settings)
        self._verb = verb
        self._on = on
        self.settle: Callable[[], object] = lambda: None
        self._sent = False

    def command(self, *arguments: str | Path, within: float = 120) -> subprocess.CompletedProcess[bytes]:
        self._sent = True
        return run(*arguments, within=within, **self._on.settings())

    def send(
        self, body: bytes | Iterable[bytes], cluster: str, form: str = "flows", **headers: str
    ) -> httpx.Response:
        self._sent = True
        return super().send(body, cluster, form, **headers)

    def post(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> httpx.Response:
        if self._sent:
            self.settle()
            self._sent = False
        return super().post(query, variables, token)

    def _command(self) -> list[str | Path]:
        return [self._verb, "--port", "0"]

    def _address(self) -> str | None:
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        return found and found[0]


_up: "list[Fleet]" = []


class Fleet:
    """So many replicas and workers over the same engines; use as a context."""

    def __init__(
        self, folder: Path, on: Engines, *, apis: int = 1, workers: int = 1, **settings: str
    ) -> None:
        self.engines = on
        self.apis = [
            Process(
                folder / f"api-{place}", "api", on, TAPETUM_SPOOL=str(folder / f"spool-{place}"), **settings
            )
            for place in range(apis)
        ]
        self.workers = [
            Process(folder / f"worker-{place}", "worker", on, **settings) for place in range(workers)
        ]

        for each in self.apis:
            each.settle = self.drained

    def __enter__(self) -> Self:
        """Whatever of it does not run yet."""
        with ThreadPoolExecutor(len(self.processes)) as pool:
            list(pool.map(lambda each: each.__enter__(), self.processes))
        if self not in _up:
            _up.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self in _up:
            _up.remove(self)

    def stop(self) -> None:
        with ThreadPoolExecutor(len(self.processes)) as pool:
            list(pool.map(lambda each: each.stop(), self.processes))

    @property
    def processes(self) -> Sequence[Process]:
        return [*self.workers, *self.apis]

    @property
    def api(self) -> Process:
        return self.apis[0]

    def drained(self, within: float = 180, also: Sequence[Process] = ()) -> float:
        """Wait until every receiver's spool is empty and what was applied shows; in how many seconds.

        `also` are receivers beside the fleet's own.
        """
        began = time.monotonic()
        while any(self._waiting(each) for each in (*self.apis, *also)):
            assert time.monotonic() - began < within, self.said
            time.sleep(0.1)
        took = time.monotonic() - began
        time.sleep(1.5)  # the log store shows new records once a second
        return took

    @staticmethod
    def end_all() -> None:
        """Every fleet of this process, and its engines: three engines are what a machine for tests bears."""
        while _up:
            fleet = _up.pop()
            fleet.stop()
            for each in (fleet.engines.neo4j, fleet.engines.elasticsearch, fleet.engines.redis):
                each.stop()

    @staticmethod
    def _waiting(api: Process) -> int:
        page = api.http.get("/metrics").text
        return int(float(re.search(r"^tapetum_spool_deliveries (\S+)", page, re.MULTILINE)[1]))  # pyright: ignore[reportOptionalSubscript] - it is always there

    @property
    def said(self) -> str:
        return "\n".join(each.said for each in self.processes)
