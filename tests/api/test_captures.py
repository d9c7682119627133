"""Captures that are sent: their summaries beside the flows that the reader may see, and what is refused."""

import asyncio
import time
from typing import Any

import msgspec
import pytest
from dpkt import icmp, icmp6

from tapetum.api import ApiSettings, Limits
from tapetum.capture.pcap import summarise
from tapetum.domain.scope import Scope
from tests.api.test_manifests import brought, token
from tests.api.world import World, opened
from tests.capture.packets import as_pcap, framed, handshake, zipped
from tests.support.factory import HOUR, MINUTE, NOW, SECOND, Flow, wep

AT = NOW / SECOND
WEB, DB = ("10.0.0.1", 40_000), ("10.0.0.2", 5432)
PCAP = as_pcap([*handshake(WEB, DB, AT), *handshake(("10.0.0.1", 40_001), ("10.0.0.3", 443), AT)])
LIST = """query { captureSummaries { id file cluster owner shared editable packets conversationsSeen
  range { from to } } }"""
FIND = """query($id: ID!) { captureSummary(id: $id) { file lookups { name } conversations {
  complete range { from to } nodes { protocol troubled packetsOut client { address port namespace name }
    server { address port name service } flows { records allowed denied reporters basis filter } } } } }"""
MANIFESTS = """
{apiVersion: v1, kind: Pod, metadata: {name: web-1, generateName: web-, namespace: shop},
 status: {podIP: 10.0.0.1}}
---
{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop},
 spec: {clusterIP: 10.0.0.2, ports: [{port: 5432}]}}
"""
FLOWS = """query($range: TimeRangeInput!, $filter: KQL) {
  flows(range: $range, filter: $filter, first: 10) { totalCount } }"""
DELETE = "mutation($id: ID!) { deleteCaptureSummary(id: $id) { problems { code } } }"
LOGGED = (("source_ip", "10.0.0.1"), ("dest_ip", "10.0.0.2"), ("end_time", NOW + MINUTE))
FLOW = Flow(dest=wep("shop", "db"), port=5432, at=NOW - MINUTE, fields=LOGGED)


async def sent(
    world: World, body: bytes, secret: str | None = None, **asked: str
) -> tuple[int, dict[str, Any]]:
    headers = asked.pop("headers", {})
    async with world.client(secret, **headers) as client:  # type: ignore[arg-type] # a test's own
        answer = await client.post("/captures/v1", params={"cluster": "east", **asked}, content=body)
    return answer.status_code, msgspec.json.decode(answer.content)


async def conversations(world: World, text: str, secret: str | None = None) -> Any:
    return (await world.ask(FIND, {"id": text}, secret))["captureSummary"]["conversations"]


async def test_a_capture_is_laid_beside_its_flows_and_leads_to_them(world: World) -> None:
    world.commit([FLOW, Flow(reporter="dst", action="deny", dest=wep("shop", "db"), port=5432, at=NOW,
                             fields=FLOW.fields), Flow(port=5432)])  # fmt: skip
    status, told = await sent(world, zipped(PCAP), file="web.pcap.gz")
    assert (status, told["packets"], told["conversations"]) == (200, 14, 2)
    (one,) = (await world.ask(LIST))["captureSummaries"]
    assert (one["file"], one["cluster"], one["id"]) == ("web.pcap.gz", "east", told["id"])
    found = await conversations(world, told["id"])
    by_port = {each["server"]["port"]: each for each in found["nodes"]}
    flows = by_port[5432]["flows"]
    assert (flows["records"], flows["allowed"], flows["denied"]) == (2, 1, 1)
    assert (flows["reporters"], flows["basis"]) == (["SRC", "DST"], "ADDRESS")
    assert by_port[443]["flows"]["records"] == 0
    asked = {"range": found["range"], "filter": flows["filter"]}
    assert int((await world.ask(FLOWS, asked))["flows"]["totalCount"]) == 2
    assert (await world.ask(f'{{ node(id: "{told["id"]}") {{ id }} }}'))["node"]["id"] == told["id"]
    assert (await world.ask(DELETE, {"id": told["id"]}))["deleteCaptureSummary"]["problems"] == []
    assert (await world.ask(LIST))["captureSummaries"] == []


async def test_records_without_addresses_are_found_by_whose_they_are(world: World) -> None:
    world.clock.now = NOW - HOUR
    await brought(world, MANIFESTS)
    world.clock.now = NOW
    world.commit(
        [Flow(service=("shop", "db"), port=9999, at=NOW - MINUTE, fields=(("end_time", NOW + MINUTE),))]
    )
    _, told = await sent(world, PCAP)
    found = {each["server"]["port"]: each for each in (await conversations(world, told["id"]))["nodes"]}
    assert found[5432]["flows"]["basis"] == "WORKLOAD"
    assert (found[5432]["client"]["name"], found[5432]["server"]) == (
        "web-*", {"address": "10.0.0.2", "port": 5432, "name": "db", "service": True},
    )  # fmt: skip


async def test_icmp_is_found_however_records_spell_it(world: World) -> None:
    ping = icmp.ICMP(type=8, data=icmp.ICMP.Echo(id=1, seq=1))
    six = icmp6.ICMP6(type=128, data=icmp6.ICMP6.Echo(id=1, seq=1))
    data = as_pcap(
        [(AT, framed("10.0.0.1", "10.0.0.2", ping, 1)), (AT, framed("fd00::1", "fd00::2", six, 58))]
    )
    spelt = [("10.0.0.", each) for each in ("icmp", "1")] + [
        ("fd00::", each) for each in ("icmp6", "ICMPv6", "icmpv6", "58")
    ]
    world.commit([
        Flow(dest=wep("shop", "db"), port=None, proto=proto, at=NOW - MINUTE + place,
             fields=(("source_ip", f"{net}1"), ("dest_ip", f"{net}2"), ("end_time", NOW + MINUTE)))
        for place, (net, proto) in enumerate(spelt)
    ])  # fmt: skip
    _, told = await sent(world, data)
    found = (await conversations(world, told["id"]))["nodes"]
    assert {each["protocol"]: each["flows"]["records"] for each in found} == {"icmp": 2, "icmp6": 4}


