"""Policy hits of the embedded log store: records are counted by trace, and each trace is taken apart once."""

from tapetum.domain.moments import TimeRange
from tapetum.domain.policy_trace import PolicySet
from tapetum.embedded.duckdb import Connection
from tapetum.logstore.duckdb_where import Where
from tapetum.logstore.intervals import cut
from tapetum.logstore.policy_hits import PARTS, REPORTERS, Cell, HitKey, PolicyHits, added_up


def policy_hits(connection: Connection, where: Where, within: TimeRange, interval: int | None) -> PolicyHits:
    sliced = cut(within, interval)
    parts = ", ".join(f'"{part}": h."{part}"' for part in PARTS)
    told = ", ".join(f'h."{part}"' for part in PARTS)
    rows = connection.execute(
        f"""
        WITH counted AS (
          SELECT f.trace, f.cluster, f.reporter, epoch_us(f.start_time) // {sliced.step} AS bucket,
            count(*) AS n, sum(f.num_flows_started) AS c, max(epoch_us(f.start_time)) AS last
          FROM flows f WHERE {where.sql} AND f.reporter IN (?, ?) GROUP BY ALL
        ), steps AS (
          SELECT trace, unnest(list_distinct(list_transform(
            list_filter(policy_hits, lambda h: h."set" = CASE WHEN h.staged THEN ? ELSE ? END),
            lambda h: {{{parts}}}))) AS h
          FROM traces WHERE trace IN (SELECT trace FROM counted)
        )
        SELECT cluster, reporter, {told}, bucket, sum(n)::BIGINT, sum(c)::BIGINT, max(last)
        FROM counted JOIN steps USING (trace) GROUP BY ALL
        """,
        [*where.parameters, *REPORTERS, PolicySet.PENDING, PolicySet.ENFORCED],
    ).fetchall()
    width = len(HitKey._fields)
    return added_up(within, sliced, (Cell(HitKey(*row[:width]), *row[width:]) for row in rows))
