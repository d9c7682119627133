from typing import Any

import pytest

from tapetum.domain.errors import BadInputError
from tapetum.simulate import WorldSpec, build


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"workloads": 5}, "6 to 50000 workloads, not 5"),
        ({"namespaces": 2}, "3 to 2000 namespaces, not 2"),
        ({"epoch": -1}, "after 1970, not -1"),
        ({"epoch": 100, "attack_at": 99}, "give a time from 100 on"),
    ],
)
def test_a_spec_that_cannot_be_built_says_why(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        WorldSpec(**asked)


def test_more_namespaces_than_workloads_is_told_with_the_least_that_works() -> None:
    with pytest.raises(BadInputError, match="ask for 40 workloads or more"):
        build(WorldSpec(workloads=20, namespaces=37))
    assert len(build(WorldSpec(workloads=40, namespaces=37)).workloads) == 40