async def test_a_reader_sees_own_captures_beside_own_flows() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        world.commit([FLOW])
        shop = await token(world, "shop", Scope(None, frozenset({("east", "shop")})))
        pay = await token(world, "pay", Scope(None, frozenset({("east", "pay")})))
        every, west = (
            await token(world, "every", Scope()),
            await token(world, "w", Scope(frozenset({"west"}))),
        )
        _, own = await sent(world, PCAP, pay)
        _, shared = await sent(world, PCAP, every, shared="true")
        assert [each["id"] for each in (await world.ask(LIST, token=pay))["captureSummaries"]] == [own["id"]]
        assert (await world.ask(LIST, token=shop))["captureSummaries"] == [], (
            "it may tell of other namespaces"
        )
        (seen,) = (await world.ask(LIST, token=every))["captureSummaries"]
        assert (seen["id"], seen["owner"]) == (shared["id"], "every")
        nodes = (await conversations(world, own["id"], pay))["nodes"]
        assert {each["flows"]["records"] for each in nodes} == {0}
        assert (
            max(e["flows"]["records"] for e in (await conversations(world, shared["id"], every))["nodes"])
            == 1
        )
        assert (await world.ask(FIND, {"id": shared["id"]}, shop))["captureSummary"] is None
        assert (await sent(world, PCAP, west))[0] == 404
        assert (await sent(world, PCAP))[0] == 401
        refused = (await world.ask(DELETE, {"id": shared["id"]}, pay))["deleteCaptureSummary"]["problems"]
        assert [each["code"] for each in refused] == ["NOT_FOUND"]


async def test_what_cannot_be_kept_is_said_in_a_sentence_and_leaves_nothing() -> None:
    settings = ApiSettings(require_token=False, limits=Limits(capture_bytes=1000, captures=1))
    small = as_pcap(handshake(WEB, DB, AT, data=b"x"))[:1000]
    with opened(settings) as world:
        cases: list[tuple[bytes, dict[str, Any], int, str]] = [
            (PCAP, {}, 413, "more than 1,000 bytes"),
            (zipped(PCAP), {}, 413, "unpacked"),
            (small, {}, 400, "breaks off"),
            (b"<html>", {}, 400, "neither a pcap"),
            (PCAP, {"cluster": "no such name!"}, 400, "cluster's name"),
            (PCAP, {"headers": {"content-encoding": "br"}}, 415, "br"),
            (PCAP, {"headers": {"origin": "https://evil.example"}}, 403, "x-requested-with"),
        ]
        for body, asked, status, said in cases:
            answered, told = await sent(world, body, **asked)
            assert (answered, said in told["error"]) == (status, True), told
        assert (await world.ask(LIST))["captureSummaries"] == []


async def test_who_sends_slowly_keeps_nobody_else_out() -> None:
    settings = ApiSettings(require_token=True, limits=Limits(captures=1))
    with opened(settings) as world:
        ann, ben = await token(world, "ann", Scope()), await token(world, "ben", Scope())
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow() -> Any:
            yield PCAP[:100]
            begun.set()
            await go_on.wait()
            yield PCAP[100:]

        first = asyncio.create_task(sent(world, slow(), ann))  # type: ignore[arg-type] # httpx takes both
        await begun.wait()
        status, told = await sent(world, PCAP, ann)
        assert (status, told["error"][:29]) == (503, "You are sending 1 captures al")
        assert (await sent(world, PCAP, ben))[0] == 200
        go_on.set()
        assert (await first)[0] == 200
        assert (await sent(world, PCAP, ann))[0] == 200, "its place is free again"


async def test_a_file_has_to_be_there_in_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tapetum.api.captures._WHOLE", 0.2)

    async def drips() -> Any:
        while True:
            yield b"\xd4"
            await asyncio.sleep(0.01)

    async with asyncio.timeout(30):
        status, told = await sent(world, drips())  # type: ignore[arg-type] # as above
    assert (status, "too slowly" in told["error"]) == (503, True)


async def test_whole_files_wait_for_their_turn_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most = 0, 0

    def slowly(*given: Any) -> Any:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        time.sleep(0.1)
        at_once -= 1
        return summarise(*given)

    monkeypatch.setattr("tapetum.api.captures.summarise", slowly)
    with opened(ApiSettings(require_token=True, limits=Limits(captures=1))) as own:
        secrets = [await token(own, name, Scope()) for name in "abc"]
        found = await asyncio.gather(*(sent(own, PCAP, secret) for secret in secrets))
    assert ([status for status, _ in found], most) == ([200] * 3, 1)


async def test_odd_file_names_are_shown_as_one_line(world: World) -> None:
    await sent(world, PCAP, file="a\n\x00\u202eb" + "x" * 200)
    (one,) = (await world.ask(LIST))["captureSummaries"]
    assert one["file"] == ("a\ufffd\ufffd\ufffdb" + "x" * 200)[:120]


@pytest.mark.parametrize("limit", [0, 257])
async def test_few_conversations_are_shown_at_a_time(world: World, limit: int) -> None:
    _, told = await sent(world, PCAP)
    ask = f'{{ captureSummary(id: "{told["id"]}") {{ conversations(limit: {limit}) {{ complete }} }} }}'
    assert (await world.refusal(ask))[0] == "BAD_INPUT"
