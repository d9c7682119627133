"""Security events of three makers on one schema, and reasons."""

import json
from typing import Any

import pytest

from tapetum.ingest.forms import Form
from tests.ingest.calico_lines import NOW
from tests.ingest.deliver import only, reason

SECOND = 1_000_000
OWN: dict[str, Any] = {
    "time": "2026-11-23T14:00:00Z",
    "id": "e-1",
    "kind": "suspicious DNS",
    "rule": "dns.nxdomain-rise",
    "title": "More unknown names than usual",
    "description": "The client asks for names that do not exist.",
    "severity": 20,
    "mitre_tactics": ["TA0011"],
    "mitre_techniques": ["T1568"],
    "mitigations": ["End absolute names with a dot."],
    "cluster": "prod",
    "source": {"kind": "wep", "namespace": "shop", "name": "web-1", "ip": "10.0.0.7", "port": None},
    "destination": {"kind": "net", "namespace": "-", "name": "pub", "ip": "192.0.2.7", "port": 53},
    "evidence": ["abc", "def"],
    "status": "acknowledged",
    "status_by": "ana",
    "status_at": "2026-11-23T14:00:01Z",
    "proto": "UDP",
    "action": "deny",
}
EVE: dict[str, Any] = {
    "timestamp": "2026-11-23T08:00:00.221126-0600",
    "flow_id": 1959620435402694,
    "event_type": "alert",
    "src_ip": "222.186.56.46",
    "src_port": 4904,
    "dest_ip": "192.168.0.2",
    "dest_port": 22,
    "proto": "TCP",
    "host": "sensor-1",
    "alert": {
        "action": "blocked",
        "gid": 1,
        "signature_id": 2001219,
        "rev": 20,
        "signature": "ET SCAN Potential SSH Scan",
        "category": "Attempted Information Leak",
        "severity": 2,
        "metadata": {"mitre_tactic_id": ["TA0043"], "mitre_technique_id": ["T1595"], "tag": ["x"]},
    },
}
CALICO: dict[str, Any] = {
    "time": NOW // SECOND,
    "type": "gtf_suspicious_flow",
    "description": "Pod shop/web connected to a suspicious IP",
    "severity": 100,
    "origin": "my-threat-feed",
    "host": "node-1",
    "source_ip": "10.0.0.7",
    "source_port": 40000,
    "source_namespace": "shop",
    "source_name": "-",
    "source_name_aggr": "web-*",
    "dest_ip": "192.0.2.7",
    "dest_port": 443,
    "record": {"flow_action": "allow"},
}


def body(record: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps({name: value for name, value in (record | fields).items() if value is not ...}).encode()


def told(record: dict[str, Any], **fields: Any) -> dict[str, Any]:
    row = only(body(record, **fields), Form.EVENTS)
    del row["id"], row["cluster"], row["line_no"]
    return {name: value for name, value in row.items() if value is not None}


def test_our_own_schema() -> None:
    assert told(OWN) == {
        "time": NOW,
        "event_id": "e-1",
        "kind": "suspicious_dns",
        "origin": "tapetum",
        "rule": "dns.nxdomain-rise",
        "title": "More unknown names than usual",
        "description": "The client asks for names that do not exist.",
        "severity": 20,
        "tactics": ["TA0011"],
        "techniques": ["T1568"],
        "mitigations": ["End absolute names with a dot."],
        "source_kind": "wep",
        "source_namespace": "shop",
        "source_name": "web-1",
        "source_ip": "10.0.0.7",
        "dest_kind": "net",
        "dest_name": "pub",
        "dest_ip": "192.0.2.7",
        "dest_port": 53,
        "proto": "udp",
        "action": "deny",
        "evidence": ["abc", "def"],
        "status": "acknowledged",
        "status_by": "ana",
        "status_at": NOW + SECOND,
    }


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("threat feed", "threat_feed"),
        ("alert_rule", "alert_rule"),
        ("WAF", "waf"),
        ("imported IDS", "imported_ids"),
    ],
)
def test_kinds(written: str, kind: str) -> None:
    assert told(OWN, kind=written)["kind"] == kind


def test_an_event_is_open_unless_it_says_otherwise() -> None:
    assert told(OWN, status=...)["status"] == "open"


def test_suricata() -> None:
    assert told(EVE) == {
        "time": NOW + 221_126,
        "kind": "imported_ids",
        "origin": "suricata",
        "rule": "1:2001219:20",
        "title": "ET SCAN Potential SSH Scan",
        "category": "Attempted Information Leak",
        "severity": 50,
        "tactics": ["TA0043"],
        "techniques": ["T1595"],
        "source_ip": "222.186.56.46",
        "source_port": 4904,
        "dest_ip": "192.168.0.2",
        "dest_port": 22,
        "proto": "tcp",
        "action": "deny",
        "host": "sensor-1",
        "status": "open",
    }
    assert told(EVE, timestamp="2026-11-23T14:00:00.5")["time"] == NOW + SECOND // 2
    assert told(EVE, proto="IPv6-ICMP", src_port=..., dest_port=...)["proto"] == "icmpv6"
    assert told(EVE, alert=EVE["alert"] | {"action": "allowed"})["action"] == "allow"


