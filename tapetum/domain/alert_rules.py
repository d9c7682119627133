"""An alert rule: which records raise an alert, each by itself, measured over a window, or by a detector.

What breaks its rules is no value. Whether fields and filters fit the records is the catalogue's to say
(api/use/fitting.py). Judges nothing.
"""

import operator
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from tapetum.domain.batches import RecordKind
from tapetum.domain.detectors import Detector
from tapetum.domain.documents import Title, printable
from tapetum.domain.metrics import Op
from tapetum.domain.saved_query import MOST_GROUPS, FieldName, Filter, Form, Metric
from tapetum.domain.templates import Template, whole

VALUE = "value"
"""The place in a template that a window's value fills."""
SHORTEST, LONGEST = 60, 86_400

Severity = Annotated[int, Meta(ge=1, le=100)]
Technique = Annotated[str, Meta(pattern=r"^T\d{4}(\.\d{3})?\Z")]
Tactic = Annotated[str, Meta(pattern=r"^TA\d{4}\Z")]
ClusterName = Annotated[str, Meta(min_length=1, max_length=253)]


class Condition(StrEnum):
    """How a window's value stands to a bound."""

    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    EQ = "eq"
    NOT_EQ = "not_eq"

    def met(self, value: float, bound: float) -> bool:
        return _COMPARISONS[self](value, bound)


_COMPARISONS: dict[Condition, Callable[[float, float], bool]] = {
    Condition.GT: operator.gt,
    Condition.GTE: operator.ge,
    Condition.LT: operator.lt,
    Condition.LTE: operator.le,
    Condition.EQ: operator.eq,
    Condition.NOT_EQ: operator.ne,
}
_RISING, _FALLING = (Condition.GT, Condition.GTE), (Condition.LT, Condition.LTE)


class Window(Form, frozen=True, kw_only=True):
    """Records of the last `lookback` seconds, measured every `period` seconds in groups of one cluster each.

    A group is in alarm from when its value meets the condition until it no longer does at `clear`, and raises
    nothing for `hold` seconds after. `count` is of records: each reporter's of a flow.
    """

    lookback: Annotated[int, Meta(ge=SHORTEST, le=LONGEST)] = 600
    period: Annotated[int, Meta(ge=1, le=LONGEST)] = 60
    group_by: Annotated[tuple[FieldName, ...], Meta(max_length=MOST_GROUPS)] = ()
    metric: Metric = Metric(op=Op.COUNT)
    condition: Condition = Condition.GTE
    threshold: float
    clear: float | None = None
    hold: Annotated[int, Meta(ge=0, le=7 * LONGEST)] = 0

    def __post_init__(self) -> None:
        if self.period > self.lookback:
            raise ValueError(
                f"period is {self.period}, longer than lookback ({self.lookback}): it would pass over records"
            )
        if len(set(self.group_by)) < len(self.group_by):
            raise ValueError("groupBy names a field twice")
        if self.clear is None:
            return
        if self.condition not in _RISING + _FALLING:
            raise ValueError(
                f"clear is for gt, gte, lt and lte; {self.condition.value} ends when it is not met"
            )
        beyond = self.clear > self.threshold if self.condition in _RISING else self.clear < self.threshold
        if beyond:
            raise ValueError(f"clear is {self.clear:g}, which meets the threshold {self.threshold:g} already")

    def begins(self, value: float) -> bool:
        """Whether a group of this value is in alarm from now on."""
        return self.condition.met(value, self.threshold)

    def ends(self, value: float) -> bool:
        """Whether a group in alarm is out of it with this value."""
        return not self.condition.met(value, self.threshold if self.clear is None else self.clear)


class AlertRule(Form, frozen=True, kw_only=True):
    """`summary` is the alert's title (empty: the rule's own). The clusters are names, None is all of them.

    Without a window and a detector each record that meets the filter raises an alert.
    """

    format: Literal[1]
    title: Title
    enabled: bool = True
    kind: RecordKind
    filter: Filter = ""
    clusters: Annotated[tuple[ClusterName, ...], Meta(min_length=1, max_length=500)] | None = None
    severity: Severity
    summary: Template = ""
    description: Template = ""
    technique: Technique | None = None
    tactic: Tactic | None = None
    mitigations: Annotated[tuple[Template, ...], Meta(max_length=10)] = ()
    window: Window | None = None
    detector: Detector | None = None

    def __post_init__(self) -> None:
        printable("the title", self.title)
        if self.kind is RecordKind.ALERTS:
            raise ValueError("a rule watches logs and events; alerts raise no alerts")
        if self.detector is not None and self.window is not None:
            raise ValueError("a rule has a window or a detector; leave one out")
        if self.detector is not None and self.detector.kind is not self.kind:
            raise ValueError(f"this detector watches {self.detector.kind.value}; write that as kind")
        for name, template in self.templates():
            whole(name, template)

    def templates(self) -> tuple[tuple[str, str], ...]:
        """Each with its path in the document."""
        mitigations = ((f"mitigations[{place}]", text) for place, text in enumerate(self.mitigations))
        return (("summary", self.summary), ("description", self.description), *mitigations)
