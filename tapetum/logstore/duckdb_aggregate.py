"""Aggregations of the embedded log store: histograms, top values, sums by flow key, edge evidence."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.service_graph import KeySums
from tapetum.embedded.duckdb import Connection, first_row
from tapetum.logstore.columns import TIME, is_list, policy_list, scalar
from tapetum.logstore.duckdb_holding import members
from tapetum.logstore.duckdb_where import TABLE, Condition, Where
from tapetum.logstore.intervals import OTHER, SERIES, Cut
from tapetum.logstore.port import Decision, Evidence, Histogram, MarkedKeys, ProcessUse, TcpHealth, TopValues


def counted(
    connection: Connection, kind: RecordKind, where: Where, step: Micros, by: str | None
) -> list[tuple[str, int, int]]:
    """Series, bucket of `step` since 1970, and how many records started in it."""
    series = "'all'" if by is None else f"coalesce({_scalar(kind, by)}::VARCHAR, '-')"
    return connection.execute(
        f'SELECT {series} AS series, epoch_us(f."{TIME[kind]}") // {step} AS bucket, count(*) '
        f"FROM {TABLE[kind]} f WHERE {where.sql} GROUP BY ALL",
        where.parameters,
    ).fetchall()


def histogram(
    within: TimeRange, sliced: Cut, rows: Sequence[tuple[str, int, int]], by: str | None
) -> Histogram:
    """From counts by series and bucket: zero where nothing started; beyond ten series the rest is `other`."""
    buckets = sliced.buckets
    totals: dict[str, int] = {}
    for name, _, count in rows:
        totals[name] = totals.get(name, 0) + count
    kept = sorted(totals, key=lambda name: (-totals[name], name))[:SERIES]
    counts: dict[str, list[int]] = {name: [0] * buckets for name in kept or ["all"] if by is None or totals}
    for name, at, count in rows:
        counts.setdefault(name if name in kept else OTHER, [0] * buckets)[at - sliced.first] += count
    return Histogram(
        range=within,
        interval=sliced.seconds,
        starts=sliced.starts,
        counts={name: tuple(values) for name, values in counts.items()},
    )


def top_values(
    connection: Connection, kind: RecordKind, where: Where, field: str, limit: int, prefix: str
) -> TopValues:
    """A record with several values counts once for each of them, and never as other."""
    table = f"{TABLE[kind]} f"
    if policies := policy_list(kind, field):
        table += " LEFT JOIN traces USING (trace)"
        values = f'"{policies}"'
    elif listed_in := members(kind, field):
        if kind is RecordKind.FLOWS and not is_list(kind, field):
            table += " LEFT JOIN traces USING (trace)"
        values = listed_in
    else:
        values = f"[{_scalar(kind, field)}]"
    listed = f"SELECT list_distinct(list_filter({values}, lambda v: v IS NOT NULL))::VARCHAR[] AS v FROM {table} WHERE {where.sql}"
    total = first_row(
        connection,
        f"SELECT count(*), count(*) FILTER (v IS NULL OR len(v) = 0) FROM ({listed})",
        where.parameters,
    )
    found: list[tuple[str, int]] = connection.execute(
        f"SELECT value, count(*) AS n FROM (SELECT unnest(v) AS value FROM ({listed})) "
        "WHERE starts_with(value, ?) GROUP BY value ORDER BY n DESC, value LIMIT ?",
        [*where.parameters, prefix, limit],
    ).fetchall()
    covered = first_row(
        connection,
        f"SELECT count(*) FROM ({listed}) WHERE list_has_any(v, ?::VARCHAR[])",
        [*where.parameters, [value for value, _ in found]],
    )
    return TopValues(tuple(found), other=total[0] - total[1] - covered[0], missing=total[1])


def sums(connection: Connection, where: Where, fields: Sequence[str]) -> KeySums:
    """Records and sums of fields, which are names of ours, by flow key; what a source does not know adds nothing."""
    columns = ", ".join(f"coalesce(sum(f.{name}), 0)::BIGINT AS {name}" for name in fields)
    found = connection.execute(
        f"SELECT f.flow_key AS k, count(*) AS records, {columns} FROM flows f WHERE {where.sql} GROUP BY f.flow_key",
        where.parameters,
    ).fetchnumpy()
    counts = np.column_stack([found[name].astype(np.int64) for name in ("records", *fields)])
    return KeySums(np.asarray(found["k"], np.uint64), counts)


def flow_keys(connection: Connection, where: Where) -> npt.NDArray[np.uint64]:
    found = connection.execute(
        f"SELECT DISTINCT f.flow_key AS k FROM flows f WHERE {where.sql}", where.parameters
    ).fetchnumpy()
    return np.asarray(found["k"], np.uint64)


def marked_keys(connection: Connection, where: Where, marks: Sequence[Condition]) -> MarkedKeys:
    """In one pass over the records, however many marks there are."""
    told = "".join(f", coalesce({sql}, false) AS m{place}" for place, (sql, _) in enumerate(marks))
    any_of = "".join(f", bool_or(m{place}) AS m{place}" for place in range(len(marks)))
    found = connection.execute(
        f"SELECT k{any_of} FROM (SELECT f.flow_key AS k{told} FROM flows f WHERE {where.sql}) GROUP BY k",
        [*(value for _, values in marks for value in values), *where.parameters],
    ).fetchnumpy()
    keys = np.asarray(found["k"], np.uint64)
    columns = [np.asarray(found[f"m{place}"], np.bool_) for place in range(len(marks))]
    return MarkedKeys(keys, np.stack(columns, axis=1) if columns else np.empty((len(keys), 0), np.bool_))


def evidence(connection: Connection, where: Where, limit: int) -> Evidence:
    """Decisions are counted per record and hit; processes and TCP figures come from what carries them."""
    steps: list[Any] = connection.execute(
        "SELECT h, reporter, sum(n)::BIGINT, sum(c)::BIGINT FROM ("
        " SELECT unnest(t.policy_hits) AS h, reporter, n, c FROM ("
        f"  SELECT f.trace, f.reporter, count(*) AS n, sum(f.num_flows_started) AS c FROM flows f WHERE {where.sql}"
        "  GROUP BY ALL) JOIN traces t USING (trace)"
        f") GROUP BY ALL ORDER BY 3 DESC, 1, 2 LIMIT {limit}",
        where.parameters,
    ).fetchall()
    processes = connection.execute(
        "SELECT f.process_name, coalesce(f.process_args, []), count(*), epoch_us(min(f.start_time)) FROM flows f "
        f"WHERE {where.sql} AND f.process_name IS NOT NULL GROUP BY ALL ORDER BY 3 DESC, 1, 2 LIMIT {limit}",
        where.parameters,
    ).fetchall()
    tcp = first_row(
        connection,
        "SELECT avg(f.tcp_mean_smooth_rtt), max(f.tcp_max_smooth_rtt), avg(f.tcp_mean_min_rtt), "
        "sum(f.tcp_total_retransmissions)::BIGINT, sum(f.tcp_lost_packets)::BIGINT, sum(f.tcp_unrecovered_to)::BIGINT "
        f"FROM flows f WHERE {where.sql}",
        where.parameters,
    )
    return Evidence(
        decisions=tuple(Decision(*step) for step in steps),
        processes=tuple(
            ProcessUse(name, tuple(args), count, first) for name, args, count, first in processes
        ),
        tcp=TcpHealth(*tcp) if any(value is not None for value in tcp) else None,
    )


def _scalar(kind: RecordKind, field: str) -> str:
    return f'f."{scalar(kind, field)}"'
