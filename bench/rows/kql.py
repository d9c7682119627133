"""A histogram over a million flows through the query language, against SQL written by hand."""

import asyncio
from typing import Any

from bench.figures import Figure, Target, cost
from bench.setting import Setting
from bench.simulated import simulated
from bench.timing import Took, middle, took, waited
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import SECOND, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.kql import parse
from tapetum.logstore.port import Search
from tapetum.service.embedded import Embedded

ROW = "kql"
_STEP = 600
_LIKE_BY_HAND = Target(1.2, at_least=False)
_RUNS = 9

_DENYING = "lambda hit: hit.tier = 'security' AND hit.action = 'deny'"
# What is asked, and the condition that a person would write for it.
FILTERS = {
    "everything": (None, "true"),
    "two fields": ("dest_namespace: data and action: allow", "dest_namespace = 'data' AND action = 'allow'"),
    "wildcard": ("dest_name_aggr: *gress*", "dest_name_aggr LIKE '%gress%'"),
    "range, negated": ("dest_port >= 1024 and not reporter: src", "dest_port >= 1024 AND reporter != 'src'"),
    "policy": (
        'policy_hits: {tier: "security" and action: "deny"}',
        f"trace IN (SELECT trace FROM traces WHERE len(list_filter(policy_hits, {_DENYING})) > 0)",
    ),
}


def run(setting: Setting) -> list[Figure]:
    lines = setting.sized(1_000_000, 5_000)
    figures: list[Figure] = []
    with simulated(setting, lines) as (store, within):
        for what, (query, condition) in FILTERS.items():
            mine, theirs = asyncio.run(_compared(store, within, query, condition, _RUNS * setting.rounds))
            named = f"{what}, {lines:,} flows, p50"
            figures.append(cost(ROW, named, mine, theirs, "SQL by hand", _LIKE_BY_HAND))
    return figures


async def _compared(
    store: Embedded, within: TimeRange, query: str | None, condition: str, rounds: int
) -> tuple[Took, Took]:
    if await _ours(store, within, query) != _by_hand(store, within, condition):
        raise AssertionError(f"The histogram of {query} is not that of {condition}.")
    ours: list[Took] = []
    by_hand: list[Took] = []
    for _ in range(rounds):
        ours.append(await waited(lambda: _ours(store, within, query)))
        by_hand.append(took(lambda: _by_hand(store, within, condition)))
    return middle(ours), middle(by_hand)


async def _ours(store: Embedded, within: TimeRange, query: str | None) -> dict[int, int]:
    """From the text of the query to zero-filled buckets, through the port."""
    search = Search(RecordKind.FLOWS, within, filter=None if query is None else parse(query))
    found = await store.logs.histogram(EVERYTHING, search, _STEP, None)
    return {
        start // SECOND // _STEP: count
        for start, count in zip(found.starts, found.counts["all"], strict=True)
        if count
    }


def _by_hand(store: Embedded, within: TimeRange, condition: str) -> dict[int, int]:
    statement = f"""
        SELECT epoch_us(start_time) // {_STEP * SECOND} AS place, count(*) FROM flows
        WHERE start_time >= make_timestamp(?) AND start_time < make_timestamp(?) AND {condition}
        GROUP BY place
    """
    rows: list[tuple[Any, ...]] = store.engine.read_now(
        lambda connection: connection.execute(statement, [within.start, within.end]).fetchall()
    )
    return dict(rows)
