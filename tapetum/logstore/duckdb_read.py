"""Reading records of the embedded log store: pages, single ones, raw lines, dead letters."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import POLICY_LISTS
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES
from tapetum.embedded.duckdb import Connection
from tapetum.logstore import duckdb_lines
from tapetum.logstore.columns import COLUMNS, MOMENTS, ordering
from tapetum.logstore.duckdb_append import moment
from tapetum.logstore.duckdb_where import TABLE, Where, within_scope
from tapetum.logstore.port import (
    Census,
    DeadLetter,
    KindCensus,
    LetterSearch,
    Order,
    Page,
    Position,
    Record,
)


def page(
    connection: Connection, kind: RecordKind, where: Where, order: Order, first: int, after: Position | None
) -> Page:
    """One page by keyset; ids break ties, records without the ordering field come last."""
    column = f'f."{ordering(kind, order.field)}"'
    way, than = ("DESC", "<") if order.descending else ("ASC", ">")
    if after is not None:
        if after.value is None:
            where = where.and_(f"{column} IS NULL AND f.id {than} ?", after.id)
        else:
            value = moment(after.value) if order.field in MOMENTS[kind] else after.value
            where = where.and_(
                f"{column} {than} ? OR ({column} = ? AND f.id {than} ?) OR {column} IS NULL",
                value,
                value,
                after.id,
            )
    rows = records(
        connection,
        kind,
        f"FROM {TABLE[kind]} f WHERE {where.sql} ORDER BY {column} {way} NULLS LAST, f.id {way} LIMIT {first + 1}",
        where.parameters,
    )
    return Page(tuple(rows[:first]), more=len(rows) > first)


def records(connection: Connection, kind: RecordKind, tail: str, parameters: list[Any]) -> list[Record]:
    """Rows as dicts: times in microseconds, policies of flows joined from their traces."""
    rows = columns_of(connection, kind, COLUMNS[kind], tail, parameters)
    if kind is RecordKind.FLOWS and rows:
        _add_policies(connection, rows)
    return rows


def columns_of(
    connection: Connection, kind: RecordKind, columns: Sequence[str], tail: str, parameters: list[Any]
) -> list[Record]:
    """Some columns of rows, times in microseconds: a few of a wide table are read in far less time."""
    names = ", ".join(f'epoch_us(f."{name}")' if name in MOMENTS[kind] else f'f."{name}"' for name in columns)
    rows = connection.execute(f"SELECT {names} {tail}", parameters).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _add_policies(connection: Connection, rows: list[Record]) -> None:
    keys = sorted({row["trace"] for row in rows if row["trace"] is not None})
    found = connection.execute(
        f"SELECT trace, {', '.join(POLICY_LISTS)}, policy_hits FROM traces WHERE list_contains(?::UBIGINT[], trace)",
        [keys],
    ).fetchall()
    traces = {row[0]: row[1:] for row in found}
    for row in rows:
        *lists, hits = traces.get(row["trace"], ([],) * (len(POLICY_LISTS) + 1))
        row["policies"] = {name: values or [] for name, values in zip(POLICY_LISTS, lists, strict=True)}
        row["policy_hits"] = hits or []


def raw(connection: Connection, kind: RecordKind, where: Where, ids: list[str]) -> dict[str, str]:
    """Lines by record id; bytes that are no text were rejected before they came here."""
    where = where.and_("list_contains(?::VARCHAR[], f.id)", ids)
    places = connection.execute(
        f"SELECT f.id, f.batch, f.line_no FROM {kind} f WHERE {where.sql}", where.parameters
    )
    lines: dict[str, str] = {}
    blocks: dict[tuple[int, int], list[bytes]] = {}
    for record_id, batch, line_no in places.fetchall():
        first = duckdb_lines.first_of(line_no)
        if (batch, first) not in blocks:
            found = connection.execute(
                "SELECT block FROM raw_lines WHERE batch = ? AND first_line = ?", [batch, first]
            ).fetchall()
            blocks[batch, first] = duckdb_lines.unpack(found[0][0]) if found else []
        block = blocks[batch, first]
        if line_no - first < len(block):
            lines[record_id] = block[line_no - first].decode(errors="replace")
    return lines


def dead_letters(
    connection: Connection, scope: Scope, search: LetterSearch, first: int, after: str | None
) -> tuple[list[DeadLetter], bool]:
    where = dead_letter_condition(scope, search)
    if after is not None:
        where = where.and_(
            "(f.received_at, f.id) < (SELECT (g.received_at, g.id) FROM dead_letters g WHERE g.id = ?)", after
        )
    rows = connection.execute(
        "SELECT id, cluster, epoch_us(received_at), source, batch_id, line_no, reason, line, kind "
        "FROM dead_letters f "
        f"WHERE {where.sql} ORDER BY received_at DESC, id DESC LIMIT {first + 1}",
        where.parameters,
    ).fetchall()
    letters = [_dead_letter(row) for row in rows[:first]]
    return letters, len(rows) > first


def _dead_letter(row: tuple[Any, ...]) -> DeadLetter:
    *told, line, kind = row
    return DeadLetter(*told, line=line.decode(errors="replace"), kind=kind and RecordKind(kind))  # pyright: ignore[reportCallIssue] - the columns are those of the statement


def dead_letter_condition(scope: Scope, search: LetterSearch) -> Where:
    """A bad line has no endpoints that could be judged, so a namespace limit hides them all."""
    start, end = moment(search.range.start), moment(search.range.end)
    where = Where().and_("f.received_at >= ? AND f.received_at < ?", start, end)
    if search.kind is not None:
        where = where.and_("f.kind = ?", search.kind.value)
    if search.source is not None:
        where = where.and_("f.source = ?", search.source)
    return within_scope(scope.narrowed(search.clusters), where, None)


def census(connection: Connection, scope: Scope) -> list[Census]:
    """Dead letters are counted for scopes that may read them."""
    found: dict[str, Census] = {}
    for kind, shape in SHAPES.items():
        where = within_scope(scope, Where(), kind)
        rows = connection.execute(
            f'SELECT f.cluster, count(*), epoch_us(min(f."{shape.time}")), epoch_us(max(f."{shape.time}")) '
            f"FROM {kind} f WHERE {where.sql} GROUP BY f.cluster",
            where.values,
        ).fetchall()
        for cluster, *told in rows:
            known = found.get(cluster, Census(cluster))
            found[cluster] = replace(known, kinds=(*known.kinds, KindCensus(kind, *told)))
    bad = within_scope(scope, Where(), None)
    rejected = connection.execute(
        f"SELECT f.cluster, count(*) FROM dead_letters f WHERE {bad.sql} GROUP BY f.cluster", bad.parameters
    ).fetchall()
    for cluster, count in rejected:
        found[cluster] = replace(found.get(cluster, Census(cluster)), rejected=count)
    return [found[cluster] for cluster in sorted(found)]
