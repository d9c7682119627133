"""In which order tiers and policies apply, and which policies a view of the cluster holds."""

from collections.abc import Iterable
from enum import StrEnum
from math import inf

from tapetum.domain.policy_trace import PolicyKind
from tapetum.policy.resources.policies import (
    BUILT_IN_TIERS,
    STAGED_OF,
    Policy,
    PolicyId,
    StagedAction,
    Tier,
)


class View(StrEnum):
    """ENFORCED is now. PENDING is what promoting all that is staged would make of it.

    LOGGED_PENDING is what Calico logs as pending: staged policies beside the others, deletions left out.
    """

    ENFORCED = "enforced"
    PENDING = "pending"
    LOGGED_PENDING = "logged_pending"


_KINDS = {
    PolicyKind.NETWORK_POLICY: "NetworkPolicy",
    PolicyKind.KUBERNETES_NETWORK_POLICY: "KubernetesNetworkPolicy",
    PolicyKind.CLUSTER_NETWORK_POLICY: "KubernetesClusterNetworkPolicy",
    PolicyKind.ADMIN_NETWORK_POLICY: "KubernetesAdminNetworkPolicy",
    PolicyKind.BASELINE_ADMIN_NETWORK_POLICY: "KubernetesBaselineAdminNetworkPolicy",
}
"""As Calico calls them where names break a tie."""


def tiers_in_order(given: Iterable[Tier], policies: Iterable[Policy]) -> tuple[Tier, ...]:
    """The built-in ones are there unless given otherwise; one that only policies name comes last."""
    found = {tier.name: tier for tier in (*BUILT_IN_TIERS, *given)}
    for policy in policies:
        found.setdefault(policy.id.tier, Tier(policy.id.tier, None, defined=False))
    return tuple(sorted(found.values(), key=_tier_key))


def policies_in_order(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    return tuple(sorted(policies, key=_policy_key))


def viewed(policies: Iterable[Policy], view: View) -> list[Policy]:
    given = list(policies)
    enforced = [policy for policy in given if policy.staged is None]
    staged = [policy for policy in given if policy.staged not in (None, StagedAction.IGNORE)]
    if view is View.ENFORCED:
        return enforced
    active = [policy for policy in staged if policy.staged is not StagedAction.DELETE]
    if view is View.PENDING:
        replaced = {promoted_id(policy.id) for policy in staged}
        enforced = [policy for policy in enforced if promoted_id(policy.id) not in replaced]
    return enforced + active


def promoted_id(id_: PolicyId) -> PolicyId:
    """The key of the enforced policy that a staged one edits or becomes; of an enforced one, its own.

    Names with and without the tier's name before them are one.
    """
    return PolicyId(STAGED_OF.get(id_.kind, id_.kind), id_.namespace, id_.plain_name, id_.tier)


def _tier_key(tier: Tier) -> tuple[bool, float, str]:
    return not tier.defined, inf if tier.order is None else tier.order, tier.name


def _policy_key(policy: Policy) -> tuple[float, str]:
    id_ = policy.id
    kind = _KINDS.get(id_.kind, id_.kind.value)
    return inf if policy.order is None else policy.order, f"{id_.name}/{id_.namespace or ''}/{kind}"
