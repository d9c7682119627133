"""Calico's L7 documents."""

import json
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.calico_lines import NOW
from tests.ingest.deliver import only, reason

SECOND = 1_000_000
RECORD: dict[str, Any] = {
    "host": "node-1",
    "start_time": NOW // SECOND - 300,
    "end_time": NOW // SECOND,
    "bytes_in": 120,
    "bytes_out": 9000,
    "duration_mean": 3_500_000,
    "duration_max": 9_000_000,
    "count": 12,
    "src_name_aggr": "web-6b687c8dcb-*",
    "src_namespace": "shop",
    "src_type": "wep",
    "dest_name_aggr": "pub",
    "dest_namespace": "-",
    "dest_type": "net",
    "dest_service_name": "-",
    "dest_service_namespace": "-",
    "dest_service_port": 8080,
    "url": "api.shop/v1/items",
    "response_code": "200",
    "method": "GET",
    "user_agent": "okhttp/4.12.0",
    "type": "html/1.1",
    "protocol": "http",
    "protocol_version": "1.1",
    "collector_type": "ebpf",
    "collector_name": "ebpf-tcp",
    "tls_sni": "-",
    "tls_version": "-",
    "tls_cipher_suite": "-",
}


def body(**fields: Any) -> bytes:
    return json.dumps({name: value for name, value in (RECORD | fields).items() if value is not ...}).encode()


def test_a_record() -> None:
    row = only(body(), Form.L7)
    told = {name: None if value == "-" else value for name, value in RECORD.items()}
    told |= {"start_time": NOW - 300 * SECOND, "end_time": NOW}
    assert {name: row[name] for name in told} == told
    assert (row["src_ip"], row["request_id"], row["response_flags"]) == (None, None, None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"dest_service_port": "-"}, {"dest_service_port": None}),
        ({"response_code": 200}, {"response_code": "200"}),
        ({"response_code": "-"}, {"response_code": None}),
    ],
)
def test_variants(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    row = only(body(**fields), Form.L7)
    assert {name: row[name] for name in expected} == expected


def test_a_request_of_which_little_is_known() -> None:
    row = only(json.dumps({"start_time": NOW // SECOND, "url": "/x", "count": 2}).encode(), Form.L7)
    assert (row["url"], row["count"], row["duration_mean"]) == ("/x", 2, None)


def test_a_hit_of_elasticsearch_is_unwrapped() -> None:
    assert only(b'{"_id":"x","_source":' + body() + b"}", Form.L7)["count"] == 12


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start_time": ..., "end_time": ...}, "no time: start_time is missing"),
        (
            {"dest_service_port": "8080"},
            'dest_service_port is "8080"; expected a whole number from 0 to 65535',
        ),
        ({"response_code": True}, "response_code is true; expected text"),
        ({"dest_service_port": 65536}, "dest_service_port is 65536; expected a whole number"),
        ({"duration_mean": 2**53}, "duration_mean is 9007199254740992; expected a whole number"),
        ({"bytes_in": -1}, "bytes_in is -1; expected a whole number"),
        ({"src_type": "pod"}, 'src_type is "pod"; expected wep, hep, ns or net'),
        ({"url": ["a"]}, "url is a list; expected text"),
    ],
)
def test_reasons(fields: dict[str, Any], said: str) -> None:
    assert reason(body(**fields), Form.L7).startswith(said)


def test_what_is_given_twice_is_refused() -> None:
    assert reason(body().replace(b'"method"', b'"method":"PUT","method"'), Form.L7) == (
        "method is given more than once"
    )


def test_any_other_object_is_refused() -> None:
    assert reason(b'{"message":"hello"}', Form.L7) == (
        "neither an L7 log of Calico nor an access log of Envoy or ztunnel"
    )
