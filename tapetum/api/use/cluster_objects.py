"""A cluster's objects as of a time, with the state that they make.

Policies decide as a whole, so that the objects are read whatever the caller's namespaces are. Whoever shows
what comes of them keeps to what the caller may see.
"""

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.api.states import ClusterObjects
from tapetum.catalog.manifests import ManifestsAsked
from tapetum.domain.errors import BadInputError
from tapetum.domain.manifests import ManifestKey, ManifestVersion
from tapetum.domain.moments import Micros
from tapetum.domain.scope import EVERYTHING

_PAGE = 5000
_NAMED = 5


async def read_objects(asked: Asked, cluster: str, at: Micros) -> ClusterObjects:
    """Raises BadInputError where the caller does not see the cluster."""
    if not asked.scope.sees_cluster(cluster):
        raise BadInputError(
            f"This token sees no cluster {cluster[:60]!r}; `clusters` lists those that it does.",
            path="cluster",
        )
    wanted = ManifestsAsked(cluster, at)
    versions: list[ManifestVersion] = []
    after: ManifestKey | None = None
    while page := await asked.api.catalog.manifests(EVERYTHING, wanted, after, _PAGE):
        versions += page
        after = page[-1].key
    return await anyio.to_thread.run_sync(asked.api.states.of, cluster, versions)


async def hold_known(asked: Asked, cluster: str) -> None:
    """Raises BadInputError where no record is of the cluster, which may be misspelt then."""
    if cluster not in await _recorded(asked):
        raise BadInputError(
            f"Neither records nor manifests of {cluster[:60]!r} are here; `clusters` lists those that are.",
            path="cluster",
        )


async def only_cluster(asked: Asked, name: str | None) -> str:
    """The named one; where none is named, the only one that the caller sees."""
    if name is not None:
        return name
    seen = await _recorded(asked)
    if len(seen) != 1:
        known = ", ".join(seen[:_NAMED])
        raise BadInputError(
            f"Records of {len(seen)} clusters are here{f', {known} among them' if known else ''}; "
            "name the one that is meant.",
            path="cluster",
        )
    return seen[0]


async def seen_clusters(asked: Asked, names: frozenset[str] | None) -> list[str]:
    """Of the named ones those that the caller may see; where none are named, all with records."""
    if names is not None:
        return sorted(name for name in names if asked.scope.sees_cluster(name))
    return await _recorded(asked)


async def _recorded(asked: Asked) -> list[str]:
    return [census.cluster for census in await asked.api.logs.census(asked.scope)]
