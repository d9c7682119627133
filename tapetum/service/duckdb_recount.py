"""Counting the embedded stores against each other and against the ledger.

Records, dead letters and roll-ups are written in one transaction, so any difference is damage.
"""

from typing import Literal

from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import DamagedStoreError
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import HOUR, MINUTE, Micros
from tapetum.domain.shapes import SHAPES
from tapetum.embedded.duckdb import Connection, first_row
from tapetum.graphstore.buckets import keeps_minutes
from tapetum.graphstore.duckdb_tables import TABLE
from tapetum.logstore import duckdb_verdict_hours
from tapetum.logstore.duckdb_lines import BLOCK
from tapetum.service.difference import Difference
from tapetum.service.ledger import Totals

_OUT = "restore the directory from a copy, or start with an empty one and send the logs again."
_COUNTED = ("records", *COUNTERS)
_NAMED = "f.id IS NOT NULL AND f.start_time IS NOT NULL AND f.flow_key IS NOT NULL"


def at_start(connection: Connection, acknowledged: Totals) -> Totals:
    """Totals of the file; raises DamagedStoreError where it holds less than was acknowledged."""
    totals = _totals(connection)
    for name in ("batches", "accepted", "rejected"):
        if getattr(totals, name) < getattr(acknowledged, name):
            raise DamagedStoreError(
                f"The data file holds {totals.batches} batches with {totals.accepted} records, but "
                f"{acknowledged.batches} with {acknowledged.accepted} were acknowledged: "
                f"its log of changes is damaged; {_OUT}"
            )
    return totals


def differences(connection: Connection, now: Micros, most: int = 20) -> list[Difference]:
    """Every hour, and minute still kept, whose roll-up is not the sum over its records, by flow key.

    At most so many of each. Raises DamagedStoreError where a record lacks its line or its policies, or where the totals are wrong.
    """
    _totals(connection)
    line = f"r.batch = f.batch AND r.first_line = f.line_no // {BLOCK} * {BLOCK}"
    every = (
        ("lines", f"ANTI JOIN raw_lines r ON {line}"),
        ("batch", "WHERE f.batch NOT IN (SELECT b.number FROM batches b)"),
    )
    flows = (
        ("policies", "WHERE f.trace NOT IN (SELECT t.trace FROM traces t)"),
        ("verdict keys", "ANTI JOIN verdict_keys v ON v.verdict_key = f.verdict_key"),
    )
    for kind in SHAPES:
        for what, without in (*flows, *every) if kind is RecordKind.FLOWS else every:
            lost = _one(connection, f"SELECT count(*) FROM {kind} f {without}")
            if lost:
                raise DamagedStoreError(f"{lost} {kind} records have lost their {what}; {_OUT}")
    folds = duckdb_verdict_hours.wrong(connection)
    if folds:
        raise DamagedStoreError(f"{folds} hours of verdict keys do not add up to their records; {_OUT}")
    hours = _compared(connection, "hour", HOUR, 0, most)
    return hours + _compared(connection, "minute", MINUTE, keeps_minutes(now), most)


def _totals(connection: Connection) -> Totals:
    """What was ever applied, once the tables were found to hold it."""
    rows = connection.execute(
        "SELECT batches, accepted, rejected, accepted - expired_records, rejected - expired_letters FROM totals"
    ).fetchall()
    if len(rows) != 1:
        raise DamagedStoreError(f"The data file has {len(rows)} rows of totals instead of one; {_OUT}")
    batches, accepted, rejected, records, letters = rows[0]
    sums = ", ".join(f"coalesce(sum(f.{name}), 0)" for name in COUNTERS)
    named, *recorded = first_row(
        connection, f"SELECT count(*) FILTER ({_NAMED}), count(*), {sums} FROM flows f"
    )
    named += sum(_named(connection, kind) for kind in SHAPES if kind is not RecordKind.FLOWS)
    counted = _one(connection, "SELECT count(*) FROM dead_letters")
    for what, expected, found in (("records", records, named), ("rejected lines", letters, counted)):
        if found != expected:
            raise DamagedStoreError(f"The data file should hold {expected} {what} but holds {found}; {_OUT}")
    if _has(connection, TABLE[HOUR]):
        _match(connection, recorded)
    return Totals(batches, accepted, rejected)


