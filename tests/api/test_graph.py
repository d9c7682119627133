"""The graph roots, against sums over the same flows in plain Python."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tapetum.api import ApiSettings, issue
from tapetum.api.schema.log import record_id
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.identity import edge_id, node_id
from tapetum.domain.scope import Scope
from tests.api.world import World, opened
from tests.support import oracle
from tests.support.factory import HOUR, MINUTE, NOW, Flow, Hit, hep, net, netset, wep

GRAPH = """
query($range: TimeRangeInput!, $clusters: [ID!], $level: GraphLevel, $expand: [ID!], $filter: KQL, $limit:
  Int! = 5000) {
  serviceGraph(range: $range, clusters: $clusters, level: $level, expand: $expand, filter: $filter, limit:
  $limit) {
    range { from to } asOf truncated stale columns
    nodes { id kind name namespace cluster parentId members }
    edges { id sourceId targetId allowed { ...T } denied { ...T } }
  }
}
fragment T on Traffic {
  records connections packets packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource estimated
}"""
DENY = (Hit(0, "default", "deny-all", "deny"),)


def shop(at: int = NOW - 10 * MINUTE) -> list[Flow]:
    """Both reporters, a denial on either side, networks, hosts, a set and a domain; two clusters."""
    web, api, db = wep("shop", "web"), wep("shop", "api"), wep("data", "db")
    return [
        Flow(web, api, at, mark=1, bytes_in=10, bytes_out=20, service=("shop", "api")),
        Flow(web, api, at, reporter="dst", mark=2, bytes_in=20, bytes_out=10),
        Flow(api, db, at, mark=3, port=5432),
        Flow(api, db, at, reporter="dst", action="deny", mark=4, port=5432, hits=DENY),
        Flow(web, db, at, action="deny", mark=5, port=5432, bytes_in=None, hits=DENY),
        Flow(web, net("pub"), at, mark=6, port=443, domain="example.com"),
        Flow(web, net("pub", "pvt"), at, mark=7, port=443, service=("default", "kubernetes")),
        Flow(web, net("pub", "pvt"), at, mark=11, port=8443),
        Flow(hep("node1"), db, at, reporter="dst", mark=8, port=9100, sampling=50),
        Flow(api, netset("partners", "shop"), at, mark=9, port=443, fields=(("process_name", "curl"),)),
        Flow(web, api, at, cluster="west", mark=10),
    ]


def node_ref(node: oracle.Node) -> NodeRef:
    kind, cluster, namespace, name = node
    return NodeRef(NodeKind(kind), cluster, namespace, name)


def edges(graph: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {edge["id"]: (sums(edge["allowed"]), sums(edge["denied"])) for edge in graph["edges"]}


def sums(traffic: dict[str, Any]) -> tuple[int | None, ...]:
    names = (
        "records",
        "connections",
        "packetsIn",
        "packetsOut",
        "bytesIn",
        "bytesOut",
        "bytesToTarget",
        "bytesToSource",
    )
    return tuple(None if traffic[name] is None else int(traffic[name]) for name in names)


def wanted(flows: list[Flow], level: str, expand: tuple[oracle.Node, ...] = ()) -> dict[str, tuple[Any, Any]]:
    return {
        edge_id(node_ref(source), node_ref(target), direct=oracle.is_direct(level, target)): (
            edge.allowed,
            edge.denied,
        )
        for (source, target), edge in oracle.service_graph(flows, level, expand).items()
    }


@pytest.fixture
def flows(world: World) -> list[Flow]:
    found = shop()
    for cluster in ("east", "west"):
        world.commit([flow for flow in found if flow.cluster == cluster], cluster=cluster)
    return found


@pytest.mark.parametrize("start", ["now-1h", "now-20h", "now-10d"])
@pytest.mark.parametrize("level", ["NAMESPACE", "SERVICE", "WORKLOAD"])
async def test_edges_are_what_the_records_add_up_to(
    world: World, flows: list[Flow], level: str, start: str
) -> None:
    graph = (await world.ask(GRAPH, {"range": {"from": start}, "level": level}))["serviceGraph"]
    assert edges(graph) == wanted(flows, level)
    assert not graph["truncated"]
    assert not graph["stale"]
    assert graph["asOf"] <= "2026-11-23T14:37:21.500Z"
    ids = {node["id"] for node in graph["nodes"]}
    assert {edge["sourceId"] for edge in graph["edges"]} | {
        edge["targetId"] for edge in graph["edges"]
    } == ids
    assert graph["columns"]["edges"]["id"] == [edge["id"] for edge in graph["edges"]]


@pytest.mark.parametrize(
    ("start", "effective"),
    [
        ("now-30m", ("2026-11-23T14:07:21.500Z", "2026-11-23T14:37:21.500Z")),
        ("now-1h", ("2026-11-23T13:37:21.500Z", "2026-11-23T14:37:21.500Z")),
        ("now-2h", ("2026-11-23T12:37:00.000Z", "2026-11-23T14:38:00.000Z")),
        ("now-2d", ("2026-11-21T14:00:00.000Z", "2026-11-23T15:00:00.000Z")),
    ],
)
async def test_the_answer_says_which_range_it_is_about(
    world: World, start: str, effective: tuple[str, str]
) -> None:
    graph = (await world.ask(GRAPH, {"range": {"from": start}}))["serviceGraph"]
    assert (graph["range"]["from"], graph["range"]["to"]) == effective


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("dest_port: 5432", lambda flow: flow.port == 5432),
        (
            "source_namespace: shop and action: allow",
            lambda flow: flow.source.namespace == "shop" and flow.action == "allow",
        ),
        ("process_name: curl", lambda flow: dict(flow.fields).get("process_name") == "curl"),
        ("policy_hits: { action: deny }", lambda flow: bool(flow.hits)),
        ("not reporter: src", lambda flow: flow.reporter != "src"),
    ],
)
@pytest.mark.parametrize("start", ["now-1h", "now-10h"])
async def test_filters_choose_records(
    world: World, flows: list[Flow], text: str, keeps: Any, start: str
) -> None:
    graph = (await world.ask(GRAPH, {"range": {"from": start}, "level": "WORKLOAD", "filter": text}))[
        "serviceGraph"
    ]
    assert edges(graph) == wanted([flow for flow in flows if keeps(flow)], "WORKLOAD")


async def test_namespaces_open_by_any_of_their_ids(world: World, flows: list[Flow]) -> None:
    namespaces = (await world.ask("{ namespaces { id name cluster workloads } }"))["namespaces"]
    counts = oracle.namespaces(flows)
    assert {(each["cluster"], each["name"]): each["workloads"] for each in namespaces} == counts
    by_namespace = next(
        each["id"] for each in namespaces if (each["cluster"], each["name"]) == ("east", "shop")
    )
    folded = ("NAMESPACE", "east", "shop", "shop")
    by_node = node_id(node_ref(folded))
    by_workload = node_id(NodeRef(NodeKind.WORKLOAD, "east", "shop", "web-*"))
    for opened_by in (by_namespace, by_node, by_workload):
        graph = (await world.ask(GRAPH, {"range": {"from": "now-1h"}, "expand": [opened_by]}))["serviceGraph"]
        assert edges(graph) == wanted(flows, "NAMESPACE", (folded,))


async def test_services_are_told_with_the_workloads_behind_them(world: World, flows: list[Flow]) -> None:
    asked = """query($r: TimeRangeInput!, $e: [ID!]) { serviceGraph(
      range: $r, level: SERVICE, expand: $e, limit: 100) {
      nodes { id kind name parentId members services { namespace name } workloads { id } } columns } }"""
    graph = (await world.ask(asked, {"r": {"from": "now-1h"}}))["serviceGraph"]
    told = {(each["kind"], each["name"]): each for each in graph["nodes"]}
    api = told["SERVICE", "api"]
    assert api["services"] == [{"namespace": "shop", "name": "api"}]
    assert api["parentId"] == node_id(NodeRef(NodeKind.NAMESPACE, "east", "shop", "shop"))
    assert (api["members"], [each["id"] for each in api["workloads"]]) == (
        1,
        [node_id(NodeRef(NodeKind.WORKLOAD, "east", "shop", "api-*"))],
    )
    assert told["SERVICE", "kubernetes"]["members"] == 0
    assert told["HOST", "node1"]["services"] == []
    place = graph["columns"]["nodes"]["id"].index(api["id"])
    assert graph["columns"]["nodes"]["services"][place] == [["shop", "api"]]
    opened = (await world.ask(asked, {"r": {"from": "now-1h"}, "e": [api["id"]]}))["serviceGraph"]
    told = opened["columns"]["nodes"]
    services = dict(zip(told["id"], told["serviceId"], strict=True))
    assert services[api["workloads"][0]["id"]] == api["id"]
    one = "query($id: ID!) { node(id: $id) { ... on ServiceNode { kind members services { name } } } }"
    found = (await world.ask(one, {"id": api["id"]}))["node"]
    assert found == {"kind": "SERVICE", "members": 1, "services": [{"name": "api"}]}
    absent = node_id(NodeRef(NodeKind.SERVICE, "east", "shop", "absent"))
    assert (await world.ask(one, {"id": absent}))["node"] is None


async def test_clusters_are_chosen_by_id_or_name(world: World, flows: list[Flow]) -> None:
    clusters = (await world.ask("{ clusters { id name records } }"))["clusters"]
    assert [(each["name"], each["records"]) for each in clusters] == [("east", "10"), ("west", "1")]
    west = [flow for flow in flows if flow.cluster == "west"]
    for chosen in (["west"], [clusters[1]["id"]], ["west", "nowhere"]):
        graph = (await world.ask(GRAPH, {"range": {"from": "now-1h"}, "clusters": chosen}))["serviceGraph"]
        assert edges(graph) == wanted(west, "NAMESPACE")
    for none in ([], ["nowhere"]):
        graph = (await world.ask(GRAPH, {"range": {"from": "now-1h"}, "clusters": none}))["serviceGraph"]
        assert (graph["nodes"], graph["edges"]) == ([], [])


async def test_a_limit_cuts_the_busiest_first(world: World, flows: list[Flow]) -> None:
    asked = {"range": {"from": "now-1h"}, "level": "WORKLOAD"}
    whole = (await world.ask(GRAPH, asked))["serviceGraph"]
    cut = (await world.ask(GRAPH, {**asked, "limit": 2}))["serviceGraph"]
    assert [edge["id"] for edge in cut["edges"]] == [edge["id"] for edge in whole["edges"]][:2]
    assert cut["truncated"]


DETAIL = """
query($id: ID!, $range: TimeRangeInput!, $filter: KQL) {
  serviceEdge(id: $id, range: $range, filter: $filter) {
    id range { from to } source { name members } target { name members } allowed { ...T } denied { ...T }
    reports { reporter allowed { ...T } denied { ...T } }
    ports { protocol port service allowed { ...T } denied { ...T } }
    policies { set reporter tier kind namespace name action ruleIndex staged endOfTier records connections }
    processes { name args records firstSeen } tcp { maxSmoothRtt }
  }
}
fragment T on Traffic {
  records connections packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource
}"""


@pytest.mark.parametrize("start", ["now-1h", "now-10h"])
async def test_an_edge_in_detail(world: World, flows: list[Flow], start: str) -> None:
    for level in ("NAMESPACE", "SERVICE", "WORKLOAD"):
        for source, target in oracle.service_graph(flows, level):
            direct = oracle.is_direct(level, target)
            text = edge_id(node_ref(source), node_ref(target), direct=direct)
            found = (await world.ask(DETAIL, {"id": text, "range": {"from": start}}))["serviceEdge"]
            of_edge = oracle.of_edge(flows, source, target, direct=direct)
            assert found["id"] == text
            assert {
                each["reporter"].lower(): (sums(each["allowed"]), sums(each["denied"]))
                for each in found["reports"]
            } == (oracle.reports(of_edge))
            assert {
                (each["protocol"], each["port"]): (
                    each["service"],
                    sums(each["allowed"]),
                    sums(each["denied"]),
                )
                for each in found["ports"]
            } == oracle.ports(of_edge)
            denied = [flow for flow in of_edge if flow.hits]
            assert sum(int(each["records"]) for each in found["policies"]) == len(denied)
            assert {each["name"] for each in found["policies"]} == {
                hit.name for flow in denied for hit in flow.hits
            }


async def test_an_edge_without_traffic_is_null(world: World, flows: list[Flow]) -> None:
    nowhere = edge_id(
        node_ref(("WORKLOAD", "east", "data", "db-*")), node_ref(("WORKLOAD", "east", "shop", "web-*"))
    )
    known = edge_id(*map(node_ref, next(iter(oracle.service_graph(flows, "WORKLOAD")))))
    assert (await world.ask(DETAIL, {"id": nowhere, "range": {"from": "now-1h"}}))["serviceEdge"] is None
    past = {"from": "now-20h", "to": "now-10h"}
    assert (await world.ask(DETAIL, {"id": known, "range": past}))["serviceEdge"] is None
    asked = {"id": known, "range": {"from": "now-1h"}, "filter": "dest_port: 1"}
    assert (await world.ask(DETAIL, asked))["serviceEdge"] is None


async def test_a_workload_has_its_own_edges_only(world: World, flows: list[Flow]) -> None:
    query = """query($name: String!) { workload(cluster: "east", namespace: "shop", name: $name) {
      id name namespace cluster range { from to } node { id } outgoing { id } incoming { id } } }"""
    graph = oracle.service_graph(flows, "WORKLOAD")
    for name in ("web-*", "api-*"):
        ref = ("WORKLOAD", "east", "shop", name)
        found = (await world.ask(query, {"name": name}))["workload"]
        assert {each["id"] for each in found["outgoing"]} == {
            edge_id(node_ref(source), node_ref(target)) for source, target in graph if source == ref
        }
        assert {each["id"] for each in found["incoming"]} == {
            edge_id(node_ref(source), node_ref(target)) for source, target in graph if target == ref
        }
        assert found["node"]["id"] == node_id(node_ref(ref))
        assert found["range"]["from"] == "2026-11-23T14:07:21.500Z"
    assert (await world.ask(query, {"name": "nobody"}))["workload"] is None


POLICIES = """
query($node: ID!, $edge: ID!, $name: String!) {
  node(id: $node) { ... on ServiceNode { policies(limit: 9) { ...P selects(limit: 9) { id } } } }
  workload(cluster: "east", namespace: "data", name: $name) { policies { ...P } }
  namespaces(clusters: ["east"], limit: 5) { name policies { ...P } }
  serviceEdge(id: $edge, range: {from: "now-1h"}) { decidedBy { ...P } }
}
fragment P on AppliedPolicy { tier kind namespace name cluster endOfTier actions sides }"""


async def test_policies_are_told_of_nodes_and_edges(world: World, flows: list[Flow]) -> None:
    web, db = ("WORKLOAD", "east", "shop", "web-*"), ("WORKLOAD", "east", "data", "db-*")
    edge = edge_id(node_ref(web), node_ref(db))
    asked = {"node": node_id(node_ref(db)), "edge": edge, "name": "db-*"}
    found = await world.ask(POLICIES, asked)
    policy = {
        "tier": "default",
        "kind": "GlobalNetworkPolicy",
        "namespace": None,
        "name": "deny-all",
        "cluster": "east",
        "endOfTier": False,
        "actions": ["DENY"],
    }
    at_source, at_target = ({**policy, "sides": [side]} for side in ("EGRESS", "INGRESS"))
    selects = [{"id": node_id(node_ref(db))}, {"id": node_id(node_ref(web))}]
    assert found["node"]["policies"] == [{**at_target, "selects": selects}]
    assert found["workload"]["policies"] == [at_target]
    assert found["namespaces"] == [
        {"name": "data", "policies": [at_target]},
        {"name": "shop", "policies": [at_source]},
    ]
    assert found["serviceEdge"]["decidedBy"] == [at_source]


async def test_reach_and_paths_follow_what_was_allowed(world: World, flows: list[Flow]) -> None:
    start = ("WORKLOAD", "east", "shop", "web-*")
    query = """query($from: ID!, $direction: Direction!, $hops: Int!) { reach(from: $from, direction:
      $direction,
      maxHops: $hops, range: {from: "now-2h"}) { range { from } from { id } nodes { hops node { id } }
        truncated } }"""
    for direction in ("OUTGOING", "INCOMING", "BOTH"):
        for hops in (1, 3):
            asked = {"from": node_id(node_ref(start)), "direction": direction, "hops": hops}
            found = (await world.ask(query, asked))["reach"]
            reached = {
                node_id(node_ref(node)): far
                for node, far in oracle.reach(flows, start, direction, hops).items()
            }
            assert {each["node"]["id"]: each["hops"] for each in found["nodes"]} == reached
            assert found["range"]["from"] == "2026-11-23T12:37:00.000Z"
    end = ("FQDN", "east", None, "example.com")
    ways = """query($from: ID!, $to: ID!) { paths(from: $from, to: $to, range: {from: "now-2h"}) {
      paths { hops nodes { id } } } }"""
    asked = {"from": node_id(node_ref(start)), "to": node_id(node_ref(end))}
    found = (await world.ask(ways, asked))["paths"]["paths"]
    assert {tuple(each["id"] for each in way["nodes"]) for way in found} == {
        tuple(node_id(node_ref(node)) for node in path) for path in oracle.shortest_paths(flows, start, end)
    }
    assert [way["hops"] for way in found] == [1]


async def test_who_is_out_of_scope_sees_exactly_what_is_absent() -> None:
    """F25: nodes, edges, counts and errors do not tell what others have."""
    with opened(ApiSettings(require_token=True)) as world:
        flows = shop()
        for cluster in ("east", "west"):
            world.commit([flow for flow in flows if flow.cluster == cluster], cluster=cluster)
        scope = Scope(namespaces=frozenset({("east", "shop")}))
        token, secret = issue("shop", scope, ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
        await world.context.catalog.add_token(token)
        mine = [flow for flow in flows if oracle.seen_by(scope, flow)]
        assert 0 < len(mine) < len(flows)
        for start in ("now-1h", "now-10h"):
            graph = (await world.ask(GRAPH, {"range": {"from": start}, "level": "WORKLOAD"}, secret))[
                "serviceGraph"
            ]
            assert edges(graph) == wanted(mine, "WORKLOAD")
        clusters = (await world.ask("{ clusters { name records rejected } }", token=secret))["clusters"]
        assert [(each["name"], each["records"]) for each in clusters] == [("east", str(len(mine)))]
        there = ("WORKLOAD", "east", "data", "db-*"), ("WORKLOAD", "east", "data", "nobody")
        node = "query($id: ID!) { node(id: $id) { id } }"
        reach = 'query($id: ID!) { reach(from: $id, range: {from: "now-2h"}) { truncated } }'
        for known in there:
            assert (await world.ask(node, {"id": node_id(node_ref(known))}, secret)) == {"node": None}
            code, message = await world.refusal(reach, {"id": node_id(node_ref(known))}, secret)
            assert code == "BAD_INPUT"
            assert message.startswith("There is no node")
        hidden = edge_id(
            node_ref(("WORKLOAD", "east", "shop", "api-*")), node_ref(("WORKLOAD", "east", "data", "db-*"))
        )
        assert await world.ask(DETAIL, {"id": hidden, "range": {"from": "now-1h"}}, secret) == {
            "serviceEdge": None
        }
        graph = (await world.ask(GRAPH, {"range": {"from": "now-1h"}, "clusters": ["west"]}, secret))[
            "serviceGraph"
        ]
        assert graph["nodes"] == []
        record = next(flow for flow in flows if flow not in mine)
        assert await world.ask(node, {"id": record_id(RecordKind.FLOWS, record.id)}, secret) == {"node": None}


async def test_times_are_relative_to_one_now(world: World) -> None:
    moments = iter(range(NOW, NOW + HOUR, 7))
    asked = []

    def ticking() -> int:
        asked.append(next(moments))
        return asked[-1]

    other = World(replace(world.context, clock=ticking), world.engine, world.clock)
    query = """{ a: serviceGraph(range: {from: "now-5m"}) { range { from to } }
      b: histogram(range: {from: "now-5m"}) { range { from to } } }"""
    answer = await other.ask(query)
    assert answer["a"]["range"] == answer["b"]["range"]
