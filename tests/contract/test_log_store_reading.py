"""What every LogStore answers: pages in one order, and counts of what is found."""

import asyncio
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.kql import parse
from tapetum.logstore.port import LogStore, Order, Position, Search
from tests.contract.adapters import LOG_STORES, Adapter, marked
from tests.contract.logs import FLOWS, LAST_DAY, Logs, flows_strategy, ids, put
from tests.support import oracle
from tests.support.factory import DAY, HOUR, MINUTE, NOW, SECOND, Flow, Hit, net

# Pages

FIELDS = ["start_time", "end_time", "dest_port", "process_name", "bytes_in", "id", "source_namespace"]


@pytest.mark.parametrize("adapter", marked(LOG_STORES))
@settings(max_examples=15)
@given(
    waves=st.lists(st.lists(flows_strategy(), max_size=8), min_size=1, max_size=5),
    field=st.sampled_from(FIELDS),
    descending=st.booleans(),
    first=st.integers(1, 5),
)
def test_pages_follow_one_order_whatever_is_inserted_meanwhile(
    adapter: Adapter[LogStore[Any]], waves: list[list[Flow]], field: str, descending: bool, first: int
) -> None:
    with adapter.open() as logs:
        asyncio.run(_read_pages(logs, waves, field, descending=descending, first=first))


async def _read_pages(
    logs: Logs, waves: list[list[Flow]], field: str, *, descending: bool, first: int
) -> None:
    inserted: list[Flow] = []
    seen: list[str] = []
    position: Position | None = None
    more = True
    while more or waves:
        if waves:
            wave = waves.pop(0)
            put(logs, *wave)
            inserted = oracle.distinct([*inserted, *wave])
        expected = oracle.in_order(inserted, field, descending=descending)
        if position is not None:
            expected = expected[_behind(expected, position, field, descending=descending) :]
        page = await logs.store.search(EVERYTHING, FLOWS, Order(field, descending), first, position)
        assert [record["id"] for record in page.records] == [flow.id for flow in expected[:first]]
        more = page.more
        assert more == (len(expected) > first)
        seen += [record["id"] for record in page.records]
        if page.records:
            position = Position(page.records[-1][field], page.records[-1]["id"])
    assert len(set(seen)) == len(seen)


def _behind(flows: list[Flow], position: Position, field: str, *, descending: bool) -> int:
    """How many come no later than a position that is one of theirs."""
    at = [flow.id for flow in flows].index(position.id)
    assert oracle.value_of(flows[at], field) == position.value
    return at + 1


async def test_a_record_comes_back_as_it_was_logged(logs: Logs) -> None:
    flow = Flow(
        dest=net("pub", network="pvt"),
        domain="example.com",
        sampling=50,
        port=None,
        bytes_in=None,
        hits=(
            Hit(0, "t", "n", "pass"),
            Hit(1, "t", "o", "deny", -1, "shop"),
            Hit(0, "t", "p", "allow", set="pending"),
        ),
        fields=(
            ("source_labels", ["a=b", "c=d"]),
            ("dest_labels", []),
            ("process_name", "x\n\x00\U0001f63a"),
            ("nat_outgoing_ports", [1, 2]),
            ("tcp_mean_smooth_rtt", 2**62),
        ),
    )
    put(logs, flow)
    record = await logs.store.get(EVERYTHING, RecordKind.FLOWS, flow.id)
    assert record is not None
    for name, value in flow.row.items():
        if name in record:
            assert record[name] == value, name
    assert set(flow.row) - set(record) <= {
        "line_no",
        "known",
        "verdict_key",
        "source_network",
        "dest_network",
    }
    assert record["policies"] == {
        "enforced_policies": ["0|t|gnp:n|pass|0", "1|t|np:shop/o|deny|-1"],
        "pending_policies": ["0|t|gnp:p|allow|0"],
        "transit_policies": [],
        "all_policies": [],
    }
    assert record["policy_hits"] == [hit.row for hit in flow.hits]
    assert await logs.store.get(EVERYTHING, RecordKind.FLOWS, "another") is None
    assert await logs.store.get(EVERYTHING, RecordKind.ALERTS, flow.id) is None


