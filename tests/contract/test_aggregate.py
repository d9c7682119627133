"""What every LogStore answers to an aggregation, against an oracle that goes record by record."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError, TooLargeError
from tapetum.domain.metrics import Op
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.shapes import SHAPES
from tapetum.logstore import aggregation
from tapetum.logstore.aggregation import Aggregated, Aggregation, Metric
from tapetum.logstore.port import LogStore, Search
from tests.contract.adapters import LOG_STORES, Adapter, marked
from tests.contract.logs import FLOWS, LAST_DAY, Logs, flows_strategy, put
from tests.support import aggregates, oracle
from tests.support.factory import DAY, MINUTE, NOW, Flow, Hit
from tests.support.records import Entry, entry, record_batch

FLOW_FIELDS = (
    "source_namespace", "dest_port", "process_name", "reporter", "dest_labels", "start_time",
    "policy_hits.name", "policy_hits.action", "policy_hits.namespace",
)  # fmt: skip
FLOW_METRICS = (
    Metric(Op.COUNT),
    Metric(Op.COUNT, "bytes_in"),
    Metric(Op.SUM, "bytes_in"),
    Metric(Op.SUM, "connections"),
    Metric(Op.SUM, "bytes_to_target"),
    Metric(Op.MIN, "bytes_to_source"),
    Metric(Op.AVG, "packets_to_target"),
    Metric(Op.AVG, "bytes_in"),
    Metric(Op.MAX, "start_time"),
    Metric(Op.MIN, "end_time"),
    Metric(Op.DISTINCT, "source_name_aggr"),
    Metric(Op.DISTINCT, "bytes_in"),
)


def asked(fields: tuple[str, ...], metrics: tuple[Metric, ...]) -> st.SearchStrategy[Aggregation]:
    made = st.builds(
        Aggregation,
        metrics=st.lists(st.sampled_from(metrics), min_size=1, max_size=4).map(tuple),
        group_by=st.lists(st.sampled_from(fields), max_size=3, unique=True).map(tuple),
        interval=st.sampled_from([None, None, 3600, 7 * 60]),
        limit=st.sampled_from([1, 2, 100]),
        descending=st.booleans(),
    )
    parts = lambda one: any("." in field for field in one.group_by)  # noqa: E731
    return made.filter(lambda one: one.metrics[0].op is not Op.DISTINCT or not parts(one))


@pytest.mark.parametrize("adapter", marked(LOG_STORES))
@settings(max_examples=25)
@given(flows=st.lists(flows_strategy(), max_size=25), question=asked(FLOW_FIELDS, FLOW_METRICS))
def test_flows_in_groups(adapter: Adapter[LogStore[Any]], flows: list[Flow], question: Aggregation) -> None:
    with adapter.open() as logs:
        put(logs, *flows)
        rows = [aggregates.row(flow) for flow in oracle.distinct(flows)]
        told = asyncio.run(logs.store.aggregate(EVERYTHING, FLOWS, question))
        assert_told(told, rows, question, "start_time")


DNS_FIELDS = ("qname", "rcode", "type", "client_labels")
DNS_METRICS = (
    Metric(Op.COUNT),
    Metric(Op.SUM, "count"),
    Metric(Op.AVG, "latency_mean"),
    Metric(Op.AVG, "count"),
    Metric(Op.MAX, "latency_max"),
    Metric(Op.DISTINCT, "qname"),
)


def dns_strategy() -> st.SearchStrategy[Entry]:
    said = (("a.example", "A"), ("b.example", "CNAME"), ("a.example", None))
    answers = [{"name": name, "type": kind, "class": "IN", "rdata": ["10.0.0.1"]} for name, kind in said]
    return st.builds(
        lambda at, mark, fields: entry(RecordKind.DNS, at, mark=mark, **fields),
        at=st.sampled_from([NOW - 1, NOW - 70 * MINUTE]),
        mark=st.integers(0, 3),
        fields=st.fixed_dictionaries(
            {
                "type": st.sampled_from(["LOG", "UNLOGGED"]),
                "count": st.sampled_from([1, 7, 2**52]),
                "qname": st.sampled_from([None, "a.example", "é.example"]),
                "rcode": st.sampled_from([None, "NoError", "NXDomain"]),
                "client_labels": st.sampled_from([None, [], ["a=1", "b=2"]]),
                "latency_count": st.sampled_from([None, 0, 1, 9]),
                "latency_mean": st.sampled_from([None, 3, 2**40]),
                "latency_max": st.sampled_from([None, 5]),
                "rrsets": st.lists(st.sampled_from(answers), max_size=3),
            }
        ),
    )


@pytest.mark.parametrize("adapter", marked(LOG_STORES))
@settings(max_examples=20)
@given(
    entries=st.lists(dns_strategy(), min_size=1, max_size=20),
    question=st.one_of(
        asked(DNS_FIELDS, DNS_METRICS),
        asked(("rrsets.type", "rrsets.name"), DNS_METRICS),
    ),
)
def test_dns_in_groups(adapter: Adapter[LogStore[Any]], entries: list[Entry], question: Aggregation) -> None:
    with adapter.open() as logs:
        with logs.transaction() as transaction:
            logs.store.append(transaction, record_batch(entries))
        rows = list({one.id: one.row for one in entries}.values())
        search = Search(RecordKind.DNS, LAST_DAY)
        told = asyncio.run(logs.store.aggregate(EVERYTHING, search, question))
        assert_told(told, rows, question, SHAPES[RecordKind.DNS].time)


def assert_told(told: Aggregated, rows: list[dict[str, Any]], question: Aggregation, time: str) -> None:
    expected, groups, other = aggregates.expected(rows, question, time)
    for found, wanted in ((told.rows, expected), (told.other, other)):
        assert [(row.keys, row.start) for row in found] == [(key, start) for key, start, _ in wanted]
        for row, (_, _, values) in zip(found, wanted, strict=True):
            for value, metric, right in zip(row.values, question.metrics, values, strict=True):
                assert type(value) is (float if metric.op is Op.AVG and right is not None else type(right))
                assert value == (pytest.approx(right, rel=1e-12) if isinstance(right, float) else right)
    assert told.groups == groups
    assert told.truncated == (groups > question.limit)
    if question.interval is None:
        assert told.starts == ()
    else:
        assert {row.start for row in (*told.rows, *told.other)} <= set(told.starts)
    assert not told.approximate


async def test_sums_beyond_what_a_float_holds_are_exact(logs: Logs) -> None:
    hits = (Hit(0, "t", "n", "allow"),)
    flows = [Flow(bytes_in=2**53 - 1 - mark, bytes_out=2**53 - 3, mark=mark, hits=hits) for mark in range(7)]
    put(logs, *flows, Flow(bytes_in=1, reporter="dst", bytes_out=2**53 - 5))
    metrics = (Metric(Op.SUM, "bytes_in"), Metric(Op.SUM, "bytes_to_target"))
    exactly = sum(2**53 - 1 - mark for mark in range(7))
    for question in (
        Aggregation(metrics),
        Aggregation(metrics, ("source_namespace",)),
        Aggregation(metrics, ("source_namespace", "dest_port"), interval=86_400),
    ):
        (row,) = (await logs.store.aggregate(EVERYTHING, FLOWS, question)).rows
        assert row.values == (exactly + 1, 7 * (2**53 - 3) + 1)
    question = Aggregation(metrics, ("policy_hits.name",), limit=1)
    told = await logs.store.aggregate(EVERYTHING, FLOWS, question)
    assert [row.values for row in told.rows] == [(exactly, 7 * (2**53 - 3))]
    assert [row.values for row in told.other] == [(1, 1)]


@pytest.mark.parametrize("search", [FLOWS, Search(RecordKind.FLOWS, TimeRange(0, DAY))])
async def test_nothing_is_one_group_of_nothing(logs: Logs, search: Search) -> None:
    """Where nothing matches, and where no record was ever stored."""
    put(logs, Flow(at=NOW - 3 * DAY))
    metrics = (Metric(Op.COUNT), Metric(Op.SUM, "bytes_in"), Metric(Op.DISTINCT, "host"))
    told = await logs.store.aggregate(EVERYTHING, search, Aggregation(metrics))
    assert [row.values for row in told.rows] == [(0, None, 0)]
    for question in (Aggregation(metrics, ("host",)), Aggregation(metrics, interval=3600),
                     Aggregation(metrics, ("policy_hits.name",), 3600)):  # fmt: skip
        told = await logs.store.aggregate(EVERYTHING, search, question)
        assert (told.rows, told.other, told.truncated) == ((), (), False)


async def test_a_number_of_many_different_values_is_exact(logs: Logs) -> None:
    put(logs, *(Flow(port=None if port == 0 else port) for port in range(2_501)))
    distinct = (Metric(Op.DISTINCT, "dest_port"), Metric(Op.COUNT))
    told = await logs.store.aggregate(EVERYTHING, FLOWS, Aggregation(distinct))
    assert [row.values for row in told.rows] == [(2_500, 2_501)]
    assert not told.approximate


async def test_a_list_counts_once_for_each_different_value(logs: Logs) -> None:
    put(logs, Flow(fields=(("nat_outgoing_ports", [9, 9, 10]), ("dest_domains", ["a", "a"]))), Flow(mark=1))
    told = await logs.store.aggregate(EVERYTHING, FLOWS, Aggregation(group_by=("nat_outgoing_ports",)))
    assert [(row.keys, row.values) for row in told.rows] == [(("10",), (1,)), (("9",), (1,)), ((None,), (1,))]
    told = await logs.store.aggregate(EVERYTHING, FLOWS, Aggregation(group_by=("dest_domains",), limit=1))
    assert [(row.keys, row.values) for row in told.rows] == [(("a",), (1,))]
    assert [row.values for row in told.other] == [(1,)]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (Aggregation(group_by=("policy_hits.index",)), "cannot be counted by"),
        (Aggregation(group_by=("nonsense",)), "cannot be counted by"),
        (Aggregation(group_by=('id" --',)), "cannot be counted by"),
        (Aggregation(group_by=("host", "host")), "twice"),
        (Aggregation(group_by=("host", "proto", "action", "reporter", "dest_port")), "at most 4"),
        (Aggregation((Metric(Op.SUM, "host"),)), "no number"),
        (Aggregation((Metric(Op.MIN, "host"),)), "neither a number nor a time"),
        (Aggregation((Metric(Op.SUM),)), "needs a field"),
        (Aggregation((Metric(Op.DISTINCT, "dest_labels"),)), "cannot be measured by"),
        (Aggregation((Metric(Op.DISTINCT, "bytes_to_target"),)), "cannot be measured by"),
        (Aggregation((Metric(Op.SUM, 'bytes_in") --'),)), "cannot be measured by"),
        (Aggregation(()), "1 to 10"),
        (Aggregation(order_by=1), "the first is 0"),
        (Aggregation(limit=0), "1 to 1000"),
        (Aggregation(interval=1), "buckets"),
        (Aggregation(group_by=("host",), interval=60, limit=100), "lower limit"),
        (Aggregation((Metric(Op.DISTINCT, "host"),), ("policy_hits.name",)), "another metric"),
    ],
)
async def test_what_cannot_be_answered_is_refused_in_a_sentence(
    logs: Logs, question: Aggregation, sentence: str
) -> None:
    with pytest.raises(BadInputError, match=sentence):
        await logs.store.aggregate(EVERYTHING, FLOWS, question)


async def test_parts_of_answers_go_with_no_other_field(logs: Logs) -> None:
    question = Aggregation(group_by=("rrsets.type", "qname"))
    with pytest.raises(BadInputError, match="alone"):
        await logs.store.aggregate(EVERYTHING, Search(RecordKind.DNS, LAST_DAY), question)


async def test_too_many_groups_are_refused_with_the_way_out(
    logs: Logs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregation, "GROUPS_MOST", 3)
    put(logs, *(Flow(port=port, hits=(Hit(0, "t", f"p{port}", "allow"),)) for port in range(4)))
    for field in ("dest_port", "policy_hits.name"):
        with pytest.raises(TooLargeError, match="narrow the range or the filter"):
            await logs.store.aggregate(EVERYTHING, FLOWS, Aggregation(group_by=(field,)))
    told = await logs.store.aggregate(EVERYTHING, FLOWS, Aggregation(group_by=("reporter",)))
    assert told.groups == 1
