"""The policies that Hubble says a flow was decided by, as the strings that flow logs use for them.

Cilium knows neither tiers nor an order among policies, and Hubble names no rule: those parts stay open.
"""

from typing import Any

from tapetum.domain.policy_trace import UNKNOWN_RULE, Action, PolicyHit, PolicyKind, format_hit
from tapetum.ingest import values
from tapetum.ingest.flat import Row
from tapetum.ingest.refusals import wrong
from tapetum.ingest.strict_json import refuse_repeats

_KINDS = {
    "CiliumNetworkPolicy": PolicyKind.CILIUM_NETWORK_POLICY,
    "CiliumClusterwideNetworkPolicy": PolicyKind.CILIUM_CLUSTERWIDE_NETWORK_POLICY,
    "NetworkPolicy": PolicyKind.KUBERNETES_NETWORK_POLICY,
}
_KNOWN = frozenset(["name", "namespace", "labels", "kind"])
_LABEL = "k8s:io.cilium.k8s.policy."
_NAME, _NAMESPACE, _KIND = f"{_LABEL}name", f"{_LABEL}namespace", f"{_LABEL}derived-from"


def policy_texts(flow: dict[str, Any], side: str, *, audited: bool) -> Row:
    """Of the side that reports, `egress` or `ingress`. A denial that was only audited is pending."""
    allowed = _hits(flow, f"{side}_allowed_by", Action.ALLOW, 0)
    denied = _hits(flow, f"{side}_denied_by", Action.DENY, len(allowed))
    enforced, pending = (allowed, denied) if audited else (allowed + denied, [])
    return {"enforced_policies": enforced or None, "pending_policies": pending or None}


def _hits(flow: dict[str, Any], name: str, action: Action, before: int) -> list[str]:
    found = flow.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise wrong(name, found, "a list of policies")
    policies = [policy for place, one in enumerate(found) if (policy := _policy(one, f"{name}[{place}]"))]
    return [
        format_hit(PolicyHit(place, "", kind, namespace, policy, action, UNKNOWN_RULE))
        for place, (kind, namespace, policy) in enumerate(policies, before)
    ]


def _policy(found: Any, where: str) -> tuple[PolicyKind, str | None, str] | None:
    """Kind, namespace and name; older versions have them in labels only. None where no policy is named."""
    if not isinstance(found, dict):
        raise wrong(where, found, "a policy")
    refuse_repeats(found, _KNOWN, f"{where}.")
    labels: dict[str, str] = {}
    for label in values.texts(found.get("labels"), f"{where}.labels") or []:
        key, _, value = label.partition("=")
        labels[key] = value
    kind, namespace, name = (
        values.text(found.get(part), f"{where}.{part}") or labels.get(label)
        for part, label in (("kind", _KIND), ("namespace", _NAMESPACE), ("name", _NAME))
    )
    if name is None or kind not in _KINDS:
        return None
    if "|" in name or "|" in (namespace or ""):
        raise wrong(where, found, "a policy with a name")
    return _KINDS[kind], namespace or None, name
