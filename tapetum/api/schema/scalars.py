"""The scalars of the schema and the Python types that stand for them."""

from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

TimePoint = NewType("TimePoint", str)
KQL = NewType("KQL", str)
BigInt = NewType("BigInt", int)
JSON = NewType("JSON", Any)  # type: ignore[valid-newtype]
ServiceGraphColumns = NewType("ServiceGraphColumns", dict[str, Any])
GraphComparisonColumns = NewType("GraphComparisonColumns", dict[str, Any])
EdgeFigureColumns = NewType("EdgeFigureColumns", dict[str, Any])
AggregateColumns = NewType("AggregateColumns", dict[str, Any])

_INT64 = 2**63


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("it is written as a string.")  # noqa: TRY004 - GraphQL reports ValueErrors as bad input
    return value


def _whole(value: object) -> int:
    text = str(value)
    if isinstance(value, bool) or len(text) > 20 or not text.removeprefix("-").isdecimal():  # noqa: PLR2004 - digits of 2^63
        raise ValueError("it is a whole number, as a decimal string.")
    number = int(text)
    if not -_INT64 <= number < _INT64:
        raise ValueError("it is outside of 64 bits.")
    return number


SCALARS: dict[object, ScalarDefinition] = {
    TimePoint: strawberry.scalar(
        name="TimePoint",
        description="A point in time: ISO 8601 (`2026-11-23T14:05:00Z`) or relative to now "
        "(`now`, `now-15m`, units s m h d w).",
        parse_value=_text,
    ),
    KQL: strawberry.scalar(
        name="KQL",
        description="A filter in the Kibana query language, e.g. "
        "`source_namespace: payments and dest_port >= 5000`.",
        parse_value=_text,
    ),
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number as a decimal string, since counters outgrow both GraphQL's Int and "
        "JavaScript's number.",
        serialize=str,
        parse_value=_whole,
    ),
    JSON: strawberry.scalar(name="JSON", description="A JSON value."),
    ServiceGraphColumns: strawberry.scalar(
        name="ServiceGraphColumns",
        description="A service graph as parallel columns, for topologies too large to send as objects:\n"
        "`{nodes: {id, kind, name, namespace, cluster, parentId, members}, "
        "edges: {id, source, target, allowed: {…}, denied: {…}}}`.\n"
        "`source` and `target` are indexes into the node columns. `allowed` and `denied` hold one column for "
        "each counter of Traffic, in camel case.\n"
        "A counter is a JSON number up to 2^53 - 1, a decimal string above, null where unknown.",
        parse_value=_text,
    ),
    GraphComparisonColumns: strawberry.scalar(
        name="GraphComparisonColumns",
        description="A graph comparison as parallel columns: those of ServiceGraphColumns for what is now, "
        "zero where an edge is gone, and in `edges` further `before: {allowed: {…}, denied: {…}}`, `change` "
        "and `ratio`, as ComparedEdge has them.",
        parse_value=_text,
    ),
    EdgeFigureColumns: strawberry.scalar(
        name="EdgeFigureColumns",
        description="Figures of edges as parallel columns: `{id: […], value: […], of: […]}`, as EdgeFigure "
        "has them, with `of` as a JSON number.",
        parse_value=_text,
    ),
    AggregateColumns: strawberry.scalar(
        name="AggregateColumns",
        description="The rows of an aggregate as parallel columns:\n"
        "`{keys: [[…]], bucket: […], values: [[…]], other: {bucket: […], values: [[…]]}}`.\n"
        "`keys` has one column for each field of `groupBy`, `values` one for each metric. `bucket` indexes "
        "`starts`, and is null where there is no interval.\n"
        "A value is a JSON number, a decimal string where whole and above 2^53 - 1, null where unknown.",
        parse_value=_text,
    ),
}
