"""DNS records: the documented fields, rows that only count, and reasons."""

import json
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.calico_lines import NOW
from tests.ingest.deliver import only, reason

SECOND = 1_000_000
RRSET = {"name": "db.shop.example", "class": "IN", "type": "A", "rdata": ["192.0.2.7", "192.0.2.8"]}
SERVER = {
    "ip": "10.0.0.53",
    "name": "coredns-5dd5756b68-x7k2p",
    "name_aggr": "coredns-5dd5756b68-*",
    "namespace": "kube-system",
    "labels": ["k8s-app=kube-dns"],
}
RECORD: dict[str, Any] = {
    "start_time": NOW // SECOND - 300,
    "end_time": NOW // SECOND,
    "type": "LOG",
    "count": 3,
    "client_ip": None,
    "client_name": "-",
    "client_name_aggr": "web-6b687c8dcb-*",
    "client_namespace": "shop",
    "client_labels": ["app=web"],
    "qname": "db.shop.example",
    "qtype": "A",
    "qclass": "IN",
    "rcode": "NoError",
    "rrsets": [RRSET],
    "servers": [SERVER, {"ip": "10.0.0.54", "name": "-", "name_aggr": "pvt", "namespace": "-", "labels": []}],
    "latency_count": 3,
    "latency_mean": 1_500_000,
    "latency_max": 4_000_000,
    "host": "node-1",
}


def body(**fields: Any) -> bytes:
    return json.dumps({name: value for name, value in (RECORD | fields).items() if value is not ...}).encode()


def test_a_record() -> None:
    row = only(body(), Form.DNS)
    told = {name: value for name, value in RECORD.items() if not name.endswith("_time")}
    other = {"ip": "10.0.0.54", "name": None, "name_aggr": "pvt", "namespace": None, "labels": None}
    told |= {"client_name": None, "servers": [SERVER, other]}
    assert {name: row[name] for name in told} == told
    assert (row["start_time"], row["end_time"]) == (NOW - 300 * SECOND, NOW)
    assert (row["server_ip"], row["server_name_aggr"], row["server_namespace"]) == (
        "10.0.0.53",
        "coredns-5dd5756b68-*",
        "kube-system",
    )


def test_rows_that_only_count() -> None:
    row = only(json.dumps({"start_time": NOW // SECOND, "type": "UNLOGGED", "count": 41}).encode(), Form.DNS)
    kept = {name: value for name, value in row.items() if value is not None}
    assert kept.keys() == {"id", "cluster", "line_no", "start_time", "type", "count"}
    assert (kept["type"], kept["count"]) == ("UNLOGGED", 41)


@pytest.mark.parametrize("empty", [None, [], "-", ...])
def test_no_answer_and_no_server(empty: Any) -> None:
    row = only(body(rrsets=empty, servers=empty), Form.DNS)
    assert (row["rrsets"], row["servers"], row["server_ip"]) == (None, None, None)


def test_a_hit_of_elasticsearch_is_unwrapped() -> None:
    hit = b'{"_index":"tigera_secure_ee_dns.cluster.20261123","_source":' + body() + b"}"
    assert only(hit, Form.DNS)["qname"] == "db.shop.example"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start_time": ..., "end_time": ...}, "no time: start_time is missing"),
        ({"type": ...}, "type is missing; expected LOG or UNLOGGED"),
        ({"type": "log"}, 'type is "log"; expected LOG or UNLOGGED'),
        ({"type": 1}, "type is 1; expected LOG or UNLOGGED"),
        ({"count": "3"}, 'count is "3"; expected a whole number'),
        ({"count": -1}, "count is -1; expected a whole number"),
        ({"latency_mean": 1.5}, "latency_mean is 1.5; expected a whole number"),
        ({"client_ip": "nowhere"}, 'client_ip is "nowhere"; expected an IP address'),
        ({"client_labels": "app=web"}, 'client_labels is "app=web"; expected a list of texts'),
        ({"qname": 5}, "qname is 5; expected text"),
        ({"rrsets": {"a": 1}}, "rrsets is an object; expected a list of objects"),
        ({"rrsets": [RRSET, 5]}, "rrsets[1] is 5; expected an object"),
        ({"rrsets": [RRSET | {"rdata": "192.0.2.7"}]}, 'rrsets[0].rdata is "192.0.2.7"; expected a list'),
        ({"rrsets": [RRSET | {"rdata": [7]}]}, "rrsets[0].rdata[0] is 7; expected text"),
        ({"servers": [SERVER | {"ip": "10.0.0.256"}]}, 'servers[0].ip is "10.0.0.256"; expected an IP'),
    ],
)
def test_reasons(fields: dict[str, Any], said: str) -> None:
    assert reason(body(**fields), Form.DNS).startswith(said)


def test_what_is_given_twice_is_refused() -> None:
    assert reason(body().replace(b'"qtype"', b'"qtype":"AAAA","qtype"'), Form.DNS) == (
        "qtype is given more than once"
    )
    assert reason(body().replace(b'"rdata"', b'"rdata":[],"rdata"'), Form.DNS) == (
        "rrsets[0].rdata is given more than once"
    )
