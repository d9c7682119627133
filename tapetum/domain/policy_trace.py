"""Policy strings of flow logs, in both grammars, as hits (docs/data-model.md, "Verdicts").

Parsing is lenient where real logs are: a tier that disagrees with the name's prefix stays as written.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What one rule, or a tier's end, did."""

    ALLOW = "allow"
    DENY = "deny"
    PASS = "pass"  # noqa: S105 - a verdict, not a password


class PolicySet(StrEnum):
    ENFORCED = "enforced"
    PENDING = "pending"
    TRANSIT = "transit"


class PolicyKind(StrEnum):
    """Kinds by their Kubernetes names; END_OF_TIER is Goldmane's for a tier's default action."""

    NETWORK_POLICY = "CalicoNetworkPolicy"
    GLOBAL_NETWORK_POLICY = "GlobalNetworkPolicy"
    STAGED_NETWORK_POLICY = "StagedNetworkPolicy"
    STAGED_GLOBAL_NETWORK_POLICY = "StagedGlobalNetworkPolicy"
    STAGED_KUBERNETES_NETWORK_POLICY = "StagedKubernetesNetworkPolicy"
    KUBERNETES_NETWORK_POLICY = "NetworkPolicy"
    ADMIN_NETWORK_POLICY = "AdminNetworkPolicy"
    BASELINE_ADMIN_NETWORK_POLICY = "BaselineAdminNetworkPolicy"
    CLUSTER_NETWORK_POLICY = "ClusterNetworkPolicy"
    CILIUM_NETWORK_POLICY = "CiliumNetworkPolicy"
    CILIUM_CLUSTERWIDE_NETWORK_POLICY = "CiliumClusterwideNetworkPolicy"
    PROFILE = "Profile"
    END_OF_TIER = "EndOfTier"


UNMATCHED = -1
"""Rule index of a policy that selected the endpoint although none of its rules matched."""

UNKNOWN_RULE = -2
"""Rule index where a source does not say which rule matched."""

PROFILE_TIER = "__PROFILE__"
_STAGED = {
    PolicyKind.STAGED_NETWORK_POLICY,
    PolicyKind.STAGED_GLOBAL_NETWORK_POLICY,
    PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY,
}
# Nine digits fit the 32 bits of a stored hit.
_HIT = re.compile(r"([0-9]{1,9})\|([^|]*)\|([^|]+)\|(allow|deny|pass)\|(-?[0-9]{1,9})\Z")
_PREFIXES = {
    "np": PolicyKind.NETWORK_POLICY,
    "gnp": PolicyKind.GLOBAL_NETWORK_POLICY,
    "snp": PolicyKind.STAGED_NETWORK_POLICY,
    "sgnp": PolicyKind.STAGED_GLOBAL_NETWORK_POLICY,
    "sknp": PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY,
    "knp": PolicyKind.KUBERNETES_NETWORK_POLICY,
    "kcnp": PolicyKind.CLUSTER_NETWORK_POLICY,
    "cnp": PolicyKind.CILIUM_NETWORK_POLICY,  # these two are ours: Hubble names policies in structures
    "ccnp": PolicyKind.CILIUM_CLUSTERWIDE_NETWORK_POLICY,
    "pro": PolicyKind.PROFILE,
    "eot": PolicyKind.END_OF_TIER,
}
_CLASSIC = (
    ("knp.default.", PolicyKind.KUBERNETES_NETWORK_POLICY),
    ("kanp.adminnetworkpolicy.", PolicyKind.ADMIN_NETWORK_POLICY),
    ("kbanp.baselineadminnetworkpolicy.", PolicyKind.BASELINE_ADMIN_NETWORK_POLICY),
    ("kcnp.kube-admin.", PolicyKind.CLUSTER_NETWORK_POLICY),
    ("kcnp.kube-baseline.", PolicyKind.CLUSTER_NETWORK_POLICY),
)


