"""Whether a document's questions fit the records: its filters can be read, its fields are there.

The document's own rules are the domain's (dashboards.py, presets.py).
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from tapetum.api.use.arguments import read_field, read_filter
from tapetum.domain.batches import RecordKind
from tapetum.domain.dashboards import Dashboard
from tapetum.domain.documents import DocumentKind, read_body, write_body
from tapetum.domain.errors import BadInputError
from tapetum.domain.presets import Preset
from tapetum.domain.saved_query import Metric, Op, Query
from tapetum.kql import Field, FieldType, KqlError

MEASURES = ("bytes_to_target", "bytes_to_source", "packets_to_target", "packets_to_source", "connections")
"""Of flows: what `aggregate` measures beside the fields, whoever reported."""

_ADDED = (Op.SUM, Op.AVG)
_ORDERED = (FieldType.LONG, FieldType.DATE)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A document that was read and fits; `body` is its JSON as it is kept."""

    title: str
    about: str | None
    body: str


def fitted(kind: DocumentKind, body: bytes) -> Fitted:
    """Raises BadInputError with the path of what does not fit."""
    return _FITTERS[kind](body)


def _fitted_dashboard(body: bytes) -> Fitted:
    dashboard = read_body(body, Dashboard)
    for place, variable in enumerate(dashboard.variables):
        for kind, names in variable.fields.items():
            _fit_fields(kind, names, f"document.variables[{place}].fields.{kind.value}")
    for place, widget in enumerate(dashboard.widgets):
        path = f"document.widgets[{place}]"
        _fit_query(widget.query, f"{path}.query")
        _fit_filter(widget.query.kind, widget.drill, f"{path}.drill")
    return Fitted(dashboard.title, None, write_body(dashboard).decode())


def _fitted_preset(body: bytes) -> Fitted:
    preset = read_body(body, Preset)
    _fit_filter(preset.kind, preset.filter, "document.filter")
    _fit_fields(preset.kind, preset.columns, "document.columns")
    if preset.order_by is not None:
        _fit(preset.kind, preset.order_by.field, "document.orderBy.field", _single)
    if preset.query is not None:
        _fit_query(preset.query, "document.query")
    return Fitted(preset.title, preset.kind.value, write_body(preset).decode())


_FITTERS: dict[DocumentKind, Callable[[bytes], Fitted]] = {
    DocumentKind.DASHBOARD: _fitted_dashboard,
    DocumentKind.PRESET: _fitted_preset,
}


def _fit_query(query: Query, path: str) -> None:
    _fit_filter(query.kind, query.filter, f"{path}.filter")
    for place, name in enumerate(query.group_by):
        _fit(query.kind, name, f"{path}.groupBy[{place}]")
    for place, metric in enumerate(query.metrics):
        if metric.field is not None and not (query.kind is RecordKind.FLOWS and metric.field in MEASURES):
            _fit(query.kind, metric.field, f"{path}.metrics[{place}].field", partial(_measured, metric))


def _fit_fields(kind: RecordKind, names: tuple[str, ...], path: str) -> None:
    for place, name in enumerate(names):
        _fit(kind, name, f"{path}[{place}]")


def _fit(
    kind: RecordKind, name: str, path: str, further: Callable[[Field], str | None] = lambda _: None
) -> None:
    with _at(path):
        refusal = further(read_field(kind, name, path=path))
        if refusal is not None:
            raise BadInputError(refusal)


def _fit_filter(kind: RecordKind, text: str | None, path: str) -> None:
    with _at(path):
        read_filter(text, kind)


def _single(field: Field) -> str | None:
    if field.multi or field.parent:
        return f"{field.name} may have several values; choose a field with one."
    return None


def _measured(metric: Metric, field: Field) -> str | None:
    if metric.op in _ADDED and field.type is not FieldType.LONG:
        return f"{field.name} holds no numbers, so it has no {metric.op.value}; choose a field of type long."
    if metric.op is not Op.DISTINCT and (field.type not in _ORDERED or field.multi or field.parent):
        return f"{field.name} has no {metric.op.value}; choose a number or a time with one value."
    return None


@contextmanager
def _at(path: str) -> Generator[None]:
    """Says in a refusal where in the document it happened."""
    try:
        yield
    except KqlError as error:
        told: Any = KqlError(f"{path}: {error.message}", error.column, error.expected)
        told.path = path
        raise told from None
    except BadInputError as error:
        raise BadInputError(f"{path}: {error.message}", path=path) from None
