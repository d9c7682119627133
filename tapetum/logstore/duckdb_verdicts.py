"""Records of the embedded log store folded by their verdict keys, with what the keys stand for."""

from dataclasses import replace
from typing import Any

import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import COUNTERS
from tapetum.domain.moments import Micros
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection
from tapetum.logstore.duckdb_verdict_hours import OF_HOURS, OF_RECORDS, beside, folded
from tapetum.logstore.duckdb_where import Where, matching, within_scope
from tapetum.logstore.port import VERDICT_KEYS, Search, VerdictKeys, too_many_verdict_keys

_SUMS = ", ".join(f"sum({name})::BIGINT AS {name}" for name in ("records", *COUNTERS))
_ANSWER = ", ".join(VERDICT_KEYS.names)
_MOST_GAPS = 8
"""Between folded hours, each of which is a read of its own; with more, all records are read at once."""


def verdict_keys(connection: Connection, scope: Scope, search: Search, now: Micros, most: int) -> VerdictKeys:
    connection.execute(
        "BEGIN"
    )  # so that neither retention nor a fold comes between the statements; ends with the cursor
    found = _from_hours(connection, scope, search, now, most)
    if found is None:
        where = matching(scope, search, now)
        found = connection.sql(
            f"{_of_records(where)} LIMIT {most + 2}", params=where.parameters
        ).to_arrow_table()
    keyed = pc.is_valid(found.column("verdict_key"))
    without = pc.sum(found.column("records").filter(pc.invert(keyed))).as_py() or 0
    found = found.filter(keyed)
    if found.num_rows > most:
        raise too_many_verdict_keys(most)
    connection.register("folded", found)
    rows = connection.sql(f"SELECT {_ANSWER} FROM folded LEFT JOIN verdict_keys USING (verdict_key)")
    return VerdictKeys(rows.to_arrow_table().cast(VERDICT_KEYS), without)


def _of_records(where: Where) -> str:
    return f"SELECT {OF_RECORDS} FROM flows f WHERE {where.sql} GROUP BY f.verdict_key"


def _from_hours(
    connection: Connection, scope: Scope, search: Search, now: Micros, most: int
) -> pa.Table | None:
    """None where hours that were folded do not help: a filter looks at single records."""
    clusters = scope.narrowed(search.clusters).clusters
    if search.filter is not None or search.keys is not None or clusters is None or len(clusters) != 1:
        return None
    (cluster,) = clusters
    hours = folded(connection, cluster, search.range)
    gaps = beside(search.range, hours)
    if not hours or len(gaps) > _MOST_GAPS:
        return None
    seen = Where().and_("f.cluster = ? AND list_contains(?::BIGINT[], f.hour)", cluster, hours)
    if scope.namespaces is not None:
        visible = within_scope(scope, Where(), RecordKind.FLOWS)
        seen = seen.and_(
            f"f.verdict_key IN (SELECT f.verdict_key FROM verdict_keys f WHERE {visible.sql})",
            *visible.parameters,
        )
    parts = [f"SELECT {OF_HOURS} FROM verdict_hours f WHERE {seen.sql}"]
    values: list[Any] = seen.parameters
    for gap in gaps:
        where = matching(scope, replace(search, range=gap), now)
        parts.append(_of_records(where))
        values += where.parameters
    every = " UNION ALL ".join(f"({part})" for part in parts)
    return connection.sql(
        f"SELECT verdict_key, {_SUMS}, min(first_seen) AS first_seen, max(last_seen) AS last_seen "
        f"FROM ({every}) GROUP BY verdict_key LIMIT {most + 2}",
        params=values,
    ).to_arrow_table()
