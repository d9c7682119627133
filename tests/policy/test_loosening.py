"""What opens a policy, and what does not."""

from typing import Any

import pytest
import yaml

from tapetum.policy.documents import Document, Place
from tapetum.policy.loosening import loosened
from tapetum.policy.resources.manifests import resolve
from tapetum.policy.resources.policies import Policy, Tier

DENIED = "{action: Deny, protocol: TCP, destination: {ports: [22]}}"
WEB = "{action: Allow, source: {selector: app == 'web'}}"
ANYONE = "{action: Allow}"
NET = "{action: Allow, source: {nets: [0.0.0.0/0]}, destination: {ports: [443]}, protocol: TCP}"


def read(text: str) -> Policy | Tier:
    (found,) = resolve([Document(Place("test"), yaml.safe_load(text))], lenient=True).resources
    assert isinstance(found, Policy | Tier)
    return found


def calico(
    ingress: str | None = None, egress: str | None = None, kind: str = "NetworkPolicy"
) -> Policy | Tier:
    spec: dict[str, Any] = {"selector": "app == 'db'", "types": []}
    for way, rules in (("Ingress", ingress), ("Egress", egress)):
        if rules is not None:
            spec["types"].append(way)
            spec[way.lower()] = yaml.safe_load(f"[{rules}]")
    metadata = {"name": "db", **({} if kind.startswith("Global") else {"namespace": "shop"})}
    return read(
        yaml.safe_dump(
            {"apiVersion": "projectcalico.org/v3", "kind": kind, "metadata": metadata, "spec": spec}
        )
    )


def kubernetes(ingress: str) -> Policy | Tier:
    return read(
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db, namespace: shop}, "
        f"spec: {{podSelector: {{}}, policyTypes: [Ingress], ingress: [{ingress}]}}}}"
    )


def tier(action: str) -> Policy | Tier:
    return read(
        "{apiVersion: projectcalico.org/v3, kind: Tier, metadata: {name: first}, "
        f"spec: {{order: 1, defaultAction: {action}}}}}"
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (calico(WEB), calico(ANYONE), "allows ingress from anyone"),
        (calico(WEB), calico(f"{WEB}, {NET}"), "allows ingress of tcp 443 from 0.0.0.0/0"),
        (calico(egress=DENIED), calico(egress=ANYONE), "allows egress to anyone"),
        (calico(f"{DENIED}, {WEB}"), calico(WEB), "no longer denies ingress of tcp 22 from anyone"),
        (calico(WEB, WEB), calico(WEB), "no longer governs egress"),
        (kubernetes("{from: [{podSelector: {}}]}"), kubernetes("{}"), "allows ingress from anyone"),
        (
            kubernetes("{from: [{podSelector: {matchLabels: {app: web}}}]}"),
            kubernetes("{from: [{namespaceSelector: {}}]}"),
            "allows ingress from every endpoint",
        ),
        (tier("Deny"), tier("Pass"), "ends with pass instead of deny"),
        (None, calico(ANYONE, kind="GlobalNetworkPolicy"), "allows ingress from anyone"),
        (None, kubernetes("{}"), "allows ingress from anyone"),
    ],
)
def test_what_opens(before: Policy | Tier | None, after: Policy | Tier, told: str) -> None:
    assert loosened(before, after) == (told,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (calico(WEB), calico(WEB)),
        (calico(WEB), calico(f"{DENIED}, {WEB}")),
        (calico(WEB), calico(WEB, DENIED)),
        (calico(f"{WEB}, {DENIED}"), calico(WEB)),  # all that is left is denied at the end
        (calico(WEB), calico(f"{WEB}, {{action: Allow, source: {{selector: app == 'job'}}}}")),
        (calico(egress=WEB), calico(ANYONE, WEB)),  # ingress was not governed at all
        (calico(ANYONE), calico(ANYONE)),
        (calico(WEB), calico(ANYONE, kind="StagedNetworkPolicy")),
        (tier("Pass"), tier("Pass")),
        (None, tier("Pass")),
        (None, calico(NET)),
        (None, calico(WEB)),
        (None, calico(WEB, ANYONE)),
        (None, calico(egress=ANYONE)),
    ],
)
def test_what_does_not(before: Policy | Tier | None, after: Policy | Tier) -> None:
    assert loosened(before, after) == ()
