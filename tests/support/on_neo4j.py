"""Stores on the tests' Neo4j, which is emptied for each: its one database can hold only one at a time."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tapetum.catalog.neo4j import TURN, Neo4jCatalog
from tapetum.graphdb.neo4j import Neo4j, Transaction
from tapetum.graphstore.neo4j import Neo4jGraphStore
from tests import engines
from tests.engines import Engine
from tests.support.stores import Clock

_EMPTY = "MATCH (n) WHERE NOT n:Migration AND NOT n:MadeForTests DETACH DELETE n"


def where(engine: Engine) -> dict[str, Any]:
    user, password = engine.auth or (None, None)
    return {"url": engine.url, "user": user, "password": password}


PATIENT = 60.0
"""Seconds in which a machine that is busy with other tests answers, so that no answer is a stale one."""


@contextmanager
def graph_store(
    engine: Engine, clock: Clock, *, empty: bool = True, patience: float = PATIENT
) -> Generator[Neo4jGraphStore]:
    store = Neo4jGraphStore(clock=clock, patience=patience, **where(engine))
    try:
        store.migrate()
        if empty:
            store.write(lambda tx: tx.run(_EMPTY))
        yield store
    finally:
        store.close()


@contextmanager
def catalog(directory: Path | None) -> Generator[Neo4jCatalog]:
    """What the directory stands for is still there at its second opening."""
    mark = directory and directory / "opened"
    store = Neo4jCatalog(**where(engines.neo4j()))
    try:
        store.migrate()
        if mark is None or not mark.exists():
            store.database.write(lambda tx: tx.run(_EMPTY))
        if mark:
            mark.touch()
        yield store
    finally:
        store.close()


@contextmanager
def writing(database: Neo4j) -> Generator[Transaction]:
    """A write of saved state that is under way."""
    with database.transaction() as transaction:
        transaction.run(TURN)
        yield transaction
