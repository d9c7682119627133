"""Folded records as connections, against reading them row by row; and a flip through all of it."""

from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.flows import COUNTERS, RECORD, VERDICT_KEY
from tapetum.policy.replay import Traffic
from tapetum.policy.rules import ServiceRef
from tapetum.policy.state import LoggedEnd
from tapetum.policy.whatif import Change, connections_of, what_if
from tests.policy.clusters import cluster

SCHEMA = pa.schema(
    [
        *(RECORD.field(name) for name in ("verdict_key", *VERDICT_KEY)),
        ("records", pa.int64()),
        *(RECORD.field(name) for name in COUNTERS),
    ]
)
TEXTS = st.none() | st.sampled_from(["", "a", "b", "a\x1fb"])
LABELS = st.none() | st.lists(st.sampled_from(["", "a", "b", "a\x1fb", "1:a"]), max_size=3)
COUNTS = st.none() | st.integers(0, 2**60)
PORTS = st.none() | st.integers(0, 3)
KINDS = st.none() | st.sampled_from(EndpointKind).map(str)


def a_row() -> st.SearchStrategy[dict[str, Any]]:
    given: dict[str, st.SearchStrategy[Any]] = dict.fromkeys(VERDICT_KEY, TEXTS)
    given |= {
        "reporter": st.sampled_from(["src", "dst", "fwd"]),
        "source_type": KINDS,
        "dest_type": KINDS,
        "dest_port": PORTS,
        "sampling": PORTS,
        "known": st.integers(0, 31),
        "records": st.integers(1, 2**40),
        "verdict_key": st.integers(0, 2**64 - 1),
    }
    given |= dict.fromkeys(("source_labels", "dest_labels", "dest_domains"), LABELS)
    return st.fixed_dictionaries(given | dict.fromkeys(COUNTERS, COUNTS))


def end(row: dict[str, Any], side: str) -> LoggedEnd:
    kind, namespace, aggregate = (row[f"{side}_{name}"] for name in ("type", "namespace", "name_aggr"))
    if kind is None:
        unnamed = aggregate is None and row[f"{side}_network"] is not None
        kind = "wep" if namespace else "net" if unnamed else "hep"
    labels, domains = row[f"{side}_labels"], None
    if side == "dest" and row["reporter"] == "src":
        domains = () if row["dest_domains"] is None and kind in ("net", "ns") else row["dest_domains"]
    return LoggedEnd(
        EndpointKind(kind),
        namespace,
        row[f"{side}_name"],
        aggregate,
        row[f"{side}_ip"],
        None if labels is None else tuple(labels),
        None if domains is None else tuple(domains),
    )


@given(st.lists(a_row(), max_size=12))
def test_each_row_says_what_it_says_alone(rows: list[dict[str, Any]]) -> None:
    found = connections_of(pa.Table.from_pylist(rows, SCHEMA))
    recorded = found.recorded
    assert len(set(recorded.ends)) == len(recorded.ends)
    assert len(set(recorded.traffic)) == len(recorded.traffic)
    for place, row in enumerate(rows):
        assert recorded.ends[recorded.source[place]] == end(row, "source")
        assert recorded.ends[recorded.destination[place]] == end(row, "dest")
        to = row["dest_service_namespace"], row["dest_service_name"]
        service = None if None in to else ServiceRef(*to)
        assert recorded.traffic[recorded.kind[place]] == Traffic(
            row["proto"], row["dest_port"], service=service
        )
        assert found.keys[place] == row["verdict_key"]
        assert found.counts[place].tolist() == [row["records"], *(row[name] or 0 for name in COUNTERS)]
        assert found.known[place] == row["known"]


def row(**told: Any) -> dict[str, Any]:
    web = {"source_type": "wep", "source_namespace": "shop", "source_name_aggr": "web-*"}
    db = {"dest_type": "wep", "dest_namespace": "data", "dest_name_aggr": "db-*", "dest_port": 5432}
    common = {"cluster": "east", "action": "allow", "proto": "tcp", "known": 31, "records": 1}
    return web | db | common | {"source_labels": ["app=web"], "dest_labels": ["app=db"]} | told


def test_reports_of_both_ends_are_of_one_connection() -> None:
    rows = [row(reporter="src", verdict_key=1, records=4), row(reporter="dst", verdict_key=2, records=3)]
    found = connections_of(pa.Table.from_pylist(rows, SCHEMA))
    recorded = found.recorded
    for places in (recorded.source, recorded.destination, recorded.kind):
        assert places[0] == places[1]
    assert found.counts[:, 0].tolist() == [4, 3]


STATE = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Namespace
metadata: {name: data}
"""
DENY = """
---
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: closed, namespace: data}
spec: {selector: app == 'db', types: [Ingress], ingress: [{action: Deny, source: {selector: app == 'web'}}]}
"""


def test_a_policy_flips_the_keys_that_its_labels_select() -> None:
    rows = [
        row(reporter="src", verdict_key=1),
        row(reporter="dst", verdict_key=2, dest_labels=["app=other"]),
        row(reporter="dst", verdict_key=3),
    ]
    found = connections_of(pa.Table.from_pylist(rows, SCHEMA))
    before, after = (cluster(text) for text in (STATE, STATE + DENY))
    changes = what_if((before, found.recorded.under(before)), (after, found.recorded.under(after)))
    flipped = np.isin(changes.codes, [Change.NEWLY_DENIED])
    assert found.keys[flipped].tolist() == [1, 3]
