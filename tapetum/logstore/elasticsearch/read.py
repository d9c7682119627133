"""Reading records: pages in one order, single ones, their lines, and how many each cluster has."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES
from tapetum.logstore.columns import ordering
from tapetum.logstore.elasticsearch.fields import ALWAYS, inward, record_of
from tapetum.logstore.elasticsearch.kql import exists, none_of
from tapetum.logstore.elasticsearch.names import Names
from tapetum.logstore.elasticsearch.reading import buckets, documents
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.where import Where, within_scope
from tapetum.logstore.port import Census, KindCensus, Order, Page, Position, Record

_AT_ONCE = 1000


async def page(
    server: Server, kind: RecordKind, where: Where, order: Order, first: int, after: Position | None
) -> Page:
    """One page by keyset. Records without the ordering field are a second search behind the others, since
    the engine would sort them among those with the largest number.
    """
    field = ordering(kind, order.field)
    found: list[Body] = []
    if after is None or after.value is not None or field in ALWAYS:
        keys = [field, "id"] if field != "id" else ["id"]
        behind = None
        if after is not None:
            behind = [inward(field, after.value), after.id] if field != "id" else [after.id]
        present = where if field in ALWAYS else where.and_(exists(field))
        found = await _sorted(server, present, keys, order, first + 1, behind)
        after = None
    if len(found) <= first and field not in ALWAYS:
        absent = where.and_(none_of(exists(field)))
        behind = None if after is None else [after.id]
        found += await _sorted(server, absent, ["id"], order, first + 1 - len(found), behind)
    return Page(tuple(record_of(kind, one) for one in found[:first]), more=len(found) > first)


async def _sorted(
    server: Server, where: Where, keys: list[str], order: Order, size: int, after: Sequence[object] | None
) -> list[Body]:
    sort: list[Body | str] = [{key: "desc" if order.descending else "asc"} for key in keys]
    return await documents(server, where, sort=sort, size=size, after=after)


async def get(server: Server, names: Names, scope: Scope, kind: RecordKind, record_id: str) -> Record | None:
    where = within_scope(names, kind, scope).and_({"term": {"id": record_id}})
    found = await documents(server, where, size=1)
    return record_of(kind, found[0]) if found else None


async def raw(
    server: Server, names: Names, scope: Scope, kind: RecordKind, record_ids: list[str]
) -> dict[str, str]:
    """Lines by record id; bytes that are no text were rejected before they came here."""
    lines: dict[str, str] = {}
    for start in range(0, len(record_ids), _AT_ONCE):
        some = record_ids[start : start + _AT_ONCE]
        where = within_scope(names, kind, scope).and_({"terms": {"id": some}})
        found = await documents(server, where, size=len(some), only=["id", "raw"])
        lines |= {one["id"]: one["raw"] for one in found}
    return lines


async def census(server: Server, names: Names, scope: Scope) -> list[Census]:
    """Dead letters are counted for scopes that may read them."""
    found: dict[str, Census] = {}
    for kind, shape in SHAPES.items():
        span = {way: {way: {"field": shape.time}} for way in ("min", "max")}
        async for name, count, one in _clusters(server, within_scope(names, kind, scope), span):
            first, last = int(one["min"]["value"]), int(one["max"]["value"])
            known = found.get(name, Census(name))
            found[name] = replace(known, kinds=(*known.kinds, KindCensus(kind, count, first, last)))
    async for name, count, _ in _clusters(server, within_scope(names, None, scope), {}):
        found[name] = replace(found.get(name, Census(name)), rejected=count)
    return [found[name] for name in sorted(found)]


async def _clusters(
    server: Server, where: Where, inner: dict[str, Body]
) -> AsyncIterator[tuple[str, int, Body]]:
    async for bucket in buckets(server, where, ["cluster"], inner):
        yield bucket["key"]["cluster"], bucket["doc_count"], bucket
