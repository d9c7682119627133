"""The health of clusters: each figure recounted from what was put in, and beside what `aggregate` answers."""

from collections import Counter
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import Scope
from tests.api.test_policy_board import IN, LAST_HOUR, filled
from tests.api.test_policy_board import board as policy_board
from tests.api.world import World, opened
from tests.support.factory import HOUR, MINUTE, NOW, Flow, wep
from tests.support.records import Entry, entry

MISSING = "missing { figure reason }"
REQUESTS = f"requests failures mean longest codes {{ code requests }} {MISSING}"
ASK = f"""query($range: TimeRangeInput!, $namespace: String, $clusters: [ID!]) {{
  clusterHealth(range: $range, namespace: $namespace, clusters: $clusters) {{ namespace range {{ from to }}
    policies {{ policies staged unused denying clustersWithoutManifests {MISSING} }}
    endpoints {{ endpoints namespaces workloads callers called services {MISSING} }}
    processes {{ names approximate {MISSING} }}
    connections {{ allowed denied bytesToTarget bytesToSource {MISSING} }}
    dns {{ {REQUESTS} }} http {{ {REQUESTS} }} }} }}"""
AGGREGATE = """query($kind: RecordKind!, $metrics: [MetricInput!]!, $filter: KQL, $by: [String!],
  $reporters: ReporterRule = COMBINED) {
  aggregate(range: {from: "now-1h"}, kind: $kind, metrics: $metrics, filter: $filter, groupBy: $by,
    reporters: $reporters) { rows { keys values } groups } }"""
DNS, L7 = RecordKind.DNS, RecordKind.L7
WEB, DB, PAY = wep("shop", "web"), wep("shop", "db"), wep("pay", "api")


@pytest.fixture
def world() -> Generator[World]:
    with opened() as one:
        yield one


async def health(world: World, token: str | None = None, **told: Any) -> dict[str, Any]:
    return (await world.ask(ASK, {"range": LAST_HOUR, **told}, token))["clusterHealth"]


async def aggregate(world: World, kind: str, *metrics: tuple[str, str | None], **told: Any) -> Any:
    given = {"kind": kind, "metrics": [{"op": op, "field": name} for op, name in metrics], **told}
    return (await world.ask(AGGREGATE, given))["aggregate"]


def flows() -> list[Flow]:
    """Each pair is told by both ends: only what the destination says of what it let in counts."""
    allowed = [
        Flow(at=NOW - minute * MINUTE, reporter=reporter, connections=minute, mark=minute,
             bytes_in=100 if reporter == "dst" else 9, bytes_out=10 if reporter == "dst" else 99,
             service=("shop", f"svc{minute % 2}"), fields=(("process_name", f"p{minute % 3}"),))
        for minute in range(1, 20) for reporter in ("src", "dst")
    ]  # fmt: skip
    denied = [Flow(source=PAY, action="deny", reporter="dst", connections=7, bytes_in=1, bytes_out=0)]
    return [*allowed, *denied, Flow(at=NOW - 2 * HOUR, connections=1000)]


def entries() -> tuple[list[Entry], list[Entry]]:
    names = [
        entry(DNS, NOW - minute * MINUTE, mark=minute, count=minute, client_namespace="shop",
              rcode="NXDomain" if minute % 4 == 0 else "NoError", latency_count=minute,
              latency_mean=minute * 1000, latency_max=minute * 2000)
        for minute in range(1, 20)
    ]  # fmt: skip
    requests = [
        entry(L7, NOW - minute * MINUTE, mark=minute, count=minute, type="html/text", reporter="dst",
              response_code="503" if minute % 5 == 0 else "200", dest_namespace="shop",
              duration_mean=minute * 10, duration_max=minute * 30)
        for minute in range(1, 20)
    ]  # fmt: skip
    other = [
        replace(requests[0], fields=(("count", 5), ("type", "tcp"), ("reporter", None)), mark=50),
        entry(L7, mark=51, count=900, type="html/text", reporter="src", response_code="500"),
    ]
    return [*names, entry(DNS, mark=99, count=40)], [*requests, *other]


