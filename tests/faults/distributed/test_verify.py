"""F4: `tapetum verify` finds what was taken from, or added to, either engine by hand, and names it.

What a test plants it takes back, since all tests verify the same engines.
"""

import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any, LiteralString

import httpx
import neo4j
import pytest

from tests.support import raw_flows
from tests.support.fleet import Fleet

pytestmark = [pytest.mark.fault, pytest.mark.server, pytest.mark.engine]

CLUSTER = "planted"
AGE = 19 * 24
"""Hours: nobody else's records are so old, so the blocks of the hour hold this cluster's alone."""

SIZES = {5432: 2, 6379: 3, 443: 5}
"""Records by destination port; each port is a flow key."""

HOUR = 3_600_000_000
SHIFT = 2**63
"""Elasticsearch has signed integers only."""


@dataclass(frozen=True)
class Found:
    hour: str
    key: int
    recorded: int
    what: str
    rolled_up: int


@pytest.fixture(scope="module")
def hour(fleet: Fleet) -> int:
    """The hour since 1970 in which all of it lies."""
    chance = Random(4)
    hour = int(time.time()) // 3600 - AGE
    sent = [
        raw_flows.line(hour * 3600 + chance.randrange(3600), dest_port=port, host=f"{port}-{number}")
        for port, size in SIZES.items()
        for number in range(size)
    ]
    assert fleet.api.ingest(sent, CLUSTER)["accepted"] == sum(SIZES.values())
    fleet.drained()
    return hour


def documents(fleet: Fleet) -> list[dict[str, Any]]:
    url = fleet.engines.elasticsearch.url
    query = {"size": 100, "query": {"term": {"cluster": CLUSTER}}}
    found = httpx.post(f"{url}/tapetum-flows/_search", json=query).raise_for_status().json()["hits"]["hits"]
    assert len(found) == sum(SIZES.values())
    return found


def keys(fleet: Fleet) -> dict[int, int]:
    """How many records there are of each flow key."""
    return {
        each["_source"]["flow_key"] + SHIFT: SIZES[each["_source"]["dest_port"]] for each in documents(fleet)
    }


def verified(fleet: Fleet, *, agree: bool) -> list[Found]:
    done = fleet.api.command("verify")
    said = done.stderr.decode()
    assert done.returncode == (0 if agree else 1), said
    *differences, last = said.splitlines()
    if agree:
        assert (differences, last) == ([], "The stores agree.")
    else:
        assert last.startswith("The stores differ; ")
    return [_read(line) for line in differences]


def _read(line: str) -> Found:
    told = re.fullmatch(
        r"In the hour from (\S+) key (\d+) has (\d+) (\w+) in its records but (\d+) in the roll-ups\.", line
    )
    assert told is not None, line
    return Found(told[1], int(told[2]), int(told[3]), told[4], int(told[5]))


def written(hour: int) -> str:
    return datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def records_of(found: list[Found], hour: int) -> list[Found]:
    """What differs in the number of records; all of it is of the hour."""
    assert {each.hour[:19] for each in found} == {written(hour)}
    return [each for each in found if each.what == "records"]


def test_a_record_that_is_gone(fleet: Fleet, hour: int) -> None:
    verified(fleet, agree=True)
    gone = documents(fleet)[0]
    size = SIZES[gone["_source"]["dest_port"]]
    at = f"{fleet.engines.elasticsearch.url}/{gone['_index']}"
    httpx.delete(f"{at}/_doc/{gone['_id']}", params={"refresh": "true"}).raise_for_status()
    try:
        (found,) = records_of(verified(fleet, agree=False), hour)
    finally:
        put = httpx.put(f"{at}/_create/{gone['_id']}", params={"refresh": "true"}, json=gone["_source"])
        put.raise_for_status()
    assert (found.key, found.recorded, found.rolled_up) == (
        gone["_source"]["flow_key"] + SHIFT,
        size - 1,
        size,
    )


@contextmanager
def block(fleet: Fleet, hour: int) -> Generator[tuple[neo4j.Session, dict[str, Any]]]:
    """The one block of the hour, which is put back as it was."""
    engine = fleet.engines.neo4j
    with (
        neo4j.GraphDatabase.driver(engine.url, auth=engine.auth) as driver,
        driver.session() as session,
    ):
        values = {"unit": HOUR, "bucket": hour}
        (before,) = session.run("MATCH (b:Block {unit: $unit, bucket: $bucket}) RETURN b{.*} AS b", values)
        held = before["b"]
        try:
            yield session, held
        finally:
            back: LiteralString = "MERGE (b:Block {unit: $unit, bucket: $bucket}) SET b = $held"
            session.run(back, {**values, "held": held}).consume()


def test_a_sum_that_is_too_high(fleet: Fleet, hour: int) -> None:
    expected = keys(fleet)
    with block(fleet, hour) as (session, held):
        first, *rest = held["counts"]
        change: LiteralString = "MATCH (b:Block {unit: $unit, bucket: $bucket}) SET b.counts = $counts"
        session.run(change, {"unit": HOUR, "bucket": hour, "counts": bytes([first + 1, *rest])}).consume()
        (found,) = verified(fleet, agree=False)
    assert (found.hour[:19], found.what) == (written(hour), "records")
    assert found.recorded == first == expected[found.key]
    assert found.rolled_up == first + 1


def test_an_hour_that_is_gone(fleet: Fleet, hour: int) -> None:
    expected = keys(fleet)
    with block(fleet, hour) as (session, _):
        gone: LiteralString = "MATCH (b:Block {unit: $unit, bucket: $bucket}) DELETE b"
        session.run(gone, {"unit": HOUR, "bucket": hour}).consume()
        found = records_of(verified(fleet, agree=False), hour)
    assert {each.key: each.recorded for each in found} == expected
    assert {each.rolled_up for each in found} == {0}
    verified(fleet, agree=True)
    graph = fleet.api.ask(raw_flows.GRAPH, {"r": _around(hour), "c": [CLUSTER], "l": "WORKLOAD"})
    (edge,) = graph["serviceGraph"]["edges"]
    assert edge["allowed"]["records"] == str(sum(SIZES.values())), "it is put back"


def _around(hour: int) -> dict[str, str]:
    return {"from": f"{written(hour - 1)}Z", "to": f"{written(hour + 2)}Z"}
