"""What flowsIngested and serviceGraphChanged send, live."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.api import ApiSettings, Pace, issue
from tapetum.api.schema.log import record_id
from tapetum.bus.port import RecordsCommitted
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES
from tests.api.sockets import Socket, connected, streamed
from tests.api.test_graph import DENY, shop, sums, wanted
from tests.api.test_sockets import until_followed
from tests.api.world import OPEN, World, opened
from tests.support.factory import MINUTE, NOW, SECOND, Flow, Hit, batch, wep
from tests.support.records import KINDS, Entry, entry, record_batch

INGESTED = """subscription($clusters: [ID!], $filter: KQL) { flowsIngested(clusters: $clusters, filter:
  $filter) {
  dropped records { destPort startTime raw policyHits { name } enforcedPolicies } } }"""
CHANGED = """subscription($level: GraphLevel!, $filter: KQL, $last: Int! = 1800) {
  serviceGraphChanged(level: $level, filter: $filter, last: $last) { asOf range { from to }
    upsertedNodes { id members } upsertedEdges { id sourceId targetId allowed { ...T } denied { ...T } }
    removedIds } }
fragment T on Traffic {
  records connections packetsIn packetsOut bytesIn bytesOut bytesToTarget bytesToSource
}"""
QUICK = replace(
    OPEN,
    pace=Pace(
        records=timedelta(milliseconds=20),
        graph=timedelta(milliseconds=20),
        graph_idle=timedelta(milliseconds=100),
    ),
)


async def records(socket: Socket) -> dict[str, Any]:
    return (await socket.next())["payload"]["data"]["flowsIngested"]


async def change(socket: Socket) -> dict[str, Any]:
    return (await socket.next())["payload"]["data"]["serviceGraphChanged"]


async def test_committed_records_arrive_with_lines_and_policies(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(INGESTED)
        await until_followed(world)
        hit = Hit(0, "default", "allow-web", "allow")
        flow = Flow(port=443, hits=(hit,))
        world.commit([flow])
        assert await records(socket) == {
            "dropped": 0,
            "records": [
                {
                    "destPort": 443,
                    "startTime": "2026-11-23T14:27:21.500Z",
                    "raw": flow.line.decode(),
                    "policyHits": [{"name": "allow-web"}],
                    "enforcedPolicies": [hit.text],
                }
            ],
        }


NEW = """subscription($kind: RecordKind!, $filter: KQL) { logsIngested(kind: $kind, filter: $filter) {
  dropped records { __typename id cluster time ... on DnsLog { qname rrsets { rdata } }
  ... on AuditLog { objectRef { name } impersonatedUser { username } } } } }"""


async def test_every_kind_is_followed_with_its_own_fields(world: World) -> None:
    dns = entry(RecordKind.DNS, qname="a.example", rrsets=[{"rdata": ["10.0.0.1"]}])
    other = entry(RecordKind.DNS, qname="b.example")
    audit = entry(RecordKind.AUDIT, objectRef__name="deny-all")
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(NEW, {"kind": "DNS", "filter": "qname: a.*"})
        await until_followed(world)
        socket.subscribe(NEW, {"kind": "AUDIT"}, "2")
        await until_followed(world, 2)
        world.log(dns, other)
        world.log(audit)
        events = [(await socket.next())["payload"]["data"]["logsIngested"] for _ in range(2)]
    shared = {"cluster": "east", "time": "2026-11-23T14:27:21.500Z"}
    named = [
        {
            "__typename": "DnsLog",
            "id": record_id(RecordKind.DNS, dns.id),
            "qname": "a.example",
            "rrsets": [{"rdata": ["10.0.0.1"]}],
            **shared,
        },
        {
            "__typename": "AuditLog",
            "id": record_id(RecordKind.AUDIT, audit.id),
            "objectRef": {"name": "deny-all"},
            "impersonatedUser": None,
            **shared,
        },
    ]
    assert sorted(events, key=lambda event: event["records"][0]["__typename"], reverse=True) == [
        {"dropped": 0, "records": [record]} for record in named
    ]


async def test_alerts_are_no_log_to_follow(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(NEW, {"kind": "ALERTS"})
        (error,) = (await socket.next())["payload"]
    assert error["message"] == "Alerts are no log; `alertRaised` follows them."


async def test_at_most_a_hundred_newest_a_tick_and_the_rest_counted() -> None:
    with opened(QUICK) as world:
        async with connected(world.app) as socket:
            await socket.init()
            socket.subscribe(INGESTED)
            await until_followed(world)
            for start in (0, 150, 300):
                world.commit(
                    [
                        Flow(at=NOW - MINUTE + mark * SECOND // 10, port=mark, mark=mark)
                        for mark in range(start, start + 150)
                    ]
                )
            seen, dropped = [], 0
            while len(seen) + dropped < 450:
                event = await records(socket)
                ports = [record["destPort"] for record in event["records"]]
                assert ports == sorted(ports, reverse=True)
                assert len(ports) <= 100
                seen += ports
                dropped += event["dropped"]
            assert len(seen) + dropped == 450
            assert 449 in seen


async def test_a_tick_lasts() -> None:
    with opened(replace(OPEN, pace=Pace(records=timedelta(seconds=60)))) as world:
        async with connected(world.app) as socket:
            await socket.init()
            socket.subscribe(INGESTED)
            await until_followed(world)
            world.commit([Flow(mark=1)])
            await records(socket)
            world.commit([Flow(mark=2)])
            await asyncio.sleep(0.1)
            assert socket.nothing_waits()


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("dest_port > 2", [3, 4]),
        ("policy_hits: { action: deny and name: deny-all }", [4]),
        ("policies: { enforced_policies: deny-all }", [4]),
        ("process_name: curl", [1]),
        ("source_namespace: nowhere", []),
    ],
)
async def test_filters_choose_records_as_searches_do(world: World, text: str, ports: list[int]) -> None:
    flows = [
        Flow(port=1, fields=(("process_name", "curl"),)),
        Flow(port=2),
        Flow(port=3),
        Flow(port=4, hits=DENY),
    ]
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(INGESTED, {"filter": text})
        await until_followed(world)
        world.commit(flows)
        search = """query($f: KQL) { flows(range: {from: "now-1h"}, first: 9, filter: $f) {
          nodes { destPort } } }"""
        found = (await world.ask(search, {"f": text}))["flows"]["nodes"]
        assert sorted(node["destPort"] for node in found) == ports
        if ports:
            assert sorted(record["destPort"] for record in (await records(socket))["records"]) == ports
        else:
            await asyncio.sleep(0.05)
            assert socket.nothing_waits()


async def test_scopes_hide_the_records_of_others() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        scope = Scope(clusters=frozenset({"east"}), namespaces=frozenset({("east", "mine")}))
        token, secret = issue("mine", scope, ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
        await world.context.catalog.add_token(token)
        async with connected(world.app) as socket:
            await socket.init(token=secret)
            socket.subscribe(INGESTED)
            await until_followed(world)
            world.commit(
                [
                    Flow(wep("mine", "a"), wep("mine", "b"), port=1),
                    Flow(wep("mine", "a"), wep("theirs", "b"), port=2),
                    Flow(wep("theirs", "a"), wep("theirs", "b"), port=3),
                ]
            )
            event = await records(socket)
            assert ([record["destPort"] for record in event["records"]], event["dropped"]) == ([1], 0)


@pytest.mark.parametrize("kind", KINDS)
async def test_scopes_hide_the_records_of_others_of_every_kind(kind: RecordKind) -> None:
    """What a limit to namespaces hides is not even counted; BGP has no namespace, so all of it."""
    namespaces = SHAPES[kind].namespaces
    with opened(replace(QUICK, require_token=True)) as world:
        tenants = [await world.token(Scope(namespaces=frozenset({("east", name)}))) for name in ("a", "b")]
        everyone = await world.token(Scope())
        logged = [
            Entry(kind, NOW - MINUTE - mark, fields=tuple((each, whose) for each in namespaces), mark=mark)
            for mark, whose in enumerate(("a", "b", "b", None))
        ]
        seen = {tenants[0]: logged[:1], tenants[1]: logged[1:3], everyone: logged}
        for token, mine in seen.items():
            async with connected(world.app) as socket:
                await socket.init(token=token)
                socket.subscribe(NEW, {"kind": kind.name})
                await until_followed(world)
                given = record_batch(logged)
                world.context.bus.publish(RecordsCommitted(kind, NOW, given.records, given.traces))
                if not namespaces and token != everyone:
                    await asyncio.sleep(0.1)
                    assert socket.nothing_waits()
                    continue
                event = (await socket.next())["payload"]["data"]["logsIngested"]
                assert [record["id"] for record in event["records"]] == [
                    record_id(kind, one.id) for one in mine
                ]
                assert event["dropped"] == 0


async def test_batches_that_the_bus_dropped_are_told() -> None:
    with opened(QUICK) as world:
        async with connected(world.app) as socket:
            await socket.init()
            socket.subscribe(INGESTED)
            await until_followed(world)
            given = batch([Flow()])
            for _ in range(300):
                world.context.bus.publish(
                    RecordsCommitted(RecordKind.FLOWS, NOW, given.records, given.traces)
                )
            event = await records(socket)
            assert len(event["records"]) + event["dropped"] >= 300


class Mirror:
    """What a page holds that applies each change."""

    def __init__(self) -> None:
        self.nodes: dict[str, Any] = {}
        self.edges: dict[str, Any] = {}

    def apply(self, event: dict[str, Any]) -> None:
        self.nodes |= {node["id"]: node["members"] for node in event["upsertedNodes"]}
        self.edges |= {
            edge["id"]: (sums(edge["allowed"]), sums(edge["denied"])) for edge in event["upsertedEdges"]
        }
        for gone in event["removedIds"]:
            self.nodes.pop(gone, None)
            self.edges.pop(gone, None)


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=4), min_size=1, max_size=5),
    st.sampled_from(["NAMESPACE", "WORKLOAD"]),
)
@settings(max_examples=10, deadline=None)
def test_changes_add_up_to_the_graph(batches: list[list[int]], level: str) -> None:
    """Also for a subscriber that comes late, and for one whose window has slid on."""
    given_flows = shop()

    async def until(socket: Socket, mirror: Mirror, edges: dict[str, Any]) -> None:
        async with asyncio.timeout(10):
            while mirror.edges != edges:
                mirror.apply(await change(socket))

    async def run() -> None:
        with opened(QUICK) as world:
            committed: dict[str, Flow] = {}
            async with connected(world.app) as early, connected(world.app) as late:
                early_mirror, late_mirror = Mirror(), Mirror()
                await early.init()
                early.subscribe(CHANGED, {"level": level})
                for places in batches:
                    fresh = [given_flows[place] for place in places]
                    for cluster in {flow.cluster for flow in fresh}:
                        world.commit([flow for flow in fresh if flow.cluster == cluster], cluster=cluster)
                    committed |= {flow.id: flow for flow in fresh}
                    await asyncio.sleep(0.01)
                await late.init()
                late.subscribe(CHANGED, {"level": level})
                graph = wanted(list(committed.values()), level)
                await until(early, early_mirror, graph)
                await until(late, late_mirror, graph)
                assert early_mirror.nodes == late_mirror.nodes
                world.clock.now += 60 * MINUTE
                await until(early, early_mirror, {})
                await until(late, late_mirror, {})
                assert early_mirror.nodes == {}

    asyncio.run(run())


async def test_the_first_event_is_the_whole_graph_and_the_next_only_what_changed() -> None:
    with opened(QUICK) as world:
        world.commit([Flow(mark=1), Flow(dest=wep("data", "db"), mark=2)])
        async with connected(world.app) as socket:
            await socket.init()
            socket.subscribe(CHANGED, {"level": "WORKLOAD"})
            first = await change(socket)
            assert (len(first["upsertedNodes"]), len(first["upsertedEdges"]), first["removedIds"]) == (
                3,
                2,
                [],
            )
            world.commit([Flow(mark=3)])
            while not (event := await change(socket))["upsertedEdges"]:
                pass
            assert [edge["allowed"]["records"] for edge in event["upsertedEdges"]] == ["2"]
            assert event["upsertedNodes"] == []


async def test_a_store_that_is_away_for_a_while_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(QUICK) as world:
        async with connected(world.app) as socket:
            await socket.init()
            socket.subscribe(CHANGED, {"level": "NAMESPACE"})
            await change(socket)
            logs, away = world.context.logs, [True]
            real = logs.sums

            async def sums_or_away(*arguments: Any) -> Any:
                if away[0]:
                    raise UnavailableError("The log store cannot be reached.")
                return await real(*arguments)

            monkeypatch.setattr(logs, "sums", sums_or_away)
            world.commit([Flow()])
            await asyncio.sleep(0.15)
            away[0] = False
            while not (event := await change(socket))["upsertedEdges"]:
                pass
            assert len(event["upsertedEdges"]) == 1


async def test_events_come_over_server_sent_events_too(world: World) -> None:
    async with streamed(world.app, INGESTED) as stream:
        await until_followed(world)
        world.commit([Flow(port=7)])
        kind, data = await stream.event()
        assert kind == "next"
        assert msgspec.json.decode(data)["data"]["flowsIngested"]["records"][0]["destPort"] == 7
