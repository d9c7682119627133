"""PacketCaptures of clusters through kubeconfigs that settings name, each opened when it is needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import anyio.to_thread

from tapetum.capture.port import CaptureClusters, CaptureKey, nowhere
from tapetum.capture.resource import GROUP, RESOURCE, VERSION, RunningCapture, running
from tapetum.domain.errors import NotAllowedError, NotFoundError
from tapetum.domain.scope import Scope
from tapetum.ingest.sources.kubernetes_wire import Wire
from tapetum.service.settings import Settings

T = TypeVar("T")
_BASE = f"/apis/{GROUP}/{VERSION}"


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


def captures_of(settings: Settings) -> CaptureClusters:
    kubeconfigs = {name: Kubeconfig.of(text) for name, text in settings.kubeconfigs.items()}
    return KubernetesCaptures(kubeconfigs, settings.apply_captures)


@dataclass(frozen=True, slots=True)
class KubernetesCaptures(CaptureClusters):
    """`kubeconfigs` by the names of clusters. Nothing is changed unless `changes`."""

    kubeconfigs: Mapping[str, Kubeconfig]
    changes: bool = False  # type: ignore[override] # a value here, a property in the port
    _wires: dict[str, Wire] = field(default_factory=dict[str, Wire])

    def reaches(self, cluster: str) -> bool:
        return cluster in self.kubeconfigs

    async def supports(self, scope: Scope, cluster: str) -> bool:
        self._hold_seen(scope, cluster)
        return await _aside(lambda: self._supported(cluster))

    async def captures(self, scope: Scope, cluster: str) -> list[RunningCapture]:
        self._hold_seen(scope, cluster)
        found = await _aside(lambda: self._listed(cluster))
        seen = (each for each in found if scope.sees(cluster, each.namespace))
        return sorted(seen, key=lambda each: (each.namespace, each.name))

    async def apply(self, scope: Scope, cluster: str, document: Mapping[str, Any]) -> RunningCapture:
        namespace = str(document["metadata"]["namespace"])
        self._hold_changes(scope, cluster, namespace)
        path = f"{_BASE}/namespaces/{namespace}/{RESOURCE}"
        made = await _aside(lambda: self._wire(cluster).create(path, document))
        return running(cluster, made)

    async def remove(self, scope: Scope, key: CaptureKey) -> None:
        self._hold_changes(scope, key.cluster, key.namespace)
        await _aside(lambda: self._removed(key))

    def _supported(self, cluster: str) -> bool:
        wire = self._wire(cluster)
        return VERSION in wire.groups().get(GROUP, ()) and RESOURCE in wire.resources(_BASE)

    def _listed(self, cluster: str) -> list[RunningCapture]:
        if not self._supported(cluster):
            return []
        documents, _ = self._wire(cluster).every(f"{_BASE}/{RESOURCE}")
        return [running(cluster, each) for each in documents]

    def _removed(self, key: CaptureKey) -> None:
        """Only what was made here: others' captures are theirs."""
        path = f"{_BASE}/namespaces/{key.namespace}/{RESOURCE}/{key.name}"
        known = [each for each in self._listed(key.cluster) if each.uid == key.uid]
        if not known:
            raise NotFoundError(
                f"There is no packet capture {key.name[:60]!r} any more; look again.", path="id"
            )
        if not known[0].ours:
            raise NotAllowedError(
                "This packet capture was made by other means; remove it with kubectl.", path="id"
            )
        self._wire(key.cluster).delete(path, key.uid)

    def _wire(self, cluster: str) -> Wire:
        """Two threads may open it at the same time; either will do."""
        found = self._wires.get(cluster)
        if found is None:
            where = self.kubeconfigs[cluster]
            found = Wire(where.file, where.context, "correct TAPETUM_KUBECONFIGS")
            self._wires[cluster] = found
        return found

    def _hold_seen(self, scope: Scope, cluster: str) -> None:
        if not scope.sees_cluster(cluster) or not self.reaches(cluster):
            raise nowhere(scope, cluster)

    def _hold_changes(self, scope: Scope, cluster: str, namespace: str) -> None:
        self._hold_seen(scope, cluster)
        if not scope.sees(cluster, namespace):
            raise NotFoundError(f"There is no namespace {namespace[:60]!r} that you may see.", path="target")
        if not self.changes:
            raise NotAllowedError(
                "Packet captures are not changed from here; set TAPETUM_APPLY_CAPTURES, or use kubectl."
            )


async def _aside(work: Callable[[], T]) -> T:
    """Whoever asks is let go at the deadline, however long the server takes."""
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
