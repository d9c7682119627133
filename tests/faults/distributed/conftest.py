"""After each fault, everything that it ended runs again."""

import time
from collections.abc import Callable, Generator
from random import Random

import pytest

from tests.faults.deliveries import deliveries
from tests.faults.distributed.senders import Traffic
from tests.support.fleet import Fleet


@pytest.fixture(autouse=True)
def _restored(fleet: Fleet) -> Generator[None]:
    yield
    for engine in (fleet.engines.neo4j, fleet.engines.elasticsearch, fleet.engines.redis):
        if engine.running:  # a test that failed may have left it ended
            engine.resume()
        engine.start()
    fleet.__enter__()


@pytest.fixture
def chance(fault_seed: int) -> Random:
    return Random(fault_seed)


@pytest.fixture
def traffic(
    fleet: Fleet, chance: Random, fault_seed: int, request: pytest.FixtureRequest
) -> Callable[..., Traffic]:
    """Traffic of two sources, whose clusters are named after the test and its seed."""

    def made(*, count: int = 8, most: int = 800, within: float = 120) -> Traffic:
        start = int(time.time()) // 3600 * 3600 - 10_800
        name = request.node.originalname.removeprefix("test_").replace("_", "-")[:30]
        sent = [
            (f"{name}-{fault_seed}-{side}", deliveries(chance, start, count=count, most=most))
            for side in ("east", "west")
        ]
        return Traffic(fleet, chance, sent, within)

    return made
