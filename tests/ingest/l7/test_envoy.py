"""Envoy's access logs, as JSON and as text: the same request, and what clients may not make of it."""

import json
from time import process_time
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.calico_lines import NOW
from tests.ingest.deliver import delivered, only, reason

SECOND = 1_000_000
JSON: dict[str, Any] = {
    "start_time": "2026-11-23T14:00:00.000Z",
    "method": "GET",
    "path": "/reviews/0",
    "protocol": "HTTP/1.1",
    "response_code": 503,
    "response_flags": "UF,URX",
    "response_code_details": "via_upstream",
    "connection_termination_details": None,
    "upstream_transport_failure_reason": None,
    "bytes_received": 12,
    "bytes_sent": 358,
    "duration": 25,
    "upstream_service_time": "24",
    "x_forwarded_for": None,
    "user_agent": "Go-http-client/1.1",
    "request_id": "e615c813-c295",
    "authority": "reviews:9080",
    "upstream_host": "10.244.0.34:9080",
    "upstream_cluster": "outbound|9080||reviews.bookinfo.svc.cluster.local",
    "upstream_local_address": "10.244.0.37:40000",
    "downstream_local_address": "10.111.226.218:9080",
    "downstream_remote_address": "10.244.0.37:52134",
    "requested_server_name": None,
    "route_name": "default",
}
TEXT = (
    '[2026-11-23T14:00:00.000Z] "GET /reviews/0 HTTP/1.1" 503 UF,URX via_upstream - "-" 12 358 25 24 "-" '
    '"Go-http-client/1.1" "e615c813-c295" "reviews:9080" "10.244.0.34:9080" '
    "outbound|9080||reviews.bookinfo.svc.cluster.local 10.244.0.37:40000 10.111.226.218:9080 "
    "10.244.0.37:52134 - default"
)
SHORT = (
    '[2026-11-23T14:00:00.000Z] "GET /reviews/0 HTTP/1.1" 503 UF,URX 12 358 25 24 "-" "Go-http-client/1.1" '
    '"e615c813-c295" "reviews:9080" "10.244.0.34:9080"'
)
EXPECTED = {
    "start_time": NOW,
    "end_time": NOW + 25_000,
    "bytes_in": 12,
    "bytes_out": 358,
    "duration_mean": 25_000_000,
    "duration_max": 25_000_000,
    "count": 1,
    "src_ip": "10.244.0.37",
    "src_port": 52134,
    "dest_ip": "10.244.0.34",
    "dest_port": 9080,
    "dest_namespace": "bookinfo",
    "dest_service_name": "reviews",
    "dest_service_namespace": "bookinfo",
    "dest_service_port": 9080,
    "url": "reviews:9080/reviews/0",
    "response_code": "503",
    "response_flags": "UF,URX",
    "method": "GET",
    "user_agent": "Go-http-client/1.1",
    "request_id": "e615c813-c295",
    "type": "html/1.1",
    "protocol": "http",
    "protocol_version": "1.1",
    "collector_type": "envoy-access-log",
    "reporter": "src",
}


def body(**fields: Any) -> bytes:
    return json.dumps({name: value for name, value in (JSON | fields).items() if value is not ...}).encode()


def told(line: bytes) -> dict[str, Any]:
    row = only(line, Form.L7)
    del row["id"], row["cluster"], row["line_no"]
    return {name: value for name, value in row.items() if value is not None}


def test_json_and_text_are_the_same_request() -> None:
    assert told(body()) == EXPECTED
    assert told(TEXT.encode()) == EXPECTED
    texts = {name: str(JSON[name]) for name in ("response_code", "bytes_received", "bytes_sent", "duration")}
    assert told(body(**texts)) == EXPECTED


@pytest.mark.parametrize(
    "prefix", ["2026-11-23T14:00:00.682034460Z ", "2026-11-23T14:00:00.682034460+01:00 stdout F "]
)
def test_what_the_container_runtime_puts_before_a_line(prefix: str) -> None:
    assert told(f"{prefix}{TEXT}".encode()) == EXPECTED
    assert told(f"{prefix}{SHORT}".encode()) == told(SHORT.encode())


def test_envoys_own_format_knows_no_mesh() -> None:
    row = told(SHORT.encode())
    of_mesh = ("src_", "dest_namespace", "dest_service", "reporter")
    assert row == {name: value for name, value in EXPECTED.items() if not name.startswith(of_mesh)}


