"""Figures of edges beside their counters: from TCP statistics, DNS and L7 records, at the graph's folding."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tapetum.api import issue
from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import Scope
from tests.api.fakes import MemoryCatalog
from tests.api.world import OPEN, World, opened
from tests.support.factory import NOW, Flow, net, wep
from tests.support.records import Entry, entry

WITHIN = 'range: {from: "now-1h"}'
ASK = f"""query($measure: EdgeMeasure!, $level: GraphLevel! = WORKLOAD, $expand: [ID!], $filter: KQL,
  $clusters: [ID!], $limit: Int! = 100) {{
  edgeFigures({WITHIN}, measure: $measure, level: $level, expand: $expand, filter: $filter,
    clusters: $clusters, limit: $limit) {{ edges {{ edgeId value of }} columns records truncated }} }}"""
GRAPH = f"""query($level: GraphLevel!) {{ serviceGraph({WITHIN}, level: $level) {{
  nodes {{ id name namespace cluster }} edges {{ id sourceId targetId }} }} }}"""
WEB, DB, DNS = wep("shop", "web"), wep("data", "db"), wep("kube-system", "coredns")


def measured(rtt: int, again: int, reporter: str = "src", **told: Any) -> Flow:
    fields = (("tcp_mean_smooth_rtt", rtt), ("tcp_total_retransmissions", again))
    spec: dict[str, Any] = {"source": WEB, "dest": DB, "reporter": reporter, "fields": fields, **told}
    return Flow(**spec)


def lookup(count: int, latency: int | None = None, rcode: str | None = "NoError", **told: Any) -> Entry:
    return entry(
        RecordKind.DNS,
        **{
            "type": "LOG",
            "count": count,
            "client_namespace": "shop",
            "client_name_aggr": "web-*",
            "server_namespace": "kube-system",
            "server_name_aggr": "coredns-*",
            "rcode": rcode,
            "latency_count": None if latency is None else count,
            "latency_mean": latency,
            **told,
        },
    )


def request(count: int, code: str, **told: Any) -> Entry:
    return entry(
        RecordKind.L7,
        **{
            "count": count,
            "response_code": code,
            "src_namespace": "shop",
            "src_name_aggr": "web-*",
            "dest_namespace": "data",
            "dest_name_aggr": "db-*",
            **told,
        },
    )


async def figures(world: World, measure: str, **told: Any) -> dict[tuple[str, str], tuple[float, str | None]]:
    """By the names of the two ends, which are those of the service graph's edges."""
    answer = (await world.ask(ASK, {"measure": measure, **told}))["edgeFigures"]
    told_columns = answer["columns"]
    assert [
        (each["edgeId"], each["value"], each["of"] and int(each["of"])) for each in answer["edges"]
    ] == list(zip(told_columns["id"], told_columns["value"], told_columns["of"], strict=True))
    graph = (await world.ask(GRAPH, {"level": told.get("level", "WORKLOAD")}))["serviceGraph"]
    names = {each["id"]: each["name"] for each in graph["nodes"]}
    ends = {each["id"]: (names[each["sourceId"]], names[each["targetId"]]) for each in graph["edges"]}
    return {ends.get(each["edgeId"], ("?", "?")): (each["value"], each["of"]) for each in answer["edges"]}


async def test_each_end_measures_its_own_tcp(world: World) -> None:
    world.commit(
        [
            measured(300, 4),
            measured(100, 2, "dst"),
            measured(0, 0, proto="udp", port=53),
            measured(500, 1, source=wep("shop", "api")),
            Flow(source=DB, dest=WEB),
        ]
    )
    assert await figures(world, "RTT") == {("api-*", "db-*"): (500.0, "1"), ("web-*", "db-*"): (200.0, "2")}
    assert await figures(world, "RETRANSMISSIONS") == {
        ("web-*", "db-*"): (6.0, "2"),
        ("api-*", "db-*"): (1.0, "1"),
    }
    assert await figures(world, "RTT", level="NAMESPACE") == {("shop", "data"): (300.0, "3")}
    assert await figures(world, "RTT", filter="source_name_aggr: web*") == {("web-*", "db-*"): (200.0, "2")}
    assert list(await figures(world, "RTT", limit=1)) == [("api-*", "db-*")]


async def test_lookups_are_weighed_and_failures_are_not_missing_names(world: World) -> None:
    world.commit([Flow(source=WEB, dest=DNS, proto="udp", port=53)])
    world.log(
        lookup(3, 1_000_000),
        lookup(1, 5_000_000, "NXDomain"),
        lookup(2, None, "ServFail"),
        lookup(4, None, None),
        lookup(90, 9_000_000, None, type="UNLOGGED"),
        lookup(7, 8_000_000, server_name_aggr=None),
    )
    edge = ("web-*", "coredns-*")
    assert await figures(world, "DNS_LATENCY") == {edge: (2000.0, "4")}
    assert await figures(world, "DNS_FAILURES") == {edge: (6.0, "10")}
    folded = await figures(world, "DNS_FAILURES", level="NAMESPACE")
    assert folded == {("shop", "kube-system"): (6.0, "10")}


async def test_figures_are_of_services_where_the_graph_is(world: World) -> None:
    world.commit(
        [
            Flow(source=WEB, dest=DNS, proto="udp", port=53, service=("kube-system", "kube-dns")),
            measured(300, 4, service=("data", "db")),
            measured(100, 2, "dst"),
            measured(700, 1, dest=net("pvt"), port=443, mark=3),
        ]
    )
    world.log(lookup(3, 1_000_000), lookup(1, None, "ServFail"))
    edge = ("web-*", "kube-dns")
    assert await figures(world, "DNS_FAILURES", level="SERVICE") == {edge: (1.0, "4")}
    assert await figures(world, "RTT", level="SERVICE") == {
        ("web-*", "db"): (200.0, "2"),
        ("web-*", "pvt"): (700.0, "1"),
    }


async def test_requests_fail_by_their_code_and_count_once(world: World) -> None:
    world.commit([Flow(source=WEB, dest=DB)])
    world.log(
        request(90, "200"),
        request(6, "503"),
        request(4, "404"),
        request(50, "500", reporter="src"),
        request(3, "500", cluster="west"),
    )
    assert await figures(world, "HTTP_ERRORS", clusters=["east"]) == {("web-*", "db-*"): (6.0, "100")}


async def test_where_there_are_no_such_logs_nothing_is_known(world: World) -> None:
    world.commit([Flow(source=WEB, dest=DB)])
    for measure in ("RTT", "RETRANSMISSIONS", "DNS_LATENCY", "DNS_FAILURES", "HTTP_ERRORS"):
        told = (await world.ask(ASK, {"measure": measure}))["edgeFigures"]
        assert (told["edges"], told["records"], told["truncated"]) == ([], "0", False)


async def test_nothing_is_told_beyond_the_scope() -> None:
    scope = Scope(namespaces=frozenset({("east", "data")}))
    token, secret = issue("data", scope, ingest=False, lifetime=timedelta(days=9), clock=lambda: NOW)
    with opened(replace(OPEN, require_token=True), catalog=MemoryCatalog(token)) as world:
        world.commit([measured(300, 4)])
        world.log(lookup(3, 1_000_000, "ServFail"))
        world.log(request(3, "500"))
        for measure in ("RTT", "RETRANSMISSIONS", "DNS_LATENCY", "DNS_FAILURES", "HTTP_ERRORS"):
            told = (await world.ask(ASK, {"measure": measure}, secret))["edgeFigures"]
            assert (told["edges"], told["records"]) == ([], "0")
