"""The parts of policy strings that a value may name."""

import pytest

from tapetum.kql.policy_strings import parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0|default|default.a.b|deny|-1", "0 default default.a.b a.b deny -1"),
        ("0|security|shop/security.x|pass|0", "0 security shop security.x x pass"),
        ("0|default|shop/knp.default.x|allow|0", "0 default shop knp.default.x x allow"),
        ("0|default|default.staged:x|deny|0", "0 default default.staged staged x deny"),
        ("0|default|shop/staged:default.x|deny|0", "0 default shop staged default.x x deny"),
        ("1|t|snp:shop/x|deny|2", "1 t snp shop x deny 2"),
        ("0|admin|kanp.admin.x|deny|0", "0 admin kanp.admin.x x deny"),
        ("0|base|kbanp.base.x|deny|0", "0 base kbanp.base.x x deny"),
        ("0|kube-admin|kcnp.kube-admin.x|deny|0", "0 kube-admin kcnp.kube-admin.x x deny"),
        ("0|__PROFILE__|__PROFILE__.kns.shop|allow|0", "0 __PROFILE__ __PROFILE__.kns.shop kns.shop allow"),
        ("0|other|default.x|deny|0", "0 other default.x deny"),
        ("0||.x|deny|0", "0 .x deny"),
        ("plain", "plain"),
        ("", ""),
    ],
)  # fmt: skip
def test_parts(text: str, parts: str) -> None:
    assert parts_of(text) == {*parts.split(), text}
