"""Reading of answers: documents, counts, and all buckets of an aggregation page by page."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.where import Where

PAGE = 10_000
_AT_ONCE = 1000
_NEVER_RETURNED = ["raw", "verdict_lists"]
"""Raw lines are asked for by themselves: they are more than half of a document."""


def sources(answer: Body) -> list[Body]:
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def total(answer: Body) -> int:
    """Exact where the search asked to track all hits."""
    return int(answer["hits"]["total"]["value"])


def aggregations(answer: Body) -> Body:
    """Empty where there was no index to look into."""
    found: Body = answer.get("aggregations", {})
    return found


async def documents(
    server: Server,
    where: Where,
    *,
    sort: Iterable[Body | str] = ("_doc",),
    size: int,
    after: Sequence[Any] | None = None,
    only: list[str] | None = None,
) -> list[Body]:
    """Up to `size` documents of a search, without their lines unless `only` names them."""
    body: Body = {
        "query": where.query,
        "sort": list(sort),
        "size": size,
        "track_total_hits": False,
        "_source": {"excludes": _NEVER_RETURNED} if only is None else only,
    }
    if after is not None:
        body["search_after"] = list(after)
    return sources(await server.search(where.indices, body))


async def one_of_each(
    server: Server, where: Where, field: str, values: Iterable[Any], only: Sequence[str]
) -> dict[Any, Body]:
    """For each value that a field takes, what any one document tells that has it."""
    hits = _hits_of_each(server, where, field, values, {"_source": [field, *only]})
    return {hit["_source"][field]: hit["_source"] async for hit in hits}


async def columns_of_each(
    server: Server, where: Where, field: str, values: Iterable[Any], columns: Sequence[str]
) -> dict[Any, Body]:
    """The same from columns of single values, without unpacking documents: half the time."""
    only = {"_source": False, "stored_fields": "_none_", "docvalue_fields": [field, *columns]}
    hits = _hits_of_each(server, where, field, values, only)
    told = [{name: held[0] for name, held in hit["fields"].items()} async for hit in hits]
    return {one[field]: one for one in told}


async def _hits_of_each(
    server: Server, where: Where, field: str, values: Iterable[Any], only: Body
) -> AsyncIterator[Body]:
    wanted = sorted(values)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        body: Body = {
            "query": where.and_({"terms": {field: some}}).query,
            "collapse": {"field": field},
            "size": len(some),
            "track_total_hits": False,
            "sort": ["_doc"],
            **only,
        }
        for hit in (await server.search(where.indices, body))["hits"]["hits"]:
            yield hit


async def count(server: Server, where: Where) -> int:
    body = {"query": where.query, "size": 0, "track_total_hits": True}
    return total(await server.search(where.indices, body))


async def buckets(
    server: Server,
    where: Where,
    keys: Iterable[str],
    inner: Mapping[str, Body],
    *,
    runtime: Mapping[str, Body] | None = None,
    missing: bool = False,
    objects: str | None = None,
    steps: Mapping[str, int] | None = None,
    page: int = PAGE,
) -> AsyncIterator[Body]:
    """Every bucket by the values of the keys, exactly, however many there are.

    With the path of nested `objects` the keys are theirs, and what is counted are the records around them.
    `steps` are how long the intervals are by which a key's numbers are told apart.
    """
    cut = steps or {}
    given: Body = {
        "size": page,
        "sources": [
            {key: {"histogram": {"field": key, "interval": cut[key]}}}
            if key in cut
            else {key: {"terms": {"field": key, "missing_bucket": missing}}}
            for key in keys
        ],
    }
    body: Body = {"query": where.query, "size": 0, "track_total_hits": False}
    if runtime:
        body["runtime_mappings"] = runtime
    while True:
        told = inner if objects is None else {"records": {"reverse_nested": {}, **_beneath(inner)}}
        body["aggs"] = {"found": {"composite": given, **_beneath(told)}}
        if objects is not None:
            body["aggs"] = {"within": {"nested": {"path": objects}, "aggs": body["aggs"]}}
        found = aggregations(await server.search(where.indices, body))
        found = (found if objects is None else found.get("within", {})).get("found")
        if found is None:
            return
        for bucket in found["buckets"]:
            yield bucket if objects is None else {**bucket["records"], "key": bucket["key"]}
        if "after_key" not in found or len(found["buckets"]) < given["size"]:
            return
        given = {**given, "after": found["after_key"]}


def _beneath(inner: Mapping[str, Body]) -> Body:
    return {"aggs": inner} if inner else {}
