"""Exports: every record once and whole, within the scope, in tables that others read."""

import asyncio
import csv
from io import StringIO
from itertools import accumulate
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tapetum.api import ApiSettings
from tapetum.api.tables import TABLES
from tapetum.api.use.export import Column
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import iso
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES
from tests.api.exports import HOURS, exported, lines, refusal
from tests.api.test_logs import full
from tests.api.world import World, opened
from tests.support.factory import HOUR, MINUTE, NOW, SECOND, Flow, Hit, wep
from tests.support.records import KINDS, Entry, entry

SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("count", [0, 1, 7, 14, 50])
async def test_every_record_comes_once_in_order(world: World, count: int) -> None:
    """Many share their time, so that ids break ties."""
    flows = [Flow(at=NOW - MINUTE - mark // 5 * SECOND, port=mark, mark=mark) for mark in range(count)]
    world.commit([*flows, Flow(at=NOW - 3 * HOUR)])
    rows = await lines(world, RecordKind.FLOWS)
    wanted = sorted(flows, key=lambda flow: (flow.at, flow.id), reverse=True)
    assert [row["id"] for row in rows] == [flow.id for flow in wanted]
    ordered = await lines(
        world, RecordKind.FLOWS, order="destPort:asc", columns="dest_port", filter="dest_port > 3"
    )
    assert ordered == [{"dest_port": port} for port in range(4, count)]


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("way", ["asc", "desc"])
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
def test_however_records_lie_in_time_each_comes_once(way: str, data: st.DataObject) -> None:
    """Crowds at one moment, steady streams, and long silence."""
    gaps = data.draw(st.lists(st.sampled_from([0, 0, 0, 1, SECOND, 5 * MINUTE]), max_size=80))
    moments = list(accumulate(gaps, initial=NOW - 7 * HOUR))
    flows = [Flow(at=at, mark=mark) for mark, at in enumerate(moments) if at < NOW]
    with opened() as world:
        world.commit(flows)
        found = asyncio.run(
            lines(
                world, RecordKind.FLOWS, **{"from": "now-8h", "order": f"start_time:{way}", "columns": "id"}
            )
        )
    wanted = sorted(flows, key=lambda flow: (flow.at, flow.id), reverse=way == "desc")
    assert [row["id"] for row in found] == [flow.id for flow in wanted]


@pytest.mark.usefixtures("small_pages")
async def test_what_arrives_meanwhile_changes_nothing_of_what_was_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    flows = [Flow(at=NOW - MINUTE - mark * SECOND, mark=mark) for mark in range(40)]
    world.commit(flows)
    logs, arrived = world.context.logs, 0
    search = logs.search

    async def with_arrivals(*arguments: Any) -> Any:
        nonlocal arrived
        page = await search(*arguments)
        arrived += 1
        world.commit([Flow(at=NOW - at * SECOND, port=9, mark=1000 + arrived) for at in (1, 75, 99)])
        world.clock.now += MINUTE
        return page

    monkeypatch.setattr(logs, "search", with_arrivals)
    rows = await lines(world, RecordKind.FLOWS)
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert [each for each in ids if each in {flow.id for flow in flows}] == [flow.id for flow in flows]
    assert all(row["start_time"] < iso(NOW) for row in rows)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_record_is_written_with_all_its_columns(world: World, kind: RecordKind) -> None:
    one = full(kind)
    world.log(one, Entry(kind, NOW - HOUR))
    moments = {column.name for column in SHAPES[kind].record if "timestamp" in str(column.type)}
    wanted = {
        name: iso(value) if name in moments else value for name, value in one.row.items() if name != "line_no"
    }
    row, bare = await lines(world, kind)
    assert row == wanted
    assert set(bare) == {"id", "cluster", SHAPES[kind].time}
    table = list(csv.reader(StringIO((await exported(world, f"{kind}.csv")).decode(), newline="")))
    header, *cells = table
    assert set(header) == set(wanted)
    for name, cell in zip(header, cells[0], strict=True):
        value = wanted[name]
        assert (cell if isinstance(value, str) else msgspec.json.decode(cell)) == value
    assert [cell for cell in cells[1] if cell] == ([bare[name] for name in header if name in bare])


async def test_parts_of_objects_are_columns_of_their_own(world: World) -> None:
    world.commit([Flow(hits=(Hit(0, "t", "a", "pass"), Hit(1, "t", "b", "deny")))])
    columns = "policy_hits.name,policies.enforced_policies,policy_hits.name,destPort"
    assert await lines(world, RecordKind.FLOWS, columns=columns) == [
        {
            "policy_hits.name": ["a", "b"],
            "policies.enforced_policies": ["0|t|gnp:a|pass|0", "1|t|gnp:b|deny|0"],
            "dest_port": 80,
        }
    ]
    answers = [{"rdata": ["1.1.1.1", "2.2.2.2"], "type": "A"}, {"rdata": None, "type": "SOA"}]
    world.log(entry(RecordKind.DNS, rrsets=answers))
    assert await lines(world, RecordKind.DNS, columns=["rrsets.rdata", "rrsets.type"]) == [
        {"rrsets.rdata": ["1.1.1.1", "2.2.2.2"], "rrsets.type": ["A", "SOA"]}
    ]


async def test_csv_is_safe_to_open_in_a_spreadsheet(world: World) -> None:
    hostile = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", '"=1', "a,b\r\nc", "ä=1", "'=1", ""]
    world.log(*(entry(RecordKind.BGP, message=text, mark=mark) for mark, text in enumerate(hostile)))
    body = await exported(world, "bgp.csv", columns="message")
    cells = [row[0] if row else "" for row in csv.reader(StringIO(body.decode(), newline=""))][1:]
    assert sorted(cells) == sorted([*(f"'{text}" for text in hostile[:6]), *hostile[6:]])
    assert body.startswith(b"message\r\n")
    assert body.endswith(b"\r\n")


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(), st.integers(), st.booleans()), min_size=2, max_size=2))
)
def test_csv_reads_back_as_what_was_written(rows: list[list[Any]]) -> None:
    columns = [Column(str(place), lambda record, place=place: record[str(place)]) for place in range(2)]
    body = TABLES["csv"].rows(
        columns, [{str(place): value for place, value in enumerate(row)} for row in rows]
    )
    found = list(csv.reader(StringIO(body.decode("utf-8", "surrogatepass"), newline="")))
    for cells, row in zip(found, rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            guarded = isinstance(value, str) and text[:1] in tuple("=+-@\t\r")
            assert cell == (f"'{text}" if guarded else text)


async def test_an_export_shows_nothing_of_another_tenant() -> None:
    with opened(ApiSettings()) as world:
        mine = Flow(wep("shop", "web"), wep("shop", "db"))
        world.commit(
            [mine, Flow(wep("data", "x"), wep("data", "y")), Flow(wep("shop", "web"), wep("data", "y"))]
        )
        world.commit([Flow(cluster="west")], cluster="west")
        world.log(
            entry(RecordKind.DNS, client_namespace="shop"), entry(RecordKind.DNS, client_namespace="data")
        )
        world.log(entry(RecordKind.BGP))
        token = await world.token(Scope(namespaces=frozenset({("east", "shop")})))
        for arguments in (
            {},
            {"filter": "dest_namespace: data or source_namespace: shop"},
            {"clusters": "east,west"},
        ):
            assert [row["id"] for row in await lines(world, RecordKind.FLOWS, token, **arguments)] == [
                mine.id
            ]
        assert [row["client_namespace"] for row in await lines(world, RecordKind.DNS, token)] == ["shop"]
        assert (await exported(world, "bgp.csv", token)).count(b"\n") == 1  # the header
        assert (await refusal(world, "flows.csv"))[0] == 401


@pytest.mark.parametrize(
    ("name", "arguments", "status", "told"),
    [
        ("flows.xls", {}, 404, "There is no export 'flows.xls'"),
        ("pods.csv", {}, 404, "There is no export 'pods.csv'"),
        ("flows", {}, 404, "There is no export 'flows'"),
        ("flows.csv", {}, 400, "The range has no beginning; add from=now-1h, or a time."),
        ("flows.csv", {"from": "yesterday"}, 400, "'yesterday' is not a time"),
        ("flows.csv", {"from": "now", "to": "now-1h"}, 400, "is empty"),
        ("flows.csv", {"from": ["now-1h", "now-2h"]}, 400, "The argument 'from' is given twice"),
        ("flows.csv", HOURS | {"filter": "qname: x"}, 400, "There is no field"),
        ("flows.csv", HOURS | {"filter": "((("}, 400, ""),
        ("flows.csv", HOURS | {"columns": "source_namspace"}, 400, "did you mean source_namespace?"),
        ("flows.csv", HOURS | {"columns": ""}, 400, "columns is empty"),
        ("flows.csv", HOURS | {"columns": ["id"] * 201}, 400, "at most 200"),
        ("flows.csv", HOURS | {"clusters": ","}, 400, "clusters is empty"),
        ("flows.csv", HOURS | {"order": "source_labels"}, 400, "several values"),
        ("flows.csv", HOURS | {"order": "id:down"}, 400, "field:asc or field:desc"),
        ("flows.csv", HOURS | {"limit": "5"}, 400, "There is no argument 'limit'"),
    ],
)
async def test_what_is_wrong_is_said_in_a_sentence(
    world: World, name: str, arguments: dict[str, Any], status: int, told: str
) -> None:
    found, sentence = await refusal(world, name, **arguments)
    assert found == status
    assert told in sentence
    assert "\n" not in sentence


async def test_another_site_may_not_export(world: World) -> None:
    for headers, status in (
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://evil.example"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "http://localhost"}, 200),
        ({"sec-fetch-site": "none"}, 200),
    ):
        async with world.client(**headers) as client:
            assert (await client.get("/export/v1/flows.csv", params=HOURS)).status_code == status


async def test_a_head_says_what_a_get_would_send(world: World) -> None:
    world.commit([Flow()])
    async with world.client() as client:
        response = await client.head("/export/v1/flows.csv", params=HOURS)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-disposition"] == 'attachment; filename="flows.csv"'
    assert response.headers["content-type"].startswith("text/csv")