@pytest.mark.parametrize("details", ['"-"', '"-" "-"', '"-" "TLS error: CERTIFICATE_VERIFY_FAILED"'])
@pytest.mark.parametrize("route", ["default", None])
def test_istios_of_older_versions(details: str, route: str | None) -> None:
    """With Mixer's status in front, then also with what failed upstream; the first ones have no routes."""
    text = TEXT.replace('via_upstream - "-"', details)
    assert told((text if route else text.removesuffix(" default")).encode()) == EXPECTED


def test_what_was_not_measured_is_unknown() -> None:
    row = told(TEXT.replace(" 12 358 25 24 ", " - - - - ").encode())
    assert row.keys() == EXPECTED.keys() - {
        "bytes_in",
        "bytes_out",
        "duration_mean",
        "duration_max",
        "end_time",
    }


def test_a_format_that_was_cut_down_to_the_request() -> None:
    few = ("start_time", "method", "path", "protocol", "response_code", "authority")
    row = told(json.dumps({name: JSON[name] for name in few}).encode())
    assert (row["url"], row["response_code"], row["method"]) == ("reviews:9080/reviews/0", "503", "GET")


def test_envoy_gateway_names_some_fields_otherwise() -> None:
    names = {
        "path": "x-envoy-origin-path",
        "user_agent": "user-agent",
        "request_id": "x-request-id",
        "authority": ":authority",
    }
    assert (
        told(json.dumps({names.get(name, name): value for name, value in JSON.items()}).encode()) == EXPECTED
    )


def test_calicos_gateways_name_some_fields_otherwise_and_no_protocol() -> None:
    names = {"path": "request_path", "method": "request_method", "authority": "domain"}
    record = {names.get(name, name): value for name, value in JSON.items() if name != "protocol"}
    without_version = {name: value for name, value in EXPECTED.items() if name != "protocol_version"}
    assert told(json.dumps(record).encode()) == without_version | {"type": "html"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"protocol": "HTTP/2"}, {"type": "html/2", "protocol_version": "2"}),
        ({"upstream_host": "tcp://10.0.2.1:80"}, {"dest_ip": "10.0.2.1", "dest_port": 80}),
        ({"upstream_host": "[fd00::7]:443"}, {"dest_ip": "fd00::7", "dest_port": 443}),
        (
            {"upstream_host": "envoy://connect_originate/10.244.0.32:80"},
            {"dest_ip": "10.244.0.32", "dest_port": 80},
        ),
        # nothing was reached: the address that was asked for
        ({"upstream_host": None}, {"dest_ip": "10.111.226.218", "dest_port": 9080}),
        ({"upstream_host": "envoy://internal_client_address/"}, {"dest_ip": "10.111.226.218"}),
        # a sidecar hands it to its own pod
        ({"upstream_host": "127.0.0.1:8080"}, {"dest_ip": "10.111.226.218", "dest_port": 9080}),
        ({"upstream_host": "/var/run/app.sock"}, {"dest_ip": "10.111.226.218"}),
        (
            {"upstream_cluster": "inbound-vip|80|http|a.b.svc.cluster.local;"},
            {
                "dest_service_name": "a",
                "dest_service_port": 80,
                "collector_name": "waypoint",
                "reporter": None,
            },
        ),
        (
            {"upstream_cluster": "outbound|443||www.shop.example"},
            {"dest_service_name": None, "dest_service_port": None, "dest_namespace": None},
        ),
        ({"upstream_cluster": "PassthroughCluster"}, {"dest_service_name": None}),
        (
            {"upstream_cluster": "inbound|9080||", "authority": "a.b.svc.cluster.local:80"},
            {
                "dest_service_name": "a",
                "dest_service_namespace": "b",
                "dest_service_port": 9080,
                "reporter": "dst",
            },
        ),
        (
            {"upstream_cluster": None, "authority": "a.b.svc"},
            {"dest_service_name": "a", "dest_namespace": "b"},
        ),
        ({"response_code": 0}, {"response_code": "0"}),
        ({"duration": None}, {"duration_mean": None, "end_time": None}),
    ],
)
def test_variants(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    row = only(body(**fields), Form.L7)
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [(None, {"type": "tcp"}), ("db.shop", {"type": "tls", "protocol": "tls", "tls_sni": "db.shop"})],
)
def test_connections_of_other_protocols(name: str | None, expected: dict[str, Any]) -> None:
    of_http = {"method": None, "path": None, "protocol": None, "authority": None, "user_agent": None}
    row = told(body(**of_http, response_code=0, request_id=None, requested_server_name=name))
    kinds = ("type", "protocol", "protocol_version", "url", "response_code", "method", "tls_sni")
    assert {kind: row[kind] for kind in kinds if kind in row} == expected
    text = TEXT.replace("GET /reviews/0 HTTP/1.1", "- - -").replace(" - default", f" {name or '-'} default")
    assert told(text.replace("503", "0").encode())["type"] == expected["type"]


