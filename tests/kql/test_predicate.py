"""What queries mean, on records: docs/kql.md case by case."""

from typing import Any

import pytest

from tapetum.kql import KqlError, compile_predicate, parse

NOW = 1_700_000_000_000_000  # 2023-11-14T22:13:20Z
RECORD: dict[str, Any] = {
    "start_time": NOW - 60_000_000,
    "action": "allow",
    "reporter": "src",
    "proto": "tcp",
    "source_name": None,
    "source_name_aggr": "web-6b687c8dcb-*",
    "source_namespace": "shop",
    "source_ip": "10.1.2.3",
    "dest_ip": "2001:db8::7",
    "dest_port": 443,
    "source_labels": ["app=web", "tier=front"],
    "dest_domains": ["api.example.com", "example.com"],
    "process_args": ["--user ${jndi:ldap://x}"],
    "nat_outgoing_ports": [30001, 30002],
    "original_source_ips": ["192.0.2.1", "2001:db8::1"],
    "policies": {
        "all_policies": [
            "0|default|default.tenant-01-restrict|pass|0",
            "1|default|shop/knp.default.web|deny|-1",
            "2|__PROFILE__|__PROFILE__.kns.shop|allow|0",
        ],
        "enforced_policies": ["0|security|gnp:allow-dns|allow|0"],
    },
    "policy_hits": [
        {"index": 0, "tier": "default", "name": "tenant-01-restrict", "action": "pass", "staged": False},
        {
            "index": 1,
            "tier": "default",
            "namespace": "shop",
            "name": "web",
            "action": "deny",
            "staged": False,
        },
    ],
}

TRUE = """
action:allow
action : allow
ACTION_IS_NOT_A_FIELD* : x or action:allow
action:(deny or allow)
action:(not deny)
action:"allow"
action:al*w
not action:deny
not source_name:web
not (source_name:web and action:allow)
source_name:-
source_name:"-"
not source_name:*
source_namespace:*
source_namespace:* and not source_name:*
source_name_aggr:web-6b687c8dcb-*
source_name_aggr:"web-6b687c8dcb-*"
source_n*:shop
dest_port:443
dest_port:"443"
dest_port >= 443 and dest_port < 444
dest_port:443.0
dest_port:4.43e2
dest_port > 442.5 and dest_port < 443.5
dest_port >= 442.000001
dest_port <= +443.9
dest_port > -5
dest_port < 100000000000000000000000
nat_outgoing_ports:30002
nat_outgoing_ports > 30001
nat_outgoing_ports < 30002 and nat_outgoing_ports > 30001
source_ip:10.1.2.3
source_ip:10.0.0.0/8
source_ip:"::ffff:10.1.2.3"
source_ip >= 10.1.2.0 and source_ip <= 10.1.2.255
dest_ip:"2001:db8::/32"
dest_ip:"2001:0DB8:0:0::7"
dest_ip > "2001:db8::6"
original_source_ips:192.0.2.0/24 and original_source_ips:"2001:db8::/64"
source_labels:app=web
source_labels.labels:"tier=front" and source_labels:app*
dest_domains:example.com
process_args:*jndi\\:ldap*
start_time:2023-11-14
start_time:2023
start_time:"2023-11-14T22:12"
start_time:"2023-11-14T23:12:20+01:00"
start_time:1699999940000
start_time >= now-1m
start_time <= now-1m
@timestamp > now-2m and @timestamp < now
start_time <= 2023-11-14
source_namespace > shoe and source_namespace < shoq
shop
"shop"
*jndi*
tcp and src
10.0.0.0/8
deny
tenant-01-restrict
app=web or nothing at all
policies.all_policies:deny and policies.all_policies:tenant-01-restrict
policies:{all_policies:pass and all_policies:tenant-01-restrict}
policies:{all_policies:deny and all_policies:web and all_policies:shop}
policies:{enforced_policies:allow-dns and enforced_policies:security}
policies:{enforced_policies:gnp}
policies:{not all_policies:deny}
policies:{all_policies:*deny*}
policies:{all_policies:kns.*}
policies.*:allow-dns
policies.all_policies:"1|default|shop/knp.default.web|deny|-1"
policies.all_policies:knp.default.web
policies:*
policy_hits:{name:web and action:deny}
policy_hits:{name:web and namespace:shop and index > 0 and staged:false}
policy_hits:{policy_hits.name:web and not action:pass}
policy_hits:{namespace:-}
policy_hits:{de*y}
policy_hits.name:web and policy_hits.action:pass
policy_hits:*
not policy_hits:{staged:true}
"""

