"""What every GraphStore makes of services: the nodes of Level.SERVICE, and questions that begin at one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.service_graph import Direction, Level, ServiceGraph, ServiceGroup, Shape
from tests.contract.graphs import LAST_DAY, Graph, assert_graph, key_sums, node, put, query, ref
from tests.support import oracle
from tests.support.factory import DAY, NOW, Flow, Hit, hep, net, wep

SERVICES = Shape(Level.SERVICE)
WEB, DB, REPLICA, BATCH = wep("shop", "web"), wep("shop", "db"), wep("shop", "replica"), wep("ops", "batch")
API = net("pvt")


def service(name: str, namespace: str = "shop", cluster: str = "east") -> NodeRef:
    return NodeRef(NodeKind.SERVICE, cluster, namespace, name)


def workload(end: Any, cluster: str = "east") -> NodeRef:
    return ref(oracle.node_of(cluster, end))


def named(told: ServiceGraph) -> dict[tuple[str, str], int]:
    """Records allowed and denied by the names of the ends."""
    records = told.allowed.counts[:, 0] + told.denied.counts[:, 0]
    pairs = zip(told.source.tolist(), told.target.tolist(), records.tolist(), strict=True)
    return {(told.nodes[source].name, told.nodes[target].name): count for source, target, count in pairs}


async def asked(
    graph: Graph, flows: Sequence[Flow], shape: Shape = SERVICES, scope: Scope = EVERYTHING
) -> ServiceGraph:
    told = await graph.store.service_graph(scope, query(LAST_DAY), shape)
    known = [flow for flow in flows if oracle.seen_by(scope, flow)]
    assert_graph(told, oracle.chosen(known, *oracle.effective(NOW - DAY, NOW, NOW)), shape, known)
    return told


async def test_workloads_behind_a_service_are_its_node_whoever_calls_them(graph: Graph) -> None:
    flows = [
        Flow(WEB, DB, service=("shop", "db")),
        Flow(WEB, DB, reporter="dst", mark=1),  # a destination knows no service
        Flow(BATCH, DB, port=9100, mark=2),  # nor who asks the workload itself
        Flow(DB, BATCH, mark=3),
        Flow(DB, REPLICA, mark=4),
    ]
    put(graph, *flows)
    told = named(await asked(graph, flows))
    assert told == {("web-*", "db"): 1, ("batch-*", "db"): 1, ("db", "batch-*"): 1, ("db", "replica-*"): 1}
    assert await graph.store.group(EVERYTHING, service("db")) == ServiceGroup(
        (service("db"),), (workload(DB),)
    )
    assert await graph.store.exists(EVERYTHING, service("db"))
    assert not await graph.store.exists(EVERYTHING, service("absent"))


async def test_services_that_share_workloads_are_one_node(graph: Graph) -> None:
    flows = [
        Flow(WEB, DB, service=("shop", "db")),
        Flow(WEB, REPLICA, service=("shop", "db-ro"), mark=1),
        Flow(BATCH, DB, service=("shop", "z"), mark=2),
        Flow(BATCH, REPLICA, service=("shop", "z"), mark=3),
        Flow(WEB, DB, service=("shop", "db"), cluster="west", mark=4),  # another cluster's
    ]
    put(graph, *flows)
    told = await asked(graph, flows)
    group = ServiceGroup((service("db"), service("db-ro"), service("z")), (workload(DB), workload(REPLICA)))
    assert told.groups[service("db")] == group
    assert await graph.store.group(EVERYTHING, service("z")) == group
    assert told.groups[service("db", cluster="west")].workloads == (workload(DB, "west"),)
    # A link made before they were found to share still leads to them.
    edge = await graph.store.edge(EVERYTHING, query(LAST_DAY), workload(BATCH), service("z"), None)
    assert edge is not None
    assert edge.allowed.records == 2


async def test_what_is_no_workload_is_told_apart_by_how_it_was_called(graph: Graph) -> None:
    kubernetes = ("default", "kubernetes")
    flows = [
        Flow(WEB, API, port=443, service=kubernetes),
        Flow(WEB, API, port=443, mark=1),
        Flow(BATCH, API, port=443, mark=2),
        Flow(WEB, hep("node-1"), port=6443, service=kubernetes, mark=3),
        Flow(WEB, hep("node-1"), port=6443, reporter="dst", mark=4),  # where all that web said goes
        Flow(BATCH, hep("node-1"), port=6443, reporter="dst", mark=5),
    ]
    put(graph, *flows)
    told = named(await asked(graph, flows))
    assert told == {
        ("web-*", "kubernetes"): 2,
        ("web-*", "pvt"): 1,
        ("batch-*", "pvt"): 1,
        ("batch-*", "node-1"): 1,
    }
    ends = workload(WEB), workload(API)
    for direct, records in ((True, 1), (False, 2)):
        edge = await graph.store.edge(EVERYTHING, query(LAST_DAY), *ends, None, direct=direct)
        assert edge is not None
        assert edge.allowed.records == records
        assert len(await graph.store.edge_keys(EVERYTHING, *ends, direct=direct)) == records
    assert await graph.store.members(EVERYTHING, service("kubernetes", "default")) == 0


async def test_an_opened_service_or_namespace_shows_its_workloads(graph: Graph) -> None:
    flows = [
        Flow(WEB, DB, service=("shop", "db")),
        Flow(WEB, REPLICA, service=("shop", "db"), mark=1),
        Flow(WEB, BATCH, service=("ops", "batch"), mark=2),
    ]
    put(graph, *flows)
    for opened in (service("db"), ref(("NAMESPACE", "east", "shop", "shop"))):
        told = named(await asked(graph, flows, Shape(Level.SERVICE, frozenset({opened}))))
        assert told == {("web-*", "db-*"): 1, ("web-*", "replica-*"): 1, ("web-*", "batch"): 1}
    folded = named(await asked(graph, flows, Shape(expand=frozenset({service("db")}))))
    assert ("web-*", "ops") in folded  # where namespaces are folded, it opens its own


async def test_a_scope_knows_the_services_that_it_sees_called(graph: Graph) -> None:
    flows = [
        Flow(WEB, DB, service=("shop", "db")),
        Flow(BATCH, DB, service=("ops", "hidden"), mark=1),
        Flow(BATCH, WEB, service=("ops", "hidden"), mark=2),
    ]
    put(graph, *flows)
    scope = Scope(None, frozenset({("east", "shop")}))
    told = await asked(graph, flows, scope=scope)
    assert named(told) == {("web-*", "db"): 1}
    assert told.groups[service("db")].services == (service("db"),)
    assert await graph.store.group(scope, service("hidden", "ops")) is None
    whole = await asked(graph, flows)
    assert {node(one)[3] for one in whole.nodes} == {"hidden", "batch-*"}


async def test_questions_begin_and_end_at_services(graph: Graph) -> None:
    let = Hit(0, "t", "open", "allow")
    flows = [
        Flow(WEB, DB, service=("shop", "db"), hits=(let,)),
        Flow(DB, BATCH, service=("ops", "batch"), mark=1),
        Flow(WEB, API, port=443, service=("default", "kubernetes"), hits=(let,), mark=2),
    ]
    put(graph, *flows)
    store, db, batch = graph.store, service("db"), service("batch", "ops")
    reached, _ = await store.reach(EVERYTHING, query(LAST_DAY), db, Direction.BOTH, 1, 9)
    assert {one.node for one in reached} == {workload(WEB), workload(BATCH)}
    assert await store.paths(EVERYTHING, query(LAST_DAY), db, batch, 9) == [(workload(DB), workload(BATCH))]
    assert await store.paths(EVERYTHING, query(LAST_DAY), db, service("absent"), 9) == []
    for target in (db, service("kubernetes", "default")):
        (use,) = await store.policies_of(EVERYTHING, workload(WEB), target)
        assert use.policy.name == "open"
    assert await store.policies_of(EVERYTHING, workload(WEB), workload(API), direct=True) == []
    assert await store.policies_at(EVERYTHING, db) == []


async def test_sums_of_all_reports_and_places_follow_the_same_shape(graph: Graph) -> None:
    flows = [Flow(WEB, DB, service=("shop", "db")), Flow(WEB, DB, reporter="dst", mark=1), Flow(DB, WEB)]
    put(graph, *flows)
    told = await graph.store.sum_pairs(EVERYTHING, key_sums(flows), SERVICES)
    counts = {
        (told.nodes[source].name, told.nodes[target].name): row[0]
        for source, target, row in zip(told.source, told.target, told.counts.tolist(), strict=True)
    }
    assert counts == {("web-*", "db"): 2, ("db", "web-*"): 1}
    assert np.array_equal(told.counts.sum(axis=0), key_sums(flows).counts.sum(axis=0))
    unknown = ref(("WORKLOAD", "east", "shop", "unknown-*"))
    asked = [workload(DB), workload(WEB), unknown]
    assert await graph.store.places(EVERYTHING, SERVICES, asked) == [service("db"), workload(WEB), unknown]
    assert set(await graph.store.places(EVERYTHING, Shape(), asked)) == {workload(DB).folded}