@pytest.mark.parametrize("field", ["policy_hits", "nonsense", "source_labels", 'id" --'])
async def test_what_has_no_order_is_refused(logs: Logs, field: str) -> None:
    with pytest.raises(BadInputError, match="order"):
        await logs.store.search(EVERYTHING, FLOWS, Order(field), 5, None)


# Counting

FILTERS = {
    "": lambda _: True,
    "dest_namespace: shop and not action: deny": lambda flow: (
        flow.dest.namespace == "shop" and flow.action != "deny"
    ),
    "process_name: curl": lambda flow: dict(flow.fields).get("process_name") == "curl",
    "dest_port >= 100 or reporter: fwd": lambda flow: (flow.port or 0) >= 100 or flow.reporter == "fwd",
    "policy_hits:{name: o and action: allow}": lambda flow: bool(flow.hits),
    "policy_hits:{name: o and action: deny}": lambda _: False,
    'dest_labels: "tier=1"': lambda flow: "tier=1" in (dict(flow.fields).get("dest_labels") or ()),
}


@pytest.mark.parametrize("adapter", marked(LOG_STORES))
@settings(max_examples=25)
@given(
    flows=st.lists(flows_strategy(), max_size=25),
    text=st.sampled_from(sorted(FILTERS)),
    within=st.sampled_from(
        [
            LAST_DAY,
            TimeRange(NOW - HOUR - 1, NOW - 1),
            TimeRange(NOW - HOUR, NOW - SECOND),
            TimeRange(NOW, NOW + 1),
        ]
    ),
    by=st.sampled_from([None, "process_name", "dest_port", "source_namespace"]),
    field=st.sampled_from(
        [
            "dest_labels",
            "process_name",
            "dest_port",
            "dest_namespace",
            "policy_hits.name",
            "policy_hits.namespace",
            "policies.enforced_policies",
        ]
    ),
    limit=st.integers(1, 3),
    prefix=st.sampled_from(["", "app", "s", "5", "%", "0|t"]),
)
def test_what_is_counted_is_what_is_found(
    adapter: Adapter[LogStore[Any]],
    flows: list[Flow],
    text: str,
    within: TimeRange,
    by: str | None,
    field: str,
    limit: int,
    prefix: str,
) -> None:
    search = Search(RecordKind.FLOWS, within, filter=parse(text) if text else None)
    found = oracle.chosen(oracle.distinct(flows), within.start, within.end, test=FILTERS[text])

    async def ask(logs: Logs) -> None:
        store = logs.store
        assert sorted(await ids(logs, search)) == sorted(flow.id for flow in found)
        assert await store.count(EVERYTHING, search) == len(found)
        histogram = await store.histogram(EVERYTHING, search, 600, by)
        told = {
            series: Counter(
                {start: count for start, count in zip(histogram.starts, counts, strict=True) if count}
            )
            for series, counts in histogram.counts.items()
        }
        assert {series: counts for series, counts in told.items() if counts} == oracle.histogram(
            found, 600 * SECOND, by
        )
        assert histogram.starts[0] <= within.start < histogram.starts[0] + 600 * SECOND
        assert within.end <= histogram.starts[-1] + 600 * SECOND
        top = await store.top_values(EVERYTHING, search, field, limit, prefix)
        values, other, missing = oracle.top_values(found, field, limit, prefix)
        assert (list(top.values), top.other, top.missing) == (values, other, missing)
        sums = await store.sums(EVERYTHING, search)
        assert dict(
            zip(sums.keys.tolist(), map(tuple, sums.counts.tolist()), strict=True)
        ) == oracle.key_sums(found)
        keys = await store.flow_keys(EVERYTHING, search)
        assert sorted(keys.tolist()) == sorted(oracle.key_sums(found))
        some = list({flow.row["flow_key"] for flow in found})[:2]
        narrowed = Search(RecordKind.FLOWS, within, filter=search.filter, keys=tuple(some))
        assert await store.count(EVERYTHING, narrowed) == sum(flow.row["flow_key"] in some for flow in found)

    with adapter.open() as logs:
        chance = random.Random(len(flows))
        chance.shuffle(flows)
        middle = len(flows) // 2
        put(logs, *flows[:middle])
        put(logs, *flows[middle:], *flows[:2])
        asyncio.run(ask(logs))


