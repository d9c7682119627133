"""What a dashboard asks of a million flows, against SQL by hand; and what the rule of reporters adds."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from bench.figures import Figure, Target, cost
from bench.setting import Setting
from bench.simulated import simulated
from bench.stores import NOW
from bench.timing import Took, middle, took, waited
from tapetum.api.context import ApiContext, Asked
from tapetum.api.settings import ApiSettings
from tapetum.api.use.aggregation import aggregate
from tapetum.domain.batches import RecordKind
from tapetum.domain.metrics import Op
from tapetum.domain.moments import DAY, SECOND, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.traffic import ReporterRule
from tapetum.logstore.aggregation import Aggregation, Metric
from tapetum.logstore.port import Search
from tapetum.service.embedded import Embedded

ROW = "aggregate"
_STEP = 600
_RUNS = 9
_LIKE_BY_HAND = Target(1.2, at_least=False)
_SUMS = (Metric(Op.SUM, "bytes_in"), Metric(Op.SUM, "num_flows_started"), Metric(Op.COUNT))
_SUMMED = "sum(bytes_in) AS summed, sum(num_flows_started), count(*)"
_HAND = "SQL by hand"
_NAIVE = f"{_HAND}, naive"

# What is asked, and what a person would write for it.
QUESTIONS = {
    "pairs of namespaces": (
        Aggregation(_SUMS, ("source_namespace", "dest_namespace"), limit=1000),
        f"source_namespace, dest_namespace, NULL, {_SUMMED}",
    ),
    "series of ports": (
        Aggregation(_SUMS, ("dest_port",), _STEP, limit=100),
        f"dest_port::VARCHAR, NULL, epoch_us(start_time) // {_STEP * SECOND}, {_SUMMED}",
    ),
    "different workloads": (
        Aggregation((Metric(Op.DISTINCT, "source_name_aggr"),), ("dest_namespace",), limit=1000),
        "dest_namespace, NULL, NULL, count(DISTINCT source_name_aggr)",
    ),
}


# Each report; combined, from roll-ups where they can tell; combined, from records alone.
EACH, COMBINED, RECORDS = (
    (ReporterRule.EACH, ApiSettings()),
    (ReporterRule.COMBINED, ApiSettings()),
    (ReporterRule.COMBINED, ApiSettings(raw_window=DAY)),
)


def run(setting: Setting) -> list[Figure]:
    lines = setting.sized(1_000_000, 5_000)
    figures: list[Figure] = []
    with simulated(setting, lines) as (store, within):
        for what, (aggregation, columns) in QUESTIONS.items():
            told = asyncio.run(_measured(store, within, aggregation, columns, _RUNS * setting.rounds))
            each, combined, records, by_hand = told
            named = f"{what}, {lines:,} flows, p50"
            figures.append(cost(ROW, named, each, by_hand, _HAND, _LIKE_BY_HAND))
            figures.append(cost(ROW, f"{what}, reporters combined", combined, by_hand, _NAIVE))
            figures.append(cost(ROW, f"{what}, combined from records", records, by_hand, _NAIVE))
    return figures


async def _measured(
    store: Embedded, within: TimeRange, aggregation: Aggregation, columns: str, rounds: int
) -> tuple[Took, Took, Took, Took]:
    def ours(how: tuple[ReporterRule, ApiSettings]) -> Awaitable[set[tuple[Any, ...]]]:
        return _ours(store, within, aggregation, *how)

    if await ours(EACH) != _by_hand(store, within, columns):
        raise AssertionError(f"{aggregation} does not come to {columns}.")
    if await ours(COMBINED) != await ours(RECORDS):
        raise AssertionError(f"{aggregation} comes to another answer from roll-ups.")
    runs: list[tuple[Took, Took, Took, Took]] = [
        (
            await waited(lambda: ours(EACH)),
            await waited(lambda: ours(COMBINED)),
            await waited(lambda: ours(RECORDS)),
            took(lambda: _by_hand(store, within, columns)),
        )
        for _ in range(rounds)
    ]
    each, combined, records, by_hand = zip(*runs, strict=True)
    return middle(list(each)), middle(list(combined)), middle(list(records)), middle(list(by_hand))


async def _ours(
    store: Embedded, within: TimeRange, aggregation: Aggregation, reporters: ReporterRule, how: ApiSettings
) -> set[tuple[Any, ...]]:
    api = ApiContext(store.logs, store.graph, store.catalog, store.bus, clock=lambda: NOW, settings=how)
    asked = Asked(api, EVERYTHING, NOW)
    told = await aggregate(asked, Search(RecordKind.FLOWS, within), aggregation, reporters)
    return {
        (
            *(*row.keys, None)[:2],
            None if row.start is None else row.start // SECOND // _STEP,
            *row.values,
        )
        for row in told.rows
    }


def _by_hand(store: Embedded, within: TimeRange, columns: str) -> set[tuple[Any, ...]]:
    statement = f"""
        SELECT {columns} FROM flows
        WHERE start_time >= make_timestamp(?) AND start_time < make_timestamp(?) GROUP BY 1, 2, 3
    """
    rows: list[tuple[Any, ...]] = store.engine.read_now(
        lambda connection: connection.execute(statement, [within.start, within.end]).fetchall()
    )
    return set(rows)
