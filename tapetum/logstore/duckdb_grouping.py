"""Aggregations of the embedded log store by any fields, as one statement.

Records that say the same are counted first (`cells`), so that lists are taken apart, groups ranked and
buckets filled over few rows. Names come from aggregation.py; values are parameters.
"""

from collections.abc import Sequence

from tapetum.domain.batches import RecordKind
from tapetum.domain.metrics import Op
from tapetum.domain.moments import TimeRange
from tapetum.embedded.duckdb import Connection
from tapetum.logstore.aggregation import (
    Aggregated,
    Aggregation,
    Grouping,
    Measure,
    Metric,
    Row,
    cut_of,
    groupings_of,
    measure_of,
    refuse_many,
)
from tapetum.logstore.columns import TIME
from tapetum.logstore.duckdb_where import TABLE, Where
from tapetum.logstore.intervals import Cut


def aggregate(
    connection: Connection, kind: RecordKind, where: Where, within: TimeRange, aggregation: Aggregation
) -> Aggregated:
    sliced = cut_of(aggregation, within)
    groupings = groupings_of(kind, aggregation.group_by, aggregation.metrics[aggregation.order_by])
    measured = [(metric, measure_of(kind, metric)) for metric in aggregation.metrics]
    sql = _statement(kind, where, aggregation, sliced, groupings, measured)
    rows = connection.execute(sql, where.parameters).fetchall()
    groups = rows[0][1] if rows else int(not aggregation.group_by)
    refuse_many(groups)
    width = len(aggregation.group_by)
    told = [
        (place, Row(tuple(rest[1 : width + 1]), rest[0], tuple(rest[width + 1 :])))
        for place, _, *rest in rows
    ]
    return Aggregated(
        range=within,
        interval=aggregation.interval,
        starts=sliced.starts if sliced else (),
        rows=tuple(row for place, row in told if place is not None),
        groups=groups,
        truncated=groups > aggregation.limit,
        other=tuple(row for place, row in told if place is None),
    )


def _statement(
    kind: RecordKind,
    where: Where,
    aggregation: Aggregation,
    sliced: Cut | None,
    groupings: Sequence[Grouping],
    measured: Sequence[tuple[Metric, Measure | None]],
) -> str:
    keys = [f"k{place}" for place in range(len(aggregation.group_by))]
    values = [_value(metric, measure, place) for place, (metric, measure) in enumerate(measured)]
    way = "DESC" if aggregation.descending else "ASC"
    order = ", ".join([f"o {way} NULLS LAST", *(f"{key} NULLS LAST" for key in keys)])
    by_group = f"GROUP BY {', '.join(keys)}" if keys else ""
    start = "NULL::BIGINT" if sliced is None else f"bucket * {sliced.step}"
    same = " AND ".join(f"r.{key} IS NOT DISTINCT FROM s.{key}" for key in keys) or "true"
    taken = _taken_apart(kind, groupings)
    beside = f"shown s ON {same}"
    if taken is not None:  # a record with a value that is shown is in no other, whatever else it has
        beside = f"(SELECT r.n FROM members r JOIN {beside}) USING (n)"
    shown = ", ".join(["place", "groups", f"{start} AS start", *(f"s.{key}" for key in keys), *values])
    other = ", ".join(
        ["NULL", "(SELECT max(groups) FROM shown)", f"{start} AS start", *("NULL" for _ in keys), *values]
    )
    # Without groups there is one: of no records, if need be.
    join = "JOIN" if keys or sliced else "LEFT JOIN"
    return f"""
        WITH counted AS MATERIALIZED ({_cells(kind, where, sliced, groupings, measured)}),
        members AS {f"MATERIALIZED ({taken})" if taken else "(FROM counted)"},
        shown AS MATERIALIZED (
          SELECT *, row_number() OVER (ORDER BY {order}) AS place, count(*) OVER () AS groups
          FROM (SELECT {", ".join([*keys, f"{values[aggregation.order_by]} AS o"])} FROM members {by_group})
          QUALIFY place <= {aggregation.limit}
        )
        SELECT {shown} FROM shown s {join} members r ON {same}
        GROUP BY {", ".join(["place", "groups", "start", *(f"s.{key}" for key in keys)])}
        UNION ALL
        SELECT {other} FROM counted r ANTI JOIN {beside} {"GROUP BY start" if sliced else "HAVING count(*) > 0"}
        ORDER BY 1 NULLS LAST, 3
    """


