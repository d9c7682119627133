"""Counting the embedded stores against each other and against the ledger.

Records, dead letters and roll-ups are written in one transaction, so any difference is damage.
"""

from dataclasses import dataclass

from tapetum.domain.errors import DamagedStoreError
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import HOUR, Micros
from tapetum.embedded.duckdb import Connection, first_row
from tapetum.service.ledger import Totals

_OUT = "restore the directory from a copy, or start with an empty one and send the logs again."


@dataclass(frozen=True, slots=True)
class Difference:
    """One hour and flow key in which records and roll-ups disagree."""

    hour: Micros
    flow_key: int
    what: str
    recorded: int
    rolled_up: int


def at_start(connection: Connection, acknowledged: Totals) -> Totals:
    """Totals of the file; raises DamagedStoreError where it holds less than was acknowledged."""
    batches, accepted, rejected, records, letters = first_row(
        connection,
        "SELECT batches, accepted, rejected, accepted - expired_records, rejected - expired_letters FROM totals",
    )
    if (batches, accepted, rejected) < (acknowledged.batches, acknowledged.accepted, acknowledged.rejected):
        raise DamagedStoreError(
            f"The data file holds {batches} batches with {accepted} records, but {acknowledged.batches} with "
            f"{acknowledged.accepted} were acknowledged: its log of changes is damaged; {_OUT}"
        )
    for what, expected, statement in (
        (
            "records",
            records,
            "SELECT count(*) FROM flows WHERE id IS NOT NULL AND start_time IS NOT NULL AND flow_key IS NOT NULL",
        ),
        ("rejected lines", letters, "SELECT count(*) FROM dead_letters"),
    ):
        counted = _one(connection, statement)
        if counted != expected:
            raise DamagedStoreError(
                f"The data file should hold {expected} {what} but holds {counted}; {_OUT}"
            )
    if _has(connection, "edge_hours"):
        for name in ("records", *COUNTERS):
            whole = "count(*)" if name == "records" else f"coalesce(sum({name}), 0)"
            recorded = _one(connection, f"SELECT {whole} FROM flows")
            rolled_up = _one(connection, f"SELECT coalesce(sum({name}), 0) FROM edge_hours")
            if recorded != rolled_up:
                raise DamagedStoreError(
                    f"The records add up to {recorded} {name} but the roll-ups to {rolled_up}; {_OUT}"
                )
    return Totals(batches, accepted, rejected)


def differences(connection: Connection, most: int = 20) -> list[Difference]:
    """Every (hour, flow key) whose roll-up is not the sum over its records; empty when all agree."""
    names = ("records", *COUNTERS)
    recorded = ", ".join(
        "count(*) AS records" if name == "records" else f"coalesce(sum(f.{name}), 0) AS {name}"
        for name in names
    )
    rolled_up = ", ".join(f"sum(h.{name}) AS {name}" for name in names)
    compared = ", ".join(f"coalesce(a.{name}, 0)::BIGINT, coalesce(b.{name}, 0)::BIGINT" for name in names)
    differs = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in names)
    rows = connection.execute(
        f"SELECT hour, flow_key, {compared} FROM "
        f"(SELECT epoch_us(f.start_time) // {HOUR} AS hour, f.flow_key, {recorded} FROM flows f GROUP BY ALL) a "
        "FULL JOIN (SELECT h.bucket AS hour, k.flow_key, "
        f"{rolled_up} FROM edge_hours h JOIN flow_keys k USING (code) GROUP BY ALL) b USING (hour, flow_key) "
        f"WHERE {differs} ORDER BY hour, flow_key LIMIT {most}"
    ).fetchall()
    return [
        Difference(hour * HOUR, flow_key, name, counts[2 * place], counts[2 * place + 1])
        for hour, flow_key, *counts in rows
        for place, name in enumerate(names)
        if counts[2 * place] != counts[2 * place + 1]
    ]


def has_tokens(connection: Connection) -> bool:
    return _one(connection, "SELECT count(*) FROM tokens") > 0


def newest(connection: Connection, cluster: str) -> Micros | None:
    return first_row(connection, "SELECT epoch_us(max(start_time)) FROM flows WHERE cluster = ?", [cluster])[
        0
    ]


def _one(connection: Connection, statement: str) -> int:
    return int(first_row(connection, statement)[0])


def _has(connection: Connection, table: str) -> bool:
    return bool(_one(connection, f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'"))
