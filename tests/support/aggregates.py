"""What an aggregation comes to, worked out record by record: rows are dicts under stored names."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from tapetum.domain.metrics import Op
from tapetum.logstore.aggregation import Aggregation, Metric
from tests.support.factory import Flow

Row = dict[str, Any]
Told = tuple[tuple[str | None, ...], int | None, tuple[Any, ...]]

DIRECTED = {
    "bytes_to_target": ("bytes_out", "bytes_in"),
    "bytes_to_source": ("bytes_in", "bytes_out"),
    "packets_to_target": ("packets_out", "packets_in"),
    "packets_to_source": ("packets_in", "packets_out"),
}
WEIGHTS = {"latency_mean": "latency_count", "duration_mean": "count"}


def row(flow: Flow) -> Row:
    return {**flow.row, "policy_hits": [hit.row for hit in flow.hits]}


def expected(rows: list[Row], asked: Aggregation, time: str) -> tuple[list[Told], int, list[Told]]:
    """Rows, how many groups there are, and what is in none that is shown."""
    groups: dict[tuple[str | None, ...], list[Row]] = {} if asked.group_by else {(): list(rows)}
    for row in rows:
        for key in keys_of(row, asked.group_by) if asked.group_by else ():
            groups.setdefault(key, []).append(row)

    def rank(key: tuple[str | None, ...]) -> Any:
        value = measured(groups[key], asked.metrics[asked.order_by])
        way = -1 if asked.descending else 1
        return value is None, way * (value or 0), [(part is None, part or "") for part in key]

    shown = sorted(groups, key=rank)[: asked.limit]
    rest = [row for row in rows if asked.group_by and not keys_of(row, asked.group_by) & set(shown)]
    told = [one for key in shown for one in _buckets(key, groups[key], asked, time)]
    nobody = (None,) * len(asked.group_by)
    return told, len(groups), _buckets(nobody, rest, asked, time) if rest else []


def _buckets(key: tuple[str | None, ...], rows: list[Row], asked: Aggregation, time: str) -> list[Told]:
    if asked.interval is None:
        return [(key, None, tuple(measured(rows, metric) for metric in asked.metrics))]
    step = asked.interval * 1_000_000
    starts = sorted({row[time] // step * step for row in rows})
    return [
        (key, start, tuple(measured([row for row in rows if row[time] // step * step == start], metric)
                           for metric in asked.metrics))
        for start in starts
    ]  # fmt: skip


def keys_of(row: Row, fields: tuple[str, ...]) -> set[tuple[str | None, ...]]:
    """Parts of one list of objects are taken from one object; a list counts once for each of its values."""
    ways: list[list[dict[str, Any]]] = []
    for column in {field.partition(".")[0] for field in fields}:
        own = [field for field in fields if field.partition(".")[0] == column]
        value = row.get(column)
        if isinstance(value, list) and own != [column]:
            objects = [{field: one[field.partition(".")[2]] for field in own} for one in value]
            said = [one for one in objects if any(part is not None for part in one.values())]
            ways.append(said or [dict.fromkeys(own)])
        elif isinstance(value, list):
            ways.append([{column: one} for one in value] or [{column: None}])
        else:
            ways.append([{field: row.get(field) for field in own}])
    found: set[tuple[str | None, ...]] = set()
    for way in product(*ways):
        merged = {field: value for one in way for field, value in one.items()}
        found.add(tuple(None if merged[field] is None else _text(field, merged[field]) for field in fields))
    return found


def _text(field: str, value: Any) -> str:
    """Times as SQL writes them."""
    if not field.endswith("_time"):
        return str(value)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f").rstrip("0").rstrip(".")


def measured(rows: list[Row], metric: Metric) -> Any:
    if metric.field is None:
        return len(rows)
    values = [(row, value) for row in rows if (value := value_of(row, metric.field)) is not None]
    if metric.op is Op.COUNT:
        return len(values)
    if metric.op is Op.DISTINCT:
        return len({value for _, value in values})
    if not values:
        return None
    if metric.op is Op.AVG:
        weight = WEIGHTS.get(metric.field)
        weights = [1 if weight is None else row[weight] or 0 for row, _ in values]
        total = sum(value * weight for (_, value), weight in zip(values, weights, strict=True))
        return total / sum(weights) if sum(weights) else None
    made = {Op.SUM: sum, Op.MIN: min, Op.MAX: max}[metric.op]
    return made(value for _, value in values)


def value_of(row: Row, field: str) -> Any:
    if field == "connections":
        return row["num_flows_started"]
    if field in DIRECTED:
        return row[DIRECTED[field][row["reporter"] == "dst"]]
    return row[field]