@dataclass(frozen=True, slots=True)
class PolicyHit:
    """One step of a trace.

    `end_of_tier`: no rule matched and the tier's default action applied; `trigger` then names the
    policy that made the tier apply (any of those that selected the endpoint), and is None otherwise.
    """

    index: int
    tier: str
    kind: PolicyKind
    namespace: str | None
    name: str
    action: Action
    rule_index: int
    staged: bool = False
    end_of_tier: bool = False
    trigger: str | None = None


def parse_hit(text: str) -> PolicyHit | None:
    """Read `index|tier|name|action|rule`; None where the text is in neither grammar."""
    match = _HIT.match(text)
    if match is None:
        return None
    index, tier, full_name, action, rule = match.groups()
    prefix, colon, rest = full_name.partition(":")
    if colon and prefix in _PREFIXES and "/" not in prefix:
        kind = _PREFIXES[prefix]
        namespace, slash, name = rest.partition("/")
        if not slash:
            namespace, name = "", rest
        staged = kind in _STAGED
    else:
        kind, namespace, name, staged = _classic(tier, full_name)
    rule_index = int(rule)
    ended = rule_index == UNMATCHED
    trigger = f"{namespace}/{name}" if namespace else name
    return PolicyHit(
        index=int(index),
        tier=tier,
        kind=kind,
        namespace=namespace or None,
        name=name,
        action=Action(action),
        rule_index=rule_index,
        staged=staged,
        end_of_tier=ended or kind is PolicyKind.END_OF_TIER,
        trigger=trigger if ended and kind is not PolicyKind.END_OF_TIER else None,
    )


def parse_trace(texts: list[str]) -> tuple[PolicyHit, ...]:
    """Hits in the order of evaluation (logs keep them unordered); unreadable strings are left out."""
    hits = [hit for hit in map(parse_hit, texts) if hit is not None]
    return tuple(sorted(hits, key=lambda hit: hit.index))


def format_hit(hit: PolicyHit) -> str:
    """The new grammar's string for a hit; what sources with structured hits are stored as."""
    prefix = next((text for text, kind in _PREFIXES.items() if kind is hit.kind), "np")
    where = f"{hit.namespace}/" if hit.namespace else ""
    return f"{hit.index}|{hit.tier}|{prefix}:{where}{hit.name}|{hit.action.value}|{hit.rule_index}"


def format_classic(hit: PolicyHit) -> str:
    """The classic grammar's string, as Calico Enterprise documents it: what `parse_hit` reads back."""
    if hit.kind is PolicyKind.PROFILE:
        name = f"{PROFILE_TIER}.{hit.name}"
    else:
        prefixes = {
            **{kind: prefix for prefix, kind in _CLASSIC if not prefix.startswith("kcnp.")},
            PolicyKind.CLUSTER_NETWORK_POLICY: f"kcnp.{hit.tier}.",
            PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY: "knp.default.",
        }
        name = f"{'staged:' if hit.staged else ''}{prefixes.get(hit.kind, f'{hit.tier}.')}{hit.name}"
    where = f"{hit.namespace}/" if hit.namespace else ""
    return f"{hit.index}|{hit.tier}|{where}{name}|{hit.action.value}|{hit.rule_index}"


def _classic(tier: str, full_name: str) -> tuple[PolicyKind, str, str, bool]:
    namespace, slash, name = full_name.rpartition("/")
    if not slash:
        namespace = ""
    if tier == PROFILE_TIER:
        return PolicyKind.PROFILE, "", full_name.removeprefix(f"{PROFILE_TIER}."), False
    staged = "staged:" in name
    name = name.replace("staged:", "", 1)
    for prefix, kind in _CLASSIC:
        if name.startswith(prefix):
            staged_knp = staged and kind is PolicyKind.KUBERNETES_NETWORK_POLICY
            found = PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY if staged_knp else kind
            return found, namespace, name.removeprefix(prefix), staged
    name = name.removeprefix(f"{tier}.")
    if namespace:
        kind = PolicyKind.STAGED_NETWORK_POLICY if staged else PolicyKind.NETWORK_POLICY
    else:
        kind = PolicyKind.STAGED_GLOBAL_NETWORK_POLICY if staged else PolicyKind.GLOBAL_NETWORK_POLICY
    return kind, namespace, name, staged