FALSE = """
action:Allow
action:all
action:(not allow)
source_name:*
source_name:web
source_name_aggr:"web-*"
not source_namespace:shop
source_namespace:-
-
nothing
no_such_field*:x
dest_port:99999999999999999999
dest_port:443.5
dest_port:1e999
dest_port > 443.5
dest_port >= 443.000001
dest_port < 442.5
dest_port <= 4.4e2
dest_port > 100000000000000000000000
source_ip:10.2.0.0/16
source_ip:"2001:db8::/32"
source_ip:"::/0"
dest_ip:0.0.0.0/0
dest_ip > 10.0.0.0
source_port < 10
source_port:*
not_a_field*:*
start_time > 2023-11-14
start_time:"2023-11-14T22:12:21"
start_time > now-1m
source_namespace > shop
"sho*"
policies:{all_policies:deny and all_policies:tenant-01-restrict}
policies:{all_policies:allow and enforced_policies:allow}
policies:{enforced_policies:deny}
policies.transit_policies:*
policies.all_policies:den
policies.all_policies:""
policy_hits:{name:web and action:pass}
policy_hits:{rule_index >= 0}
policy_hits:{name:-}
"""


def holds(query: str, record: dict[str, Any] = RECORD) -> bool:
    return compile_predicate(parse(query), "flows", NOW)(record)


@pytest.mark.parametrize("query", TRUE.split("\n")[1:-1])
def test_holds(query: str) -> None:
    assert holds(query)


@pytest.mark.parametrize("query", FALSE.split("\n")[1:-1])
def test_does_not_hold(query: str) -> None:
    assert not holds(query)


@pytest.mark.parametrize(
    "query", ["*", "", "not action:deny", "source_labels:-", "not policies:{all_policies:deny}"]
)
def test_holds_of_an_empty_record(query: str) -> None:
    assert holds(query, {})


REFUSED = """
sourcenamespace:x => There is no field "sourcenamespace" for flows (column 1); did you mean source_namespace?
x and sourceName:x => There is no field "sourceName" for flows (column 7); did you mean source_name?
* or qzx:1 => There is no field "qzx" for flows (column 6); completion lists the fields that there are.
policies:{al:x} => There is no field "policies.al" for flows (column 11);
dest_port:http => dest_port holds a number; "http" (column 11) is none.
dest_port:4.0.0 => dest_port holds a number; "4.0.0"
dest_port:1e1000 => dest_port holds a number; "1e1000"
dest_port:44* => dest_port holds a number and takes no wildcard but a lone * (column 11).
source_ip:10.* => takes no wildcard
source_ip:web => source_ip holds an address or a network such as 10.0.0.0/8
source_ip > 10.0.0.0/8 => source_ip holds one address
source_ip:10.0.0.0/33 => source_ip holds an address or a network
start_time:2023-13-01 => start_time holds a time such as
start_time > yesterday => now-15m
policies:deny => policies holds objects (column 1); write policies:{name: value} with a name among
action:{a:b} => Braces follow one field that holds objects, not action (column 1); those are policies,
policy_hits:{staged:maybe} => policy_hits.staged holds true or false
policy_hits:{staged > false} => has no order to compare by
policies:{all_policies > x} => has no order to compare by
"""


@pytest.mark.parametrize("case", REFUSED.split("\n")[1:-1])
def test_refuses_what_does_not_fit(case: str) -> None:
    query, message = case.split(" => ")
    with pytest.raises(KqlError) as caught:
        compile_predicate(parse(query), "flows", NOW)
    assert message in str(caught.value)
    assert f"column {caught.value.column}" in str(caught.value)


def test_alerts_have_their_own_fields() -> None:
    alert = {"time": NOW, "kind": "detector", "rule": "first denied edge", "severity": 40, "technique": None}
    for query in (
        'rule:"first denied edge"',
        "first denied edge",
        "severity >= 40",
        "time > now-1h",
        "technique:-",
    ):
        assert compile_predicate(parse(query), "alerts", NOW)(alert), query
    with pytest.raises(KqlError, match="for alerts"):
        compile_predicate(parse("bytes_in > 1"), "alerts", NOW)
