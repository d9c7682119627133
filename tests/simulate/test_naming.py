import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tapetum.simulate import naming


@given(st.integers(), st.text())
def test_names_have_the_shapes_of_kubernetes(seed: int, what: Any) -> None:
    assert re.fullmatch(r"[bcdfghjklmnpqrstvwxz2456789]{5}", naming.pod_suffix(seed, what))
    assert re.fullmatch(r"[456789bcdf]{9,10}", naming.template_hash(seed, what))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", naming.uid(seed, what))


@given(st.integers(), st.integers())
def test_a_share_lies_in_the_unit_interval_and_depends_on_every_part(seed: int, what: Any) -> None:
    assert 0 <= naming.share(seed, what) < 1
    assert naming.digest(seed, what) != naming.digest(seed, what + 1)
    assert naming.digest(seed, what) != naming.digest(seed + 1, what)


def test_the_digest_is_the_same_in_every_process() -> None:
    assert naming.digest("a", 1) == 9331952569449725121
