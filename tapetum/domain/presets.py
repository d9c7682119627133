"""A preset: a question that people ask of one kind of record, explained, and how its answer is shown."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import Prose, Title, printable
from tapetum.domain.saved_query import FieldName, Filter, Form, Query


class View(StrEnum):
    """LOGS lists records, TABLE groups them. UNANSWERED and COMPARE are worked out of their own."""

    LOGS = "logs"
    TABLE = "table"
    UNANSWERED = "unanswered"
    COMPARE = "compare"


class Direction(StrEnum):
    ASC = "asc"
    DESC = "desc"


class OrderBy(Form, frozen=True, kw_only=True):
    field: FieldName
    direction: Direction = Direction.DESC


class Preset(Form, frozen=True, kw_only=True):
    """`columns` and `orderBy` are for records, `query` for what is grouped or compared."""

    format: Literal[1]
    title: Title
    question: Annotated[str, Meta(min_length=1, max_length=300)]
    explanation: Prose = ""
    kind: RecordKind
    filter: Filter = ""
    columns: Annotated[tuple[FieldName, ...], Meta(max_length=40)] = ()
    order_by: OrderBy | None = None
    view: View = View.LOGS
    query: Query | None = None

    def __post_init__(self) -> None:
        printable("the title", self.title)
        printable("the question", self.question)
        grouped = self.view in (View.TABLE, View.COMPARE)
        if grouped and self.query is None:
            raise ValueError(f"the view {self.view.value} needs a query")
        if not grouped and self.query is not None:
            raise ValueError(f"the view {self.view.value} takes no query")
        if self.query is not None and self.query.kind is not self.kind:
            raise ValueError(
                f"its query asks {self.query.kind.value}, but the preset is about {self.kind.value}"
            )
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("columns names a field twice")
