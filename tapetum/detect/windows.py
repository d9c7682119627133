"""Which groups of a window rule are in alarm, from one moment to the next; what a beginning alarm says.

Pure: values of groups come from whoever measured them (detect/measuring.py), what stood before from whoever
keeps it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tapetum.detect.rules import Rule, identity
from tapetum.domain.alert_rules import VALUE, Condition, Window
from tapetum.domain.alerts import Alert
from tapetum.domain.metrics import Op
from tapetum.domain.moments import SECOND, Micros
from tapetum.domain.record_ends import ends_of
from tapetum.kql.catalogues import catalogue
from tapetum.kql.fields import Field, FieldType

Group = tuple[str | None, ...]
"""The values of the fields that a window groups by."""
Values = Mapping[Group, float]
_RISING = (Condition.GT, Condition.GTE)
_GROWING = (Op.COUNT, Op.SUM, Op.MAX, Op.DISTINCT)
_MOST_BEHIND = 1440
"""Periods that are judged later than they ended; those before are passed over."""


class Alarm(msgspec.Struct, frozen=True):
    """Of a group: since when, and when it ended, where it did and holds the next one down."""

    since: Micros
    ended: Micros | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands in a cluster, judged up to a moment; None: never."""

    at: Micros | None = None
    alarms: Mapping[Group, Alarm] = field(default_factory=dict["Group", Alarm])

    @property
    def alarmed(self) -> bool:
        return any(alarm.ended is None for alarm in self.alarms.values())

    def told(self) -> str:
        """Its alarms as they are kept."""
        return msgspec.json.encode(list(self.alarms.items())).decode()

    @classmethod
    def read(cls, at: Micros, told: str) -> "Standing":
        return cls(at, dict(msgspec.json.decode(told, type=list[tuple[Group, Alarm]])))


@dataclass(frozen=True, slots=True)
class Begun:
    """An alarm that began."""

    group: Group
    at: Micros
    value: float


def judged(window: Window, before: Standing, at: Micros, values: Values) -> tuple[Standing, list[Begun]]:
    """How the groups stand at a moment, given what they came to in the window that ends there."""
    hold = window.hold * SECOND
    alarms: dict[Group, Alarm] = {}
    for group, alarm in before.alarms.items():
        over = alarm.ended is None and (group not in values or window.ends(values[group]))
        now = msgspec.structs.replace(alarm, ended=at) if over else alarm
        if now.ended is None or at < now.ended + hold:
            alarms[group] = now
    return _begun(window, Standing(at, alarms), at, values)


def foreseen(window: Window, before: Standing, at: Micros, values: Values) -> tuple[Standing, list[Begun]]:
    """The same before all records of the window are there, where more can only raise a value: none ends."""
    hold = window.hold * SECOND
    alarms = {
        group: alarm
        for group, alarm in before.alarms.items()
        if alarm.ended is None or at < alarm.ended + hold
    }
    return _begun(window, Standing(before.at, alarms), at, values)


def grows(window: Window) -> bool:
    """Whether records that are still to come can only bring it nearer to an alarm."""
    return window.condition in _RISING and window.metric.op in _GROWING


def _begun(window: Window, standing: Standing, at: Micros, values: Values) -> tuple[Standing, list[Begun]]:
    begun = [
        Begun(group, at, value)
        for group, value in values.items()
        if group not in standing.alarms and window.begins(value)
    ]
    return Standing(standing.at, {**standing.alarms, **{one.group: Alarm(at) for one in begun}}), begun


def due(window: Window, before: Standing, upto: Micros) -> Sequence[Micros]:
    """The moments to judge: whole periods since 1970, behind the last that was; at first the newest alone."""
    period = window.period * SECOND
    last = upto // period * period
    first = last if before.at is None else before.at // period * period + period
    return range(max(first, last - _MOST_BEHIND * period), last + period, period)


def alert_of(rule: Rule, cluster: str, begun: Begun, evidence: tuple[str, ...]) -> Alert:
    """Filled from what the group has in common, and its value."""
    fields = grouped_by(rule)
    held = {one.name: _held(one, key) for one, key in zip(fields, begun.group, strict=True)}
    told = {name: None if (value := held.get(one.name)) is None else str(value)
            for name, one in rule.wording.fields.items()}  # fmt: skip
    return rule.alert(
        identity(rule.id, "window", cluster, begun.group, begun.at),
        begun.at,
        ends_of(rule.says.kind, cluster, held),
        rule.wording.of_values(told | {VALUE: shown(begun.value)}),
        cluster,
        evidence,
    )


def grouped_by(rule: Rule) -> list[Field]:
    window, known = rule.says.window, catalogue(rule.says.kind.value)
    found = [known.find(name) for name in window.group_by] if window else []
    return [one for one in found if one is not None]


def shown(value: float) -> str:
    """In a sentence: whole where it is, else with two digits behind the point."""
    return str(int(value)) if value == int(value) else f"{value:.2f}"


def _held(one: Field, key: str | None) -> Any:
    return int(key) if key is not None and one.type is FieldType.LONG else key
