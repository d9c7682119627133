"""Cursors freeze what was asked, go with nothing else, and never widen what a caller sees."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.api import ApiSettings, issue
from tapetum.api.use.cursors import digest, read_cursor, write_cursor
from tapetum.domain.errors import BadInputError
from tapetum.domain.identity import seal
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import Scope
from tapetum.kql import FieldType
from tapetum.logstore.port import Position
from tests.api.world import World, opened
from tests.support.factory import HOUR, MINUTE, NOW, Bad, Flow, wep

PAGE = """
query($range: TimeRangeInput!, $clusters: [ID!], $filter: KQL, $first: Int!, $after: String, $order:
  OrderInput) {
  flows(range: $range, clusters: $clusters, filter: $filter, first: $first, after: $after, orderBy: $order) {
    range { from to } totalCount nodes { id destPort startTime } edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
LAST_HOUR = {"from": "now-1h"}


def forty() -> list[Flow]:
    return [Flow(port=port % 7 or None, at=NOW - (1 + port) * 30_000_000, mark=port) for port in range(40)]


async def pages(world: World, variables: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = (await world.ask(PAGE, {**variables, "after": after}))["flows"]
        found.append(page)
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize(
    "order", [None, {"field": "dest_port"}, {"field": "destPort", "direction": "ASC"}, {"field": "id"}]
)
async def test_pages_hold_every_record_once(world: World, order: dict[str, str] | None) -> None:
    world.commit(forty())
    whole = (await pages(world, {"range": LAST_HOUR, "first": 500, "order": order}))[0]
    assert len(whole["nodes"]) == 40
    for first in (1, 7, 39, 40):
        parts = await pages(world, {"range": LAST_HOUR, "first": first, "order": order})
        assert [node for page in parts for node in page["nodes"]] == whole["nodes"]
        assert [page["pageInfo"]["hasPreviousPage"] for page in parts] == [False] + [True] * (len(parts) - 1)
        assert {page["totalCount"] for page in parts} == {"40"}
        for page in parts:
            assert page["pageInfo"]["startCursor"] == page["edges"][0]["cursor"]
            assert page["pageInfo"]["endCursor"] == page["edges"][-1]["cursor"]


async def test_the_range_is_frozen_while_time_goes_on(world: World) -> None:
    world.commit(forty())
    first = (await world.ask(PAGE, {"range": LAST_HOUR, "first": 10}))["flows"]
    world.clock.now += 30 * MINUTE
    world.commit([Flow(at=world.clock.now - MINUTE)])
    again = (
        await world.ask(PAGE, {"range": LAST_HOUR, "first": 10, "after": first["pageInfo"]["endCursor"]})
    )["flows"]
    assert again["range"] == first["range"]
    assert again["totalCount"] == first["totalCount"]


async def test_a_cursor_goes_with_nothing_else(world: World) -> None:
    world.commit(forty())
    asked = {"range": LAST_HOUR, "first": 5}
    cursor = (await world.ask(PAGE, asked))["flows"]["pageInfo"]["endCursor"]
    for other in (
        {"filter": "dest_port: 3"},
        {"clusters": ["east"]},
        {"order": {"field": "dest_port"}},
        {"order": {"field": "start_time", "direction": "ASC"}},
    ):
        code, message = await world.refusal(PAGE, {**asked, **other, "after": cursor})
        assert code == "BAD_INPUT"
        assert "another filter, order or choice of clusters" in message
    alerts = (
        'query($after: String) { alerts(range: {from: "now-1h"}, first: 5, after: $after) { nodes { id } } }'
    )
    assert (await world.refusal(alerts, {"after": cursor}))[0] == "BAD_INPUT"
    assert await world.ask(PAGE, {**asked, "first": 6, "after": cursor})


@pytest.mark.parametrize("first", [0, -1, 501, 2**31 - 1])
async def test_a_page_has_1_to_500_records(world: World, first: int) -> None:
    code, message = await world.refusal(PAGE, {"range": LAST_HOUR, "first": first})
    assert (code, message) == (
        "BAD_INPUT",
        f"first is {first}; give it a value from 1 to 500.",
    ) or code == "REFUSED"


async def test_a_cursor_shows_nothing_of_others() -> None:
    """F25: whatever a cursor holds, forged or borrowed, the caller's own scope decides."""
    with opened(ApiSettings(require_token=True)) as world:
        mine = [Flow(source=wep("mine", "a"), dest=wep("mine", "b"), mark=mark) for mark in range(6)]
        theirs = [Flow(source=wep("theirs", "a"), dest=wep("theirs", "b"), mark=mark) for mark in range(6)]
        world.commit(mine + theirs)
        tokens = {}
        for name, scope in (("all", Scope()), ("mine", Scope(namespaces=frozenset({("east", "mine")})))):
            token, tokens[name] = issue(
                name, scope, ingest=False, lifetime=timedelta(hours=1), clock=world.clock
            )
            await world.context.catalog.add_token(token)
        asked = {"range": LAST_HOUR, "first": 3}
        borrowed = (await world.ask(PAGE, asked, tokens["all"]))["flows"]["pageInfo"]["endCursor"]
        honest = (await world.ask(PAGE, {**asked, "first": 500}, tokens["mine"]))["flows"]
        assert honest["totalCount"] == "6"
        allowed = {node["id"] for node in honest["nodes"]}
        page = (await world.ask(PAGE, {**asked, "first": 500, "after": borrowed}, tokens["mine"]))["flows"]
        assert {node["id"] for node in page["nodes"]} <= allowed
        assert page["totalCount"] == "6"
        wide = TimeRange(NOW - 1000 * HOUR, NOW + HOUR)
        forged = write_cursor(digest("flows", "", None, "start_time", True), wide, Position(None, ""))
        page = (await world.ask(PAGE, {**asked, "first": 500, "after": forged}, tokens["mine"]))["flows"]
        assert {node["id"] for node in page["nodes"]} <= allowed


def forged(*parts: Any) -> str:
    return seal("page", *parts)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "a" * 10_000,
        "é",
        urlsafe_b64encode(b"[" * 1000).decode(),
        seal("node", "WORKLOAD", "east", "shop", "web"),
        forged(),
        forged("x"),
        forged(digest("q"), 1, 2, 3),
        forged(digest("q"), "1", 2, 3, "id"),
        forged(digest("q"), 2, 1, 3, "id"),
        forged(digest("q"), -1, 1, 3, "id"),
        forged(digest("q"), 1, 2**62, 3, "id"),
        forged(digest("q"), 1, 2, "text", "id"),
        forged(digest("q"), 1, 2, [3], "id"),
        forged(digest("q"), 1, 2, {"$ne": 1}, "id"),
        forged(digest("q"), 1, 2, True, "id"),
        forged(digest("q"), 1, 2, 1.5, "id"),
        forged(digest("q"), 1, 2, 2**64, "id"),
        forged(digest("q"), 1, 2, 3, 4),
        forged(digest("q"), 1, 2, 3, "x" * 300),
    ],
)
def test_forged_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(BadInputError):
        read_cursor(cursor, digest("q"), FieldType.LONG)


@given(
    st.integers(0, 10**15),
    st.integers(1, 10**12),
    st.sampled_from(
        [
            (FieldType.LONG, st.none() | st.integers(-(2**63), 2**63 - 1)),
            (FieldType.DATE, st.none() | st.integers(0, 4 * 10**15)),
            (FieldType.KEYWORD, st.none() | st.text(max_size=50)),
            (FieldType.IP, st.none() | st.text(max_size=50)),
            (FieldType.BOOLEAN, st.none() | st.booleans()),
        ]
    ).flatmap(lambda each: st.tuples(st.just(each[0]), each[1])),
    st.text(max_size=40),
)
def test_a_cursor_reads_back_as_it_was_written(
    start: int, length: int, ordered: tuple[FieldType, Any], last_id: str
) -> None:
    kind, value = ordered
    within, position = TimeRange(start, start + length), Position(value, last_id)
    found = read_cursor(write_cursor("d", within, position), "d", kind)
    assert (found.range, found.position) == (within, position)


@given(st.binary(max_size=100) | st.text(max_size=60).map(str.encode))
def test_any_text_is_refused_in_a_sentence(raw: bytes) -> None:
    for text in (raw.decode(errors="replace"), urlsafe_b64encode(raw).decode()):
        with pytest.raises(BadInputError):
            read_cursor(text, "d", FieldType.LONG)


async def test_rejected_lines_are_paged_by_arrival(world: World) -> None:
    for number in range(3):
        world.clock.now += MINUTE
        world.commit([Bad(f"bad {number} {line}".encode()) for line in range(4)])
    query = """query($first: Int!, $after: String) { rejectedLines(range: {from: "now-1h", to: "now+1h"},
      first: $first,
      after: $after) { totalCount nodes { id line reason lineNumber } pageInfo { hasNextPage endCursor } }
        }"""
    whole = (await world.ask(query, {"first": 100}))["rejectedLines"]
    assert whole["totalCount"] == "12"
    found, after = [], None
    while True:
        page = (await world.ask(query, {"first": 5, "after": after}))["rejectedLines"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole["nodes"]
    node = "query($id: ID!) { node(id: $id) { ... on RejectedLine { id line reason lineNumber } } }"
    for line in found:
        assert (await world.ask(node, {"id": line["id"]}))["node"] == line


async def test_rejected_lines_are_found_by_what_they_were_sent_as(world: World) -> None:
    world.commit([Bad(b"one"), Bad(b"two")])
    query = """query($kind: RecordKind, $source: String, $after: String) {
      rejectedLines(range: {from: "now-1h", to: "now+1h"}, first: 1, kind: $kind, source: $source,
        after: $after) { totalCount nodes { kind source line } pageInfo { endCursor } } }"""
    told = (await world.ask(query, {"kind": "FLOWS", "source": "test"}))["rejectedLines"]
    assert told["totalCount"] == "2"
    assert [(line["kind"], line["source"]) for line in told["nodes"]] == [("FLOWS", "test")]
    for other in ({"kind": "DNS"}, {"source": "another"}):
        assert (await world.ask(query, other))["rejectedLines"]["totalCount"] == "0"
        with_cursor = {**other, "after": told["pageInfo"]["endCursor"]}
        assert "cursor" in (await world.refusal(query, with_cursor))[1]
