"""F3, F5, F6, F8: engines hang, die, restart, forget and fill up while sources send."""

import os
import time
from collections.abc import Callable
from itertools import cycle, islice
from random import Random

import httpx
import pytest
import redis

from tests.faults.distributed.senders import Traffic
from tests.support import raw_flows
from tests.support.fleet import Fleet, Process
from tests.support.served import EVER

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]

OUTAGE = float(os.environ.get("FAULT_OUTAGE", "6"))
"""Seconds; `make faults` takes 60."""

_START_UP = 30.0
"""What a killed engine takes to come back by itself, beyond the outage."""


def test_elasticsearch_away(
    fleet: Fleet, chance: Random, traffic: Callable[..., Traffic], fault_seed: int
) -> None:
    how = ("hangs", "dies")[fault_seed % 2]
    engine = fleet.engines.elasticsearch
    with traffic() as under_way:
        time.sleep(chance.uniform(0.0, 0.5))
        (engine.pause if how == "hangs" else engine.kill)()
        time.sleep(OUTAGE)
        (engine.resume if how == "hangs" else engine.start)()
        began = time.monotonic()
    under_way.assert_exact(drained_within=2 * OUTAGE + _START_UP)
    assert time.monotonic() - began < 2 * OUTAGE + 2 * _START_UP


def test_neo4j_away(fleet: Fleet, chance: Random, traffic: Callable[..., Traffic], fault_seed: int) -> None:
    how = ("restarts", "hangs", "dies")[fault_seed % 3]
    engine = fleet.engines.neo4j
    fleet.api.ask(raw_flows.GRAPH, {"r": EVER, "l": "NAMESPACE"})
    with traffic() as under_way:
        time.sleep(chance.uniform(0.0, 0.5))
        {"hangs": engine.pause, "dies": engine.kill, "restarts": engine.stop}[how]()
        until = time.monotonic() + OUTAGE
        stale = False
        while time.monotonic() < until:
            answer = httpx.post(
                f"{fleet.api.url}/graphql",
                json={"query": raw_flows.GRAPH, "variables": {"r": EVER, "l": "NAMESPACE"}},
                timeout=30,
            )
            assert answer.status_code == httpx.codes.OK, answer.text
            assert "errors" not in answer.json(), answer.text
            stale = stale or answer.json()["data"]["serviceGraph"]["stale"]
            time.sleep(0.2)
        assert stale, "the last graph is served, marked as such"
        (engine.resume if how == "hangs" else engine.start)()
    under_way.assert_exact()
    graph = fleet.api.ask(raw_flows.GRAPH, {"r": EVER, "l": "NAMESPACE"})["serviceGraph"]
    assert not graph["stale"]


def test_redis_loses(fleet: Fleet, chance: Random, traffic: Callable[..., Traffic], fault_seed: int) -> None:
    engine = fleet.engines.redis
    ways = islice(cycle(("flushed", "dies", "trimmed", "evicted")), fault_seed, None)
    with traffic() as under_way, redis.Redis.from_url(engine.url) as client:
        for _ in range(3):
            time.sleep(chance.uniform(0.0, 0.6))
            how = next(ways)
            if how == "dies":
                engine.kill()
                time.sleep(chance.uniform(0.0, 1.0))
                engine.start()
            elif how == "flushed":
                client.flushall()
            else:
                for key in client.scan_iter("*deliveries"):
                    if how == "trimmed":
                        client.xtrim(key, maxlen=0, approximate=False)
                    else:
                        client.delete(key)
    under_way.assert_exact()


def test_elasticsearch_takes_no_more_writes(
    fleet: Fleet, chance: Random, traffic: Callable[..., Traffic]
) -> None:
    """What it does to its indices when its disk is nearly full."""
    url = fleet.engines.elasticsearch.url
    block = "index.blocks.read_only_allow_delete"
    with traffic() as under_way:
        time.sleep(chance.uniform(0.2, 0.8))
        httpx.put(f"{url}/_all/_settings", json={block: True}, timeout=30).raise_for_status()
        time.sleep(OUTAGE / 2)
        httpx.put(f"{url}/_all/_settings", json={block: None}, timeout=30).raise_for_status()
    under_way.assert_exact()


def test_a_full_spool_acknowledges_nothing_more(
    fleet: Fleet, fault_seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A receiver of its own with room for a mebibyte, while nobody applies anything."""
    folder = tmp_path_factory.mktemp("full")
    cluster = f"full-{fault_seed}"
    small = {"TAPETUM_SPOOL": str(folder / "spool"), "TAPETUM_SPOOL_BYTES": str(1 << 20)}
    chance = Random(fault_seed)
    start = int(time.time()) - 3600
    taken: list[bytes] = []
    for worker in fleet.workers:
        worker.stop()
    with Process(folder / "api", "api", fleet.engines, **small) as receiver:
        for place in range(200):
            lines = [raw_flows.line(start, host=f"{place}-{chance.randbytes(300).hex()}") for _ in range(40)]
            answer = receiver.send(b"\n".join(lines) + b"\n", cluster)
            if answer.status_code != httpx.codes.OK:
                break
            taken += lines
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert "spool" in answer.json()["error"]
        assert float(answer.headers["retry-after"]) > 0
        assert taken
        for worker in fleet.workers:
            worker.start()
        receiver.settle = lambda: fleet.drained(also=[receiver])
        assert receiver.counts(cluster) == (len(taken), 0)
        assert receiver.ingest(lines, cluster)["accepted"] == len(lines), "there is room again"
