"""Flow records, alerts and their counts, as the logs have them."""

from typing import Any

import pytest

from tapetum.api.schema import graph
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.identity import edge_id
from tests.api.world import World
from tests.support import oracle
from tests.support.factory import MINUTE, NOW, Bad, Flow, Hit, net, wep

LAST_HOUR = {"range": {"from": "now-1h"}}


def ref(node: oracle.Node) -> NodeRef:
    kind, cluster, namespace, name = node
    return NodeRef(NodeKind(kind), cluster, namespace, name)


async def test_a_record_has_its_logs_names_values_and_line(world: World) -> None:
    flow = Flow(
        wep("shop", "web"),
        net("pub"),
        port=443,
        domain="example.com",
        bytes_in=2**40,
        packets_in=None,
        hits=(
            Hit(1, "default", "allow-web", "allow", 2, "shop"),
            Hit(0, "security", "audit", "pass", set="pending"),
        ),
        fields=(
            ("host", "node1"),
            ("source_ip", "10.0.0.1"),
            ("source_labels", ["app=web"]),
            ("process_name", "nginx"),
            ("process_args", ["-g", "daemon off;"]),
            ("nat_outgoing_ports", [4000]),
            ("tcp_mean_smooth_rtt", 120),
        ),
    )
    world.commit([flow])
    query = """query($range: TimeRangeInput!) { flows(range: $range, first: 1) { nodes {
      id cluster host startTime endTime action reporter proto sourceIp sourceName sourceNameAggr
      sourceNamespace sourceType
      sourcePort sourceLabels destNameAggr destType destPort destDomains destLabels destServicePort bytesIn
      bytesOut
      packetsIn numFlowsStarted processName processArgs natOutgoingPorts tcpMeanSmoothRtt sampling
      enforcedPolicies
      pendingPolicies transitPolicies allPolicies policyHits { set index tier kind namespace name action
      ruleIndex
      staged endOfTier trigger } edgeId raw } } }"""
    (found,) = (await world.ask(query, LAST_HOUR))["flows"]["nodes"]
    enforced, pending = flow.hits
    source, target = oracle.ends_of(flow)
    assert found == {
        "id": found["id"],
        "cluster": "east",
        "host": "node1",
        "startTime": "2026-11-23T14:27:21.500Z",
        "endTime": "2026-11-23T14:27:36.500Z",
        "action": "ALLOW",
        "reporter": "SRC",
        "proto": "tcp",
        "sourceIp": "10.0.0.1",
        "sourceName": None,
        "sourceNameAggr": "web-*",
        "sourceNamespace": "shop",
        "sourceType": "wep",
        "sourcePort": None,
        "sourceLabels": ["app=web"],
        "destNameAggr": "pub",
        "destType": "net",
        "destPort": 443,
        "destDomains": ["example.com"],
        "destLabels": None,
        "destServicePort": None,
        "bytesIn": str(2**40),
        "bytesOut": "50",
        "packetsIn": None,
        "numFlowsStarted": "1",
        "processName": "nginx",
        "processArgs": ["-g", "daemon off;"],
        "natOutgoingPorts": [4000],
        "tcpMeanSmoothRtt": "120",
        "sampling": None,
        "enforcedPolicies": [enforced.text],
        "pendingPolicies": [pending.text],
        "transitPolicies": [],
        "allPolicies": [],
        "policyHits": [
            {
                "set": hit.set.upper(),
                "index": hit.index,
                "tier": hit.tier,
                "kind": hit.row["kind"],
                "namespace": hit.namespace,
                "name": hit.name,
                "action": hit.action.upper(),
                "ruleIndex": hit.rule_index,
                "staged": False,
                "endOfTier": False,
                "trigger": None,
            }
            for hit in flow.hits
        ],
        "edgeId": edge_id(ref(source), ref(target)),
        "raw": flow.line.decode(),
    }


async def test_an_edge_id_of_a_record_is_one_of_the_graph(world: World) -> None:
    """Also where our word for a network differs from the log's."""
    world.commit(
        [
            Flow(dest=net("pub", "pvt"), mark=1),
            Flow(net("pvt"), wep("shop", "db"), reporter="dst", mark=2),
            Flow(mark=3),
        ]
    )
    query = """query($range: TimeRangeInput!) { flows(range: $range, first: 10) { nodes { edgeId } }
      serviceGraph(range: $range, level: WORKLOAD) { edges { id } } }"""
    answer = await world.ask(query, LAST_HOUR)
    assert {node["edgeId"] for node in answer["flows"]["nodes"]} == {
        edge["id"] for edge in answer["serviceGraph"]["edges"]
    }