MARKS = (
    "policy_hits:{set: enforced and action: deny}",
    "bytes_in > 100",
    "not source_network: *",
    "dest_domain: *",
    "process_name: (curl or wget)",
)


@settings(max_examples=10)
@given(flows=st.lists(flows_strategy(), max_size=20))
@pytest.mark.parametrize("adapter", marked(LOG_STORES))
def test_keys_are_marked_as_filters_would_find_them(
    adapter: Adapter[LogStore[Any]], flows: list[Flow]
) -> None:
    """One question tells what one for each mark would, and so does one without marks."""

    async def ask(logs: Logs) -> None:
        store = logs.store
        queries = [parse(text) for text in MARKS]
        told = await store.marked_keys(EVERYTHING, FLOWS, queries)
        assert told.marked.shape == (len(told.keys), len(MARKS))
        assert sorted(told.keys.tolist()) == sorted((await store.flow_keys(EVERYTHING, FLOWS)).tolist())
        for query, mark in zip(queries, told.marked.T, strict=True):
            found = await store.flow_keys(EVERYTHING, Search(RecordKind.FLOWS, LAST_DAY, filter=query))
            assert sorted(told.keys[mark].tolist()) == sorted(found.tolist())
        unmarked = await store.marked_keys(EVERYTHING, FLOWS, ())
        assert (sorted(unmarked.keys.tolist()), unmarked.marked.shape[1]) == (sorted(told.keys.tolist()), 0)

    with adapter.open() as logs:
        put(logs, *flows)
        asyncio.run(ask(logs))


async def test_numbers_beside_the_counters_are_summed_by_flow_key(logs: Logs) -> None:
    field = "tcp_total_retransmissions"
    counted = [Flow(mark=mark, fields=((field, many),)) for mark, many in enumerate((5, 2**40, None))]
    other = Flow(port=81, fields=((field, 7),))
    put(logs, *counted, other)
    told = await logs.store.sums(EVERYTHING, Search(RecordKind.FLOWS, LAST_DAY), (field,))
    sums = dict(zip(told.keys.tolist(), told.counts.tolist(), strict=True))
    assert sums == {counted[0].row["flow_key"]: [3, 2**40 + 5], other.row["flow_key"]: [1, 7]}


async def test_clusters_are_asked_for(logs: Logs) -> None:
    east, west = Flow(mark=1), Flow(mark=1, cluster="west")
    put(logs, east, id="a")
    put(logs, west, id="b", cluster="west")
    for clusters, expected in (
        (None, {east.id, west.id}),
        ({"west"}, {west.id}),
        ({"north"}, set()),
        (set(), set()),
    ):
        search = Search(RecordKind.FLOWS, LAST_DAY, None if clusters is None else frozenset(clusters))
        assert set(await ids(logs, search)) == expected


async def test_a_histogram_with_many_series_keeps_ten_and_the_rest(logs: Logs) -> None:
    flows = [
        Flow(at=NOW - MINUTE, mark=mark, fields=(("process_name", f"p{place:02}"),))
        for place in range(13)
        for mark in range(13 - place)
    ]
    put(logs, *flows)
    histogram = await logs.store.histogram(EVERYTHING, FLOWS, 3600, "process_name")
    totals = {series: sum(counts) for series, counts in histogram.counts.items()}
    assert totals == {f"p{place:02}": 13 - place for place in range(10)} | {"other": 3 + 2 + 1}