def test_a_client_may_call_itself_anything() -> None:
    odd = 'Mozilla "the" {jndi:ldap://x} "'
    assert told(TEXT.replace("Go-http-client/1.1", odd).encode())["user_agent"] == odd


@pytest.mark.parametrize(
    "forged",
    [
        'x" "id" "shop" "192.0.2.66:80',
        'x" "id" "shop" "192.0.2.66:80" a b c 192.0.2.67:1 d e',
        'x" "id" "shop" "192.0.2.66:80" outbound|80||a.b.svc 1 2 192.0.2.67:1 - default "',
    ],
)
def test_a_client_cannot_pass_for_another(forged: str) -> None:
    for text in (TEXT, SHORT):
        said = reason(text.replace("Go-http-client/1.1", forged).encode(), Form.L7)
        assert said.startswith("expected the end, or the upstream cluster")


@pytest.mark.parametrize("part", ['" "', '"', '" ', "a ", "- ", '"- '])
@pytest.mark.parametrize("place", ["Go-http-client/1.1", "UF,URX", "GET", "- default", "via_upstream"])
def test_no_line_takes_long(part: str, place: str) -> None:
    """Each is read or refused in time that grows with its length, not with its square."""
    line = TEXT.replace(place, place + part * 200_000).encode()
    begun = process_time()
    batch = delivered(line, Form.L7)
    assert process_time() - begun < 2
    assert batch.records.num_rows + len(batch.rejections) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", 'expected a time in brackets at character 1, near "hello"'),
        (
            "[soon] ",
            "expected the request as method, path and protocol in quotes at character 8, where the line",
        ),
        (TEXT.replace("2026", "26"), 'start_time is "26-11-23T14:00:00.000Z"; expected'),
        (
            TEXT.replace('/1.1" 503', "/1.1 503"),
            "expected the request as method, path and protocol in quotes at",
        ),
        (
            TEXT.replace(" 503 ", " OK "),
            'expected a response code and flags at character 54, near "OK UF,URX',
        ),
        (
            TEXT.replace(" 358 ", " -1 "),
            "expected bytes received, bytes sent and durations at character 84, near",
        ),
        (
            TEXT.replace(' "-" "Go', ' "Go'),
            "expected the request id, authority and upstream host in quotes at",
        ),
        (
            TEXT[:-8],
            "expected the route at character 279, where the line ends",
        ),
        (TEXT + " more", "expected the end, or the upstream cluster, addresses, server name and route at"),
        (
            TEXT.replace("10.244.0.34:9080", "10.244.0.334:9080"),
            'upstream_host is "10.244.0.334"; expected an IP',
        ),
        (
            TEXT.replace("10.244.0.37:52134", "10.244.0.37:70000"),
            "downstream_remote_address is 70000; expected",
        ),
        (TEXT.replace("|9080|", "|x|"), 'the port in upstream_cluster is "x"; expected a whole number'),
        (TEXT.replace("reviews:", "re\x00views:"), "a control character (0x00) at character"),
        (TEXT.replace("reviews:", "re\x1b[2Jviews:"), "a control character (0x1b) at character"),
    ],
)
def test_reasons_of_text(text: str, said: str) -> None:
    found = reason(text.encode(), Form.L7)
    assert found.startswith(said)
    assert found.isascii()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start_time": None}, "no time: start_time is missing; expected the time of the request"),
        ({"start_time": "soon"}, 'start_time is "soon"; expected epoch time'),
        ({"duration": "fast"}, 'duration is "fast"; expected a whole number'),
        ({"duration": 2**53}, "duration is 9007199254740992; expected a whole number from 0 to 9007199254"),
        ({"duration": 1.5}, "duration is 1.5; expected a whole number"),
        ({"response_code": 1000}, "response_code is 1000; expected a whole number from 0 to 999"),
        ({"bytes_sent": -1}, "bytes_sent is -1; expected a whole number"),
        ({"method": 5}, "method is 5; expected text"),
        ({"downstream_remote_address": "10.0.0.1:http"}, "downstream_remote_address is"),
    ],
)
def test_reasons_of_json(fields: dict[str, Any], said: str) -> None:
    assert reason(body(**fields), Form.L7).startswith(said)


def test_what_is_given_twice_is_refused() -> None:
    assert reason(body().replace(b'"path"', b'"path":"/","path"'), Form.L7) == "path is given more than once"
