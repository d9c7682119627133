"""The simulator's own verdicts, reproduced from its manifests; it shares no code with the engine."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.policy_trace import format_classic
from tapetum.policy.connection import Connection, Peer
from tapetum.policy.evaluate import evaluate
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.state import ClusterState, LoggedEnd
from tapetum.policy.trace import Judgement, Trace, Verdict
from tapetum.policy.truth import Fact
from tapetum.simulate import World, WorldSpec, as_yaml, build, flow_lines, manifests
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


def logged(record: dict[str, Any], side: str) -> LoggedEnd:
    def told(name: str) -> Any:
        value = record[f"{side}_{name}"]
        return None if value == "-" else value

    labels = told("labels")
    return LoggedEnd(
        EndpointKind(told("type")),
        told("namespace"),
        told("name"),
        told("name_aggr"),
        told("ip"),
        None if labels is None else tuple(labels["labels"]),
        tuple(record["dest_domains"] or ()) if side == "dest" and record["reporter"] == "src" else None,
    )


def holds(trace: Trace, said: list[str]) -> bool:
    """Exactly what the record says; where the record lacks a fact, the record's way is one of those left."""
    if not trace.doubts:
        return [format_classic(hit) for hit in trace.hits] == said
    return trace.verdict in (Verdict.UNCERTAIN, said[-1].split("|")[3])


def test_every_record_is_explained() -> None:
    """With pods and addresses dropped, as logs are by default: certain ones are right, the rest few."""
    world = build(SPECS["demo"])
    state = read(world)
    rows, certain, told = 0, 0, set[str]()
    known: dict[str, Judgement | None] = {}
    for chunk in flow_lines(world, EPOCH, EPOCH + 600):
        for line in chunk.splitlines():
            record = json.loads(line)
            source, target = logged(record, "source"), logged(record, "dest")
            key = repr((source, target, record["proto"], record["dest_port"], record["reporter"]))
            if key not in known:
                asked = Connection(
                    state.logged(source), state.logged(target), record["proto"], record["dest_port"]
                )
                found = evaluate(state, asked)
                known[key] = found.egress if record["reporter"] == "src" else found.ingress
            judged = known[key]
            assert judged is not None
            policies = record["policies"]
            assert holds(judged.enforced, policies["enforced_policies"]), (record, judged.enforced)
            assert holds(judged.logged_pending, policies["pending_policies"]), (record, judged.logged_pending)
            rows += 1
            if judged.enforced.doubts:
                told.update(judged.enforced.missing)
            else:
                certain += 1
    assert rows > 1000
    assert certain / rows > 0.9
    assert told <= {Fact.SOURCE_ADDRESS, Fact.DESTINATION_ADDRESS}
