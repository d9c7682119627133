"""A detector's rule from one judgement to the next: what it found, and which groups were told of before.

Windows are looked at again for a while, as records come late, a day back where older ones come; a group in
hold raises nothing, so an attack that goes on is told once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.detect.detectors import Asker, Finding, find
from tapetum.detect.windows import Alarm, Group, Standing
from tapetum.domain.detectors import Detector
from tapetum.domain.moments import DAY, MINUTE, SECOND, Micros, TimeRange

LATE = 10 * MINUTE
"""Records may come so much later than others of their time."""


@dataclass(frozen=True, slots=True)
class Detected:
    """How the rule stands then, and the findings that raise alerts."""

    standing: Standing
    found: Sequence[Finding]


async def detected(
    detector: Detector, ask: Asker, before: Standing, earliest: Micros, upto: Micros
) -> Detected:
    """Of the records up to a moment: of those since the last, or since the `earliest` that came after it, but
    of no more than a day; at first of that day.
    """
    start = 0 if before.at is None else min(before.at, earliest, upto) - LATE
    return await within(detector, ask, before, TimeRange(max(0, upto - DAY, start), upto + 1))


async def within(detector: Detector, ask: Asker, before: Standing, span: TimeRange) -> Detected:
    hold = detector.hold * SECOND
    told = max(hold, detector.lookback * SECOND + LATE)
    """At least until its window is not looked at again."""
    alarms: dict[Group, Alarm] = dict(before.alarms)
    found: list[Finding] = []
    for one in await find(detector, ask, span):
        last = alarms.get(one.group)
        begins = last is None or one.at >= (last.ended or last.since) + told
        if begins:
            found.append(one)
        since = one.at if begins or last is None else last.since
        ended = min(one.seen.end, span.end)
        alarms[one.group] = Alarm(since, max(ended, since if last is None else last.ended or since))
    known = max(told, DAY + LATE)
    kept = {g: alarm for g, alarm in alarms.items() if span.end < (alarm.ended or alarm.since) + known}
    return Detected(Standing(span.end - 1, kept), found)