async def test_figures_are_those_of_the_raw_records(world: World) -> None:
    names, requests = entries()
    world.commit(flows())
    world.log(*names)
    world.log(*requests)
    found = await health(world)
    let_in = [flow for flow in flows() if flow.reporter == "dst" and flow.action == "allow"]
    connections = found["connections"]
    assert connections["allowed"] == str(sum(flow.connections or 0 for flow in let_in))
    assert connections["denied"] == "7"
    assert connections["bytesToTarget"] == str(100 * len(let_in) + 1)
    assert connections["bytesToSource"] == str(10 * len(let_in))
    endpoints = found["endpoints"]
    assert (endpoints["callers"], endpoints["called"], endpoints["services"]) == (2, 1, 2)
    assert (endpoints["namespaces"], endpoints["workloads"]) == (2, 3)
    assert found["processes"] == {"names": 3, "approximate": False, "missing": []}

    minutes = range(1, 20)
    codes = Counter({"NoError": 0, "NXDomain": 0})
    for minute in minutes:
        codes["NoError" if minute % 4 else "NXDomain"] += minute
    dns = found["dns"]
    assert dns["requests"] == str(sum(minutes) + 40)
    assert dns["failures"] == str(codes["NXDomain"])
    assert {each["code"]: int(each["requests"]) for each in dns["codes"]} == {**codes, None: 40}
    assert dns["mean"] == pytest.approx(sum(each * each * 1000 for each in minutes) / sum(minutes))
    assert dns["longest"] == "38000"
    http = found["http"]
    assert http["requests"] == str(sum(minutes))
    assert http["failures"] == str(sum(each for each in minutes if each % 5 == 0))
    assert http["mean"] == pytest.approx(sum(each * each * 10 for each in minutes) / sum(minutes))
    assert http["longest"] == "570"
    assert all(found[part]["missing"] == [] for part in ("connections", "processes", "dns", "http"))


async def test_figures_are_those_of_aggregate(world: World) -> None:
    names, requests = entries()
    world.commit(flows())
    world.log(*names)
    world.log(*requests)
    found = await health(world)
    told = await aggregate(world, "FLOWS", ("SUM", "connections"), by=["action"])
    by_action = {row["keys"][0]: row["values"][0] for row in told["rows"]}
    assert {name: int(found["connections"][f"{name}ed" if name == "allow" else "denied"])
            for name in by_action} == by_action  # fmt: skip
    (row,) = (await aggregate(world, "FLOWS", ("SUM", "bytesToTarget"), ("SUM", "bytesToSource")))["rows"]
    sides = ("bytesToTarget", "bytesToSource")
    assert [int(found["connections"][side]) for side in sides] == row["values"]
    by = ["cluster", "sourceNamespace", "sourceNameAggr"]
    told = await aggregate(world, "FLOWS", ("COUNT", None), by=by, filter="source_type: wep")
    assert found["endpoints"]["callers"] == told["groups"]
    told = await aggregate(world, "FLOWS", ("DISTINCT", "processName"), reporters="EACH")
    assert found["processes"]["names"] == told["rows"][0]["values"][0]
    http = "not reporter: src and type: html/*"
    for part, kind, time, query in (("dns", "DNS", "latency", None), ("http", "L7", "duration", http)):
        metrics = ("SUM", "count"), ("AVG", f"{time}_mean"), ("MAX", f"{time}_max")
        (row,) = (await aggregate(world, kind, *metrics, filter=query))["rows"]
        figures = [float(found[part][name]) for name in ("requests", "mean", "longest")]
        assert figures == pytest.approx(row["values"])


