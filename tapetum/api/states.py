"""States of clusters as their manifests make them: read once for all that ask of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from tapetum.api.kept import Kept
from tapetum.domain.manifests import ManifestVersion
from tapetum.policy.documents import Document, Place
from tapetum.policy.resources.keys import Key
from tapetum.policy.resources.manifests import resolve
from tapetum.policy.state import ClusterState

KEPT = 4
"""Of a few clusters, or of a cluster at a few times."""


@dataclass(frozen=True, slots=True)
class ClusterObjects:
    """`digest` tells these objects from others."""

    cluster: str
    digest: str
    objects: Mapping[Key, Mapping[str, Any]]
    state: ClusterState


class ClusterStates:
    def __init__(self) -> None:
        self._kept: Kept[ClusterObjects] = Kept(KEPT)

    def of(self, cluster: str, versions: Sequence[ManifestVersion]) -> ClusterObjects:
        told = sha256(cluster.encode())
        for each in versions:
            told.update(msgspec.json.encode((each.key, each.body)))
        digest = told.hexdigest()
        return self._kept.get(digest, lambda: _made(cluster, digest, versions))


def _made(cluster: str, digest: str, versions: Sequence[ManifestVersion]) -> ClusterObjects:
    """What nobody here can read is left out: audit logs may tell of objects of other releases."""
    objects = {
        Key(each.key.kind, each.key.namespace, each.key.name): msgspec.json.decode(
            each.body, type=dict[str, Any]
        )
        for each in versions
        if each.body is not None
    }
    found = resolve((Document(Place(str(key)), each) for key, each in objects.items()), lenient=True)
    return ClusterObjects(cluster, digest, objects, ClusterState(found.resources))
