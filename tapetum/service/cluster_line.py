"""The way to one cluster's API server: one thread, whoever waits for it and for however long."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog

from tapetum.capture.resource import GROUP, RESOURCE, VERSION, RunningCapture, running
from tapetum.domain.errors import UnavailableError
from tapetum.ingest.sources.kubernetes_wire import Patience, Wire
from tapetum.service.cluster_refusals import ToldError, plain

T = TypeVar("T")
Work = Callable[[Wire, Callable[[], list[RunningCapture]]], T]
"""Is given the way to the server, and what tells all its captures as they are now."""
BASE = f"/apis/{GROUP}/{VERSION}"
_FRESH = 5.0
"""Seconds that a list is told again."""
_PATIENCE = Patience(connect=2.0, read=10.0, again=False)
log = structlog.get_logger("tapetum.captures")


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """A file, and the context in it; None is its current one."""

    file: Path
    context: str | None

    @classmethod
    def of(cls, text: str) -> "Kubeconfig":
        """As settings have it: a path, and `#CONTEXT` where the current one is not meant."""
        file, _, context = text.partition("#")
        return cls(Path(file), context or None)


@dataclass(frozen=True, slots=True)
class _Kept:
    """`captures` None: the cluster has no such kind."""

    until: float
    captures: list[RunningCapture] | None


class ClusterLine:
    """`seen` and `changed` raise errors in plain sentences: callers are told what happened, and the log how,
    since URLs, paths and a server's words are not for all who may look.
    """

    def __init__(self, cluster: str, kubeconfig: Kubeconfig) -> None:
        self._cluster = cluster
        self._kubeconfig = kubeconfig
        self._wire: Wire | None = None
        self._kept: _Kept | None = None
        # What nobody waits for any more is not begun, and what has begun ends before the next.
        self._thread = ThreadPoolExecutor(1, f"captures-{cluster}")

    async def seen(self, seconds: float) -> list[RunningCapture] | None:
        """All captures, a few seconds old at most; None where the cluster has no such kind."""
        kept = self._kept
        if kept is not None and time.monotonic() < kept.until:
            return kept.captures
        late = f"The API server of {self._cluster} takes longer than {seconds:g} s; look again in a while."
        return await self._soon(self._refreshed, seconds, late)

    async def changed(self, work: Work[T], seconds: float) -> T:
        """What `work` gives, on the thread. It may outlive the call."""
        late = (
            f"The API server of {self._cluster} has not answered; the change may still happen, so look again."
        )
        return await self._soon(lambda: self._worked(work), seconds, late)

    async def _soon(self, work: Callable[[], T], seconds: float, late: str) -> T:
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except TimeoutError:
            log.warning("cluster_late", cluster=self._cluster, seconds=seconds)
            raise UnavailableError(late) from None

    def _refreshed(self) -> list[RunningCapture] | None:
        """Whoever waited for another's list takes that."""
        if self._kept is None or time.monotonic() >= self._kept.until:
            try:
                captures = self._listed(self._opened())
            except Exception as error:  # noqa: BLE001 - whatever it is, others are not to suffer from it
                raise plain(error, self._cluster, reading=True) from None
            self._kept = _Kept(time.monotonic() + _FRESH, captures)
        return self._kept.captures

    def _worked(self, work: Work[T]) -> T:
        try:
            return work(self._opened(), self._now)
        except Exception as error:  # noqa: BLE001 - as above
            raise plain(error, self._cluster, reading=False) from None
        finally:
            self._kept = None

    def _now(self) -> list[RunningCapture]:
        self._kept = None
        try:
            return self._refreshed() or []
        except UnavailableError as error:
            raise ToldError(error) from None

    def _opened(self) -> Wire:
        if self._wire is None:
            where = self._kubeconfig
            try:
                self._wire = Wire(where.file, where.context, "correct TAPETUM_KUBECONFIGS", _PATIENCE)
            except Exception as error:  # noqa: BLE001 - a plugin of the kubeconfig may fail in any way
                raise ToldError(plain(error, self._cluster, reading=True)) from None
        return self._wire

    def _listed(self, wire: Wire) -> list[RunningCapture] | None:
        if VERSION not in wire.groups().get(GROUP, ()) or RESOURCE not in wire.resources(BASE):
            return None
        documents, _ = wire.every(f"{BASE}/{RESOURCE}")
        return [running(self._cluster, each) for each in documents]
