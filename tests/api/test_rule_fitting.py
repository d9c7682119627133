"""Whether an alert rule fits its records: filter, metric, groups, and the places of its texts."""

from typing import Any

import msgspec
import pytest

from tapetum.api.use.fitting import fitted
from tapetum.domain.documents import DocumentKind
from tapetum.domain.errors import TapetumError

RULE: dict[str, Any] = {"format": 1, "title": "T", "kind": "dns", "severity": 50}
WINDOW: dict[str, Any] = {
    "threshold": 1,
    "groupBy": ["client_namespace"],
    "metric": {"op": "sum", "field": "count"},
}


def fit(**members: Any) -> Any:
    return fitted(DocumentKind.ALERT_RULE, msgspec.json.encode({**RULE, **members}))


def test_a_rule_that_fits_is_kept_whole() -> None:
    told = fit(filter="rcode: NXDomain", summary="${qname} by ${client_name}")
    assert (told.title, told.about) == ("T", "dns")
    assert msgspec.json.decode(told.body)["summary"] == "${qname} by ${client_name}"
    assert fit(window=WINDOW, summary="${value} of ${client_namespace}")
    assert fit(kind="audit", filter="verb: delete", summary="${objectRef.name} by ${user.groups}")
    assert fit(
        kind="flows", window={**WINDOW, "groupBy": [], "metric": {"op": "sum", "field": "connections"}}
    )


@pytest.mark.parametrize(
    ("members", "path", "says"),
    [
        ({"filter": "dest_port: 53"}, "filter", "There is no field"),
        ({"filter": "qname: ("}, "filter", "document.filter: "),
        ({"summary": "${dest_port}"}, "summary", "dns have no field 'dest_port'"),
        ({"description": "${rrsets}"}, "description", "rrsets holds objects"),
        ({"mitigations": ["", "${value}"]}, "mitigations[1]", "dns have no field 'value'"),
        ({"window": {**WINDOW, "groupBy": ["rcode", "port"]}}, "window.groupBy[1]", "no field 'port'"),
        ({"window": {**WINDOW, "metric": {"op": "sum", "field": "qname"}}}, "window.metric", "is no number"),
        ({"window": WINDOW, "summary": "${rcode}"}, "summary", "a window's groups have no rcode"),
        ({"window": WINDOW, "summary": "${nothing}"}, "summary", "dns have no field 'nothing'"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(members: dict[str, Any], path: str, says: str) -> None:
    with pytest.raises(TapetumError) as refused:
        fit(**members)
    assert refused.value.path == f"document.{path}"
    assert says in refused.value.message
