"""GlobalAlert and GlobalAlertTemplate of Calico, each translated into the document of an alert rule.

What it means is as its public reference says. Whether the rule fits its records is asked as of any other
(api/use/fitting.py); paths in errors are those of the object.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from tapetum.detect.globalalert.query import read_query
from tapetum.domain.alert_rules import VALUE, Condition
from tapetum.domain.documents import ALERTS_PAGE, read_body
from tapetum.domain.errors import BadInputError
from tapetum.domain.metrics import Op
from tapetum.kql.binding import bind
from tapetum.kql.catalogues import catalogue
from tapetum.kql.errors import KqlError, shown
from tapetum.kql.syntax import MatchAll

GROUPS = ("projectcalico.org/v3", "crd.projectcalico.org/v1")
KINDS = ("GlobalAlert", "GlobalAlertTemplate")
DATA_SETS = ("audit", "dns", "flows", "l7")
_ELSEWHERE = {
    "waf": "records of a web application firewall are not kept here",
    "vulnerability": "scan results are not kept here",
}
_DURATION = re.compile(r"(?=\d)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?")
_PERIOD = 300
_MOMENT = 0
"""A filter means the same at any time: the query language there has no times relative to now."""


class Substitution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    values: tuple[str | int | float, ...]


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Defaults are those of its reference."""

    description: str
    severity: int
    data_set: str
    type: Literal["RuleBased"] = "RuleBased"
    summary: str = ""
    period: str | None = None
    lookback: str = "10m"
    query: str = ""
    aggregate_by: str | tuple[str, ...] = ()
    field: str | None = None
    metric: Literal["avg", "max", "min", "sum", "count"] | None = None
    condition: Condition | None = None
    threshold: float | None = None
    substitutions: tuple[Substitution, ...] = ()


class Metadata(msgspec.Struct, frozen=True):
    name: str


class GlobalAlert(msgspec.Struct, frozen=True, rename="camel"):
    api_version: str
    kind: Literal["GlobalAlert", "GlobalAlertTemplate"]
    metadata: Metadata
    spec: Spec


def translated(value: Mapping[str, Any]) -> dict[str, Any]:
    """The rule's document. Raises BadInputError with the path of what cannot be."""
    alert = _read(value)
    spec = alert.spec
    if spec.data_set not in DATA_SETS:
        why = _ELSEWHERE.get(spec.data_set, "there is no such one")
        raise BadInputError(
            f"the data set {shown(spec.data_set)} is not supported, as {why}; {', '.join(DATA_SETS)} are.",
            path="spec.dataSet",
        )
    groups = (spec.aggregate_by,) if isinstance(spec.aggregate_by, str) else spec.aggregate_by
    rule: dict[str, Any] = {
        "format": 1,
        "title": alert.metadata.name,
        "enabled": alert.kind == "GlobalAlert",
        "kind": spec.data_set,
        "filter": _filter(spec),
        "severity": spec.severity,
        "summary": _told(spec, spec.summary or spec.description, groups),
        "description": _told(spec, spec.description, groups),
    }
    measured = _measured(spec)
    if measured or groups:
        lookback = _seconds(spec.lookback, "spec.lookback")
        rule["window"] = {
            "lookback": lookback,
            "period": min(_PERIOD, lookback) if spec.period is None else _seconds(spec.period, "spec.period"),
            "groupBy": groups,
            **(measured or {"condition": Condition.GTE, "threshold": 1}),
        }
    return rule


def _read(value: Mapping[str, Any]) -> GlobalAlert:
    if value.get("apiVersion") not in GROUPS:
        raise BadInputError(f"it is none of {' or '.join(GROUPS)}; correct it.", path="apiVersion")
    spec = value.get("spec")
    if isinstance(spec, dict):  # null there is what was left out
        value = {**value, "spec": {name: each for name, each in spec.items() if each is not None}}
    try:
        return read_body(msgspec.json.encode(value), GlobalAlert, ALERTS_PAGE)
    except UnicodeEncodeError:
        raise BadInputError("it holds half of a surrogate pair; write both halves.") from None
    except BadInputError as error:
        path = (error.path or "").removeprefix("document").removeprefix(".")
        message = error.message.removeprefix(f"{error.path}: ")
        raise BadInputError(message, path=path) from None


def _filter(spec: Spec) -> str:
    known = catalogue(spec.data_set)
    try:
        query = read_query(spec.query, _substitutions(spec), known)
        bind(query, spec.data_set, _MOMENT)
    except KqlError as error:
        raise BadInputError(error.message, path="spec.query") from None
    except BadInputError as error:
        raise BadInputError(error.message, path=f"spec.{error.path}") from None
    return "" if isinstance(query, MatchAll) else str(query)


def _substitutions(spec: Spec) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, each in enumerate(spec.substitutions):
        if each.name in found:
            raise BadInputError(
                f"the name {shown(each.name)} is there twice; keep one.", path=f"substitutions[{place}]"
            )
        if not each.values:
            raise BadInputError("it has no values; give some.", path=f"substitutions[{place}]")
        found[each.name] = [str(value) for value in each.values]
    return found


def _measured(spec: Spec) -> dict[str, Any]:
    """What a window measures, as far as the alert says; empty where it counts whatever there is."""
    if spec.metric is None:
        for name in ("field", "condition", "threshold"):
            if getattr(spec, name) is not None:
                raise BadInputError("it needs a metric beside it; give one.", path=f"spec.{name}")
        return {}
    for name in ("condition", "threshold"):
        if getattr(spec, name) is None:
            raise BadInputError(f"a metric needs it; the metric is {spec.metric}.", path=f"spec.{name}")
    op = Op(spec.metric)
    if op is not Op.COUNT and spec.field is None:
        raise BadInputError(f"{spec.metric} needs a field; name one.", path="spec.field")
    # A count is of records there, whatever field is named beside it.
    metric = {"op": op} if op is Op.COUNT else {"op": op, "field": spec.field}
    return {"metric": metric, "condition": spec.condition, "threshold": spec.threshold}


def _told(spec: Spec, template: str, groups: tuple[str, ...]) -> str:
    """There a window's value is called as its metric is."""
    if spec.metric is None or spec.metric in groups:
        return template
    return template.replace(f"${{{spec.metric}}}", f"${{{VALUE}}}")


def _seconds(text: str, path: str) -> int:
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise BadInputError(
            f"{shown(text)} is no length of whole hours, minutes and seconds; write one like 1h30m.",
            path=path,
        )
    hours, minutes, seconds = (int(each or 0) for each in match.groups())
    return hours * 3600 + minutes * 60 + seconds