@pytest.mark.parametrize(
    ("priority", "severity"), [(1, 80), (2, 50), (3, 25), (4, 10), (255, 10), (None, None)]
)
def test_priorities_of_suricata(priority: int | None, severity: int | None) -> None:
    assert told(EVE, alert=EVE["alert"] | {"severity": priority}).get("severity") == severity


def test_calico() -> None:
    assert told(CALICO) == {
        "time": NOW,
        "kind": "threat_feed",
        "origin": "calico",
        "rule": "my-threat-feed",
        "title": "Pod shop/web connected to a suspicious IP",
        "description": "Pod shop/web connected to a suspicious IP",
        "category": "gtf_suspicious_flow",
        "severity": 100,
        "source_ip": "10.0.0.7",
        "source_port": 40000,
        "source_namespace": "shop",
        "source_name": "web-*",
        "dest_ip": "192.0.2.7",
        "dest_port": 443,
        "host": "node-1",
        "status": "open",
    }
    assert told(CALICO, time="2026-11-23T14:00:00Z")["time"] == NOW
    hit = b'{"_index":"tigera_secure_ee_events.cluster","_source":' + body(CALICO) + b"}"
    assert only(hit, Form.EVENTS)["rule"] == "my-threat-feed"


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("waf", "waf"),
        ("gtf_suspicious_dns_query", "suspicious_dns"),
        ("suspicious domain", "suspicious_dns"),
        ("deep_packet_inspection", "imported_ids"),
        ("global_alert", "alert_rule"),
        ("honeypod", "detector"),
    ],
)
def test_types_of_calico(category: str, kind: str) -> None:
    row = told(CALICO, type=category)
    assert (row["kind"], row["category"]) == (kind, category)


@pytest.mark.parametrize(
    ("record", "fields", "said"),
    [
        (OWN, {"time": ...}, "no time: time is missing; expected a time"),
        (OWN, {"severity": 0}, "severity is 0; expected a whole number from 1 to 100"),
        (OWN, {"severity": 101}, "severity is 101; expected"),
        (OWN, {"severity": "high"}, 'severity is "high"; expected'),
        (OWN, {"kind": ...}, "kind is missing; expected one of threat_feed,"),
        (OWN, {"kind": "rumour"}, 'kind is "rumour"; expected one of'),
        (OWN, {"status": "done"}, 'status is "done"; expected open, acknowledged or dismissed'),
        (OWN, {"status": []}, "status is a list; expected open"),
        (OWN, {"source": "web"}, 'source is "web"; expected an object'),
        (OWN, {"source": {"kind": "pod"}}, 'source.kind is "pod"; expected wep'),
        (OWN, {"destination": {"port": 70000}}, "destination.port is 70000; expected"),
        (OWN, {"action": "maybe"}, 'action is "maybe"; expected allow or deny'),
        (OWN, {"mitre_tactics": "TA0011"}, 'mitre_tactics is "TA0011"; expected a list of texts'),
        (EVE, {"event_type": "flow"}, 'event_type is "flow"; of Suricata, only alerts are imported'),
        (EVE, {"event_type": 5}, "event_type is 5; of Suricata, only alerts are imported"),
        (EVE, {"timestamp": ...}, "no time: timestamp is missing"),
        (EVE, {"alert": ...}, "alert.signature is missing; expected what the rule calls itself"),
        (EVE, {"alert": []}, "alert is a list; expected an object"),
        (
            EVE,
            {"alert": {"signature": "x", "severity": 0}},
            "alert.severity is 0; expected a whole number from 1",
        ),
        (EVE, {"alert": {"signature": "x", "action": "drop"}}, 'alert.action is "drop"; expected'),
        (EVE, {"src_ip": "there"}, 'src_ip is "there"; expected an IP address'),
        (CALICO, {"time": ...}, "no time: time is missing; expected a time in time or @timestamp"),
        (CALICO, {"type": None}, "type is missing; expected what kind of event it is"),
        (CALICO, {"dest_port": "443"}, 'dest_port is "443"; expected a whole number'),
        (
            {"message": "hello"},
            {},
            "not a security event: neither event_type (Suricata), title (our own) nor",
        ),
    ],
)
def test_reasons(record: dict[str, Any], fields: dict[str, Any], said: str) -> None:
    assert reason(body(record, **fields), Form.EVENTS).startswith(said)


@pytest.mark.parametrize(
    ("record", "name"), [(OWN, "title"), (EVE, "src_ip"), (CALICO, "severity"), (EVE, "signature")]
)
def test_what_is_given_twice_is_refused(record: dict[str, Any], name: str) -> None:
    text = body(record).replace(f'"{name}"'.encode(), f'"{name}":null,"{name}"'.encode(), 1)
    where = "alert." if name == "signature" else ""
    assert reason(text, Form.EVENTS) == f"{where}{name} is given more than once"
