"""Every builtin question, asked of a simulated cluster: it is answered, and totals are a recount's.

The recount reads the simulator's lines as JSON, with none of the product's code.
"""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tapetum.domain.alert_rules import AlertRule, Window
from tapetum.domain.documents import DocumentKind, write_body
from tapetum.domain.networks import Networks
from tapetum.domain.presets import View
from tapetum.domain.saved_query import Query
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode
from tapetum.ingest.forms import Form
from tapetum.simulate import RecordKind, WorldSpec, build, flow_lines, record_lines
from tests.api.test_builtin import read
from tests.api.world import World, opened, some_alert

EPOCH = 1_789_999_980  # a full minute
END = EPOCH + 86_400
START = END - 1800
"""Of those that write much."""
SPARSE = (Form.AUDIT, Form.BGP)
KINDS = {Form.DNS: RecordKind.DNS, Form.L7: RecordKind.L7, Form.AUDIT: RecordKind.AUDIT,
         Form.BGP: RecordKind.BGP, Form.EVENTS: RecordKind.EVENTS}  # fmt: skip
ASK = """query($kind: RecordKind!, $range: TimeRangeInput!, $metrics: [MetricInput!]!, $filter: KQL,
  $groupBy: [String!], $interval: Int, $limit: Int!, $reporters: ReporterRule!) {
  aggregate(kind: $kind, range: $range, metrics: $metrics, filter: $filter, groupBy: $groupBy,
    interval: $interval, limit: $limit, reporters: $reporters) { columns groups } }"""
ROOTS = {"flows": "flows", "dns": "dnsLogs", "l7": "l7Logs", "audit": "auditLogs", "bgp": "bgpLogs",
         "events": "securityEvents", "alerts": "alerts"}  # fmt: skip
QUIET = {
    "builtin.alerts/high",  # first denials are of medium severity
    "builtin.jndi",  # the simulated attack is another
    "builtin.flows/sampled",
    "builtin.traffic/sampled",  # nothing samples
    "builtin.tor-vpn/tor_ports",
    "builtin.tor-vpn/vpn_ports",
    "builtin.tor-vpn/ports_over_time",
    "builtin.tor-vpn/tor",
    "builtin.tor-vpn/vpn",
    "builtin.tor-vpn/verdicts",
}
"""What a cluster without such things has no records for."""
LISTED = replace(
    some_alert(0, cluster="demo"), kind="threat_feed", rule="Tor exits", category="tor", severity=50
)
"""As a feed raises it, which is the user's own to bring."""


