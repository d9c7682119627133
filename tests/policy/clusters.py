"""Small clusters for tests: states from YAML text or plain objects, and connections by names."""

from collections.abc import Iterable
from typing import Any

from tapetum.policy.connection import Connection, Peer
from tapetum.policy.documents import Document, Place
from tapetum.policy.resources.manifests import read_manifests, resolve
from tapetum.policy.state import ClusterState


def cluster(text: str, *, lenient: bool = False) -> ClusterState:
    found = read_manifests([("cluster.yaml", text)], lenient=lenient)
    assert found.problems == ()
    return ClusterState(found.resources)


def stored(objects: Iterable[dict[str, Any]]) -> ClusterState:
    """As they lie in a datastore: the published scenarios never saw an API server."""
    found = resolve([Document(Place("case"), each) for each in objects], lenient=True, stored=True)
    assert found.problems == ()
    return ClusterState(found.resources)


def peer(state: ClusterState, name: str) -> Peer:
    """`namespace/pod`, or an address."""
    if "/" not in name:
        return state.at(name)
    namespace, _, pod = name.partition("/")
    found = state.pod(namespace, pod)
    assert found is not None, name
    return found


def connection(
    state: ClusterState,
    source: str,
    destination: str,
    protocol: str = "tcp",
    port: int | None = 80,
    **more: Any,
) -> Connection:
    return Connection(peer(state, source), peer(state, destination), protocol, port, **more)
