"""Hits of traces: their sets, their order, and the older logs' single list."""

from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.flows import TRACE
from tapetum.ingest.flat import FLAT
from tapetum.ingest.traces import traces_of

ALLOW = "1|default|default.web|allow|2"
PASS = "0|tier1|shop/tier1.web|pass|3"
STAGED = "0|tier1|shop/staged:tier1.new|deny|1"
Lists = dict[str, list[str]]


def hits_of(found: Lists) -> list[tuple[str, int, str, bool]]:
    _, traces = traces_of(pa.Table.from_pylist([found], schema=FLAT))
    (trace,) = traces.to_pylist()
    assert {name: trace[name] for name in found} == found
    return [(hit["set"], hit["index"], hit["name"], hit["staged"]) for hit in trace["policy_hits"]]


def test_each_list_is_a_set_of_hits_in_order_of_evaluation() -> None:
    found = {
        "enforced_policies": [ALLOW, PASS],
        "pending_policies": [STAGED, "junk", ALLOW],
        "transit_policies": [PASS],
        "all_policies": [ALLOW, STAGED],
    }
    assert hits_of(found) == [
        ("enforced", 0, "web", False),
        ("enforced", 1, "web", False),
        ("pending", 0, "new", True),
        ("pending", 1, "web", False),
        ("transit", 0, "web", False),
    ]


def test_older_logs_mix_enforced_and_staged() -> None:
    assert hits_of({"all_policies": [ALLOW, STAGED]}) == [
        ("pending", 0, "new", True),
        ("enforced", 1, "web", False),
    ]


def test_no_policies_are_a_trace_too() -> None:
    assert hits_of({}) == []


@given(
    st.lists(
        st.dictionaries(st.sampled_from(TRACE.names[1:5]), st.lists(st.sampled_from([ALLOW, PASS, "x"])))
    )
)
def test_equal_traces_share_a_key_and_different_ones_do_not(found: list[dict[str, Any]]) -> None:
    keys, traces = traces_of(pa.Table.from_pylist(found, schema=FLAT))
    told = [repr([one.get(name) for name in TRACE.names[1:5]]) for one in found]
    assert len(set(keys.tolist())) == len(set(told)) == traces.num_rows
    assert len(set(zip(keys.tolist(), told, strict=True))) == len(set(told))
    stored = {row["trace"]: repr([row[name] for name in TRACE.names[1:5]]) for row in traces.to_pylist()}
    assert [stored[key] for key in keys.tolist()] == told
