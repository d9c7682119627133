"""Generated queries against the served API: answered or refused in our own words, never an internal error."""

from typing import Any

import pytest
import schemathesis
from graphql import parse_value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from tests.support.served import Served

pytestmark = [pytest.mark.server]

schemathesis.graphql.scalar(
    "TimePoint", st.sampled_from(["now", "now-15m", "now-40d", "2026-01-01", "soon", ""]).map(nodes.String)
)
schemathesis.graphql.scalar(
    "KQL",
    st.sampled_from(["", "action: deny", "dest_port > 80", "a:(", "*", "not proto: tcp"]).map(nodes.String),
)

schemathesis.graphql.scalar(
    "JSON",
    st.sampled_from(['{format: 1, title: "t", widgets: []}', "{format: 2}", "[]", "5", '"text"']).map(
        parse_value
    ),
)


def test_no_generated_query_breaks_the_api(served: Served) -> None:
    """Over every root; subscriptions are followed elsewhere, as a POST only refuses them."""
    schema = schemathesis.graphql.from_url(f"{served.url}/graphql")
    tried: set[str] = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.label.startswith("Subscription."):
            continue
        tried.add(operation.label)

        @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def generated(case: Any) -> None:
            answer = served.post(case.body)
            assert answer.status_code in (200, 400, 413)
            codes = [error.get("extensions", {}).get("code") for error in answer.json().get("errors", [])]
            assert "INTERNAL" not in codes, case.body

        generated()
    assert {"Query.serviceGraph", "Query.flows", "Query.alerts", "Query.node"} <= tried
    assert {"Mutation.saveDashboard", "Mutation.deletePreset"} <= tried
