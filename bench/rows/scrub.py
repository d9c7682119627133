"""The scrubber over 30 days: random minutes, hours and ranges as the page asks for them, and ranges compared.

The graph and the histogram of a moment are asked for at once, in the page's own words; both are waited for.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
from starlette.applications import Starlette

from bench.asgi import post
from bench.figures import Figure, Of, Target
from bench.setting import Setting
from bench.stores import NOW
from bench.synthetic import Cluster, opened
from bench.timing import Took, middle, percentile, took, waited
from tapetum.api import ApiContext, ApiSettings, create_app
from tapetum.domain.moments import DAY, HOUR, MINUTE, SECOND, Micros, TimeRange

ROW = "scrub"
_DAYS = 30
_SCRUBBED = Target(300, at_least=False, of=Of.VALUE, unit="ms")
_COMPARED = Target(1000, at_least=False, of=Of.VALUE, unit="ms")
_MOMENTS = 60
"""Of each kind, in a random order of kinds, as a hand that scrubs asks for them."""
_BARS = 170
_NICE = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
"""Seconds; both as the page's scrubber/bars.ts has them."""

_GRAPH = """query ServiceGraph($range: TimeRangeInput!, $level: GraphLevel!, $limit: Int!) {
  serviceGraph(range: $range, level: $level, limit: $limit) {
    range { from to } asOf columns truncated stale } }"""
_HISTOGRAM = """query Histogram($range: TimeRangeInput!, $interval: Int) {
  histogram(kind: FLOWS, range: $range, interval: $interval, by: "action") {
    interval starts series { key counts } } }"""
_COMPARISON = """query CompareGraphs(
  $range: TimeRangeInput!, $before: TimeRangeInput!, $level: GraphLevel!, $limit: Int!) {
  compareGraphs(range: $range, before: $before, level: $level, limit: $limit) {
    before { from to } comparable truncated counts { change edges } columns } }"""


@dataclass(frozen=True, slots=True)
class Moment:
    kind: str
    within: TimeRange


def run(setting: Setting) -> list[Figure]:
    cluster = Cluster(
        workloads=setting.sized(2_000, 100),
        namespaces=setting.sized(60, 8),
        edges=setting.sized(20_000, 1_000),
        flows=setting.sized(20_000_000, 50_000),
        days=_DAYS,
    )
    with opened(cluster, setting.cache) as store:
        app = create_app(
            ApiContext(
                logs=store.logs,
                graph=store.graph,
                catalog=store.catalog,
                bus=store.bus,
                clock=store.clock,
                settings=ApiSettings(require_token=False),
            )
        )
        # As `up` does when it starts.
        warm = took(lambda: store.graph.warm(TimeRange((NOW // DAY - _DAYS) * DAY, NOW // DAY * DAY)))
        return [
            Figure(ROW, "days loaded ahead after start", warm.wall * 1e3, "ms"),
            *asyncio.run(_measured(app, setting.rounds)),
        ]


async def _measured(app: Starlette, rounds: int) -> list[Figure]:
    seen: dict[str, list[Took]] = {}
    for moment in _moments(Random(7)):
        seen.setdefault(moment.kind, []).append(await waited(lambda m=moment: _shown(app, m.within)))
    figures = [figure for kind, told in seen.items() for figure in _scrubbed(kind, told)]
    figures.append(
        Figure(ROW, "slowest of all", max(t.wall for told in seen.values() for t in told) * 1e3, "ms")
    )
    for name, length in (("an hour", HOUR), ("12 h", 12 * HOUR), ("a week", 7 * DAY), ("15 days", 15 * DAY)):
        for level in ("NAMESPACE", "WORKLOAD"):
            sides = TimeRange(NOW - length, NOW), TimeRange(NOW - 2 * length, NOW - length)
            first = await waited(lambda sides=sides, level=level: _compared(app, *sides, level))
            again = [
                await waited(lambda sides=sides, level=level: _compared(app, *sides, level))
                for _ in range(rounds)
            ]
            what = f"{name} beside the one before, {level.lower()}s"
            figures += [
                Figure(ROW, f"{what}, first", first.wall * 1e3, "ms", target=_COMPARED),
                Figure(ROW, f"{what}, first, CPU", first.cpu * 1e3, "ms"),
                Figure(ROW, f"{what}, again", middle(again).wall * 1e3, "ms"),
            ]
    return figures


def _scrubbed(kind: str, told: list[Took]) -> list[Figure]:
    wall, cpu = [t.wall * 1e3 for t in told], [t.cpu * 1e3 for t in told]
    return [
        Figure(ROW, f"{kind}: graph and histogram, p50", percentile(wall, 0.5), "ms"),
        Figure(ROW, f"{kind}: p95", percentile(wall, 0.95), "ms", target=_SCRUBBED),
        Figure(ROW, f"{kind}: p95 of CPU", percentile(cpu, 0.95), "ms"),
    ]


def _moments(dice: Random) -> Iterator[Moment]:
    """Any minute of the last day, any hour of 30 days, and any range of it."""
    kinds = [kind for kind in ("minutes of the last day", "hours", "ranges") for _ in range(_MOMENTS)]
    dice.shuffle(kinds)
    for kind in kinds:
        match kind:
            case "hours":
                start = NOW - _DAYS * DAY + dice.randrange(_DAYS * 24 - 24) * HOUR
                within = TimeRange(start, start + dice.randint(1, 24) * HOUR)
            case "ranges":
                ends = sorted(dice.randrange(_DAYS * DAY // MINUTE) for _ in range(2))
                within = TimeRange(
                    NOW - _DAYS * DAY + ends[0] * MINUTE, NOW - _DAYS * DAY + (ends[1] + 1) * MINUTE
                )
            case _:
                start = NOW - DAY + dice.randrange(DAY // MINUTE - 60) * MINUTE
                within = TimeRange(start, start + dice.randint(1, 60) * MINUTE)
        yield Moment(kind, within)


async def _shown(app: Starlette, within: TimeRange) -> None:
    strip = _strip(within)
    interval = next((n for n in _NICE if n * SECOND * _BARS >= strip.length), _NICE[-1])
    step = interval * SECOND
    bars = TimeRange(strip.start // step * step, -(-strip.end // step) * step)
    await asyncio.gather(
        _asked(app, _GRAPH, range=_told(within), level="NAMESPACE", limit=5000),
        _asked(app, _HISTOGRAM, range=_told(bars), interval=interval),
    )


def _strip(within: TimeRange) -> TimeRange:
    """What the strip shows around a range: three of its lengths, ending at now or just after it."""
    end = min(NOW, within.end + within.length)
    return TimeRange(end - 3 * within.length, end)


async def _compared(app: Starlette, within: TimeRange, before: TimeRange, level: str) -> None:
    await _asked(
        app, _COMPARISON, range=_told(within), before=_told(before), level=level, limit=5000
    )  # fmt: skip


async def _asked(app: Starlette, query: str, **variables: Any) -> None:
    body = msgspec.json.encode({"query": query, "variables": variables})
    answer = await post(app, "/graphql", body)
    if b'"errors"' in answer:
        raise AssertionError(f"The API refused: {answer[:300]!r}")


def _told(within: TimeRange) -> dict[str, str]:
    return {"from": _iso(within.start), "to": _iso(within.end)}


def _iso(moment: Micros) -> str:
    return datetime.fromtimestamp(moment / SECOND, UTC).isoformat()
