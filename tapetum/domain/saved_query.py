"""A question to `aggregate` as a document keeps it: its arguments one to one, without the range."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import printable
from tapetum.domain.metrics import Op, Unit
from tapetum.domain.traffic import ReporterRule

MOST_GROUPS, MOST_METRICS, MOST_ROWS = 4, 10, 1000
_WEEK = 7 * 86_400

Filter = Annotated[str, Meta(max_length=8192)]
FieldName = Annotated[str, Meta(min_length=1, max_length=100)]


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Part of a document. A member that it does not know is refused: it was meant to do something."""


class Metric(Form, frozen=True, kw_only=True):
    """`label` and `unit` are for whoever shows it; without a unit its values have the widget's."""

    op: Op
    field: FieldName | None = None
    label: Annotated[str, Meta(max_length=60)] | None = None
    unit: Unit | None = None

    def __post_init__(self) -> None:
        if self.op is not Op.COUNT and self.field is None:
            raise ValueError(f"{self.op.value} needs a field")
        if self.label is not None:
            printable("the label", self.label)


class Query(Form, frozen=True, kw_only=True):
    """`interval` in seconds splits by time, "auto" by a length that suits the range, null not at all."""

    kind: RecordKind
    filter: Filter = ""
    group_by: Annotated[tuple[FieldName, ...], Meta(max_length=MOST_GROUPS)] = ()
    metrics: Annotated[tuple[Metric, ...], Meta(min_length=1, max_length=MOST_METRICS)]
    interval: Annotated[int, Meta(ge=1, le=_WEEK)] | Literal["auto"] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_ROWS)] = 10
    reporters: ReporterRule = ReporterRule.COMBINED

    def __post_init__(self) -> None:
        if len(set(self.group_by)) < len(self.group_by):
            raise ValueError("groupBy names a field twice")
