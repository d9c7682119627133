"""The different values of a field, and the records that hold some of them."""

from collections.abc import Sequence

import pyarrow as pa

from tapetum.domain.batches import RecordKind
from tapetum.logstore.columns import NESTED, TIME
from tapetum.logstore.elasticsearch.fields import told
from tapetum.logstore.elasticsearch.read import page
from tapetum.logstore.elasticsearch.reading import buckets
from tapetum.logstore.elasticsearch.server import Server
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.port import Order, Position, Record

_PAGE = 1_000
_AT_ONCE = 10_000


async def values(server: Server, kind: RecordKind, where: Where, field: str) -> pa.Array:
    """Each once, in no order."""
    found = [
        told(field, bucket["key"][field])
        async for bucket in buckets(server, where, [field], {}, objects=_objects(kind, field))
    ]
    return pa.array(found, pa.string())


async def holding(
    server: Server, kind: RecordKind, where: Where, field: str, wanted: Sequence[str], most: int
) -> list[Record]:
    """See LogStore.holding; whatever is alike is told too, newest first."""
    found: dict[str, Record] = {}
    order = Order(TIME[kind])
    for start in range(0, len(wanted), _AT_ONCE):
        some = {"terms": {field: list(wanted[start : start + _AT_ONCE])}}
        objects = _objects(kind, field)
        holds = where.and_({"nested": {"path": objects, "query": some}} if objects else some)
        after: Position | None = None
        while len(found) < most:
            one = await page(server, kind, holds, order, _PAGE, after)
            found |= {record["id"]: record for record in one.records}
            if not one.more:
                break
            after = Position(one.records[-1][TIME[kind]], one.records[-1]["id"])
    return list(found.values())[:most]


def _objects(kind: RecordKind, field: str) -> str | None:
    column = field.partition(".")[0]
    return column if column != field and column in NESTED[kind] else None
