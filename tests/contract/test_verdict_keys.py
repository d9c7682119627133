"""Records folded by verdict keys, against a fold in plain Python over the same flows."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import TooLargeError
from tapetum.domain.flows import COUNTERS, VERDICT_KEY
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.kql import parse
from tapetum.logstore.port import VERDICT_KEYS, LogStore, Search
from tests.contract.adapters import LOG_STORES, Adapter, marked
from tests.contract.logs import FLOWS, LAST_DAY, Logs, flows_strategy, put
from tests.support.factory import HOUR, NOW, SECOND, Flow, net, wep

FIELDS = st.sampled_from(
    [
        (),
        (("source_ip", "10.0.0.1"),),
        (("source_name", "web-1"), ("dest_name", "db-1")),
        (("dest_labels", ["app=db"]),),
        (("dest_labels", ["app=db", "tier=1"]), ("source_port", 4711)),
        (("dest_labels", []), ("dest_domains", ["a.example", "b.example"])),
    ]
)


def some_flows() -> st.SearchStrategy[Flow]:
    return st.builds(lambda flow, fields: replace(flow, fields=fields), flows_strategy(), FIELDS)


def folded(flows: list[Flow], within: TimeRange) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for flow in {flow.id: flow for flow in flows}.values():
        if not within.start <= flow.at < within.end:
            continue
        row = flow.row
        told = found.setdefault(
            row["verdict_key"],
            {
                **{name: row[name] for name in ("verdict_key", *VERDICT_KEY)},
                "records": 0,
                **dict.fromkeys(COUNTERS),
                "first_seen": _moment(flow.at),
                "last_seen": _moment(flow.at),
            },
        )
        told["records"] += 1
        for name in COUNTERS:
            if row[name] is not None:
                told[name] = (told[name] or 0) + row[name]
        told["first_seen"] = min(told["first_seen"], _moment(flow.at))
        told["last_seen"] = max(told["last_seen"], _moment(flow.at))
    return found


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at // SECOND, UTC).replace(microsecond=at % SECOND, tzinfo=None)


async def keys(logs: Logs, search: Search = FLOWS, scope: Scope = EVERYTHING) -> dict[int, dict[str, Any]]:
    answer = await logs.store.verdict_keys(scope, search)
    assert (answer.rows.schema, answer.keyless) == (VERDICT_KEYS, 0)
    rows = answer.rows.to_pylist()
    found = {row["verdict_key"]: row for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize("adapter", marked(LOG_STORES))
@settings(max_examples=25)
@given(
    waves=st.lists(st.lists(some_flows(), max_size=12), min_size=1, max_size=3),
    within=st.sampled_from([LAST_DAY, TimeRange(NOW - HOUR - 1, NOW - 1), TimeRange(NOW, NOW + 1)]),
)
def test_keys_are_those_of_a_plain_fold(
    adapter: Adapter[LogStore[Any]], waves: list[list[Flow]], within: TimeRange
) -> None:
    with adapter.open() as logs:
        for flows in waves:
            put(logs, *flows)
        search = Search(RecordKind.FLOWS, within)
        expected = folded([flow for flows in waves for flow in flows], within)
        assert asyncio.run(keys(logs, search)) == expected


async def test_filters_clusters_and_scopes_choose_the_records(logs: Logs) -> None:
    flows = [
        Flow(fields=(("process_name", "curl"), ("dest_labels", ["app=db"]))),
        Flow(fields=(("process_name", "wget"), ("dest_labels", ["app=db"])), mark=1),
        Flow(source=wep("pay", "api"), mark=2),
        Flow(source=net("pub"), mark=3),
        Flow(cluster="west", mark=4),
    ]
    put(logs, *flows[:4])
    put(logs, flows[4], cluster="west")
    by_process = replace(FLOWS, filter=parse("process_name: curl"))
    assert await keys(logs, by_process) == folded(flows[:1], LAST_DAY)
    assert await keys(logs, replace(FLOWS, clusters=frozenset({"west"}))) == folded(flows[4:], LAST_DAY)
    shop = Scope(None, frozenset({("east", "shop")}))
    assert await keys(logs, scope=shop) == folded([*flows[:2], flows[3]], LAST_DAY)
    assert await keys(logs, scope=Scope(frozenset())) == {}


async def test_long_lists_are_told_whole(logs: Logs) -> None:
    long = [f"label-{place}={'x' * 60}" for place in range(150, 0, -1)]
    flows = [Flow(fields=(("dest_labels", long),)), Flow(fields=(("dest_labels", ['a="b\\c"', "a"]),))]
    put(logs, *flows)
    assert await keys(logs) == folded(flows, LAST_DAY)


async def test_what_comes_twice_counts_once(logs: Logs) -> None:
    flows = [Flow(mark=mark, port=80 + mark % 3) for mark in range(9)]
    put(logs, *flows)
    put(logs, *flows)
    put(logs, *flows[::-1], Flow(mark=9), id="another")
    assert await keys(logs) == folded([*flows, Flow(mark=9)], LAST_DAY)


async def test_more_than_asked_for_is_refused(logs: Logs) -> None:
    put(logs, *(Flow(port=port) for port in range(5)))
    assert (await logs.store.verdict_keys(EVERYTHING, FLOWS, 5)).rows.num_rows == 5
    with pytest.raises(TooLargeError, match="more than 4 different connections; narrow"):
        await logs.store.verdict_keys(EVERYTHING, FLOWS, 4)


async def test_a_cancelled_fold_leaves_the_store_free(logs: Logs) -> None:
    put(logs, *(Flow(mark=mark, port=mark) for mark in range(2000)))
    for pause in (0, 0.002, 0.01):
        asked = [asyncio.create_task(logs.store.verdict_keys(EVERYTHING, FLOWS)) for _ in range(8)]
        await asyncio.sleep(pause)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        assert await asyncio.wait_for(logs.store.count(EVERYTHING, FLOWS), 5) == 2000
