"""Whether a document's questions fit the records: its filters can be read, its fields are there.

The document's own rules are the domain's (dashboards.py, alert_rules.py, delivery_targets.py and others).
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tapetum.api.use.aggregation import read_groups, read_metric
from tapetum.api.use.arguments import read_field, read_filter
from tapetum.domain.alert_rules import VALUE, AlertRule, Window
from tapetum.domain.batches import RecordKind
from tapetum.domain.clusters import Registration
from tapetum.domain.dashboards import Dashboard
from tapetum.domain.delivery_targets import DeliveryTarget
from tapetum.domain.detectors import Detector
from tapetum.domain.documents import (
    ALERTS_PAGE,
    CLUSTERS_PAGE,
    DELIVERY_PAGE,
    FEEDS_PAGE,
    LAYERS_PAGE,
    VIEWS_PAGE,
    DocumentKind,
    read_body,
    write_body,
)
from tapetum.domain.errors import BadInputError
from tapetum.domain.feeds import Feed
from tapetum.domain.layers import Layer
from tapetum.domain.presets import Preset
from tapetum.domain.receivers import kind_of
from tapetum.domain.saved_query import Metric, Query
from tapetum.domain.templates import places
from tapetum.domain.views import SavedView
from tapetum.kql import KqlError
from tapetum.logstore import aggregation as asked_of


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
        _fit_field(preset.kind, preset.order_by.field, "document.orderBy.field", single=True)
    if preset.query is not None:
        _fit_query(preset.query, "document.query")
    return Fitted(preset.title, preset.kind.value, write_body(preset).decode())


def _fitted_rule(body: bytes) -> Fitted:
    rule = read_body(body, AlertRule, ALERTS_PAGE)
    _fit_filter(rule.kind, rule.filter, "document.filter")
    if rule.window is not None:
        _fit_measured(
            rule.kind, (rule.window.metric,), ("metric",), rule.window.group_by, path="document.window"
        )
    for path, template in rule.templates():
        if rule.detector is None:
            _fit_places(rule.kind, rule.window, template, f"document.{path}")
        else:
            _fit_told(rule.detector, template, f"document.{path}")
    return Fitted(rule.title, rule.kind.value, write_body(rule).decode())


def _fitted_feed(body: bytes) -> Fitted:
    feed = read_body(body, Feed, FEEDS_PAGE)
    return Fitted(feed.title, feed.category, write_body(feed).decode())


def _fitted_target(body: bytes) -> Fitted:
    target = read_body(body, DeliveryTarget, DELIVERY_PAGE)
    _fit_filter(RecordKind.ALERTS, target.filter, "document.filter")
    return Fitted(target.title, kind_of(target.receiver).value, write_body(target).decode())


def _fitted_cluster(body: bytes) -> Fitted:
    """What it is about, the cluster's name, stands outside of it."""
    cluster = read_body(body, Registration, CLUSTERS_PAGE)
    return Fitted(cluster.title, None, write_body(cluster).decode())


def _fitted_view(body: bytes) -> Fitted:
    view = read_body(body, SavedView, VIEWS_PAGE)
    _fit_filter(RecordKind.FLOWS, view.query, "document.search.q")
    return Fitted(view.title, view.page.value, write_body(view).decode())


def _fitted_layer(body: bytes) -> Fitted:
    layer = read_body(body, Layer, LAYERS_PAGE)
    _fit_filter(RecordKind.FLOWS, layer.filter, "document.filter")
    return Fitted(layer.title, None, write_body(layer).decode())


_FITTERS: dict[DocumentKind, Callable[[bytes], Fitted]] = {
    DocumentKind.DASHBOARD: _fitted_dashboard,
    DocumentKind.PRESET: _fitted_preset,
    DocumentKind.ALERT_RULE: _fitted_rule,
    DocumentKind.FEED: _fitted_feed,
    DocumentKind.DELIVERY_TARGET: _fitted_target,
    DocumentKind.CLUSTER: _fitted_cluster,
    DocumentKind.VIEW: _fitted_view,
    DocumentKind.LAYER: _fitted_layer,
}


def _fit_query(query: Query, path: str) -> None:
    """By the rules of `aggregate` itself."""
    kind = query.kind
    _fit_filter(kind, query.filter, f"{path}.filter")
    told = tuple(f"metrics[{place}]" for place in range(len(query.metrics)))
    _fit_measured(kind, query.metrics, told, query.group_by, path)


def _fit_measured(
    kind: RecordKind,
    metrics: tuple[Metric, ...],
    told: tuple[str, ...],
    groups: tuple[str, ...],
    path: str,
) -> None:
    """`told` is where in the document each metric stands."""
    asked: list[asked_of.Metric] = []
    for metric, place in zip(metrics, told, strict=True):
        with _at(f"{path}.{place}"):
            asked.append(read_metric(kind, metric.op, metric.field))
            asked_of.measure_of(kind, asked[-1])
    _fit_fields(kind, groups, f"{path}.groupBy")
    with _at(f"{path}.groupBy"):
        asked_of.groupings_of(kind, read_groups(kind, groups), asked[0])


def _fit_places(kind: RecordKind, window: Window | None, template: str, path: str) -> None:
    """A record has all its fields, a group those that it was grouped by, and its value."""
    groups = () if window is None else read_groups(kind, window.group_by)
    for name in places(template):
        if window is None:
            _fit_field(kind, name, path)
        elif name != VALUE and read_field(kind, name, path=path).name not in groups:
            raise BadInputError(
                f"{path}: a window's groups have no {name}; group by it, or write ${{{VALUE}}}.", path=path
            )


def _fit_told(detector: Detector, template: str, path: str) -> None:
    for name in places(template):
        if name not in detector.places:
            told = ", ".join(detector.places)
            raise BadInputError(f"{path}: this detector does not tell {name}, only {told}.", path=path)


def _fit_fields(kind: RecordKind, names: tuple[str, ...], path: str) -> None:
    for place, name in enumerate(names):
        _fit_field(kind, name, f"{path}[{place}]")


def _fit_field(kind: RecordKind, name: str, path: str, *, single: bool = False) -> None:
    with _at(path):
        field = read_field(kind, name, path=path)
        if single and (field.multi or field.parent):
            raise BadInputError(f"{field.name} may have several values; choose a field with one.")


def _fit_filter(kind: RecordKind, text: str | None, path: str) -> None:
    with _at(path):
        read_filter(text, kind)


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
