"""F3, F5, F6: a replica and a worker that start while an engine is away; what is sent then is not lost."""

import time
from pathlib import Path
from random import Random

import httpx
import pytest

from tests.engines import Engine
from tests.faults.deliveries import Delivery, assert_stored, deliveries
from tests.support import raw_flows
from tests.support.fleet import Fleet, Process
from tests.support.served import EVER

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]

SOON = 30.0
RECOVERED = 180.0
"""An engine that was killed opens all that it holds before it answers well: the machine says how long."""
RANGE = "query($r: TimeRangeInput!)"
ASKED = {
    "Elasticsearch": RANGE + " { flows(range: $r, first: 1) { totalCount } }",
    "Neo4j": RANGE + " { serviceGraph(range: $r) { nodes { id } } }",
}


@pytest.fixture
def sent(chance: Random) -> list[Delivery]:
    return deliveries(chance, int(time.time()) // 3600 * 3600 - 10_800, count=4, most=200)


@pytest.mark.parametrize("name", ASKED)
def test_started_without_a_store(fleet: Fleet, sent: list[Delivery], fault_seed: int, name: str) -> None:
    cluster = f"without-{name.lower()}-{fault_seed}"
    api, worker, engine = restarted_without(fleet, name)
    for process in (api, worker):
        process.start(answering="/healthz")
    for process in (api, worker):
        assert name in missing(process)
    for each in sent:
        assert api.ingest(each.body, cluster)["lines"] == len(each.lines)
        question = {"query": ASKED[name], "variables": {"r": EVER}}
        answer = httpx.post(f"{api.url}/graphql", json=question, timeout=30).json()
        assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE", answer
    assert worker.stop() == 0, "it can be stopped while it waits"
    worker.start(answering="/healthz")
    engine.start()
    for process in (api, worker):
        process.until_answering("/readyz", RECOVERED)
    everything_shows(fleet, cluster, sent)


def test_started_without_redis(fleet: Fleet, sent: list[Delivery], fault_seed: int) -> None:
    """The stores answer, so questions do; what is sent waits in the spool."""
    cluster = f"without-redis-{fault_seed}"
    api, worker, engine = restarted_without(fleet, "Redis")
    for process in (api, worker):
        process.start()
    for each in sent:
        assert api.ingest(each.body, cluster)["lines"] == len(each.lines)
    engine.start()
    everything_shows(fleet, cluster, sent)


def test_who_was_known_may_send_while_the_catalog_is_away(fleet: Fleet, tmp_path: Path) -> None:
    """To a receiver that was started anew meanwhile; somebody unknown is told to come again."""
    cluster = "known-senders"
    settings = {"TAPETUM_SPOOL": str(tmp_path / "spool"), "TAPETUM_REQUIRE_TOKEN": "true"}
    receiver = Process(tmp_path / "api", "api", fleet.engines, **settings)
    secret = fleet.api.command("token", "create", "sender", "--ingest").stdout.decode().strip()
    lines = [raw_flows.line(int(time.time()) - 60, host=str(place)) for place in range(2)]
    try:
        with receiver:
            receiver.ingest(lines[:1], cluster, authorization=f"Bearer {secret}")
        fleet.engines.neo4j.kill()
        receiver.start(answering="/healthz")
        receiver.ingest(lines[1:], cluster, authorization=f"Bearer {secret}")
        unknown = receiver.send(lines[1], cluster, authorization=f"Bearer tpt_{'0' * 12}_{'A' * 43}")
        assert unknown.status_code == httpx.codes.SERVICE_UNAVAILABLE
        fleet.engines.neo4j.start()
        until = time.monotonic() + RECOVERED
        while fleet.api.counts(cluster) != (2, 0):
            assert time.monotonic() < until
            time.sleep(0.5)
    finally:
        receiver.stop()


def restarted_without(fleet: Fleet, name: str) -> tuple[Process, Process, Engine]:
    """All is ended: those that are to start, and an engine."""
    fleet.stop()
    engine: Engine = getattr(fleet.engines, name.lower())
    engine.kill()
    return fleet.api, fleet.workers[0], engine


def missing(process: Process) -> str:
    """What it says that it waits for, once it has looked."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        answer = process.http.get("/readyz")
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
        if "not asked yet" not in answer.text:
            return answer.text
        time.sleep(0.05)
    raise AssertionError("it never looked")


def everything_shows(fleet: Fleet, cluster: str, sent: list[Delivery]) -> None:
    """With the one worker that waited."""
    other = fleet.apis[1].start()
    fleet.drained()
    for replica in (fleet.api, other):
        assert assert_stored(replica, cluster, sent)
