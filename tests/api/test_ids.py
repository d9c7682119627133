"""Alerts, and ids: each leads back to its thing."""

from tapetum.api.schema.enums import Severity, level_of
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.identity import edge_id, seal
from tests.api.world import World, some_alert
from tests.support import oracle
from tests.support.factory import NOW, Bad, Flow

LAST_HOUR = {"range": {"from": "now-1h"}}


def ref(node: oracle.Node) -> NodeRef:
    kind, cluster, namespace, name = node
    return NodeRef(NodeKind(kind), cluster, namespace, name)


async def test_alerts_are_found_with_all_they_say(world: World) -> None:
    flow = Flow(action="deny", reporter="dst", port=5432)
    world.commit([flow])
    world.alert(some_alert(1, severity=95), some_alert(2, severity=10))
    query = """query($range: TimeRangeInput!, $filter: KQL, $order: OrderInput) { alerts(range: $range,
      first: 10,
      filter: $filter, orderBy: $order) { totalCount nodes { id time kind rule title description severity
      level technique
      tactic status cluster source { id name } target { id name } protocol port edgeId evidence } } }"""
    found = (await world.ask(query, {**LAST_HOUR, "order": {"field": "severity"}}))["alerts"]
    assert [(each["severity"], each["level"]) for each in found["nodes"]] == [
        (95, "CRITICAL"),
        (45, "MEDIUM"),
        (10, "LOW"),
    ]
    raised = (await world.ask(query, {**LAST_HOUR, "filter": "rule: first-denied"}))["alerts"]
    assert raised["totalCount"] == "1"
    (alert,) = raised["nodes"]
    source, target = oracle.ends_of(flow)
    assert alert["edgeId"] == edge_id(ref(source), ref(target))
    assert (alert["status"], alert["protocol"], alert["port"], alert["cluster"]) == (
        "OPEN",
        "tcp",
        5432,
        "east",
    )
    evidence = await world.ask(
        "query($id: ID!) { node(id: $id) { ... on Flow { action raw } } }", {"id": alert["evidence"][0]}
    )
    assert evidence["node"] == {"action": "DENY", "raw": flow.line.decode()}


async def test_every_id_leads_back_to_its_thing(world: World) -> None:
    world.commit([Flow(), Bad(b"bad line"), Flow(action="deny", mark=2)])
    query = """{
      clusters { id } namespaces { id }
      serviceGraph(range: {from: "now-1h"}, level: WORKLOAD) { nodes { id } edges { id } }
      flows(range: {from: "now-1h"}, first: 9) { nodes { id edgeId } }
      alerts(range: {from: "now-1h"}, first: 9) { nodes { id edgeId evidence source { id } } }
      rejectedLines(range: {from: "now-1h", to: "now+1h"}, first: 9) { nodes { id } }
      workload(cluster: "east", namespace: "shop", name: "web-*") { id }
    }"""
    found = await world.ask(query)
    kinds = {
        "Cluster": [each["id"] for each in found["clusters"]],
        "Namespace": [each["id"] for each in found["namespaces"]],
        "ServiceNode": [each["id"] for each in found["serviceGraph"]["nodes"]]
        + [each["source"]["id"] for each in found["alerts"]["nodes"]],
        "ServiceEdge": [each["id"] for each in found["serviceGraph"]["edges"]]
        + [each["edgeId"] for each in found["flows"]["nodes"] + found["alerts"]["nodes"]],
        "Flow": [each["id"] for each in found["flows"]["nodes"]]
        + [text for each in found["alerts"]["nodes"] for text in each["evidence"]],
        "Alert": [each["id"] for each in found["alerts"]["nodes"]],
        "RejectedLine": [each["id"] for each in found["rejectedLines"]["nodes"]],
        "Workload": [found["workload"]["id"]],
    }
    for kind, ids in kinds.items():
        assert ids, kind
        for text in ids:
            node = (await world.ask("query($id: ID!) { node(id: $id) { __typename id } }", {"id": text}))[
                "node"
            ]
            assert node == {"__typename": kind, "id": text}


async def test_ids_of_what_is_not_there_are_null(world: World) -> None:
    for text in (
        seal("cluster", "nowhere"),
        seal("namespace", "east", "nowhere"),
        seal("node", "WORKLOAD", "east", "shop", "nobody"),
        seal("edge", "WORKLOAD", "east", "shop", "a", "WORKLOAD", "east", "shop", "b"),
        seal("flow", "nothing"),
        seal("alert", "nothing"),
        seal("workload", "east", "shop", "nobody"),
        seal("rejected", "east", NOW, "nothing"),
        seal("rejected", "east", -5, "nothing"),
    ):
        assert await world.ask("query($id: ID!) { node(id: $id) { id } }", {"id": text}) == {"node": None}
    for text in (
        seal("cluster", 5),
        seal("flow"),
        seal("namespace", "x"),
        seal("rejected", 1, 2, 3),
        seal("workload", "a"),
        seal("page", "x"),
    ):
        assert (await world.refusal("query($id: ID!) { node(id: $id) { id } }", {"id": text}))[
            0
        ] == "BAD_INPUT"


def test_levels_of_severity_have_sharp_edges() -> None:
    assert [level_of(severity) for severity in (1, 39, 40, 69, 70, 89, 90, 100)] == [
        Severity.LOW, Severity.LOW, Severity.MEDIUM, Severity.MEDIUM,
        Severity.HIGH, Severity.HIGH, Severity.CRITICAL, Severity.CRITICAL,
    ]  # fmt: skip
