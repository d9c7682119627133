"""Policy strings in the classic grammar, written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.policy_trace import Action, PolicyHit, PolicyKind, format_classic, parse_hit

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
GLOBAL = (PolicyKind.GLOBAL_NETWORK_POLICY, PolicyKind.STAGED_GLOBAL_NETWORK_POLICY)
SPACED = (PolicyKind.NETWORK_POLICY, PolicyKind.STAGED_NETWORK_POLICY)


@given(st.sampled_from(GLOBAL + SPACED), NAMES, NAMES, NAMES, st.sampled_from(Action), st.integers(-1, 9))
def test_classic_strings_are_read_back(
    kind: PolicyKind, tier: str, namespace: str, name: str, action: Action, rule: int
) -> None:
    where = namespace if kind in SPACED else None
    trigger = None if rule >= 0 else f"{where}/{name}" if where else name
    staged = kind in (PolicyKind.STAGED_GLOBAL_NETWORK_POLICY, PolicyKind.STAGED_NETWORK_POLICY)
    hit = PolicyHit(3, tier, kind, where, name, action, rule, staged, rule < 0, trigger)
    assert parse_hit(format_classic(hit)) == hit


@pytest.mark.parametrize(
    "text",
    [
        "0|default|shop/knp.default.web|deny|-1",
        "1|__PROFILE__|__PROFILE__.kns.shop|allow|0",
        "0|adminnetworkpolicy|kanp.adminnetworkpolicy.a|pass|2",
        "2|kube-baseline|kcnp.kube-baseline.a|allow|0",
    ],
)
def test_classic_strings_of_other_kinds(text: str) -> None:
    hit = parse_hit(text)
    assert hit is not None
    assert format_classic(hit) == text