@dataclass
class Simulated:
    world: World
    lines: dict[Form, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def range(self) -> dict[str, str]:
        return {"from": "now-1d", "to": "now"}


@pytest.fixture(scope="module")
def simulated() -> Generator[Simulated]:
    world = build(WorldSpec(epoch=EPOCH, attack_at=START + 300))
    with opened() as one:
        one.clock.now = END * 1_000_000
        found = Simulated(one)
        for form in (Form.CALICO, *KINDS):
            chunks = (
                flow_lines(world, START, END)
                if form is Form.CALICO
                else record_lines(world, KINDS[form], EPOCH if form in SPARSE else START, END)
            )
            body = b"".join(chunks)
            found.lines[form] = [json.loads(line) for line in body.splitlines()]
            given = decode(
                body,
                form,
                cluster="demo",
                source="simulator",
                now=one.clock.now,
                networks=Networks(),
                limits=Limits(retention=None),
            )
            assert not given.rejections
            one.take(given)
        one.alert(replace(LISTED, time=(END - 60) * 1_000_000))
        yield found


def questions() -> Iterator[Any]:
    for name, board in read(DocumentKind.DASHBOARD):
        for widget in board.widgets:
            yield pytest.param(f"{name}/{widget.id}", widget.query, "", id=f"{name}/{widget.id}")
    for name, preset in read(DocumentKind.PRESET):
        if preset.query is not None:
            yield pytest.param(name, preset.query, preset.filter, id=name)


async def answered(one: Simulated, query: Query, narrowed: str = "") -> dict[str, Any]:
    texts = [f"({text})" for text in (narrowed, query.filter) if text]
    asked = {
        "kind": query.kind.name,
        "range": one.range,
        "metrics": [{"op": metric.op.name, "field": metric.field} for metric in query.metrics],
        "filter": " and ".join(texts),
        "groupBy": list(query.group_by),
        "interval": 300 if query.interval == "auto" else query.interval,
        "limit": query.limit,
        "reporters": query.reporters.name,
    }
    return (await one.world.ask(ASK, asked))["aggregate"]


@pytest.mark.parametrize(("name", "query", "narrowed"), list(questions()))
def test_a_builtin_question_is_answered(simulated: Simulated, name: str, query: Query, narrowed: str) -> None:
    columns = asyncio.run(answered(simulated, query, narrowed))["columns"]
    values = [value for column in columns["values"] for value in column if value is not None]
    assert any(float(value) for value in values) is (name not in QUIET), values[:5]


def test_presets_of_records_find_some(simulated: Simulated) -> None:
    for name, preset in read(DocumentKind.PRESET):
        if preset.view is View.LOGS:
            root = ROOTS[preset.kind.value]
            asked = f"{root}(range: $range, filter: $filter, first: 5) {{ totalCount }}"
            query = f"query($range: TimeRangeInput!, $filter: KQL) {{ {asked} }}"
            found = asyncio.run(
                simulated.world.ask(query, {"range": simulated.range, "filter": preset.filter})
            )
            assert (found[root]["totalCount"] == "0") is (name in QUIET), name


RULED = {
    "builtin.cleartext-ports": {("export", "21"), ("export", "23")},  # the attack
    "builtin.denied-burst": {("export",), ("legacy-reports",)},  # the second has been denied for ever
    "builtin.lateral-movement": {("export",)},
    "builtin.port-scan": {("export",)},
    "builtin.slow-scan": {("export",)},  # in a hurry
    "builtin.silent-servers": {
        ("export", "postgres", "5432"),
        ("quote", "shipping", "8083"),  # the demo's broken service
    },
}
"""What the rules of the product raise in half an hour of the simulated cluster with its attack (of audit and
BGP logs in a day): every other group of every rule stays quiet.
"""


async def in_alarm(one: Simulated, rule: AlertRule, window: Window) -> set[tuple[str, ...]]:
    """Groups that meet the condition in any window beside the other, namespaces left out."""
    asked = {
        "kind": rule.kind.name,
        "range": one.range,
        "metrics": [{"op": window.metric.op.name, "field": window.metric.field}],
        "filter": rule.filter,
        "groupBy": list(window.group_by),
        "interval": window.lookback,
        "limit": 500,
        "reporters": "EACH",
    }
    columns = (await one.world.ask(ASK, asked))["aggregate"]["columns"]
    assert not columns["other"]["values"][0]
    names = [[_workload(key) for key in keys] for keys in columns["keys"]]
    shown = [
        keys for name, keys in zip(window.group_by, names, strict=True) if not name.endswith("namespace")
    ]
    values = columns["values"][0]
    return {
        tuple(keys[row] for keys in shown)
        for row, value in enumerate(values)
        if value is not None and window.begins(float(value))
    }


async def detected(one: Simulated, rule: AlertRule) -> set[tuple[str, ...]]:
    query = """query($document: JSON!, $range: TimeRangeInput!) {
      tryAlertRule(document: $document, range: $range) {
      alerts { source { name } description } } }"""
    document = json.loads(write_body(rule))
    found = await one.world.ask(query, {"document": document, "range": one.range})
    alerts = found["tryAlertRule"]["alerts"]
    return {
        (_workload(each["source"]["name"]) if each["source"] else each["description"],) for each in alerts
    }


def _workload(name: str | None) -> str:
    """Without what a deployment adds to its name."""
    return re.sub(r"(-[0-9a-f]{4,10})?-\*$", "", name or "-")


def test_rules_of_the_product_raise_what_the_attack_deserves_and_little_else(simulated: Simulated) -> None:
    raised: dict[str, set[tuple[str, ...]]] = {}
    for name, rule in read(DocumentKind.ALERT_RULE):
        if not rule.enabled:
            continue
        if rule.detector is not None:
            raised[name] = asyncio.run(detected(simulated, rule))
            continue
        if rule.window is not None:
            raised[name] = asyncio.run(in_alarm(simulated, rule, rule.window))
            continue
        root = ROOTS[rule.kind.value]
        query = f"""query($range: TimeRangeInput!, $filter: KQL) {{
          {root}(range: $range, filter: $filter, first: 1) {{ totalCount }} }}"""
        asked = {"range": simulated.range, "filter": rule.filter}
        found = asyncio.run(simulated.world.ask(query, asked))[root]["totalCount"]
        raised[name] = set() if found == "0" else {(found,)}
    assert {name: groups for name, groups in raised.items() if groups} == RULED


def widget(board: str, name: str) -> Query:
    boards = dict(read(DocumentKind.DASHBOARD))
    return next(each.query for each in boards[f"builtin.{board}"].widgets if each.id == name)


def number(one: Simulated, board: str, name: str) -> float:
    ((value,),) = asyncio.run(answered(one, widget(board, name)))["columns"]["values"]
    return float(value)


def table(one: Simulated, board: str, name: str) -> dict[tuple[str | None, ...], float]:
    columns = asyncio.run(answered(one, widget(board, name)))["columns"]
    keys = zip(*columns["keys"], strict=True)
    return dict(zip(keys, (float(value) for value in columns["values"][0]), strict=True))


def test_dns_totals_add_unlogged_requests(simulated: Simulated) -> None:
    lines = simulated.lines[Form.DNS]
    total = sum(line["count"] for line in lines)
    unlogged = sum(line["count"] for line in lines if line["type"] == "UNLOGGED")
    assert unlogged
    assert number(simulated, "dns", "requests") == total
    assert number(simulated, "dns", "unlogged") == unlogged
    assert total != len(lines), "counting records is another number"
    codes: Counter[tuple[str | None]] = Counter()
    for line in lines:
        codes[line.get("rcode"),] += line["count"]
    assert table(simulated, "dns", "codes") == codes, "the row without a code is the unlogged one"
    assert codes[None,] == unlogged


def test_means_are_weighed_by_what_they_are_means_of(simulated: Simulated) -> None:
    lines = [line for line in simulated.lines[Form.DNS] if line.get("latency_count")]
    weighed = sum(line["latency_mean"] * line["latency_count"] for line in lines)
    mean = weighed / sum(line["latency_count"] for line in lines)
    assert number(simulated, "dns", "latency") == pytest.approx(mean)
    assert mean != pytest.approx(sum(line["latency_mean"] for line in lines) / len(lines))


def test_http_requests_are_summed(simulated: Simulated) -> None:
    lines = simulated.lines[Form.L7]
    spoken = [line for line in lines if line["type"].startswith("html/")]
    assert number(simulated, "http", "requests") == sum(line["count"] for line in spoken)
    broken = [line["count"] for line in spoken if line["response_code"].startswith("5")]
    assert number(simulated, "http", "errors") == sum(broken) > 0
    assert number(simulated, "http", "sealed") == sum(line["count"] for line in lines) - sum(
        line["count"] for line in spoken
    )


def test_connections_are_counted_once_though_both_ends_report(simulated: Simulated) -> None:
    """Combined by hand: per edge the destination's allowed ones, else the source's; denied of both."""
    edges: dict[tuple[Any, ...], dict[str, dict[str, int]]] = {}
    for line in simulated.lines[Form.CALICO]:
        names = [
            line[f"{side}_{part}"]
            for side in ("source", "dest")
            for part in ("type", "namespace", "name_aggr")
        ]
        domain = (line.get("dest_domains") or [None])[0] if line["dest_type"] in ("net", "ns") else None
        key = (*names, domain, line["proto"], line["dest_port"])
        sums = edges.setdefault(key, {"src": Counter(), "dst": Counter(), "fwd": Counter()})
        sums[line["reporter"]][line["action"]] += line["num_flows_started"]
        sums[line["reporter"]]["records"] += 1
    total = denied = 0
    for sums in edges.values():
        end = sums["dst"] if sums["dst"]["records"] else sums["src"]
        total += end["allow"]
        denied += sums["src"]["deny"] + sums["dst"]["deny"]
    naive = sum(line["num_flows_started"] for line in simulated.lines[Form.CALICO])
    assert number(simulated, "flows", "denied") == denied > 0
    assert number(simulated, "flows", "connections") == total + denied < naive


def test_audit_requests_are_counted_at_their_last_stage(simulated: Simulated) -> None:
    done = [line for line in simulated.lines[Form.AUDIT] if line["stage"] in ("ResponseComplete", "Panic")]
    assert number(simulated, "audit", "requests") == len(done)
    refused = [line for line in done if line["responseStatus"]["code"] >= 400]
    assert number(simulated, "audit", "refused") == len(refused) > 0


def test_what_was_never_answered_is_told_with_its_cause(simulated: Simulated) -> None:
    """The world's calls say which those are (simulate/shop_calls.py); the attack's scan is dropped."""
    query = """query($range: TimeRangeInput!) { unanswered(range: $range, limit: 500) { truncated edges {
      source { namespace name } target { name } port cause } } }"""
    told = asyncio.run(simulated.world.ask(query, {"range": simulated.range}))["unanswered"]
    causes: dict[tuple[str, str, int], str] = {}
    for edge in told["edges"]:
        ends = (edge["source"]["name"].rpartition("-")[0], edge["target"]["name"].rpartition("-")[0])
        source, target = (each.rpartition("-")[0] or each for each in ends)
        causes[source, target, edge["port"]] = edge["cause"]
    assert not told["truncated"]
    known = {
        ("quote", "shipping", 8083): "REPLY_LOST",
        ("catalog", "mail-relay", 2525): "NO_ANSWER",
        ("mail-relay", "", 25): "UNSEEN",
        ("email", "mail-relay", 2525): "DROPPED",
        ("prometheus", "ledger", 9464): "DROPPED",
    }
    assert {call: cause for call, cause in causes.items() if call in known} == known
    others = {call: cause for call, cause in causes.items() if call not in known}
    assert {source for source, _, _ in others} == {"export"}
    assert set(others.values()) == {"DROPPED"}
