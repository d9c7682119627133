"""What a caller may see. Every port call takes one; there is no call without."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Clusters, and namespaces as (cluster, namespace), that the caller may see; None is no limit.

    With a namespace limit a record is visible when each of its namespaced endpoints lies in the
    allowed namespaces and at least one does: what touches another team's namespace stays hidden.
    """

    clusters: frozenset[str] | None = None
    namespaces: frozenset[tuple[str, str]] | None = None

    @property
    def everything(self) -> bool:
        return self.clusters is None and self.namespaces is None

    def sees_cluster(self, cluster: str) -> bool:
        if self.clusters is not None and cluster not in self.clusters:
            return False
        return self.namespaces is None or any(allowed == cluster for allowed, _ in self.namespaces)

    @property
    def seen_clusters(self) -> frozenset[str] | None:
        """Those of which it sees anything; None is all."""
        if self.namespaces is None:
            return self.clusters
        named = frozenset(cluster for cluster, _ in self.namespaces)
        return named if self.clusters is None else named & self.clusters

    def sees(self, cluster: str, *namespaces: str | None) -> bool:
        """Whether a record between endpoints in these namespaces (None: not namespaced) is visible."""
        if not self.sees_cluster(cluster):
            return False
        if self.namespaces is None:
            return True
        named = [namespace for namespace in namespaces if namespace is not None]
        return bool(named) and all((cluster, namespace) in self.namespaces for namespace in named)

    def narrowed(self, clusters: frozenset[str] | None) -> "Scope":
        """The same scope, further limited to the asked clusters."""
        if clusters is None:
            return self
        allowed = clusters if self.clusters is None else clusters & self.clusters
        return Scope(allowed, self.namespaces)


EVERYTHING = Scope()
