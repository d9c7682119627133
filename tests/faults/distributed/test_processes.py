"""F1, F2, F7, F26: workers and receivers die, are replaced, and race each other."""

import json
import time
from collections.abc import Callable
from random import Random

import pytest

from tests.faults.distributed.senders import Traffic
from tests.support import raw_flows
from tests.support.fleet import Fleet
from tests.support.served import assert_back

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]


def test_workers_killed(fleet: Fleet, chance: Random, traffic: Callable[..., Traffic]) -> None:
    with traffic() as under_way:
        for _ in range(2):
            time.sleep(chance.uniform(0.05, 1.5))
            victim = chance.choice(fleet.workers)
            victim.kill()
            began = time.monotonic()
            victim.start()
            assert_back(began)
    under_way.assert_exact()


def test_receivers_killed(fleet: Fleet, chance: Random, traffic: Callable[..., Traffic]) -> None:
    with traffic() as under_way:
        for _ in range(2):
            time.sleep(chance.uniform(0.05, 1.5))
            victim = chance.choice(fleet.apis)
            victim.kill()
            victim.start()
    under_way.assert_exact()


def test_killed_between_the_stores(fleet: Fleet, chance: Random, traffic: Callable[..., Traffic]) -> None:
    """The graph hangs, so what the log store has taken cannot reach it; then the workers die."""
    with traffic(count=4) as under_way:
        time.sleep(chance.uniform(0.0, 0.3))
        fleet.engines.neo4j.pause()
        time.sleep(chance.uniform(0.3, 1.5))
        for worker in fleet.workers:
            worker.kill()
        fleet.engines.neo4j.resume()
        for worker in fleet.workers:
            worker.start()
    under_way.assert_exact()


def test_killed_after_the_graph(fleet: Fleet, chance: Random, traffic: Callable[..., Traffic]) -> None:
    """The log store hangs, so what the graph has taken cannot be settled; then the workers die."""
    with traffic(count=4) as under_way:
        time.sleep(chance.uniform(0.1, 0.8))
        fleet.engines.elasticsearch.pause()
        time.sleep(chance.uniform(0.1, 1.0))
        for worker in fleet.workers:
            worker.kill()
        fleet.engines.elasticsearch.resume()
        for worker in fleet.workers:
            worker.start()
    under_way.assert_exact()


def test_workers_replaced_one_after_the_other(
    fleet: Fleet, chance: Random, traffic: Callable[..., Traffic], fault_seed: int
) -> None:
    """As a rolling upgrade does, and with a field that no version knows."""
    cluster = f"newer-{fault_seed}"
    flow = raw_flows.row(int(time.time()) - 60, host="newer") | {"field_of_tomorrow": {"a": [1, None]}}
    with traffic() as under_way:
        for worker in fleet.workers:
            time.sleep(chance.uniform(0.0, 1.0))
            assert worker.stop() == 0, worker.said
            assert "Traceback" not in worker.said
            worker.start()
        assert fleet.api.ingest([raw_flows.encoded(flow)], cluster)["accepted"] == 1
    under_way.assert_exact()
    (kept,) = fleet.api.pages("flows", "raw", cluster)
    assert json.loads(kept["raw"]) == flow
