"""The different values of a column, and the records that hold some of them."""

from collections.abc import Sequence

import pyarrow as pa

from tapetum.domain.batches import RecordKind
from tapetum.embedded.duckdb import Connection
from tapetum.kql import catalogue
from tapetum.logstore.columns import TIME, is_list, nested_part, scalar
from tapetum.logstore.duckdb_read import columns_of
from tapetum.logstore.duckdb_where import TABLE, Where
from tapetum.logstore.port import Record

_HOUR = 3_600_000_000


def members(kind: RecordKind, field: str) -> str | None:
    """The list of a record's values, of lists and of parts of objects; None where there is but one."""
    if nested := nested_part(kind, field, lists=True):
        column, part = nested
        held = f'h."{part}"'
        if catalogue(kind.value).fields[field].multi:
            return f'flatten(list_transform("{column}", lambda h: coalesce({held}, []::VARCHAR[])))'
        return f'list_transform("{column}", lambda h: {held})'
    return f'f."{field}"' if is_list(kind, field) else None


def values(connection: Connection, kind: RecordKind, where: Where, field: str) -> pa.Array:
    """Each once, in no order."""
    found = connection.sql(
        f"SELECT DISTINCT v FROM (SELECT {_each(kind, field)} AS v FROM {TABLE[kind]} f WHERE {where.sql}) WHERE v IS NOT NULL",
        params=where.parameters,
    ).to_arrow_table()
    return found.column("v").combine_chunks()


def holding(
    connection: Connection,
    kind: RecordKind,
    where: Where,
    field: str,
    wanted: Sequence[str],
    apart: Sequence[str],
    each: int,
    most: int,
    told: Sequence[str],
) -> list[Record]:
    """See LogStore.holding. One statement: a row's place holds within it alone."""
    time = f'"{TIME[kind]}"'
    alike = ", ".join(("v", f"epoch_us({time}) // {_HOUR}", *(f'"{name}"' for name in apart)))
    names = ", ".join(dict.fromkeys(f'f."{name}"' for name in ("id", TIME[kind], *apart)))
    places = f"""SELECT place FROM (
        SELECT DISTINCT place, {time}, id
        FROM (SELECT f.rowid AS place, {names}, {_each(kind, field)} AS v FROM {TABLE[kind]} f WHERE {where.sql})
        WHERE v IN (SELECT unnest(?::VARCHAR[]))
        QUALIFY row_number() OVER (PARTITION BY {alike} ORDER BY {time}, id) <= {each}
      ) ORDER BY {time} DESC, id LIMIT {most}"""
    tail = f"FROM {TABLE[kind]} f WHERE f.rowid IN ({places})"
    return columns_of(connection, kind, told, tail, [*where.parameters, list(wanted)])


def _each(kind: RecordKind, field: str) -> str:
    listed = members(kind, field)
    return f'f."{scalar(kind, field)}"' if listed is None else f"unnest({listed})"
