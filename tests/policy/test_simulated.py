"""The simulator's own verdicts, reproduced from its manifests; it shares no code with the engine."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tapetum.domain.policy_trace import format_classic
from tapetum.policy.connection import Connection, Peer
from tapetum.policy.evaluate import evaluate
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.state import ClusterState
from tapetum.policy.trace import Trace
from tapetum.simulate import World, WorldSpec, as_yaml, build, manifests
from tapetum.simulate.inventory import Endpoint, Host, Workload

EPOCH = 1_789_999_980
SPECS = {
    "demo": WorldSpec(epoch=EPOCH, attack_at=EPOCH + 300),
    "grown": WorldSpec(seed=7, workloads=100, namespaces=12, edges=400, epoch=EPOCH),
}


def read(world: World) -> ClusterState:
    found = read_manifests([("manifests.yaml", as_yaml(manifests(world)))])
    assert found.problems == ()
    return ClusterState(found.resources)


def peers(state: ClusterState, world: World, endpoint: Endpoint) -> Iterator[Peer]:
    """Every place where it may stand: the address of a remote is one of its own."""
    if isinstance(endpoint, Workload):
        housing = world.housing
        name = housing.pod(endpoint, housing.generation(endpoint, world.spec.epoch), 0).name
        found = state.pod(endpoint.namespace, name)
        assert found is not None, endpoint.key
        yield found
    elif isinstance(endpoint, Host):
        found = state.host(endpoint.endpoint)
        if found is not None:
            yield found
    else:
        for address in endpoint.addresses:
            yield state.at(address, endpoint.domains)


def strings(trace: Trace) -> tuple[str, ...]:
    assert trace.doubts == ()
    return tuple(map(format_classic, trace.hits))


@pytest.mark.parametrize("name", SPECS)
def test_every_connection_is_decided_as_its_world_says(name: str) -> None:
    world = build(SPECS[name])
    state = read(world)
    known: dict[str, list[Peer]] = {}
    for each in world.connections:
        for end in (each.source, each.target):
            if end.key not in known:
                known[end.key] = list(peers(state, world, end))
        for source in known[each.source.key]:
            for target in known[each.target.key]:
                sibling = replace(
                    target, exact=False
                )  # never the very same pod, whose talk to itself is free
                found = evaluate(state, Connection(source, sibling, each.protocol, each.port))
                for said, judged in ((each.egress, found.egress), (each.ingress, found.ingress)):
                    assert (said is None) == (judged is None)
                    if said is None or judged is None:
                        continue
                    assert strings(judged.enforced) == said.enforced, each.call
                    assert strings(judged.logged_pending) == said.pending, each.call
                    assert strings(judged.pending) == said.pending, each.call
