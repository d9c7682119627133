"""What Kibana's query language can say, feature by feature: small records of each kind, and which of them
each query means. Written by hand, so that the targets cannot agree on a mistake.
"""

from dataclasses import dataclass
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY, HOUR, MINUTE
from tests.support.kql_cases import NOW, Records  # 2023-11-14T22:13:20Z, a Tuesday


@dataclass(frozen=True)
class Told:
    """Records by their numbers, and the numbers that each query means."""

    records: Records
    queries: dict[str, set[int]]


def _policies(*strings: str) -> dict[str, Any]:
    """As logged, and taken apart."""
    hits = [
        {
            "index": int(index),
            "tier": tier,
            "name": name.rpartition(".")[2],
            "action": action,
            "staged": False,
        }
        for index, tier, name, action, _ in (string.split("|") for string in strings)
    ]
    return {"policies": {"all_policies": list(strings)}, "policy_hits": hits}


_RESTRICT = "default|default.tenant-01-restrict"
_FLOWS = Told(
    [
        {
            "start_time": NOW,
            "source_namespace": "shop",
            "dest_name": "web",
            "dest_port": 443,
            "action": "allow",
            **_policies(f"0|{_RESTRICT}|pass|0", "1|default|default.other|deny|0"),
        },
        {
            "start_time": NOW - HOUR,
            "source_namespace": "pay",
            "dest_name": "a b",
            "dest_port": 80,
            "action": "deny",
            "source_ip": "10.1.2.3",
            **_policies(f"0|{_RESTRICT}|deny|0"),
        },
        {
            "start_time": NOW - DAY,
            "dest_namespace": "shop",
            "dest_name": "or",
            "action": "deny",
            "source_labels": ["app=web", "tier=front"],
            "nat_outgoing_ports": [1, 9],
            **_policies("0|deny|deny.x|allow|0"),
        },
        {
            "start_time": NOW - 40 * MINUTE,
            "dest_name": 'say "hi"\\',
            "source_labels": ["app=db"],
            "dest_ip": "2001:db8::7",
        },
    ],
    {
        "": {0, 1, 2, 3},
        "*": {0, 1, 2, 3},
        "source_namespace: shop": {0},
        "source_namespace: Shop": set(),
        "dest_name: a b": {1},
        'dest_name: "a b"': {1},
        r"dest_name: \or": {2},
        "dest_name: OR": set(),
        r"dest_name: say \"hi\"\\": {3},
        r'dest_name: "say \"hi\"\\"': {3},
        "dest_name: w*": {0},
        "dest_name: *e*": {0},
        'dest_name: "w*"': set(),
        "dest_name: (web or a b)": {0, 1},
        "dest_name: (w* and *b)": {0},
        "dest_name: (not web)": {1, 2, 3},
        "source_labels: (app=web and tier=front)": {2},
        "source_labels: (app=* and not tier=front)": {3},
        "nat_outgoing_ports > 1 and nat_outgoing_ports < 9": {2},
        "dest_port >= 443": {0},
        "dest_port < 443": {1},
        "not dest_port < 443": {0, 2, 3},
        "dest_port: *": {0, 1},
        "not dest_port: *": {2, 3},
        "*_namespace: shop": {0, 2},
        "*_namespace: *": {0, 1, 2},
        "dest_*: web": {0},
        "*: shop": {0, 2},
        "*: 80": {1},
        "*: 10.0.0.0/8": {1},
        "*: (shop and deny)": {0, 2},
        "shop": {0, 2},
        "sho*": {0, 2},
        '"a b"': {1},
        "443": set(),
        "10.1.2.3": {1},
        '"2001:db8::/32"': {3},
        "NOT action: allow AND dest_port: *": {1},
        "action: deny or source_namespace: shop and dest_port: 1": {1, 2},
        "(action: deny or source_namespace: shop) and dest_port: *": {0, 1},
        "not (action: deny or source_namespace: shop)": {3},
        "start_time: 2023-11-14": {0, 1, 3},
        'start_time >= "2023-11-14T21:33:20Z"': {0, 3},
        "start_time < now-39m": {1, 2, 3},
        "@timestamp >= now-1h and @timestamp < now": {1, 3},
        "start_time >= now/d": {0, 1, 3},
        "start_time < now/h": {1, 2, 3},
        "start_time <= now/h": {0, 1, 2, 3},
        "start_time > now-1d/d": {0, 1, 3},
        "start_time: now-1d/d": {2},
        'start_time >= "2023-11-13||+1d"': {0, 1, 3},
        "policies:{all_policies: deny and all_policies: tenant-01-restrict}": {1},
        "policies.all_policies: deny and policies.all_policies: tenant-01-restrict": {0, 1},
        "policies:{all_policies: *deny* and all_policies: *restrict*}": {1},
        "policies:{all_policies: deny}": {0, 1, 2},
        "policy_hits:{name: tenant-01-restrict and action: deny}": {1},
        "policy_hits:{action: deny}": {0, 1},
        "not policy_hits:{action: deny}": {2, 3},
        "not policy_hits:{name: tenant-01-restrict and action: deny}": {0, 2, 3},
        "policy_hits:{not name: tenant-01-restrict}": {0, 2},
        "policy_hits:{name: other or action: allow}": {0, 2},
        "policy_hits:{(name: other or name: x) and not action: allow}": {0},
        "policy_hits:{index > 0 and staged: false}": {0},
        "policy_hits:{name: (other or x)}": {0, 2},
        "policy_hits:{a*: pass}": {0},
        "policy_hits:{*: default and index: 1}": {0},
        "policy_hits:{tenant*}": {0, 1},
        "action: deny and policy_hits:{action: deny} or dest_port: 443": {0, 1},
        "policy_hits: *": {0, 1, 2},
        "policy_hits.action: pass": {0},
        "policy_hits.*: pass": {0},
    },
)


