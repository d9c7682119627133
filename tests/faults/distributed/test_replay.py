"""F12: a hundred nodes send five minutes at once, while others send as always."""

import time
from collections.abc import Callable
from random import Random

import pytest

from tests.faults.deliveries import deliveries
from tests.faults.distributed.senders import Traffic
from tests.support.fleet import Fleet

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]

NODES = 100
PATIENCE = 5.0
"""Seconds that a receiver waits for a receipt before it answers from its spool: so much is bounded."""


def test_a_replay_storm(
    fleet: Fleet, chance: Random, traffic: Callable[..., Traffic], fault_seed: int
) -> None:
    start = int(time.time()) // 60 * 60 - 14_400
    replayed = [
        (f"storm-{fault_seed}", deliveries(Random(chance.random()), start, count=2, most=60, span=300))
        for _ in range(NODES)
    ]
    storm = Traffic(fleet, chance, replayed, within=120)
    with traffic(count=5, most=200) as live, storm:
        pass
    live.assert_exact(drained_within=180)
    storm.assert_exact()
    assert max(sender.longest for _, sender in live.senders) < 3 * PATIENCE