async def test_raw_lines_of_a_page_are_read_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.commit([Flow(mark=mark) for mark in range(20)])
    logs = world.context.logs
    reads: list[int] = []
    raw = logs.raw

    async def counted(scope: Any, ids: list[str], kind: Any) -> dict[str, str]:
        reads.append(len(ids))
        return await raw(scope, ids, kind)

    monkeypatch.setattr(logs, "raw", counted)
    query = """query($range: TimeRangeInput!) { flows(range: $range, first: 20) {
      nodes { raw } edges { node { raw } } } }"""
    found = (await world.ask(query, LAST_HOUR))["flows"]["nodes"]
    assert len({node["raw"] for node in found}) == 20
    assert reads == [20]


async def test_totals_are_counted_only_when_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any) -> int:
        raise AssertionError("counted unasked")

    world.commit([Flow(), Bad(b"x")])
    for name in ("count", "count_dead_letters"):
        monkeypatch.setattr(world.context.logs, name, never)
    for root in ("flows", "alerts", "rejectedLines"):
        await world.ask(f'{{ {root}(range: {{from: "now-1h"}}, first: 1) {{ nodes {{ id }} }} }}')


async def test_columns_nodes_and_edges_are_worked_out_only_when_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("worked out unasked")

    world.commit([Flow()])
    for name in ("columns", "service_nodes", "service_edges"):
        monkeypatch.setattr(graph, name, never)
    await world.ask('{ serviceGraph(range: {from: "now-1h"}) { range { from } truncated } }')


async def test_evidence_is_read_once_and_only_when_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = Flow(hits=(Hit(0, "default", "p", "allow"),), fields=(("process_name", "curl"),))
    world.commit([flow])
    logs, reads = world.context.logs, []
    evidence = logs.evidence

    async def counted(*arguments: Any) -> Any:
        reads.append(1)
        return await evidence(*arguments)

    monkeypatch.setattr(logs, "evidence", counted)
    text = edge_id(*map(ref, oracle.ends_of(flow)))
    query = "query($id: ID!, $range: TimeRangeInput!) { serviceEdge(id: $id, range: $range) { %s } }"
    await world.ask(query % "allowed { records } ports { port }", {**LAST_HOUR, "id": text})
    assert reads == []
    full = """a: policies(limit: 1) { name } policies { name } processes { name records firstSeen }
      tcp { lostPackets }"""
    found = (await world.ask(query % full, {**LAST_HOUR, "id": text}))["serviceEdge"]
    assert found["policies"] == [{"name": "p"}]
    assert found["processes"] == [{"name": "curl", "records": "1", "firstSeen": "2026-11-23T14:27:21.500Z"}]
    assert reads == [1]


