"""The served graph, counted again over the raw lines: random ranges, levels and filters."""

import json
import re
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from tapetum import simulate
from tests.support import raw_flows
from tests.support.products import everywhere
from tests.support.raw_flows import Row
from tests.support.served import Served

pytestmark = [pytest.mark.server, everywhere]

MINUTE, HOUR, DAY = 60, 3600, 86_400
CLUSTER = "recount"
CASES = 100
VERDICTS = f"allowed {{ {raw_flows.TRAFFIC} }} denied {{ {raw_flows.TRAFFIC} }}"
Predicate = Callable[[Row], bool]


@dataclass(frozen=True)
class Filter:
    """A query and its meaning over a raw line. `keyed`: roll-ups keep what it asks about."""

    kql: str
    test: Predicate
    keyed: bool = True


def has(field: str, value: object) -> Predicate:
    return lambda flow: flow[field] == value


def labelled(side: str, label: str) -> Predicate:
    return lambda flow: label in ((flow[f"{side}_labels"] or {}).get("labels") or ())


FILTERS = (
    Filter("action: deny", has("action", "deny")),
    Filter("reporter: dst", has("reporter", "dst")),
    Filter("proto: udp or dest_port: 5432", lambda flow: flow["proto"] == "udp" or flow["dest_port"] == 5432),
    Filter("source_namespace: payments", has("source_namespace", "payments")),
    Filter("not dest_namespace: kube-system", lambda flow: flow["dest_namespace"] != "kube-system"),
    Filter("dest_port >= 5000", lambda flow: flow["dest_port"] is not None and flow["dest_port"] >= 5000),
    Filter(
        "dest_name_aggr: *api-* and not source_type: net",
        lambda flow: re.search("api-", flow["dest_name_aggr"]) is not None and flow["source_type"] != "net",
    ),
    Filter(
        "source_namespace: (checkout or data) and dest_type: wep",
        lambda flow: flow["source_namespace"] in ("checkout", "data") and flow["dest_type"] == "wep",
    ),
    Filter("dest_service_name: *", lambda flow: flow["dest_service_name"] != "-"),
    Filter("not source_namespace: *", lambda flow: flow["source_namespace"] == "-"),
    Filter("bytes_out > 20000", lambda flow: flow["bytes_out"] > 20_000, keyed=False),
    Filter("process_name: *", lambda flow: flow["process_name"] != "-", keyed=False),
    Filter('source_labels: "tier=frontend"', labelled("source", "tier=frontend"), keyed=False),
    Filter(
        "num_flows_started: 0 and not reporter: src",
        lambda flow: flow["num_flows_started"] == 0 and flow["reporter"] != "src",
        keyed=False,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """Raw lines in time order, and the second in which the store got the last of them."""

    flows: list[Row]
    starts: list[int]
    now: int

    def within(self, first: float, last: float) -> list[Row]:
        return self.flows[bisect_left(self.starts, first) : bisect_left(self.starts, last)]


@pytest.fixture(scope="module")
def told(served: Served) -> Told:
    """Thirty hours of a simulated cluster with its attack, so that minutes, hours and days are summed."""
    now = int(time.time())
    begin = now - now % 300 - 30 * HOUR
    spec = simulate.WorldSpec(seed=5, cluster=CLUSTER, epoch=begin, attack_at=now - 3 * HOUR)
    world = simulate.build(spec)
    chunks = simulate.flow_lines(
        world, begin, now - now % 60, per_second=0.1, window=60, allowed_level=simulate.KEEP_PODS
    )
    lines = b"".join(chunks).splitlines()
    chance = Random(5)
    chance.shuffle(lines)
    for half in (lines[::2], lines[1::2]):  # each touches every minute, which is what takes time
        assert served.ingest(half, CLUSTER)["rejected"] == 0
    flows = sorted((json.loads(line) for line in lines), key=lambda flow: flow["start_time"])
    assert len(flows) > 10_000
    return Told(flows, [flow["start_time"] for flow in flows], int(time.time()))


def ranges(chance: Random, now: int) -> Iterator[tuple[int, int]]:
    """Of every length that is answered in its own way: up to an hour, a day, more."""
    while True:
        length = chance.choice(
            (chance.randint(1, HOUR), HOUR, chance.randint(HOUR, DAY), chance.randint(DAY, 2 * DAY))
        )
        last = now - chance.randint(0, 28 * HOUR)
        yield last - length, last


def widened(first: int, last: int, now: int, *, exact: bool) -> set[tuple[int, int]]:
    """The effective range by docs/data-model.md; at its border the clock decides between two."""
    if exact:
        return {(first, last)}
    units = {MINUTE if first >= now + late - DAY else HOUR for late in (0, 120)}
    return {(first // unit * unit, -(-last // unit) * unit) for unit in units}


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def iso(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


@pytest.mark.parametrize("level", ["NAMESPACE", "SERVICE", "WORKLOAD", "expanded"])
def test_the_graph_is_the_sum_of_the_raw_lines(served: Served, told: Told, level: str) -> None:
    chance = Random(f"recount {level}")
    names = served.ask("query($c: [ID!]) { namespaces(clusters: $c) { id name } }", {"c": [CLUSTER]})[
        "namespaces"
    ]
    services = raw_flows.Services(told.flows) if level == "SERVICE" else None
    edges = 0
    for (first, last), number in zip(ranges(chance, told.now), range(CASES), strict=False):
        chosen = chance.choice((None, *FILTERS))
        opened = chance.sample(names, 2) if level == "expanded" else []
        answer = served.ask(
            raw_flows.GRAPH,
            {
                "r": {"from": iso(first), "to": iso(last)},
                "c": [CLUSTER],
                "l": "NAMESPACE" if opened else level,
                "e": [each["id"] for each in opened],
                "f": chosen and chosen.kql,
            },
        )["serviceGraph"]
        assert not answer["truncated"]
        what = (number, first, last, chosen and chosen.kql, opened)
        exact = last - first <= HOUR or not (chosen is None or chosen.keyed)
        effective = seconds(answer["range"]["from"]), seconds(answer["range"]["to"])
        assert effective in widened(first, last, told.now, exact=exact), what
        flows = [flow for flow in told.within(*effective) if chosen is None or chosen.test(flow)]
        expected = raw_flows.graph(flows, level, [each["name"] for each in opened], services)
        assert raw_flows.told(answer) == expected, what
        assert from_columns(answer["columns"]) == expected, what
        edges += len(expected)
    assert edges > 10 * CASES


def from_columns(columns: dict[str, Any]) -> dict[Any, Any]:
    """The same graph from its columns."""
    nodes, edges = columns["nodes"], columns["edges"]
    refs = list(zip(nodes["kind"], nodes["namespace"], nodes["name"], strict=True))
    found = {}
    for place, (source, target) in enumerate(zip(edges["source"], edges["target"], strict=True)):
        found[refs[source], refs[target]] = {
            verdict: {name: _whole(edges[verdict][name][place]) for name in raw_flows.TRAFFIC.split()}
            for verdict in ("allowed", "denied")
        }
    return found


def _whole(value: str | int | None) -> int | None:
    return None if value is None else int(value)


def test_an_edge_in_detail_tells_each_reporter_apart(served: Served, told: Told) -> None:
    chance = Random("reports")
    within = {"from": iso(told.now - 30 * HOUR - HOUR), "to": iso(told.now + HOUR)}
    graph = served.ask(raw_flows.GRAPH, {"r": within, "c": [CLUSTER], "l": "WORKLOAD"})["serviceGraph"]
    nodes = {node["id"]: (node["kind"], node["namespace"], node["name"]) for node in graph["nodes"]}
    by_pair: dict[Any, list[Row]] = {}
    for flow in told.flows:
        by_pair.setdefault(raw_flows.ends(flow), []).append(flow)
    ids = dict(zip(graph["columns"]["edges"]["id"], graph["edges"], strict=True))
    for edge_id, edge in chance.sample(sorted(ids.items()), 40):
        flows = by_pair[nodes[edge["sourceId"]], nodes[edge["targetId"]]]
        detail = served.ask(
            "query($id: ID!, $r: TimeRangeInput!) { serviceEdge(id: $id, range: $r) {"
            f" reports {{ reporter {VERDICTS} }} ports(limit: 100) {{ protocol port {VERDICTS} }} }} }}",
            {"id": edge_id, "r": within},
        )["serviceEdge"]
        reports = {each["reporter"].lower(): numbers(each) for each in detail["reports"]}
        assert reports == {
            reporter: {
                "allowed": raw_flows.sums(of(flows, reporter, "allow")),
                "denied": raw_flows.sums(of(flows, reporter, "deny")),
            }
            for reporter in {flow["reporter"] for flow in flows}
        }
        ports = {(each["protocol"], each["port"]): numbers(each) for each in detail["ports"]}
        pair = raw_flows.ends(flows[0])
        assert ports == {
            (proto, port): raw_flows.graph(
                [flow for flow in flows if (flow["proto"], flow["dest_port"]) == (proto, port)], "WORKLOAD"
            )[pair]
            for proto, port in {(flow["proto"], flow["dest_port"]) for flow in flows}
        }


def of(flows: list[Row], reporter: str, action: str) -> list[Row]:
    return [flow for flow in flows if flow["reporter"] == reporter and flow["action"] == action]


def numbers(told: dict[str, Any]) -> dict[str, dict[str, int | None]]:
    return {
        verdict: {name: _whole(value) for name, value in told[verdict].items()}
        for verdict in ("allowed", "denied")
    }
