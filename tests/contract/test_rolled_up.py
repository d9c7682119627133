"""Aggregates of flows from roll-ups, from records, and as the oracle recounts them: row for row the same."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.api.context import ApiContext, Asked
from tapetum.api.settings import ApiSettings
from tapetum.api.use.aggregation import aggregate
from tapetum.api.use.rolled_up import rolled_up
from tapetum.bus.inprocess import InProcessBus
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import UnavailableError
from tapetum.domain.flows import FLOW_KEY
from tapetum.domain.metrics import Op
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.traffic import ReporterRule
from tapetum.graphstore.port import GraphStore
from tapetum.kql import parse
from tapetum.logstore.aggregation import Aggregated, Aggregation, Metric
from tapetum.logstore.port import LogStore, Search
from tests.contract import graphs, logs
from tests.contract.adapters import GRAPH_STORES, LOG_STORES, Adapter
from tests.contract.graphs import some_flows, some_ranges, some_scopes
from tests.contract.test_aggregate import assert_told
from tests.contract.test_graph_store import FILTERS
from tests.support import aggregates, oracle
from tests.support.factory import DAY, HOUR, MINUTE, NOW, Flow

Stores = tuple[Adapter[LogStore[Any]], Adapter[GraphStore[Any]]]
STORES = [
    pytest.param(
        (log, graph), id=f"{log}, {graph}", marks=[pytest.mark.engine] if log.engine or graph.engine else []
    )
    for log, graph in zip(LOG_STORES, GRAPH_STORES, strict=True)
]
FIELDS = tuple(name for name in FLOW_KEY if name != "known")
METRICS = (
    Metric(Op.COUNT),
    Metric(Op.COUNT, "bytes_in"),
    Metric(Op.COUNT, "packets_to_source"),
    Metric(Op.SUM, "connections"),
    Metric(Op.SUM, "bytes_to_target"),
    Metric(Op.SUM, "packets_to_source"),
    Metric(Op.SUM, "bytes_out"),
    Metric(Op.AVG, "packets_in"),
    Metric(Op.AVG, "bytes_to_source"),
)
QUESTIONS = st.builds(
    Aggregation,
    metrics=st.lists(st.sampled_from(METRICS), min_size=1, max_size=4).map(tuple),
    group_by=st.lists(st.sampled_from(FIELDS), max_size=4, unique=True).map(tuple),
    limit=st.sampled_from([1, 3, 1000]),
    descending=st.booleans(),
)
NOBODY: Any = None
ALWAYS = ApiSettings(raw_window=0)
NEVER = ApiSettings(raw_window=1000 * DAY)


@contextmanager
def both(stores: Stores, flows: list[Flow]) -> Generator[ApiContext]:
    with stores[0].open() as log, stores[1].open() as graph:
        logs.put(log, *flows)
        graphs.put(graph, *flows)
        yield ApiContext(log.store, graph.store, NOBODY, InProcessBus(), lambda: NOW)


def asked(api: ApiContext, how: ApiSettings, scope: Scope = EVERYTHING) -> Asked:
    return Asked(replace(api, settings=how), scope, NOW)


@pytest.mark.parametrize("stores", STORES)
@settings(max_examples=25)
@given(
    flows=some_flows(40).map(oracle.distinct),
    asking=st.lists(
        st.tuples(some_ranges(), QUESTIONS, some_scopes(), st.sampled_from(sorted(FILTERS))),
        min_size=1,
        max_size=5,
    ),
)
def test_roll_ups_records_and_a_recount_agree(
    stores: Stores,
    flows: list[Flow],
    asking: list[tuple[TimeRange, Aggregation, Scope, str]],
) -> None:
    with both(stores, flows) as api:
        for within, question, scope, text in asking:
            search = Search(RecordKind.FLOWS, within, filter=parse(text) if text else None)
            seen = oracle.chosen(flows, within.start, within.end, scope, FILTERS[text])
            let, stopped = oracle.verdicts_of(seen)
            rows = [aggregates.row(flow) for flow in [*let, *stopped]]
            for how in (ALWAYS, NEVER):
                one = asked(api, how, scope)
                told = asyncio.run(aggregate(one, search, question, ReporterRule.COMBINED))
                assert told.range == within
                assert_told(told, rows, question, "start_time")


ANSWERED = TimeRange(NOW - 3 * HOUR, NOW)
SUMMED = Aggregation((Metric(Op.SUM, "connections"),), ("source_namespace",))


async def _rolled(
    api: ApiContext, within: TimeRange, question: Aggregation, **told: Any
) -> Aggregated | None:
    return await rolled_up(asked(api, ApiSettings()), Search(RecordKind.FLOWS, within, **told), question)


@pytest.mark.parametrize("stores", STORES)
async def test_what_roll_ups_answer_and_what_they_do_not(stores: Stores) -> None:
    """No records are read but for those beside whole minutes and hours: there is none to be read here."""
    with stores[0].open() as log, stores[1].open() as graph:
        graphs.put(graph, Flow(connections=5), Flow(at=NOW - 2 * DAY, connections=3))
        api = ApiContext(log.store, graph.store, NOBODY, InProcessBus(), lambda: NOW)
        for within, expected in ((ANSWERED, 5), (TimeRange(NOW - 5 * DAY, NOW), 8)):
            told = await _rolled(api, within, SUMMED)
            assert told is not None
            assert [row.values for row in told.rows] == [(expected,)]
        for within, question, text in (
            (TimeRange(NOW - HOUR, NOW), SUMMED, None),  # so short a range is counted from records
            (TimeRange(NOW - 3 * DAY - 65 * MINUTE, NOW - 3 * DAY), SUMMED, None),  # no whole hour in it
            (ANSWERED, replace(SUMMED, interval=3600), None),
            (ANSWERED, replace(SUMMED, group_by=("process_name",)), None),
            (ANSWERED, replace(SUMMED, metrics=(Metric(Op.MAX, "bytes_in"),)), None),
            (ANSWERED, replace(SUMMED, metrics=(Metric(Op.SUM, "tcp_lost_packets"),)), None),
            (ANSWERED, replace(SUMMED, metrics=(Metric(Op.DISTINCT, "dest_port"),)), None),
            (ANSWERED, SUMMED, "process_name: curl"),
        ):
            assert await _rolled(api, within, question, filter=parse(text) if text else None) is None


@pytest.mark.parametrize("stores", STORES)
async def test_sums_that_might_not_fit_are_left_to_the_records(stores: Stores) -> None:
    flows = [Flow(bytes_in=2**53 - 1, mark=mark, at=NOW - 20 * MINUTE) for mark in range(600)]
    question = Aggregation((Metric(Op.SUM, "bytes_in"),), ("source_namespace",))
    with stores[0].open() as log, stores[1].open() as graph:
        for some in (flows[:400], flows[400:]):  # a batch alone may hold no more
            logs.put(log, *some)
            graphs.put(graph, *some)
        api = ApiContext(log.store, graph.store, NOBODY, InProcessBus(), lambda: NOW)
        assert await _rolled(api, ANSWERED, question) is None
        search = Search(RecordKind.FLOWS, ANSWERED)
        told = await aggregate(asked(api, ApiSettings()), search, question, ReporterRule.COMBINED)
        assert [row.values for row in told.rows] == [(600 * (2**53 - 1),)]


async def test_records_answer_while_roll_ups_are_not_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where Neo4j is away: what is in memory may lack what came last."""

    async def away(*_: Any) -> Any:
        raise UnavailableError("The graph database does not answer.")

    flows = [Flow(reporter=reporter, connections=5, at=NOW - 20 * MINUTE) for reporter in ("src", "dst")]
    with both((LOG_STORES[0], GRAPH_STORES[0]), flows) as api:
        counted = api.graph.counted

        async def without_roll_ups(scope: Scope, sums: Any, query: Any = None) -> Any:
            return await (counted(scope, sums) if query is None else away())

        monkeypatch.setattr(api.graph, "grouped", away)
        monkeypatch.setattr(api.graph, "counted", without_roll_ups)
        for question in (SUMMED, replace(SUMMED, interval=DAY // 1_000_000)):
            search = Search(RecordKind.FLOWS, ANSWERED)
            told = await aggregate(asked(api, ApiSettings()), search, question, ReporterRule.COMBINED)
            assert [row.values for row in told.rows] == [(5,)]