async def test_histograms_and_top_values_count_records(world: World) -> None:
    flows = [
        Flow(
            at=NOW - minute * MINUTE,
            port=80 + minute % 2,
            action="deny" if minute % 3 == 0 else "allow",
            mark=minute,
        )
        for minute in range(1, 30)
    ]
    world.commit(flows)
    query = """query($range: TimeRangeInput!, $filter: KQL, $interval: Int, $by: String) { histogram(range:
      $range,
      filter: $filter, interval: $interval, by: $by) { interval starts series { key counts } } }"""
    found = (await world.ask(query, {**LAST_HOUR, "interval": 300, "by": "action"}))["histogram"]
    assert found["interval"] == 300
    for series in found["series"]:
        of_key = [flow for flow in flows if flow.action == series["key"]]
        assert sum(map(int, series["counts"])) == len(of_key)
    filtered = (await world.ask(query, {**LAST_HOUR, "filter": "dest_port: 80"}))["histogram"]
    assert sum(int(count) for series in filtered["series"] for count in series["counts"]) == 14
    top = """query($field: String!, $range: TimeRangeInput!, $limit: Int!) { topValues(field: $field,
      range: $range,
      limit: $limit) { values { value count } other missing } }"""
    for field in ("dest_port", "destPort"):
        values = (await world.ask(top, {**LAST_HOUR, "field": field, "limit": 1}))["topValues"]
        assert values == {"values": [{"value": "81", "count": "15"}], "other": "14", "missing": "0"}
    suggest = """query($prefix: String!, $range: TimeRangeInput!) { suggest(field: "source_namespace",
      prefix: $prefix,
      range: $range) { value count } }"""
    assert (await world.ask(suggest, {**LAST_HOUR, "prefix": "sh"}))["suggest"] == [
        {"value": "shop", "count": "29"}
    ]
    assert (await world.ask(suggest, {**LAST_HOUR, "prefix": "x"}))["suggest"] == []


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        (
            'flows(range: {from: "yesterday"}, first: 1) { totalCount }',
            "BAD_INPUT",
            "'yesterday' is not a time",
        ),
        (
            'flows(range: {from: "now", to: "now-1h"}, first: 1) { totalCount }',
            "BAD_INPUT",
            "must come before",
        ),
        (
            'flows(range: {from: "now-1h"}, first: 1, filter: "dest_port: x") { totalCount }',
            "BAD_QUERY",
            "dest_port",
        ),
        ('flows(range: {from: "now-1h"}, first: 1, filter: "a:") { totalCount }', "BAD_QUERY", "column"),
        (
            'flows(range: {from: "now-1h"}, first: 1, orderBy: {field: "nope"}) { totalCount }',
            "BAD_INPUT",
            "no field 'nope'",
        ),
        (
            'flows(range: {from: "now-1h"}, first: 1, orderBy: {field: "dest_labels"}) { totalCount }',
            "BAD_INPUT",
            "several",
        ),
        (
            'flows(range: {from: "now-1h"}, first: 1, orderBy: {field: "policies"}) { totalCount }',
            "BAD_INPUT",
            "objects",
        ),
        ('histogram(range: {from: "now-1h"}, by: "policy_hits") { interval }', "BAD_INPUT", "objects"),
        ('histogram(range: {from: "now-1h"}, interval: 0) { interval }', "BAD_INPUT", "interval is 0"),
        ('histogram(range: {from: "now-1000d"}, interval: 1) { interval }', "BAD_INPUT", "buckets"),
        (
            'topValues(range: {from: "now-1h"}, field: "destport") { other }',
            "BAD_INPUT",
            "did you mean dest_port?",
        ),
        (
            'topValues(range: {from: "now-1h"}, field: "dest_port", limit: 0) { other }',
            "BAD_INPUT",
            "limit is 0",
        ),
        ('serviceGraph(range: {from: "now-1h"}, limit: 0) { truncated }', "BAD_INPUT", "limit is 0"),
        (
            'serviceGraph(range: {from: "now-1h"}, expand: ["x"]) { truncated }',
            "BAD_INPUT",
            "'x' is not the id",
        ),
        ('serviceEdge(id: "x", range: {from: "now-1h"}) { id }', "BAD_INPUT", "'x' is not the id"),
        ('reach(from: "x", range: {from: "now-1h"}) { truncated }', "BAD_INPUT", "'x' is not the id"),
        ('node(id: "") { id }', "BAD_INPUT", "is not an id"),
        ("namespaces(limit: 99999) { id }", "BAD_INPUT", "limit is 99999"),
    ],
)
async def test_bad_arguments_get_one_sentence(world: World, query: str, code: str, says: str) -> None:
    found, message = await world.refusal("{ " + query + " }")
    assert found == code
    assert says in message
    assert message.endswith((".", "?"))
    assert "\n" not in message


async def test_a_filters_error_says_where(world: World) -> None:
    query = 'query($f: KQL) { flows(range: {from: "now-1h"}, first: 1, filter: $f) { totalCount } }'
    error = (await world.answer(query, {"f": "dest_port: 80 and nofield: 1"}))["errors"][0]
    assert error["extensions"]["column"] == 19
    assert error["extensions"]["code"] == "BAD_QUERY"


INJECTED = [
    "' OR 1=1 --",
    '"; DROP TABLE flows; --',
    "%' OR '%'='",
    "_",
    "%",
    "\\",
    "$$",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "') UNION SELECT * FROM tokens --",
    "\x00",
    "\u202e",
    "MATCH (n) DETACH DELETE n",
    "a" * 200,
]


@pytest.mark.parametrize("text", INJECTED)
async def test_injected_text_matches_itself_and_nothing_else(world: World, text: str) -> None:
    """F22, over every argument that takes a text."""
    plain = text.replace("\x00", "")
    world.commit([Flow(fields=(("process_name", plain),), mark=1), Flow(mark=2)])
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    asked = {**LAST_HOUR, "filter": f'process_name: "{quoted}"', "text": text}
    query = """query($range: TimeRangeInput!, $filter: KQL, $text: String!) {
      flows(range: $range, first: 10, filter: $filter) { totalCount }
      suggest(field: "process_name", prefix: $text, range: $range) { value }
      clusters { name } workload(cluster: $text, namespace: $text, name: $text) { id } }"""
    answer = await world.answer(query, asked)
    if "errors" in answer:
        assert {error["extensions"]["code"] for error in answer["errors"]} <= {"BAD_QUERY", "BAD_INPUT"}
        assert "\x00" in text
        return
    matches = "1" if plain == text else "0"
    assert answer["data"]["flows"]["totalCount"] == matches
    assert answer["data"]["suggest"] == ([{"value": text}] if plain == text else [])
    assert answer["data"]["workload"] is None
    for root in (
        "topValues(range: $range, field: $text) { other }",
        "histogram(range: $range, by: $text) { interval }",
    ):
        refused = await world.answer(
            f"query($range: TimeRangeInput!, $text: String!) {{ {root} }}", {**LAST_HOUR, "text": text}
        )
        assert refused["errors"][0]["extensions"]["code"] == "BAD_INPUT"