def _cells(
    kind: RecordKind,
    where: Where,
    sliced: Cut | None,
    groupings: Sequence[Grouping],
    measured: Sequence[tuple[Metric, Measure | None]],
) -> str:
    """Of records that agree in what groups and in what is counted by its values."""
    chosen = [
        f"{_told(kind, one)} AS g{one.places[0]}"
        if one.several or one.parts
        else f'f."{one.column}"::VARCHAR AS k{one.places[0]}'
        for one in groupings
    ]
    if sliced is not None:
        chosen.append(f'epoch_us(f."{TIME[kind]}") // {sliced.step} AS bucket')
    parts: list[str] = []
    for place, (metric, measure) in enumerate(measured):
        if measure is not None and metric.op is Op.DISTINCT:
            chosen.append(f"{_expression(measure)} AS x{place}")
        elif measure is not None:
            parts += _parts(metric, measure, place)
    by = f"GROUP BY {', '.join(map(str, range(1, len(chosen) + 1)))}" if chosen else ""
    numbered = ["row_number() OVER () AS n"] if any(one.several or one.parts for one in groupings) else []
    told = ", ".join([*chosen, "count(*) AS records", *parts, *numbered])
    return f"SELECT {told} FROM {TABLE[kind]} f WHERE {where.sql} {by}"


def _told(kind: RecordKind, grouping: Grouping) -> str:
    if grouping.parts and kind is RecordKind.FLOWS:
        return 'f."trace"'
    return f'f."{grouping.column}"'


def _expression(measure: Measure) -> str:
    column = f'f."{measure.column}"'
    if measure.at_destination is not None:
        return f"CASE WHEN f.reporter = 'dst' THEN f.\"{measure.at_destination}\" ELSE {column} END"
    return f"epoch_us({column})" if measure.moment else column


def _parts(metric: Metric, measure: Measure, place: int) -> list[str]:
    """Of a cell: from these the values of any cells together follow."""
    column = _expression(measure)
    match metric.op:
        case Op.COUNT:
            return [f"count({column}) AS n{place}"]
        case Op.SUM:
            return [f"sum({column})::HUGEINT AS s{place}"]
        case Op.AVG if measure.weight is not None:
            weight = f'f."{measure.weight}"'
            return [
                f"sum({column}::HUGEINT * {weight}) AS s{place}",
                f"sum({weight}) FILTER ({column} IS NOT NULL) AS n{place}",
            ]
        case Op.AVG:
            return [f"sum({column})::HUGEINT AS s{place}", f"count({column}) AS n{place}"]
        case Op.MIN | Op.MAX:
            return [f"{metric.op}({column}) AS m{place}"]
        case Op.DISTINCT:
            return []


def _value(metric: Metric, measure: Measure | None, place: int) -> str:
    match metric.op:
        case Op.COUNT:
            return f"coalesce(sum({'records' if measure is None else f'n{place}'}), 0)::BIGINT"
        case Op.SUM:
            return f"sum(s{place})"
        case Op.AVG:
            return f"sum(s{place})::DOUBLE / nullif(sum(n{place}), 0)::DOUBLE"
        case Op.MIN | Op.MAX:
            return f"{metric.op}(m{place})"
        case Op.DISTINCT:
            return f"count(DISTINCT x{place})"


def _taken_apart(kind: RecordKind, groupings: Sequence[Grouping]) -> str | None:
    """Cells once for each value of their lists; None where no column has several."""
    several = [grouping for grouping in groupings if grouping.several or grouping.parts]
    source = "counted"
    for grouping in several:
        items = _items(kind, grouping)
        each = f"SELECT *, unnest(CASE WHEN len({items}) > 0 THEN {items} ELSE [NULL] END) AS v FROM {source}"
        parts = (
            f"v.p{part}::VARCHAR AS k{place}" if grouping.parts else f"v::VARCHAR AS k{place}"
            for part, place in enumerate(grouping.places)
        )
        source = f"(SELECT * EXCLUDE (v), {', '.join(parts)} FROM ({each}))"
    return f"FROM {source}" if several else None


def _items(kind: RecordKind, grouping: Grouping) -> str:
    """The distinct values of a cell's list, or what its objects say of the parts that group."""
    column = f"g{grouping.places[0]}"
    if not grouping.parts:
        return f"list_distinct({column})"
    objects = (
        f"(SELECT t.policy_hits FROM traces t WHERE t.trace = {column})"
        if kind is RecordKind.FLOWS
        else column
    )
    told = ", ".join(f'p{place}: h."{part}"' for place, part in enumerate(grouping.parts))
    some = " OR ".join(f"h.p{place} IS NOT NULL" for place in range(len(grouping.parts)))
    return f"list_distinct(list_filter(list_transform({objects}, lambda h: {{{told}}}), lambda h: {some}))"
