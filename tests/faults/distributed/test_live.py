"""What comes in through one replica is told to those who follow the other: the graph, flows, evidence."""

import time
from collections.abc import Generator
from random import Random
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection

from tapetum.ingest.receiver import Pace
from tests.support import raw_flows
from tests.support.fleet import Fleet
from tests.support.served import EVER, Served, events

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]

SOON = 5.0
"""Seconds from when a replica acknowledged it to when a subscriber of the other is told."""

GRAPH = (
    "subscription($c: [ID!]) { serviceGraphChanged(clusters: $c, level: WORKLOAD)"
    " { upsertedNodes { id name } upsertedEdges { targetId allowed { records } } } }"
)
FLOWS = "subscription($c: [ID!]) { flowsIngested(clusters: $c) { records { id } dropped } }"
ALERTS = (
    'subscription($c: [ID!]) { alertRaised(clusters: $c, filter: "rule: first-denied")'
    " { alert { target { name } } } }"
)
FOUND = (
    "query($r: TimeRangeInput!, $c: [ID!], $f: KQL)"
    " { flows(range: $r, clusters: $c, filter: $f, first: 1) { totalCount } }"
)


def lines(chance: Random, count: int, **fields: Any) -> list[bytes]:
    start = int(time.time()) - 60
    return [raw_flows.line(start, host=chance.randbytes(12).hex(), **fields) for _ in range(count)]


def changes(socket: ClientConnection, within: float) -> Generator[dict[str, Any]]:
    until = time.monotonic() + within
    while True:
        (event,) = events(socket, 1, until - time.monotonic())
        yield event["serviceGraphChanged"]


def test_a_change_of_the_graph(fleet: Fleet) -> None:
    cluster, chance = "live-graph", Random(1)
    here, there = fleet.apis
    here.ingest(lines(chance, 1), cluster)
    fleet.drained()
    with there.subscribed(GRAPH, {"c": [cluster]}) as socket:
        (whole,) = events(socket, 1)
        names = {node["id"]: node["name"] for node in whole["serviceGraphChanged"]["upsertedNodes"]}
        assert set(names.values()) == {"web-*", "db-*"}
        for number in range(4):
            target = f"db-{number}-*"
            here.ingest(lines(chance, 3, dest_name_aggr=target), cluster)
            for change in changes(socket, SOON):
                names |= {node["id"]: node["name"] for node in change["upsertedNodes"]}
                told = {names[edge["targetId"]]: edge["allowed"] for edge in change["upsertedEdges"]}
                if told.get(target) == {"records": "3"}:
                    break


def test_flows_are_told_or_counted(fleet: Fleet) -> None:
    """Through both replicas, in deliveries of more than one event shows."""
    cluster, chance = "live-flows", Random(2)
    sizes = (1, 40, 350, 100, 7, 220)
    with (
        fleet.apis[0].subscribed(FLOWS, {"c": [cluster]}) as east,
        fleet.apis[1].subscribed(FLOWS, {"c": [cluster]}) as west,
    ):
        time.sleep(1)  # nothing says that a subscription has begun
        for place, size in enumerate(sizes):
            fleet.apis[place % 2].ingest(lines(chance, size), cluster)
        for socket in (east, west):
            ids, dropped = heard(socket, sum(sizes))
            assert len(ids) == len(set(ids))
            assert len(ids) + dropped == sum(sizes)
            assert dropped >= 350 - 100 + 220 - 100


def heard(socket: ClientConnection, total: int) -> tuple[list[str], int]:
    """Ids, and how many were left out, until they add up."""
    ids: list[str] = []
    dropped = 0
    while len(ids) + dropped < total:
        (event,) = events(socket, 1, SOON)
        ids += [record["id"] for record in event["flowsIngested"]["records"]]
        dropped += event["flowsIngested"]["dropped"]
    return ids, dropped


def test_flows_that_redis_lost_are_counted(fleet: Fleet) -> None:
    """One record a delivery, so that a delivery that is missed is a record that is missed."""
    cluster, chance = "live-lost", Random(3)
    sent = 0
    with fleet.apis[1].subscribed(FLOWS, {"c": [cluster]}) as socket:
        time.sleep(1)

        def send(count: int) -> None:
            nonlocal sent
            for _ in range(count):
                fleet.apis[0].ingest(lines(chance, 1), cluster)
                sent += 1

        send(6)
        fleet.engines.redis.kill()
        send(2)
        fleet.engines.redis.start()
        fleet.drained()
        # What a worker's events tell of what was lost before them needs an event of each worker.
        send(20)
        ids, dropped = heard(socket, sent)
    assert len(ids) == len(set(ids))
    assert len(ids) + dropped == sent
    assert len(ids) >= 6 + 15


def test_whoever_hears_of_an_alert_finds_what_it_is_about(fleet: Fleet) -> None:
    """But for those that came ahead, as their records took long."""
    cluster, chance = "live-evidence", Random(4)
    here, there = fleet.apis
    with there.subscribed(ALERTS, {"c": [cluster]}) as socket:
        time.sleep(1)
        for number in range(8):
            target = f"db-{number}-*"
            began = time.monotonic()
            here.ingest(lines(chance, 2, action="deny", dest_name_aggr=target), cluster)
            soon = time.monotonic() - began < Pace().announce
            (event,) = events(socket, 1, SOON)
            assert event["alertRaised"]["alert"]["target"]["name"] == target
            for replica in fleet.apis:
                assert found(replica, cluster, target) == 2 or not soon


def found(replica: Served, cluster: str, target: str) -> int:
    """At once, where `Served.ask` would wait until all that was sent shows."""
    values = {"r": EVER, "c": [cluster], "f": f'dest_name_aggr: "{target}"'}
    answer = httpx.post(f"{replica.url}/graphql", json={"query": FOUND, "variables": values}, timeout=30)
    return int(answer.json()["data"]["flows"]["totalCount"])