async def test_a_namespace_is_asked_about_alone(world: World) -> None:
    names, requests = entries()
    world.commit([*flows(), Flow(source=PAY, dest=wep("pay", "db"), connections=3)])
    world.log(*names, entry(DNS, mark=100, count=8, client_namespace="pay", rcode="NoError"))
    world.log(*requests)
    found = await health(world, namespace="pay")
    assert (found["namespace"], found["dns"]["requests"], found["http"]["requests"]) == ("pay", "8", None)
    assert (found["connections"]["allowed"], found["connections"]["denied"]) == ("3", "7")
    assert (found["endpoints"]["callers"], found["endpoints"]["called"]) == (1, 1)
    assert (found["endpoints"]["namespaces"], found["endpoints"]["workloads"]) == (1, 2)
    assert found["http"]["missing"][0] == {
        "figure": "requests",
        "reason": "No HTTP log of 'pay' in the range is here.",
    }
    nobody = await health(world, namespace='x" or source_namespace: *')
    assert nobody["connections"]["allowed"] is None, "it is a value, not a query"
    _, sentence = await world.refusal(ASK, {"range": LAST_HOUR, "namespace": " "})
    assert "namespace is blank" in sentence


async def test_what_is_not_known_is_null_with_its_reason(world: World) -> None:
    found = await health(world)
    for part, figures in found.items():
        if part in ("range", "namespace"):
            continue
        empty = {name for name, value in figures.items() if value is None}
        assert empty, part
        assert {each["figure"] for each in figures["missing"]} == empty
        assert all(each["reason"].endswith(".") for each in figures["missing"])
    uncounted = Flow(connections=None, packets_in=None, packets_out=None, bytes_in=None, bytes_out=None)
    world.commit([uncounted])
    world.log(entry(DNS, count=40))
    found = await health(world)
    connections = found["connections"]
    assert (connections["allowed"], connections["denied"], connections["bytesToTarget"]) == (None, "0", None)
    assert "does not count it" in connections["missing"][0]["reason"]
    assert (found["endpoints"]["callers"], found["endpoints"]["services"]) == (1, None)
    dns = found["dns"]
    assert (dns["requests"], dns["failures"], dns["mean"], dns["longest"]) == ("40", None, None, None)


async def test_policies_are_those_of_the_board(world: World) -> None:
    await filled(world)
    tiers = (await policy_board(world))["tiers"]
    shown = [policy for tier in tiers for policy in tier["policies"]]
    policies = (await health(world))["policies"]
    assert policies["policies"] == len(shown)
    assert policies["staged"] == sum(policy["staged"] is not None for policy in shown)
    assert policies["unused"] == sum(policy["unused"] for policy in shown)
    assert policies["denying"] == 0, "the end of a tier is no policy"
    assert policies["missing"] == []
    assert (await health(world))["endpoints"]["endpoints"] == 2
    pay = await health(world, namespace="pay")
    assert (pay["policies"]["policies"], pay["policies"]["unused"]) == (1, 1), "watch selects nobody there"
    assert pay["endpoints"]["endpoints"] is None


async def test_without_manifests_denying_policies_are_still_known(world: World) -> None:
    hit = replace(IN.hits[1], action="deny", name="lost")
    world.commit([replace(IN, action="deny", hits=(hit,))])
    policies = (await health(world))["policies"]
    assert (policies["policies"], policies["unused"], policies["denying"]) == (None, None, 1)
    assert policies["clustersWithoutManifests"] == ["east"]


async def test_a_tenant_gets_figures_of_its_own(world: World) -> None:
    world.commit(flows())
    world.commit([Flow(cluster="west", source=WEB, dest=DB, connections=11)], cluster="west")
    token = await world.token(Scope(frozenset({"east"}), frozenset({("east", "pay")})))
    found = await health(world, token)
    assert found["connections"]["allowed"] is None
    assert found["endpoints"]["workloads"] in (None, 1)
    token = await world.token(Scope(frozenset({"west"})))
    for clusters in (None, ["west"], ["east", "west"]):
        found = await health(world, token, clusters=clusters)
        assert found["connections"]["allowed"] == "11"
    assert (await health(world, token, clusters=["east"]))["connections"]["allowed"] is None
