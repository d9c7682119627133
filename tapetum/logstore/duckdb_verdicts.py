"""Records of the embedded log store folded by their verdict keys, with what the keys stand for."""

from tapetum.domain.arrow import compute as pc
from tapetum.domain.flows import COUNTERS
from tapetum.embedded.duckdb import Connection
from tapetum.logstore.duckdb_where import Where
from tapetum.logstore.port import VERDICT_KEYS, VerdictKeys, too_many_verdict_keys

_SUMS = ", ".join(f"sum(f.{name})::BIGINT AS {name}" for name in COUNTERS)
_ANSWER = ", ".join(VERDICT_KEYS.names)


def verdict_keys(connection: Connection, where: Where, most: int) -> VerdictKeys:
    connection.execute(
        "BEGIN"
    )  # so that retention removes no key between the two statements; ends with the cursor
    folded = connection.sql(
        f"SELECT f.verdict_key, count(*) AS records, {_SUMS}, min(f.start_time) AS first_seen, "
        f"max(f.start_time) AS last_seen FROM flows f WHERE {where.sql} GROUP BY f.verdict_key LIMIT {most + 2}",
        params=where.parameters,
    ).to_arrow_table()
    keyed = pc.is_valid(folded.column("verdict_key"))
    without = pc.sum(folded.column("records").filter(pc.invert(keyed))).as_py() or 0
    folded = folded.filter(keyed)
    if folded.num_rows > most:
        raise too_many_verdict_keys(most)
    connection.register("folded", folded)
    rows = connection.sql(f"SELECT {_ANSWER} FROM folded LEFT JOIN verdict_keys USING (verdict_key)")
    return VerdictKeys(rows.to_arrow_table().cast(VERDICT_KEYS), without)