def _named(connection: Connection, kind: RecordKind) -> int:
    named = f'f.id IS NOT NULL AND f."{SHAPES[kind].time}" IS NOT NULL'
    return _one(connection, f"SELECT count(*) FILTER ({named}) FROM {kind} f")


def _match(connection: Connection, recorded: list[int]) -> None:
    """Whether roll-ups add up to what was recorded, and their codes are those of the flow keys."""
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in _COUNTED)
    rolled_up = first_row(connection, f"SELECT {sums} FROM {TABLE[HOUR]}")
    for name, total, summed in zip(_COUNTED, recorded, rolled_up, strict=True):
        if total != summed:
            raise DamagedStoreError(
                f"The records add up to {total} {name} but the roll-ups to {summed}; {_OUT}"
            )
    keys, distinct, codes, last = first_row(
        connection,
        "SELECT count(*), count(DISTINCT flow_key), count(DISTINCT code), coalesce(max(code), -1) FROM flow_keys",
    )
    used = _one(
        connection,
        f"SELECT greatest({', '.join(f'(SELECT max(code) FROM {table})' for table in TABLE.values())}, -1)",
    )
    if not keys == distinct == codes == last + 1 or used > last:
        raise DamagedStoreError(f"The data file has lost some of its {max(last, used) + 1} flow keys; {_OUT}")


def _compared(
    connection: Connection, unit: Literal["hour", "minute"], length: Micros, first: int, most: int
) -> list[Difference]:
    recorded = ", ".join(
        "count(*) AS records" if name == "records" else f"coalesce(sum(f.{name}), 0) AS {name}"
        for name in _COUNTED
    )
    rolled_up = ", ".join(f"sum(h.{name}) AS {name}" for name in _COUNTED)
    compared = ", ".join(
        f"coalesce(a.{name}, 0)::HUGEINT, coalesce(b.{name}, 0)::HUGEINT" for name in _COUNTED
    )
    differs = " OR ".join(f"coalesce(a.{name}, 0) <> coalesce(b.{name}, 0)" for name in _COUNTED)
    rows = connection.execute(
        f"SELECT coalesce(a.bucket, b.bucket), coalesce(a.flow_key, b.flow_key), {compared} FROM "
        f"(SELECT epoch_us(f.start_time) // {length} AS bucket, f.flow_key, {recorded} FROM flows f "
        "WHERE bucket >= ? GROUP BY ALL) a "
        f"FULL JOIN (SELECT h.bucket, k.flow_key, {rolled_up} FROM {TABLE[length]} h "
        "LEFT JOIN flow_keys k USING (code) WHERE h.bucket >= ? GROUP BY ALL) b "
        f"ON a.bucket = b.bucket AND a.flow_key = b.flow_key WHERE {differs} ORDER BY 1, 2 LIMIT ?",
        [first, first, most],
    ).fetchall()
    return [
        Difference(unit, bucket * length, flow_key, name, counts[2 * place], counts[2 * place + 1])
        for bucket, flow_key, *counts in rows
        for place, name in enumerate(_COUNTED)
        if counts[2 * place] != counts[2 * place + 1]
    ]


def has_tokens(connection: Connection) -> bool:
    return _one(connection, "SELECT count(*) FROM tokens") > 0


def newest(connection: Connection, cluster: str, kind: RecordKind) -> Micros | None:
    found: Micros | None = first_row(
        connection, f'SELECT epoch_us(max("{SHAPES[kind].time}")) FROM {kind} WHERE cluster = ?', [cluster]
    )[0]
    return found


def _one(connection: Connection, statement: str) -> int:
    return int(first_row(connection, statement)[0])


def _has(connection: Connection, table: str) -> bool:
    return bool(_one(connection, f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'"))
