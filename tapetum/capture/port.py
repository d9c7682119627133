"""The CaptureClusters port: PacketCaptures of clusters that somebody gave us the way to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from tapetum.capture.resource import RunningCapture
from tapetum.domain.errors import NotFoundError, UnavailableError
from tapetum.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class CaptureKey:
    """`uid` tells it from a later one under the same name."""

    cluster: str
    namespace: str
    name: str
    uid: str


class CaptureClusters(Protocol):
    """Each call but the first two ends in seconds, and raises UnavailableError where the API server does not
    answer by then, or not as it should. Sentences tell nothing of how it is reached.
    """

    def reaches(self, cluster: str) -> bool:
        """Whether there is a way to its API server."""
        ...

    @property
    def changes(self) -> bool:
        """Whether captures may be applied and removed at all."""
        ...

    async def supports(self, scope: Scope, cluster: str) -> bool:
        """Whether the cluster has the kind."""
        ...

    async def captures(self, scope: Scope, cluster: str) -> list[RunningCapture]:
        """Those in namespaces that the scope sees, by namespace and name; none without such a kind."""
        ...

    async def apply(
        self, scope: Scope, cluster: str, document: Mapping[str, Any], by: str | None
    ) -> RunningCapture:
        """Raises ConflictError where one of the name is there, NotFoundError where the scope sees no such
        namespace, BadInputError and NotAllowedError where the server refuses. It may happen after an
        UnavailableError; that it happened is logged in any case, with `by` whom.
        """
        ...

    async def remove(self, scope: Scope, key: CaptureKey, by: str | None) -> None:
        """Raises NotFoundError where the scope sees no such capture or it is gone, NotAllowedError where it
        was made by other means or the server refuses. Logged as `apply` is.
        """
        ...


class NoClusters(CaptureClusters):
    """Nobody gave us the way to any."""

    def reaches(self, cluster: str) -> bool:
        del cluster
        return False

    @property
    def changes(self) -> bool:
        return False

    async def supports(self, scope: Scope, cluster: str) -> bool:
        raise nowhere(scope, cluster)

    async def captures(self, scope: Scope, cluster: str) -> list[RunningCapture]:
        raise nowhere(scope, cluster)

    async def apply(
        self, scope: Scope, cluster: str, document: Mapping[str, Any], by: str | None
    ) -> RunningCapture:
        del document, by
        raise nowhere(scope, cluster)

    async def remove(self, scope: Scope, key: CaptureKey, by: str | None) -> None:
        del by
        raise nowhere(scope, key.cluster)


def nowhere(scope: Scope, cluster: str) -> NotFoundError | UnavailableError:
    """What is said of a cluster that there is no way to, as far as the scope sees it."""
    if not scope.sees_cluster(cluster):
        return NotFoundError(f"There is no cluster {cluster[:60]!r} that you may see.", path="cluster")
    return UnavailableError(f"No kubeconfig is set for {cluster[:60]}; set TAPETUM_KUBECONFIGS.")
