"""Clusters' objects are at hand before anybody asks of them."""

from collections.abc import Sequence

import pytest

from tapetum.api.states import ClusterObjects, ClusterStates
from tapetum.api.use.reading_ahead import read_ahead, reading_ahead
from tapetum.domain.errors import UnavailableError
from tapetum.domain.manifests import ManifestVersion
from tests.api.test_manifests import brought
from tests.api.test_simulation import CLUSTER, RANGE, SIMULATE, policy
from tests.api.world import eventually, opened
from tests.support.factory import Flow


class Counted(ClusterStates):
    def __init__(self) -> None:
        super().__init__()
        self.given: list[ClusterObjects] = []

    def of(self, cluster: str, versions: Sequence[ManifestVersion]) -> ClusterObjects:
        self.given.append(super().of(cluster, versions))
        return self.given[-1]


class Away:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def census(self, _scope: object) -> list[object]:
        raise self.error


async def test_the_first_question_finds_what_was_read() -> None:
    states = Counted()
    with opened(states=states) as world:
        world.commit([Flow()])
        await brought(world, CLUSTER, policy("web", "Allow"))
        states.given.clear()
        async with reading_ahead(world.context):
            await eventually(lambda: bool(states.given))
        await world.ask(SIMULATE, {"changes": [], "range": RANGE})
        assert len(states.given[0].objects) == 6
        assert all(each is states.given[0] for each in states.given)


@pytest.mark.parametrize("error", [UnavailableError("The store is away."), ValueError("a fault of ours")])
async def test_what_cannot_be_read_keeps_nothing_from_starting(error: Exception) -> None:
    with opened(logs=Away(error)) as world:
        async with reading_ahead(world.context):
            await read_ahead(world.context)
