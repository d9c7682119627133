import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tapetum.simulate import World, WorldSpec, build

EPOCH = 1_789_999_980  # a full minute


@pytest.fixture(scope="session")
def epoch() -> int:
    return EPOCH


@pytest.fixture(scope="session")
def demo() -> World:
    """The default world, with the attack five minutes in."""
    return build(WorldSpec(epoch=EPOCH, attack_at=EPOCH + 300))


@pytest.fixture(scope="session")
def grown() -> World:
    """Generated teams of every style beside the shop."""
    return build(WorldSpec(seed=7, workloads=260, namespaces=20, edges=2_500, epoch=EPOCH))


@pytest.fixture(scope="session")
def read() -> Callable[[Iterable[bytes]], list[dict[str, Any]]]:
    """Every line of some chunks; a chunk that does not end a line, or a line that is not JSON, fails."""

    def parse(chunks: Iterable[bytes]) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = []
        for chunk in chunks:
            assert chunk.endswith(b"\n")
            records += [json.loads(line) for line in chunk.splitlines()]
        return records

    return parse
