"""What every LogStore keeps of records other than flows: the same answers as plain Python over their rows.

The tests share a store: each writes to a cluster of its own and asks for that one.
"""

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from tapetum.domain.batches import Receipt, RecordKind
from tapetum.domain.moments import HOUR, SECOND, TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.shapes import SHAPES
from tapetum.kql import FieldType, Query, catalogue, compile_predicate, parse
from tapetum.logstore.columns import COLUMNS, LISTS, NESTED, is_list, nested_part, scalar
from tapetum.logstore.port import Appended, KindCensus, Order, Position, Search
from tests.contract.logs import LAST_DAY, Logs
from tests.support.factory import MINUTE, NOW
from tests.support.records import KINDS, Entry, entry, record_batch

WORDS = ("a", "b", "shop", "pay", "NXDomain", "10.0.0.1", "ä'\"%_\\*", "web-*", "")
ADDRESSES = ("10.0.0.1", "192.168.1.9", "2001:db8::1")
MANY = 60

pytestmark = pytest.mark.parametrize("kind", KINDS)


def put(logs: Logs, entries: Iterable[Entry]) -> Appended:
    with logs.transaction() as transaction:
        return logs.store.append(transaction, record_batch(entries))


def some_entries(kind: RecordKind, seed: int) -> list[Entry]:
    """Sparse, with few distinct values, so that ties and missing ones are common."""
    chance = random.Random(seed)
    known = catalogue(kind.value)

    def value(name: str) -> Any:
        field = known.fields[name]
        match field.type:
            case FieldType.KEYWORD:
                return chance.choice(WORDS)
            case FieldType.IP:
                return chance.choice(ADDRESSES)
            case FieldType.LONG:
                return chance.choice((0, 1, 53, 2**40))
            case _:
                return NOW - chance.choice((0, 1, SECOND, HOUR)) - MINUTE

    def several(name: str) -> list[Any]:
        if name not in NESTED[kind]:
            return [value(name) for _ in range(chance.randrange(1, 3))]
        return [
            {
                child.leaf: several(child.name) if child.multi else value(child.name)
                for child in known.children(name)
            }
            for _ in range(chance.randrange(1, 3))
        ]

    found: list[Entry] = []
    for mark in range(MANY):
        fields = tuple(
            (name, several(name) if name in LISTS[kind] else value(name))
            for name in COLUMNS[kind]
            if name not in ("id", "cluster", SHAPES[kind].time) and chance.random() < 0.6
        )
        at = NOW - chance.choice((1, SECOND, HOUR, HOUR + 1, 23 * HOUR))
        found.append(Entry(kind, at, cluster(kind, seed), fields, mark))
    return found


def cluster(kind: RecordKind, seed: int) -> str:
    return f"{kind}-{seed}"


def asked(kind: RecordKind, seed: int, within: TimeRange = LAST_DAY, query: Query | None = None) -> Search:
    return Search(kind, within, frozenset({cluster(kind, seed)}), query)


def readable(one: Entry) -> dict[str, Any]:
    return {name: one.row[name] for name in COLUMNS[one.kind]}


async def test_a_record_comes_back_as_it_went_in(shared_logs: Logs, kind: RecordKind) -> None:
    entries = some_entries(kind, 0)
    assert put(shared_logs, entries).receipt == Receipt(MANY, MANY, 0, 0)
    assert put(shared_logs, entries).replayed
    again = put(shared_logs, [entry(kind, cluster=cluster(kind, 0), mark=1), *entries])
    assert again.receipt == Receipt(MANY + 1, 1, MANY, 0)
    for one in entries[:5]:
        assert await shared_logs.store.get(EVERYTHING, kind, one.id) == readable(one)
    ids = [one.id for one in entries]
    assert await shared_logs.store.raw(EVERYTHING, ids, kind) == {
        one.id: one.line.decode() for one in entries
    }
    assert await shared_logs.store.count(EVERYTHING, asked(kind, 0)) == MANY + 1
    for other in SHAPES:
        if other is not kind:
            search = Search(other, LAST_DAY, frozenset({cluster(kind, 0)}))
            assert await shared_logs.store.count(EVERYTHING, search) == 0
    told = await shared_logs.store.census(EVERYTHING)
    (census,) = (one for one in told if one.cluster == cluster(kind, 0))
    times = [one.at for one in entries]
    assert census.kinds == (KindCensus(kind, MANY + 1, min(times), max(times)),)
    assert (census.records, census.first_seen, census.last_seen) == (MANY + 1, min(times), max(times))


async def test_every_scalar_orders_pages(shared_logs: Logs, kind: RecordKind) -> None:
    entries = some_entries(kind, 1)
    put(shared_logs, entries)
    for place, name in enumerate(sorted(set(COLUMNS[kind]) - LISTS[kind])):
        descending = bool(place % 2)
        order = Order(name, descending)
        present = sorted(
            (one for one in entries if one.row[name] is not None),
            key=lambda one: (one.row[name], one.id),
            reverse=descending,
        )
        absent = sorted(
            (one for one in entries if one.row[name] is None), key=lambda one: one.id, reverse=descending
        )
        found: list[str] = []
        after: Position | None = None
        while True:
            page = await shared_logs.store.search(EVERYTHING, asked(kind, 1), order, 17, after)
            found += [record["id"] for record in page.records]
            if not page.more:
                break
            after = Position(page.records[-1][name], page.records[-1]["id"])
        assert found == [one.id for one in (*present, *absent)], name