@pytest.mark.parametrize("length", [1, SECOND, HOUR, DAY, 30 * DAY, 400 * DAY, 3000 * DAY])
async def test_a_histogram_finds_a_fitting_interval(logs: Logs, length: int) -> None:
    put(logs, Flow(at=NOW - 1))
    search = Search(RecordKind.FLOWS, TimeRange(NOW - length, NOW))
    histogram = await logs.store.histogram(EVERYTHING, search, None, None)
    assert len(histogram.starts) <= 62
    assert len(histogram.starts) >= 24 or histogram.interval == 1
    assert sum(histogram.counts["all"]) == 1


@pytest.mark.parametrize("interval", [1, -60])
async def test_an_interval_that_cannot_be_is_refused(logs: Logs, interval: int) -> None:
    with pytest.raises(BadInputError, match="buckets"):
        await logs.store.histogram(EVERYTHING, FLOWS, interval, None)


@pytest.mark.parametrize(
    "field",
    ["nonsense", "policy_hits.nonsense", "policy_hits", 'id" --', "source_labels.labels", "policies.x"],
)
async def test_a_field_that_is_not_there_is_refused(logs: Logs, field: str) -> None:
    with pytest.raises(BadInputError, match="counted by"):
        await logs.store.top_values(EVERYTHING, FLOWS, field, 5)
    with pytest.raises(BadInputError, match="counted by"):
        await logs.store.histogram(EVERYTHING, FLOWS, 600, field)
    with pytest.raises(BadInputError, match="counted by"):
        await logs.store.top_values(EVERYTHING, Search(RecordKind.ALERTS, LAST_DAY), "policy_hits.name", 5)


async def test_evidence_counts_decisions_processes_and_tcp(logs: Logs) -> None:
    deny, other = Hit(0, "t", "stop", "deny"), Hit(1, "t", "log", "allow")

    def flow(mark: int, **told: Any) -> Flow:
        measured = told.pop("measured", ())
        return Flow(
            at=NOW - MINUTE * (mark + 1),
            mark=mark,
            hits=(deny, other)[: told.pop("deep", 1)],
            fields=measured,
            **told,
        )

    curl = (("process_name", "curl"), ("process_args", ["-s", "x"]))
    flows = [
        flow(0, connections=3, measured=(*curl, ("tcp_mean_smooth_rtt", 10), ("tcp_max_smooth_rtt", 40))),
        flow(
            1,
            connections=None,
            deep=2,
            measured=(*curl, ("tcp_mean_smooth_rtt", 20), ("tcp_lost_packets", 2)),
        ),
        flow(
            2, connections=None, reporter="dst", measured=(("process_name", "nginx"), ("tcp_lost_packets", 3))
        ),
        flow(3, deep=0),
    ]
    put(logs, *flows)
    evidence = await logs.store.evidence(EVERYTHING, FLOWS, 10)
    assert [(one.hit, one.reporter, one.records, one.connections) for one in evidence.decisions] == [
        (deny.row, "src", 2, 3),
        (deny.row, "dst", 1, None),
        (other.row, "src", 1, None),
    ]
    assert [(one.name, one.args, one.records, one.first_seen) for one in evidence.processes] == [
        ("curl", ("-s", "x"), 2, flows[1].at),
        ("nginx", (), 1, flows[2].at),
    ]
    tcp = evidence.tcp
    assert tcp is not None
    assert (tcp.mean_smooth_rtt, tcp.max_smooth_rtt, tcp.mean_min_rtt) == (15, 40, None)
    assert (tcp.retransmissions, tcp.lost_packets, tcp.unrecovered_timeouts) == (None, 5, None)
    assert len((await logs.store.evidence(EVERYTHING, FLOWS, 1)).decisions) == 1
    nothing = await logs.store.evidence(EVERYTHING, Search(RecordKind.FLOWS, TimeRange(0, 1)), 10)
    assert (nothing.decisions, nothing.processes, nothing.tcp) == ((), (), None)
