"""The different values of a field and the records that hold some of them, in every log store."""

from dataclasses import replace
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.logstore.port import LogStore, Search
from tests.contract.adapters import Rig
from tests.support.factory import HOUR, NOW, Flow, batch, net
from tests.support.records import entry, record_batch

DAY = TimeRange(NOW - 24 * HOUR, NOW)
APART = ("source_name_aggr",)
APART_DNS = ("client_name_aggr",)
TOLD = ("id", "rrsets")


def out(
    ip: str | None, mark: int = 0, at: int = NOW - HOUR // 2, domain: str | None = None, **rest: Any
) -> Flow:
    return Flow(dest=net("pub"), fields=(("dest_ip", ip),), mark=mark, at=at, domain=domain, **rest)


def write(logs: Rig[LogStore[Any]], *batches: Any) -> None:
    for one in batches:
        with logs.transaction() as tx:
            logs.store.append(tx, one)


async def values(
    logs: Rig[LogStore[Any]], kind: RecordKind, field: str, scope: Scope = EVERYTHING
) -> list[str]:
    return sorted((await logs.store.values(scope, Search(kind, DAY), field)).to_pylist())


async def ids(logs: Rig[LogStore[Any]], wanted: list[str], each: int, most: int = 100) -> set[str]:
    search = Search(RecordKind.FLOWS, DAY)
    found = await logs.store.holding(
        EVERYTHING, search, "dest_ip", wanted, APART, each, most, ("id", "dest_ip")
    )
    assert all(one["dest_ip"] in wanted for one in found)
    assert len({one["id"] for one in found}) == len(found)
    return {one["id"] for one in found}


async def test_records_by_their_ids_lead_to_what_is_like_them(logs: Rig[LogStore[Any]]) -> None:
    one, like, other = out("203.0.113.7"), out("203.0.113.8", 1), out("203.0.113.9", 2, port=9)
    write(logs, batch([one, like, other]))
    search = Search(RecordKind.FLOWS, DAY)
    ids = [one.id, "no such", out("203.0.113.7", 3).id]
    (found,) = await logs.store.holding(EVERYTHING, search, "id", ids, (), 1, 3, ("id", "flow_key"))
    assert (found["id"], found["flow_key"]) == (one.id, one.row["flow_key"])
    keys = await logs.store.verdict_keys(EVERYTHING, replace(search, keys=(found["flow_key"],)))
    told = set(keys.rows.column("verdict_key").to_pylist())
    assert told == {one.row["verdict_key"], like.row["verdict_key"]}


async def test_values_are_told_once_each(logs: Rig[LogStore[Any]]) -> None:
    flows = [
        out("203.0.113.7"),
        out("203.0.113.7", 1),
        out("2001:db8::1"),
        out(None),
        out("192.0.2.9", at=NOW + HOUR),
    ]
    write(logs, batch([*flows, out(None, 2, domain="a.example"), out(None, 3, domain="b.example")]))
    assert await values(logs, RecordKind.FLOWS, "dest_ip") == ["2001:db8::1", "203.0.113.7"]
    assert await values(logs, RecordKind.FLOWS, "dest_domains") == ["a.example", "b.example"]
    assert await values(logs, RecordKind.FLOWS, "source_ip") == []
    assert await values(logs, RecordKind.FLOWS, "dest_ip", Scope(frozenset({"west"}))) == []


async def test_values_lie_in_objects_too(logs: Rig[LogStore[Any]]) -> None:
    sets = [
        {"name": "a.example", "type": "A", "class": "IN", "rdata": ["203.0.113.7", "203.0.113.8"]},
        {"name": "b.example", "type": "A", "class": "IN", "rdata": ["203.0.113.7"]},
    ]
    given = entry(RecordKind.DNS, rrsets=sets, qname="a.example", client_name_aggr="web-*")
    write(
        logs, record_batch([given, entry(RecordKind.DNS, qname="c.example"), entry(RecordKind.DNS, mark=1)])
    )
    assert await values(logs, RecordKind.DNS, "rrsets.name") == ["a.example", "b.example"]
    assert await values(logs, RecordKind.DNS, "rrsets.rdata") == ["203.0.113.7", "203.0.113.8"]
    assert await values(logs, RecordKind.DNS, "qname") == ["a.example", "c.example"]
    for field, wanted in (("rrsets.rdata", ["203.0.113.8", "192.0.2.1"]), ("rrsets.name", ["b.example"])):
        search = Search(RecordKind.DNS, DAY)
        found = await logs.store.holding(EVERYTHING, search, field, wanted, APART_DNS, 10, 100, TOLD)
        assert [(one["id"], one["rrsets"]) for one in found] == [(given.id, sets)]


async def test_the_first_of_an_hour_and_value_are_among_what_is_told(logs: Rig[LogStore[Any]]) -> None:
    begin = NOW - NOW % HOUR - 2 * HOUR
    flood = [out("203.0.113.7", mark, begin + mark) for mark in range(30)]
    others = [out("203.0.113.8", 1, begin), out("203.0.113.7", 1, begin + HOUR), out("192.0.2.1", 1, begin)]
    write(logs, batch([*flood, *others]))
    found = await ids(logs, ["203.0.113.7", "203.0.113.8"], 3)
    assert {one.id for one in (*flood[:3], *others[:2])} <= found <= {one.id for one in (*flood, *others[:2])}
    assert await ids(logs, ["203.0.113.7"], 3, most=1) == {others[1].id}
    assert await ids(logs, ["198.51.100.1"], 3) == set()
