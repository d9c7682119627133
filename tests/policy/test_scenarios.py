"""Every published query: trace, verdict and pending verdict, as Calico's own graph and checker gave them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tapetum.domain.policy_trace import PolicyKind
from tapetum.policy.connection import Connection
from tapetum.policy.evaluate import evaluate
from tapetum.policy.trace import Trace
from tests.policy.clusters import peer, stored

pytestmark = pytest.mark.samples

MENDED = {
    (
        "calico-cloud/network-policy/beginners/services/services-cluster-ips.mdx",
        "allow-traffic-hostendpoints",
    ): {
        "types": ["Ingress"],  # rules are indented under types; Calico kept the one type that it could read
    },
    ("calico-enterprise/network-policy/hosts/protect-hosts.mdx", "k8s-worker"): {
        # placeholders stand for nets; Calico left out those that it could not read
        "ingress": [
            {"action": "Allow", "protocol": "TCP", "destination": {"ports": [22]}},
            {"action": "Allow", "protocol": "ICMP"},
            {"action": "Allow", "protocol": "TCP", "destination": {"ports": [10250]}},
        ],
        "egress": [
            {"action": "Allow", "protocol": "TCP", "destination": {"ports": [2379]}},
            {"action": "Allow", "protocol": "UDP", "destination": {"ports": [53, 67]}},
        ],
    },
}
"""Policies that their page has wrong, with what the published answers rest on; all else is as published."""

_KINDS = {
    PolicyKind.NETWORK_POLICY: "NetworkPolicy",
    PolicyKind.KUBERNETES_NETWORK_POLICY: "KubernetesNetworkPolicy",
}


def scenarios(samples: Path, name: str) -> Iterator[dict[str, Any]]:
    for line in (samples / f"policies/{name}.ndjson").read_text().splitlines():
        yield json.loads(line)


def mended(scenario: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in scenario["objects"]:
        fields = MENDED.get((scenario["name"], each["metadata"]["name"]), {})
        yield {**each, "spec": {**each["spec"], **fields}} if fields else each


def strings(trace: Trace) -> list[str]:
    assert trace.doubts == ()
    return [
        f"{index}|{step.policy.tier}|{_KINDS.get(step.policy.kind, step.policy.kind.value)}"
        f"|{step.policy.namespace or ''}|{step.policy.name}|{step.action.value}|{step.rule}"
        for index, step in enumerate(trace.steps)
    ]


@pytest.mark.parametrize(("name", "queries"), [("docs_scenarios", 14_028), ("recipes_scenarios", 1_812)])
def test_every_query_is_answered_as_calico_answers_it(samples: Path, name: str, queries: int) -> None:
    asked = 0
    for scenario in scenarios(samples, name):
        state = stored(mended(scenario))
        for query in scenario["results"]:
            ends = (peer(state, query[end]) for end in ("src", "dst"))
            found = evaluate(state, Connection(*ends, query["proto"].lower(), query["port"]))
            told: dict[str, Any] = {}
            for direction, judgement in (("egress", found.egress), ("ingress", found.ingress)):
                if judgement is not None:
                    told[direction] = strings(judgement.enforced)
                    if judgement.pending != judgement.enforced:
                        told[f"{direction}_pending"] = strings(judgement.pending)
                    assert judgement.pending == judgement.logged_pending  # no staged edit in these
            told["verdict"] = found.verdict.value
            if found.pending_verdict is not found.verdict:
                told["pending_verdict"] = found.pending_verdict.value
            asked += 1
            assert told == {key: query[key] for key in query if key not in ("src", "dst", "proto", "port")}, (
                scenario["name"],
                query,
            )
    assert asked == queries
