"""A rule tried on what is stored: what it would have raised, had the records come in the order of their time.

Raises nothing. What would take too many questions is refused, or looked at up to a point that is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tapetum.detect.detecting import within as within_span
from tapetum.detect.detectors import Asker
from tapetum.detect.detectors import alert_of as alert_of_finding
from tapetum.detect.measuring import measure, per_question
from tapetum.detect.rules import MOST_EVIDENCE, Rule
from tapetum.detect.windows import Standing, alert_of, judged
from tapetum.domain.alert_rules import Window
from tapetum.domain.alerts import Alert
from tapetum.domain.detectors import Detector
from tapetum.domain.errors import TooLargeError
from tapetum.domain.moments import DAY, HOUR, SECOND, Micros, TimeRange
from tapetum.domain.record_ends import telling_apart
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES
from tapetum.logstore.port import LogStore, Order, Position, Record, Search

MOST_RECORDS, _PAGE = 10_000, 500
_MOST_QUESTIONS = 100
_MOST_KEPT = 1000
_MOST_DAYS = 7
"""That a detector looks at in one trial."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert that would have been; `value` is a window's, `records` those that were alike."""

    alert: Alert
    value: float | None = None
    records: int | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """`upto`: what lies behind was not looked at. `windows` were judged, None without windows."""

    raised: tuple[Raised, ...]
    total: int
    upto: Micros
    questions: int
    windows: int | None = None


async def tried(
    logs: LogStore[Any], scope: Scope, rule: Rule, within: TimeRange, clusters: Sequence[str]
) -> Tried:
    """The earliest alerts come first; `clusters` are those of the caller that the rule concerns."""
    if rule.says.detector is not None:
        return await _by_detector(logs, scope, rule, rule.says.detector, within, clusters)
    if rule.says.window is None:
        return await _on_records(logs, scope, rule, within, clusters)
    return await _over_windows(logs, scope, rule, rule.says.window, within, clusters)


async def _on_records(
    logs: LogStore[Any], scope: Scope, rule: Rule, within: TimeRange, clusters: Sequence[str]
) -> Tried:
    """The first of its records, as many as are read in some questions."""
    kind = rule.says.kind
    time, apart = SHAPES[kind].time, telling_apart(kind)
    search = Search(kind, within, frozenset(clusters), rule.filter)
    order, after, questions, more = Order(time, descending=False), None, 0, True
    alike: dict[tuple[Any, ...], list[Record]] = {}
    last = within.end
    while more and questions < MOST_RECORDS // _PAGE:
        page = await logs.search(scope, search, order, _PAGE, after)
        questions, more = questions + 1, page.more
        for one in page.records:
            key = (one["cluster"], one[time] // HOUR, *(one[name] for name in apart))
            alike.setdefault(key, []).append(one)
        if page.records:
            last = page.records[-1][time]
            after = Position(last, page.records[-1]["id"])
    raised = tuple(_told(rule, some) for some in list(alike.values())[:_MOST_KEPT])
    return Tried(raised, len(alike), last if more else within.end, questions)


def _told(rule: Rule, alike: Sequence[Record]) -> Raised:
    first = alike[0]
    evidence = tuple(one["id"] for one in alike[:MOST_EVIDENCE])
    return Raised(rule.raised(first["cluster"], first, evidence), records=len(alike))


async def _over_windows(
    logs: LogStore[Any],
    scope: Scope,
    rule: Rule,
    window: Window,
    within: TimeRange,
    clusters: Sequence[str],
) -> Tried:
    """Every whole period that ends in the range, in each cluster."""
    period = window.period * SECOND
    moments = range(-(-within.start // period) * period, within.end + 1, period)
    needed = -(-len(moments) // per_question(window)) * len(clusters)
    if needed > _MOST_QUESTIONS:
        raise TooLargeError(
            f"{len(moments)} periods of {window.period} s in {len(clusters)} clusters take {needed} "
            f"questions, more than {_MOST_QUESTIONS}; narrow the range, name clusters, or make the period "
            "longer.",
            path="range",
        )
    raised: list[Raised] = []
    questions = 0
    for cluster in clusters:
        standing, rest = Standing(), moments
        while rest:
            measured = await measure(logs, scope, rule, cluster, window, rest)
            for at in measured.moments:
                standing, begun = judged(window, standing, at, measured.at(at))
                raised += [Raised(alert_of(rule, cluster, one, ()), one.value) for one in begun]
            questions, rest = questions + measured.questions, rest[len(measured.moments) :]
    raised.sort(key=lambda one: (one.alert.time, one.alert.cluster, one.alert.title))
    windows = len(moments) * len(clusters)
    return Tried(tuple(raised[:_MOST_KEPT]), len(raised), within.end, questions, windows)


async def _by_detector(
    logs: LogStore[Any],
    scope: Scope,
    rule: Rule,
    detector: Detector,
    within: TimeRange,
    clusters: Sequence[str],
) -> Tried:
    """As if nothing had been told of before the range."""
    if within.length > _MOST_DAYS * DAY:
        raise TooLargeError(
            f"A detector is tried on at most {_MOST_DAYS} days; narrow the range.", path="range"
        )
    raised: list[Raised] = []
    questions = 0
    for cluster in clusters:
        ask, standing = Asker(logs, scope, rule, cluster), Standing()
        for start in range(within.start, within.end, DAY):  # as many windows as one question tells apart
            day = TimeRange(start, min(start + DAY, within.end))
            looked = await within_span(detector, ask, standing, day)
            standing = looked.standing
            raised += [Raised(alert_of_finding(rule, cluster, one, ())) for one in looked.found]
        questions += ask.questions
    raised.sort(key=lambda one: (one.alert.time, one.alert.cluster, one.alert.title))
    windows = -(-within.length // (detector.lookback * SECOND)) * len(clusters)
    return Tried(tuple(raised[:_MOST_KEPT]), len(raised), within.end, questions, windows)