def _answer(name: str, kind: str, *data: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "class": "IN", "rdata": list(data)}


_DNS = Told(
    [
        {
            "start_time": NOW,
            "client_namespace": "shop",
            "qname": "api.example.com",
            "rcode": "NoError",
            "count": 3,
            "rrsets": [
                _answer("api.example.com", "CNAME", "edge.example.net"),
                _answer("edge.example.net", "A", "192.0.2.1", "192.0.2.2"),
            ],
            "servers": [
                {
                    "ip": "10.96.0.10",
                    "name": "coredns-1",
                    "namespace": "kube-system",
                    "labels": ["k8s-app=dns"],
                }
            ],
            "server_ip": "10.96.0.10",
        },
        {
            "start_time": NOW,
            "client_namespace": "pay",
            "qname": "nope.example.com",
            "rcode": "NXDomain",
            "count": 1,
            "rrsets": [],
            "servers": [{"ip": "8.8.8.8"}, {"ip": "2001:4860:4860::8888", "labels": []}],
            "server_ip": "8.8.8.8",
        },
        {
            "start_time": NOW,
            "qname": "edge.example.net",
            "rcode": "NoError",
            "count": 2,
            "rrsets": [_answer("edge.example.net", "AAAA", "2001:db8::1")],
        },
    ],
    {
        "rrsets:{type: A and rdata: 192.0.2.2}": {0},
        "rrsets:{type: CNAME and rdata: 192.0.2.2}": set(),
        "rrsets.type: CNAME and rrsets.rdata: 192.0.2.2": {0},
        "rrsets:{rdata: 192.0.2.1 and rdata: 192.0.2.2}": {0},
        "rrsets:{rdata: (192.0.2.1 and not edge*)}": {0},
        "rrsets:{name: edge.example.net and not type: A}": {2},
        "not rrsets:{type: A}": {1, 2},
        "rrsets:{type: CNAME} or rrsets:{type: AAAA}": {0, 2},
        "rrsets:{type: A} and not servers:{namespace: *}": set(),
        "rrsets:{rdata: *}": {0, 2},
        "rrsets: *": {0, 2},
        "not rrsets: *": {1},
        "rrsets.rdata: *db8*": {2},
        "rrsets:{192.0.2.1}": {0},
        "servers:{ip: 8.8.8.0/24}": {1},
        'servers:{ip: "2001:4860::/32" or ip: 10.0.0.0/8}': {0, 1},
        "servers:{ip: 8.8.8.8 and not labels: *}": {1},
        "servers:{labels: k8s-app=dns and namespace: kube-system}": {0},
        "servers.*: 10.96.0.10": {0},
        "server*: 8.8.8.8": {1},
        "servers.ip > 9.0.0.0": {0},
        "NXDomain": {1},
        "*.example.com": {0, 1},
        "edge.example.net": {2},
        "*: edge.example.net": {0, 2},
        "rcode: (NXDomain or ServFail)": {1},
        "count >= 2 and not client_namespace: *": {2},
    },
)
_AUDIT = Told(
    [
        {
            "requestReceivedTimestamp": NOW,
            "verb": "delete",
            "user.username": "jane",
            "user.groups": ["admins", "dev"],
            "objectRef.resource": "networkpolicies",
            "objectRef.name": "tenant-01-restrict",
            "responseStatus.code": 200,
            "sourceIPs": ["10.1.2.3", "2001:db8::1"],
        },
        {
            "requestReceivedTimestamp": NOW - DAY,
            "verb": "create",
            "user.username": "system:serviceaccount:shop:ci",
            "objectRef.resource": "pods",
            "objectRef.namespace": "shop",
            "responseStatus.code": 403,
            "responseStatus.reason": "Forbidden",
        },
    ],
    {
        "user.username: jane": {0},
        r"user.username: system\:serviceaccount\:*": {1},
        'user.username: "system:serviceaccount:shop:ci"': {1},
        "user.*: admins": {0},
        "user.groups: (admins and dev)": {0},
        "not user.groups: *": {1},
        "objectRef.*: shop": {1},
        "*.name*: tenant-01-restrict": {0},
        "responseStatus.code >= 400": {1},
        "responseStatus.code: (200 or 403)": {0, 1},
        "not objectRef.namespace: *": {0},
        "sourceIPs: 10.0.0.0/8": {0},
        'sourceIPs: "2001:db8::/32"': {0},
        "@timestamp >= now-1h": {0},
        "Forbidden": {1},
        "networkpolicies or dev": {0},
        "verb: (create or delete) and not jane": {1},
    },
)
_L7 = Told(
    [
        {
            "start_time": NOW,
            "url": "shop/cart?id=1",
            "response_code": "200",
            "method": "GET",
            "duration_mean": 5000,
        },
        {
            "start_time": NOW,
            "url": "pay/*",
            "response_code": "503",
            "response_flags": "UF",
            "dest_ip": "10.0.0.9",
        },
    ],
    {
        "url: *cart?id*": {0},
        r"url: pay/\*": {1},
        "url: pay/*": {1},
        "response_code: 5*": {1},
        "response_code >= 500": {1},
        "503": {1},
        "duration_mean > 4999": {0},
        "not response_flags: *": {0},
        "10.0.0.0/24": {1},
    },
)
_BGP = Told(
    [
        {
            "logtime": NOW,
            "host": "node-1",
            "peer": "Mesh_10_0_0_2",
            "peer_ip": "10.0.0.2",
            "state": "Established",
        },
        {
            "logtime": NOW - DAY,
            "host": "node-2",
            "message": "Reloading",
            "event": "other",
            "ip_version": "IPv6",
        },
    ],
    {
        "state: (Established or Idle)": {0},
        "peer: Mesh_10*": {0},
        "peer_ip: 10.0.0.0/30": {0},
        "10.0.0.2": {0},
        "Reloading": {1},
        "start_time > now-1h": {0},
        "*p*: IPv6": {1},
    },
)
_EVENTS = Told(
    [
        {
            "time": NOW,
            "kind": "imported_ids",
            "rule": "ET SCAN Nmap",
            "severity": 80,
            "techniques": ["T1046", "T1595"],
        },
        {"time": NOW - DAY, "kind": "waf", "severity": 20, "source_ip": "203.0.113.9", "source_port": 4444},
    ],
    {
        "rule: ET SCAN Nmap": {0},
        "ET SCAN Nmap": {0},
        "ET SCAN": set(),
        "techniques: (T1046 and T1595)": {0},
        "T1595": {0},
        "severity > 20": {0},
        "source_*: 4444": {1},
        "source_ip >= 203.0.113.0 and source_ip < 203.0.114.0": {1},
        "not techniques: *": {1},
        "time: now/d": {0},
    },
)

KQL_FEATURES = {
    RecordKind.FLOWS: _FLOWS,
    RecordKind.DNS: _DNS,
    RecordKind.AUDIT: _AUDIT,
    RecordKind.L7: _L7,
    RecordKind.BGP: _BGP,
    RecordKind.EVENTS: _EVENTS,
}
