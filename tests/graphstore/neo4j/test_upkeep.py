"""Merging and retention change no answer that they should not, whether a replica watched or slept."""

import asyncio
from random import Random

import numpy as np
import pytest

from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.graphstore.buckets import keeps_minutes
from tapetum.graphstore.neo4j import Neo4jGraphStore
from tests.contract.graphs import WORKLOADS, a_flow, assert_graph, query
from tests.graphstore.neo4j.conftest import Opens
from tests.support import oracle
from tests.support.factory import DAY, HOUR, MINUTE, NOW, Flow
from tests.support.replicas import ask, put
from tests.support.stores import Clock

pytestmark = pytest.mark.engine


def seen(flows: list[Flow], now: int = NOW) -> list[Flow]:
    return oracle.chosen(flows, *oracle.effective(now - DAY, now, now))


def blocks(store: Neo4jGraphStore) -> int:
    return store.write(lambda tx: tx.run("MATCH (b:Block) RETURN count(b)"))[0][0]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_merged_when_replicas_agree(opens: Opens, seed: int) -> None:
    """Writes, upkeep and questions in any order; one replica asks rarely and wakes to merged blocks."""
    chance = Random(seed)
    writer, watches, sleeps = opens(), opens(), opens()
    flows: list[Flow] = []
    now = NOW - HOUR
    ask(sleeps)
    for step in range(30):
        match chance.choice(["put", "put", "tidy", "ask", "new"]):
            case "put":
                fresh = oracle.distinct(a_flow(Random(f"{seed}/{step}/{place}"), 4) for place in range(6))
                fresh = [flow for flow in fresh if flow not in flows]
                put(chance.choice([writer, watches]), *fresh)
                flows += fresh
            case "tidy":
                now += chance.choice([0, 2 * MINUTE])
                writer.upkeep.tidy(now)
            case "ask":
                assert_graph(ask(watches), seen(flows), WORKLOADS)
            case _:
                assert_graph(ask(opens()), seen(flows), WORKLOADS)
        if chance.random() < 0.15:
            assert_graph(ask(sleeps), seen(flows), WORKLOADS)
    for _ in range(3):
        now += 2 * MINUTE
        writer.upkeep.tidy(now)
        for store in (watches, sleeps, opens()):
            assert_graph(ask(store), seen(flows), WORKLOADS)
    merged = writer.write(lambda tx: tx.run("MATCH (b:Block) WHERE b.upto IS NOT NULL RETURN count(b)"))
    assert merged[0][0] > 0


def test_an_open_bucket_with_many_blocks_is_merged_too(store: Neo4jGraphStore) -> None:
    flows = [Flow(at=NOW, mark=mark) for mark in range(70)]
    for flow in flows:
        put(store, flow)
    assert blocks(store) == 140
    assert store.upkeep.tidy(NOW) == 2
    store.upkeep.tidy(NOW + 2 * MINUTE)
    assert blocks(store) <= 6
    assert_graph(ask(store), flows, WORKLOADS)


def test_minutes_go_after_a_day_and_hours_stay(opens: Opens, clock: Clock) -> None:
    store = opens()
    put(store, *(flows := [Flow(at=NOW - hours * HOUR, mark=hours) for hours in range(4)]))
    put(store, late := Flow(at=NOW, mark=9))  # as the last batch is left alone
    clock.now = NOW + DAY
    store.upkeep.tidy(clock.now)
    left = store.write(lambda tx: tx.run("MATCH (b:Block) RETURN b.unit, b.bucket ORDER BY b.unit, b.bucket"))
    assert {bucket for unit, bucket in left if unit == MINUTE} == {
        flow.at // MINUTE for flow in flows if flow.at // MINUTE >= keeps_minutes(clock.now)
    }
    assert len({bucket for unit, bucket in left if unit == HOUR}) == 4
    week = query(TimeRange(NOW - 7 * DAY, NOW + DAY))
    assert_graph(asyncio.run(store.service_graph(EVERYTHING, week, WORKLOADS)), [*flows, late], WORKLOADS)


def test_an_hour_of_one_cluster_is_removed_and_everybody_notices(opens: Opens) -> None:
    store, other = opens(), opens()
    gone = [Flow(at=NOW - 2 * HOUR, mark=mark) for mark in range(3)]
    kept = [Flow(at=NOW - 2 * HOUR, cluster="west"), Flow(at=NOW)]
    put(store, *gone[:2], *kept)
    put(store, *gone[2:])
    for one in (store, other):
        assert_graph(ask(one), gone + kept, WORKLOADS)
    store.upkeep.expire("east", [gone[0].at // HOUR])
    put(store, late := Flow(at=NOW, mark=7))
    for one in (other, store, opens()):
        assert_graph(ask(one), [*kept, late], WORKLOADS)


def test_hours_are_told_as_the_database_holds_them(store: Neo4jGraphStore) -> None:
    flows = oracle.distinct(a_flow(Random(place)) for place in range(80))
    for place in range(0, 80, 20):
        put(store, *flows[place : place + 20])
        store.upkeep.tidy(NOW + place * MINUTE)
    expected = {
        hour: oracle.key_sums([flow for flow in flows if flow.at // HOUR == hour])
        for hour in {flow.at // HOUR for flow in flows}
    }
    told = list(store.upkeep.hour_sums())
    assert [one.bucket for one in told] == sorted(expected)
    for one in told:
        assert one.flow_key.dtype == np.uint64
        sums = {key: tuple(row) for key, row in zip(one.flow_key.tolist(), one.counts.tolist(), strict=True)}
        assert sums == expected[one.bucket]


def test_forgotten_batches_count_again(store: Neo4jGraphStore) -> None:
    put(store, Flow(), id="a")
    store.upkeep.forget_batches(NOW)
    assert put(store, Flow(), id="a").first_denied == ()
    assert ask(store).allowed.counts[:, 0].tolist() == [1]
    store.upkeep.forget_batches(NOW + 1)
    put(store, Flow(), id="a")
    assert ask(store).allowed.counts[:, 0].tolist() == [2]
