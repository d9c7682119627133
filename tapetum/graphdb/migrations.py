"""Numbered schema changes of a store, each applied once and recorded in the database."""

from collections.abc import Mapping

from tapetum.graphdb.neo4j import Neo4j, Transaction

_APPLIED = "MATCH (m:Migration {store: $store}) RETURN m.name"
_RECORD = "MERGE (m:Migration {store: $store, name: $name}) ON CREATE SET m.at = datetime()"
_AWAIT = "CALL db.awaitIndexes(300)"


def migrate(database: Neo4j, store: str, migrations: Mapping[str, str]) -> list[str]:
    """Apply what is new, in order of names; by one process at a time. Returns their names.

    Each is written so that a second run changes nothing: one that was cut off is run again.
    """
    fresh = missing(database, store, migrations)
    for name in fresh:
        for statement in filter(None, map(str.strip, migrations[name].split(";"))):
            database.write(_one(statement, {}))
        database.write(_one(_AWAIT, {}))
        database.write(_one(_RECORD, {"store": store, "name": name}))
    return fresh


def missing(database: Neo4j, store: str, migrations: Mapping[str, str]) -> list[str]:
    """Names of those that the database has not seen."""
    applied = {name for (name,) in database.write(lambda tx: tx.run(_APPLIED, {"store": store}))}
    return [name for name in sorted(migrations) if name not in applied]


def _one(statement: str, values: Mapping[str, str]):  # noqa: ANN202 - said once, by write
    def work(transaction: Transaction) -> None:
        transaction.run(statement, values)

    return work
