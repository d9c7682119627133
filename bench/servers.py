"""Neo4j, Elasticsearch and Redis as they run in production, and the product's stores over them."""

import os
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import neo4j
from elasticsearch import Elasticsearch

from bench.served import TICKS
from tapetum.domain.moments import Clock
from tapetum.service.distributed import composition
from tapetum.service.distributed.addresses import Addresses
from tapetum.service.distributed.composition import Distributed
from tests import engines
from tests.support.fleet import Engines

_EMPTY = (
    # Blocks are large, and what a transaction removes is held in the server's memory.
    "MATCH (n:Block) CALL (n) { DELETE n } IN TRANSACTIONS OF 100 ROWS",
    (
        "MATCH (n) WHERE NOT n:Migration AND NOT n:MadeForTests "
        "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS"
    ),
)
INSTEAD: Engines | None = None
"""Servers that run already, and slower: for tests of the rows."""


@cache
def servers() -> Engines:
    """Started once a run, of a size as for production; they end with this process."""
    if INSTEAD is not None:
        return INSTEAD
    with ThreadPoolExecutor(len(engines.KINDS)) as pool:
        made = pool.map(lambda kind: engines.own(kind, "bench", quick=False), engines.KINDS)
        return Engines(**dict(zip(engines.KINDS, made, strict=True)))


def cpu() -> float:
    """Seconds so far of this process and of the servers, where they are processes here."""
    busy = time.process_time()
    for stat in _stats():
        fields = stat.read_text().rpartition(")")[2].split()
        busy += (int(fields[11]) + int(fields[12])) / TICKS
    return busy


@cache
def _stats() -> list[Path]:
    on = servers()
    groups = {getattr(each, "group", None) for each in (on.neo4j, on.elasticsearch, on.redis)}
    found = [entry for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return [entry / "stat" for entry in found if os.getpgid(int(entry.name)) in groups]


def addresses() -> Addresses:
    on = servers()
    user, password = on.neo4j.auth or ("neo4j", None)
    return Addresses(on.neo4j.url, user, password, on.elasticsearch.url, on.redis.url)


def emptied() -> Engines:
    """The servers without data. Their schema stays, as making it takes longer than most rows."""
    on = servers()
    with neo4j.GraphDatabase.driver(on.neo4j.url, auth=on.neo4j.auth) as driver, driver.session() as session:
        for statement in _EMPTY:
            session.run(statement).consume()
    with Elasticsearch(on.elasticsearch.url, request_timeout=60) as client:
        for index in client.indices.get(index="tapetum-*"):
            client.indices.delete(index=index)
    on.redis.wipe()
    return on


@contextmanager
def stores(clock: Clock, *, empty: bool = False) -> Generator[Distributed]:
    """One process's stores, with their schema."""
    if empty:
        emptied()
    with composition.opened(addresses(), clock) as opened:
        opened.migrate()
        yield opened
