"""F19: workers and receivers are killed between raising and delivering; each target gets every alert."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from random import Random
from typing import Any

import pytest

from tests.faults.test_deliveries_killed import SAVE, until
from tests.support import raw_flows
from tests.support.fleet import Fleet
from tests.support.receiver import Receiver, Reply, receiver

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]

BURSTS, EACH = 4, 8
WITHIN = 120.0
"""Seconds: who was killed held a target for 30 more, and a receiver may have been away."""
STANDS = "{ deliveryTargets { id waiting delivered failed problem } }"
DELETE = "mutation($id: ID!) { deleteDeliveryTarget(id: $id) { problems { message } } }"


def came(server: Receiver) -> list[str]:
    """The alerts' ids, each once, in the order in which they came first."""
    return list(dict.fromkeys(one.told["alert"]["id"] for one in list(server.sent)))


def saved(fleet: Fleet, server: Receiver, title: str, cluster: str) -> str:
    document = {
        "format": 1,
        "title": title,
        "clusters": [cluster],
        "filter": "rule: first-denied",
        "receiver": {"kind": "webhook", "url": server.url()},
    }
    told = fleet.api.ask(SAVE, {"document": document})["saveDeliveryTarget"]
    assert told["problems"] == []
    return told["target"]["id"]


def raised(fleet: Fleet, chance: Random, cluster: str, burst: int) -> None:
    start = int(time.time()) - 60
    lines = [
        raw_flows.line(start, action="deny", dest_name_aggr=f"db-{burst}-{place}-*") for place in range(EACH)
    ]
    chance.choice(fleet.apis).ingest(lines, cluster)


def test_killed_workers_deliver_all_that_was_raised(fleet: Fleet, chance: Random, fault_seed: int) -> None:
    cluster = f"deliveries-{fault_seed}"
    with ExitStack() as stack:
        servers = [stack.enter_context(receiver()) for _ in range(2)]
        for server in servers:
            server.reply = lambda _: Reply(503) if chance.random() < 0.08 else Reply()
        ids = [saved(fleet, server, f"SOC {place}", cluster) for place, server in enumerate(servers)]
        for burst in range(BURSTS):
            raised(fleet, chance, cluster, burst)
            time.sleep(chance.uniform(0, 2))
            # Every worker once, so whoever delivers is among them, and a receiver of what is pushed.
            for victim in (fleet.workers[burst % 2], *([chance.choice(fleet.apis)] if burst % 2 else [])):
                victim.kill()
                victim.start()
        for server in servers:
            until(lambda server=server: len(came(server)) == BURSTS * EACH, "not all came", WITHIN)
            server.reply = lambda _: Reply()
        until(lambda: all(one["waiting"] == 0 for one in _stand(fleet, ids)), "it did not rest", WITHIN)
        for one in _stand(fleet, ids):
            assert (one["delivered"], one["failed"], one["problem"]) == (BURSTS * EACH, 0, None)
        assert came(servers[0]) == came(servers[1]), "each in the order in which they were raised"
        for server in servers:
            keys = {one.key: one.told["alert"]["id"] for one in server.sent}
            assert len(keys) == len(set(keys.values())) == BURSTS * EACH, "one key for each alert"
        for target in ids:
            fleet.api.ask(DELETE, {"id": target})


def _stand(fleet: Fleet, ids: Sequence[str]) -> list[dict[str, Any]]:
    return [one for one in fleet.api.ask(STANDS)["deliveryTargets"] if one["id"] in ids]
