"""F12: a hundred nodes send five minutes at once, while others send as always."""

import time
from collections.abc import Callable
from random import Random

import pytest

from tests.faults.deliveries import Delivery, deliveries
from tests.faults.distributed.senders import Traffic
from tests.support.fleet import Fleet

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]

NODES = 100
PATIENCE = 5.0
"""Seconds that a receiver waits for a receipt before it answers from its spool: so much is bounded."""


def test_a_replay_storm(
    fleet: Fleet, chance: Random, traffic: Callable[..., Traffic], fault_seed: int
) -> None:
    now = int(time.time()) // 60 * 60
    replayed: dict[str, list[Delivery]] = {
        f"storm-{fault_seed}-{node}": deliveries(Random(chance.random()), now - 14_400, count=2, most=60)
        for node in range(NODES)
    }
    storm = Traffic(fleet, chance, replayed, within=120)
    with traffic(count=5, most=200) as live, storm:
        pass
    live.assert_exact()
    storm.assert_exact()
    assert max(sender.longest for sender in live.senders.values()) < 3 * PATIENCE