async def test_values_are_counted(shared_logs: Logs, kind: RecordKind) -> None:
    entries = some_entries(kind, 2)
    put(shared_logs, entries)
    for field in catalogue(kind.value).fields.values():
        if field.type in (FieldType.NESTED, FieldType.DATE):
            continue
        values = [distinct(kind, one, field.name) for one in entries]
        counts = Counter(value for each in values for value in each)
        top = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:3]
        told = await shared_logs.store.top_values(EVERYTHING, asked(kind, 2), field.name, 3)
        shown = {value for value, _ in top}
        assert told.values == tuple(top), field.name
        assert told.missing == sum(not each for each in values), field.name
        begun = sorted(
            (one for one in counts.items() if one[0].startswith("a")), key=lambda one: (-one[1], one[0])
        )
        suggested = await shared_logs.store.top_values(EVERYTHING, asked(kind, 2), field.name, 3, "a")
        assert suggested.values == tuple(begun[:3]), field.name
        assert told.other == sum(bool(each) and not each & shown for each in values), field.name


def distinct(kind: RecordKind, one: Entry, field: str) -> set[str]:
    """A record's values as text."""
    column, _, part = field.partition(".")
    if column in NESTED[kind]:
        assert nested_part(kind, field, lists=True) == (column, part)
        held = [item[part] for item in one.row[column] or () if item[part] is not None]
        return {value for each in held for value in (each if isinstance(each, list) else [each])}
    if is_list(kind, field):
        return {str(value) for value in one.row[field] or ()}
    value = one.row[scalar(kind, field)]
    return set() if value is None else {str(value)}


async def test_a_histogram_counts_by_the_kinds_own_time(shared_logs: Logs, kind: RecordKind) -> None:
    entries = some_entries(kind, 3)
    put(shared_logs, entries)
    within = TimeRange((NOW // HOUR - 2) * HOUR, NOW + HOUR)
    told = await shared_logs.store.histogram(EVERYTHING, asked(kind, 3, within), HOUR // SECOND, None)
    expected = Counter(one.at // HOUR * HOUR for one in entries if within.start <= one.at < within.end)
    assert {at: n for at, n in zip(told.starts, told.counts["all"], strict=True) if n} == expected


async def test_a_namespace_limit_shows_only_its_own(shared_logs: Logs, kind: RecordKind) -> None:
    entries = some_entries(kind, 4)
    put(shared_logs, entries)
    own = cluster(kind, 4)
    scope = Scope(namespaces=frozenset({(own, "shop"), (own, "a"), ("west", "pay")}))
    columns = SHAPES[kind].namespaces
    seen = [one for one in entries if scope.sees(own, *(one.row[name] for name in columns))]
    assert bool(columns) == bool(seen)
    search = asked(kind, 4)
    page = await shared_logs.store.search(scope, search, Order(SHAPES[kind].time), 500, None)
    assert {record["id"] for record in page.records} == {one.id for one in seen}
    assert await shared_logs.store.count(scope, search) == len(seen)
    assert sum((await shared_logs.store.histogram(scope, search, None, None)).counts["all"]) == len(seen)
    hidden = [one.id for one in entries if one not in seen]
    assert await shared_logs.store.raw(scope, hidden, kind) == {}
    assert await shared_logs.store.get(scope, kind, hidden[0]) is None
    assert sum(one.records for one in await shared_logs.store.census(scope)) == len(seen)


async def test_filters_agree_with_the_predicate(shared_logs: Logs, kind: RecordKind) -> None:
    entries = some_entries(kind, 5)
    put(shared_logs, entries)
    for text in _queries(kind):
        query = parse(text)
        test = compile_predicate(query, kind.value, NOW)
        expected = {one.id for one in entries if test(one.row)}
        search = asked(kind, 5, query=query)
        page = await shared_logs.store.search(EVERYTHING, search, Order(SHAPES[kind].time), 500, None)
        assert {record["id"] for record in page.records} == expected, text


def _queries(kind: RecordKind) -> list[str]:
    """Each field by value, by presence, by wildcard or comparison; nested ones in and out of braces."""
    found = ["shop", "10.0.0.1", "not a and not b", "*a*"]
    for field in catalogue(kind.value).fields.values():
        name = field.name
        match field.type:
            case FieldType.NESTED:
                parts = catalogue(kind.value).children(name)
                found.append(f"{name}:*")
                found += [
                    f"not {name}:{{{one.leaf}: * and {other.leaf}: *}}" for one in parts for other in parts
                ]
                words = [one.leaf for one in parts if one.type is FieldType.KEYWORD]
                found += [f"{name}:{{{one}: (a or shop) or not {one}: *}}" for one in words]
            case FieldType.KEYWORD:
                found += [f"{name}: (a or shop)", f"not {name}:*", f"{name}: *b*", f"{name} > b"]
            case FieldType.IP:
                found += [f"{name}: 10.0.0.0/8", f"not {name}: 10.0.0.1", f'{name}: "2001:db8::/32"']
            case FieldType.LONG:
                found += [f"{name}: 53", f"{name} >= 1", f"not {name} < 2"]
            case _:
                found += [f"{name} > now-30m", f"not {name}:*"]
    return found
