"""Counters of committed records: exact sums, one label for each reporter, and few labels whatever comes."""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from tapetum.domain.batches import RecordKind
from tapetum.service.traffic_tally import CLUSTERS, TrafficTally
from tests.support.factory import Flow, batch, hep, net, wep
from tests.support.records import Entry, entry, record_batch

L7, DNS = RecordKind.L7, RecordKind.DNS


def samples(tally: TrafficTally, name: str) -> dict[tuple[str, ...], float]:
    registry = CollectorRegistry()
    registry.register(tally)
    return {
        tuple(sample.labels.values()): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == f"tapetum_{name}_total"
    }


def add(tally: TrafficTally, *entries: Entry) -> None:
    made = record_batch(entries)
    tally.add(made.kind, made.records)


ends = st.sampled_from([wep("shop", "web"), wep("shop", "db"), wep("data", "db"), net(), hep("node")])
counts = st.none() | st.integers(0, 2**40)
flows = st.builds(
    Flow,
    source=ends,
    dest=ends,
    reporter=st.sampled_from(["src", "dst", "fwd"]),
    action=st.sampled_from(["allow", "deny"]),
    connections=counts,
    bytes_in=counts,
    bytes_out=counts,
)


@given(st.lists(st.lists(flows, max_size=6), max_size=4))
@settings(deadline=None)
def test_traffic_is_what_each_end_said(batches: list[list[Flow]]) -> None:
    tally = TrafficTally()
    connections: Counter[tuple[str, ...]] = Counter()
    moved: Counter[tuple[str, ...]] = Counter()
    for each in batches:
        made = batch(each)
        tally.add(made.kind, made.records)
        for flow in each:
            if flow.reporter == "fwd":
                continue
            verdict = {"allow": "allowed", "deny": "denied"}[flow.action]
            key = ("east", flow.source.namespace or "-", flow.dest.namespace or "-", verdict, flow.reporter)
            if flow.connections is not None:
                connections[key] += flow.connections
            sent, received = ("to_dest", "to_source") if flow.reporter == "src" else ("to_source", "to_dest")
            for direction, count in ((sent, flow.bytes_out), (received, flow.bytes_in)):
                if count is not None:
                    moved[*key, direction] += count
    assert samples(tally, "flow_connections") == connections
    assert samples(tally, "flow_bytes") == moved


def test_pairs_and_clusters_beyond_a_number_are_others() -> None:
    tally = TrafficTally(pairs=2)
    given = [Flow(wep(f"ns{mark}", "a"), wep("shop", "b"), mark=mark) for mark in range(5)]
    for flow in given:
        made = batch([flow])
        tally.add(made.kind, made.records)
    found = samples(tally, "flow_connections")
    assert sum(found.values()) == 5
    assert {key[1] for key in found} == {"ns0", "ns1", "other"}
    for number in range(CLUSTERS + 7):
        add(tally, entry(DNS, cluster=f"c{number}", rcode="NoError", count=1))
    found = samples(tally, "dns_requests")
    assert sum(found.values()) == CLUSTERS + 7
    assert len({key[0] for key in found}) == CLUSTERS  # east is one of them, and other another


def test_dns_requests_by_outcome() -> None:
    tally = TrafficTally()
    records: list[dict[str, Any]] = [
        {"rcode": "NoError", "count": 3},
        {"rcode": "NoError", "count": 4, "qname": "b"},
        {"rcode": "NXDomain", "count": 2},
        {"rcode": "\x00evil", "count": 1},
        {"count": 1},
        {"type": "UNLOGGED", "count": 9},
        {"rcode": "ServFail"},
    ]
    add(tally, *(entry(DNS, **fields) for fields in records))
    found = {rcode: count for (_, rcode), count in samples(tally, "dns_requests").items()}
    assert found == {"NoError": 7, "NXDomain": 2, "other": 1, "-": 1, "unlogged": 9}


def test_http_requests_by_code_and_reporter() -> None:
    tally = TrafficTally()
    records: list[dict[str, Any]] = [
        {"response_code": "200", "count": 3},
        {"response_code": "200", "count": 1, "reporter": "src"},
        {"response_code": "200", "count": 1, "reporter": "dst"},
        {"response_code": "503", "count": 2, "reporter": "?"},
        {"response_code": "000", "count": 1},
        {"type": "tls", "count": 8},
    ]
    add(tally, *(entry(L7, **fields) for fields in records))
    found = {key[1:]: count for key, count in samples(tally, "http_requests").items()}
    assert found == {
        ("2xx", "200", "-"): 3,
        ("2xx", "200", "src"): 1,
        ("2xx", "200", "dst"): 1,
        ("5xx", "503", "other"): 2,
        ("other", "other", "-"): 1,
    }
