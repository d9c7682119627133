"""Clusters' objects are at hand before anybody asks of them."""

from collections.abc import Sequence

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
    async def census(self, _scope: object) -> list[object]:
        raise UnavailableError("The store is away.")


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


async def test_a_store_that_is_away_keeps_nothing_from_starting() -> None:
    with opened(logs=Away()) as world:
        await read_ahead(world.context)
