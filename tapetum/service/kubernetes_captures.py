"""PacketCaptures of clusters through kubeconfigs that settings name, each opened when it is needed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import structlog

from tapetum.api.plain import one_line
from tapetum.capture.port import CaptureClusters, CaptureKey, nowhere
from tapetum.capture.resource import RESOURCE, RunningCapture, running
from tapetum.domain.errors import NotAllowedError, NotFoundError
from tapetum.domain.scope import Scope
from tapetum.ingest.sources.kubernetes_wire import Wire
from tapetum.service.cluster_line import BASE, ClusterLine, Kubeconfig, Work
from tapetum.service.cluster_refusals import ToldError
from tapetum.service.settings import Settings

T = TypeVar("T")
_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\Z")
_APPLIED = "packet_capture_applied", "packet_capture_not_applied"
_REMOVED = "packet_capture_removed", "packet_capture_not_removed"
log = structlog.get_logger("tapetum.captures")


def captures_of(settings: Settings) -> CaptureClusters:
    kubeconfigs = {name: Kubeconfig.of(text) for name, text in settings.kubeconfigs.items()}
    return KubernetesCaptures(kubeconfigs, settings.apply_captures)


@dataclass(frozen=True, slots=True)
class KubernetesCaptures(CaptureClusters):
    """`kubeconfigs` by the names of clusters. Nothing is changed unless `changes`. Whoever looks waits for a
    cluster `looking` seconds at most, whoever changes something `changing`.
    """

    kubeconfigs: Mapping[str, Kubeconfig]
    changes: bool = False  # type: ignore[override] # a value here, a property in the port
    looking: float = 3.0
    changing: float = 8.0
    _lines: dict[str, ClusterLine] = field(default_factory=dict[str, ClusterLine])

    def reaches(self, cluster: str) -> bool:
        return cluster in self.kubeconfigs

    async def supports(self, scope: Scope, cluster: str) -> bool:
        self._hold_seen(scope, cluster)
        return await self._line(cluster).seen(self.looking) is not None

    async def captures(self, scope: Scope, cluster: str) -> list[RunningCapture]:
        self._hold_seen(scope, cluster)
        found = await self._line(cluster).seen(self.looking) or []
        seen = (each for each in found if scope.sees(cluster, each.namespace))
        return sorted(seen, key=lambda each: (each.namespace, each.name))

    async def apply(
        self, scope: Scope, cluster: str, document: Mapping[str, Any], by: str | None
    ) -> RunningCapture:
        namespace, name = str(document["metadata"]["namespace"]), str(document["metadata"]["name"])
        self._hold_changes(scope, cluster, namespace)
        path = f"{BASE}/namespaces/{_part(namespace)}/{RESOURCE}"

        def made(wire: Wire, _: object) -> RunningCapture:
            return running(cluster, wire.create(path, document))

        key = CaptureKey(cluster, namespace, name, "")
        return await self._line(cluster).changed(_logged(_APPLIED, key, by, made), self.changing)

    async def remove(self, scope: Scope, key: CaptureKey, by: str | None) -> None:
        self._hold_changes(scope, key.cluster, key.namespace)

        def removed(wire: Wire, captures: Callable[[], list[RunningCapture]]) -> None:
            one = _own(key, captures())
            path = "/".join((BASE, "namespaces", _part(one.namespace), RESOURCE, _part(one.name)))
            wire.delete(path, one.uid)

        await self._line(key.cluster).changed(_logged(_REMOVED, key, by, removed), self.changing)

    def _line(self, cluster: str) -> ClusterLine:
        if cluster not in self._lines:
            self._lines[cluster] = ClusterLine(cluster, self.kubeconfigs[cluster])
        return self._lines[cluster]

    def _hold_seen(self, scope: Scope, cluster: str) -> None:
        if not scope.sees_cluster(cluster) or not self.reaches(cluster):
            raise nowhere(scope, cluster)

    def _hold_changes(self, scope: Scope, cluster: str, namespace: str) -> None:
        self._hold_seen(scope, cluster)
        if not scope.sees(cluster, namespace) or not _NAMESPACE.match(namespace):
            raise NotFoundError(f"There is no namespace {namespace[:60]!r} that you may see.", path="target")
        if not self.changes:
            raise NotAllowedError(
                "Packet captures are not changed from here; set TAPETUM_APPLY_CAPTURES, or use kubectl."
            )


def _own(key: CaptureKey, captures: list[RunningCapture]) -> RunningCapture:
    """The capture that the key names in all its parts, as ids are anybody's to write; and only what was made
    here: others' captures are theirs.
    """
    named = key.namespace, key.name, key.uid
    known = [each for each in captures if (each.namespace, each.name, each.uid) == named]
    if not known:
        raise ToldError(
            NotFoundError(f"There is no packet capture {key.name[:60]!r} any more; look again.", path="id")
        )
    if not known[0].ours:
        raise ToldError(
            NotAllowedError("This packet capture was made by other means; remove it with kubectl.", path="id")
        )
    return known[0]


def _part(text: str) -> str:
    """Of a URL's path. Kubernetes lets no name be dots alone."""
    return quote(text, safe="")


def _logged(outcome: tuple[str, str], key: CaptureKey, by: str | None, work: Work[T]) -> Work[T]:
    """On the thread that works, so that a change is logged whoever still waits for it."""
    done, failed = outcome
    told = {
        "cluster": one_line(key.cluster, 63),
        "namespace": one_line(key.namespace, 63),
        "name": one_line(key.name, 253),
        "by": one_line(by or "anyone", 100),
    }

    def worked(wire: Wire, captures: Callable[[], list[RunningCapture]]) -> T:
        try:
            found = work(wire, captures)
        except Exception as error:
            log.warning(failed, error=one_line(str(error), 300), **told)
            raise
        log.info(done, **told)
        return found

    return worked
