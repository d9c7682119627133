"""The generated cases of Kubernetes' network policy API: a verdict per pod pair, protocol and port."""

import json
from pathlib import Path
from typing import Any

import pytest

from tapetum.policy.connection import Connection
from tapetum.policy.evaluate import evaluate
from tapetum.policy.trace import Judgement, Verdict
from tests.policy.clusters import peer, stored

pytestmark = pytest.mark.samples

_WORDS = {Verdict.ALLOW: "allowed", Verdict.DENY: "blocked"}


def objects(step: dict[str, Any]) -> list[dict[str, Any]]:
    namespaces = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}
        for name, labels in step["Namespaces"].items()
    ]
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": each["Name"], "namespace": each["Namespace"], "labels": each["Labels"]},
            "spec": {
                "containers": [
                    {
                        "ports": [
                            {
                                "name": port["name"],
                                "containerPort": port["port"],
                                "protocol": port["protocol"],
                            }
                            for port in each["Ports"]
                        ]
                    }
                ]
            },
            "status": {"podIP": each["IP"]},
        }
        for each in step["Pods"]
    ]
    return [*namespaces, *pods, *step["Policies"]]


def word(judgement: Judgement | None) -> str:
    return "undefined" if judgement is None else _WORDS[judgement.enforced.verdict]


def test_every_generated_verdict(samples: Path) -> None:
    lines = (samples / "policies/generated_cases.first20.ndjson").read_text().splitlines()
    cases = [json.loads(line) for line in lines]
    assert len(cases) == 20
    asked = 0
    for case in cases:
        for step in case["Steps"]:
            state = stored(objects(step))
            for row in step["Results"]:
                ends = (peer(state, row[end]) for end in ("From", "To"))
                found = evaluate(state, Connection(*ends, row["Protocol"].lower(), row["Port"]))
                own = row["From"] == row["To"]
                assert (
                    word(found.ingress),
                    word(found.egress),
                    "undefined" if own else _WORDS[found.verdict],
                ) == (row["Ingress"], row["Egress"], row["Combined"]), (case["Description"], row)
                asked += 1
    assert asked == 9_720
