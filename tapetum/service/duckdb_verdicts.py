"""Verdict keys of records that an earlier version stored: given at start, some records a transaction.
Hours that it wrote to after they were folded lose their mark.

Where the process ends in between, the next start goes on with those that have none yet.
"""

from collections.abc import Callable

import pyarrow as pa

from tapetum.domain.flows import VERDICT_KEY, VERDICT_LISTS, VERDICT_TEXTS
from tapetum.embedded.duckdb import Connection, Engine, first_row
from tapetum.ingest.keys import verdict_keys
from tapetum.logstore import duckdb_verdict_hours
from tapetum.logstore.duckdb_append import keep_verdict_keys

_AT_ONCE = 500_000
_LACKING = "FROM flows WHERE verdict_key IS NULL"


def learn(engine: Engine, say: Callable[[str], None], at_once: int = _AT_ONCE) -> None:
    lacking = int(engine.read_now(lambda connection: first_row(connection, f"SELECT count(*) {_LACKING}"))[0])
    if lacking:
        say(f"Giving {lacking} records of an earlier version their verdict keys.")
    for _ in range(0, lacking, at_once):
        with engine.transaction() as transaction:
            give(transaction.connection, at_once)
    mistaken = engine.read_now(duckdb_verdict_hours.mistaken)
    if mistaken:
        with engine.transaction() as transaction:
            for cluster, hour in mistaken:
                duckdb_verdict_hours.remove(transaction.connection, cluster, [hour])


def give(connection: Connection, at_once: int) -> None:
    columns = ", ".join(("rowid AS place", "flow_key", *VERDICT_KEY))
    rows = connection.sql(f"SELECT {columns} {_LACKING} LIMIT {at_once}").to_arrow_table()
    texts, lists = (
        [rows.column(name).combine_chunks() for name in names] for names in (VERDICT_TEXTS, VERDICT_LISTS)
    )
    keys = pa.array(verdict_keys(rows.column("flow_key").to_numpy(), texts, lists))
    rows = rows.append_column("verdict_key", keys)
    connection.register("keyed", rows.select(["place", "verdict_key"]))
    connection.execute(
        "UPDATE flows SET verdict_key = k.verdict_key FROM keyed k WHERE flows.rowid = k.place"
    )
    connection.unregister("keyed")
    keep_verdict_keys(connection, rows)
