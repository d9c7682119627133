"""Policy strings in both grammars, and that no string can do harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.policy_trace import (
    Action,
    PolicyHit,
    PolicyKind,
    format_hit,
    parse_hit,
    parse_trace,
)

label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
name = st.lists(label, min_size=1, max_size=3).map(".".join)
NAMESPACED = {
    "np": PolicyKind.NETWORK_POLICY,
    "snp": PolicyKind.STAGED_NETWORK_POLICY,
    "sknp": PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY,
    "knp": PolicyKind.KUBERNETES_NETWORK_POLICY,
}
CLUSTERED = {
    "gnp": PolicyKind.GLOBAL_NETWORK_POLICY,
    "sgnp": PolicyKind.STAGED_GLOBAL_NETWORK_POLICY,
    "kcnp": PolicyKind.CLUSTER_NETWORK_POLICY,
    "pro": PolicyKind.PROFILE,
}
STAGED = {
    PolicyKind.STAGED_NETWORK_POLICY,
    PolicyKind.STAGED_GLOBAL_NETWORK_POLICY,
    PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY,
}


@given(
    st.integers(0, 10**9 - 1),
    label,
    st.sampled_from(sorted(NAMESPACED | CLUSTERED)),
    label,
    name,
    st.sampled_from(["allow", "deny", "pass"]),
    st.integers(-2, 10**9 - 1),
)
def test_new_grammar(
    index: int, tier: str, prefix: str, namespace: str, policy: str, action: str, rule: int
) -> None:
    full = f"{namespace}/{policy}" if prefix in NAMESPACED else policy
    text = f"{index}|{tier}|{prefix}:{full}|{action}|{rule}"
    hit = parse_hit(text)
    assert hit is not None
    kind = (NAMESPACED | CLUSTERED)[prefix]
    assert (hit.index, hit.tier, hit.kind, hit.action, hit.rule_index) == (index, tier, kind, action, rule)
    assert (hit.namespace, hit.name) == (namespace if prefix in NAMESPACED else None, policy)
    assert hit.staged is (kind in STAGED)
    if not hit.staged:
        assert hit.end_of_tier is (rule == -1)
        assert hit.trigger == (full if rule == -1 else None)
    assert format_hit(hit) == text


@pytest.mark.parametrize(
    ("text", "kind", "namespace", "policy", "staged"),
    [
        ("0|tier1|tier1.web|allow|0", PolicyKind.GLOBAL_NETWORK_POLICY, None, "web", False),
        ("0|tier1|shop/tier1.web|allow|0", PolicyKind.NETWORK_POLICY, "shop", "web", False),
        (
            "0|default|shop/knp.default.web|allow|0",
            PolicyKind.KUBERNETES_NETWORK_POLICY,
            "shop",
            "web",
            False,
        ),
        ("0|a|kanp.adminnetworkpolicy.x.y|pass|1", PolicyKind.ADMIN_NETWORK_POLICY, None, "x.y", False),
        (
            "0|a|kbanp.baselineadminnetworkpolicy.default|deny|1",
            PolicyKind.BASELINE_ADMIN_NETWORK_POLICY,
            None,
            "default",
            False,
        ),
        ("0|kube-admin|kcnp.kube-admin.x|deny|1", PolicyKind.CLUSTER_NETWORK_POLICY, None, "x", False),
        ("0|tier1|tier1.staged:web|deny|0", PolicyKind.STAGED_GLOBAL_NETWORK_POLICY, None, "web", True),
        ("0|tier1|shop/tier1.staged:web|deny|0", PolicyKind.STAGED_NETWORK_POLICY, "shop", "web", True),
        ("0|tier1|shop/staged:tier1.web|deny|0", PolicyKind.STAGED_NETWORK_POLICY, "shop", "web", True),
        (
            "0|default|shop/staged:knp.default.web|deny|0",
            PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY,
            "shop",
            "web",
            True,
        ),
        ("0|__PROFILE__|__PROFILE__.kns.shop|allow|0", PolicyKind.PROFILE, None, "kns.shop", False),
        ("0||pro:kns.shop|allow|0", PolicyKind.PROFILE, None, "kns.shop", False),
        # The vendor's own sample: the tier and the name's prefix disagree.
        (
            "1|tier2|ns2/staged:tier1.policy1|deny|1",
            PolicyKind.STAGED_NETWORK_POLICY,
            "ns2",
            "tier1.policy1",
            True,
        ),
    ],
)
def test_forms_seen_in_logs(
    text: str, kind: PolicyKind, namespace: str | None, policy: str, staged: bool
) -> None:
    hit = parse_hit(text)
    assert hit is not None
    assert (hit.kind, hit.namespace, hit.name, hit.staged) == (kind, namespace, policy, staged)


def test_the_end_of_a_tier_names_its_trigger() -> None:
    hit = parse_hit("3|tier1|np:shop/web|deny|-1")
    assert hit == PolicyHit(
        index=3,
        tier="tier1",
        kind=PolicyKind.NETWORK_POLICY,
        namespace="shop",
        name="web",
        action=Action.DENY,
        rule_index=-1,
        end_of_tier=True,
        trigger="shop/web",
    )


def test_no_policy_is_no_trigger() -> None:
    hit = parse_hit("0|tier1|eot:__NO_MATCH__|deny|-1")
    assert hit is not None
    assert hit.end_of_tier
    assert hit.trigger is None


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "0|a|b|allow", "0|a|b|Allow|0", "x|a|b|allow|0", "0|a|b|allow|x", "0|a||allow|0",
        "0|a|b|allow|0|", "-1|a|b|allow|0", "0|a|b|allow|0\n", "\u0661|a|b|allow|0",
        "99999999999|a|b|allow|0", "0|a|b|allow|99999999999", "9" * 5000 + "|a|b|allow|0",
    ],
)  # fmt: skip
def test_what_is_no_hit(text: str) -> None:
    assert parse_hit(text) is None


@given(st.lists(st.text(max_size=30) | st.from_regex(r"[0-9]{1,3}\|a\|b:c/d\|deny\|-?[0-9]", fullmatch=True)))
def test_a_trace_is_sorted_and_loses_only_what_is_unreadable(texts: list[str]) -> None:
    hits = parse_trace(texts)
    assert [hit.index for hit in hits] == sorted(hit.index for hit in hits)
    assert len(hits) == sum(parse_hit(text) is not None for text in texts)
    assert all(-(2**31) <= hit.rule_index < 2**31 and hit.index < 2**31 for hit in hits)
