"""The most frequent values of a field, exactly: counts over several indices are only estimates at first."""

from collections.abc import Callable
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.logstore.elasticsearch.fields import numeric, told
from tapetum.logstore.elasticsearch.reading import aggregations, buckets
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.where import Where

_TEXTS, _NUMBERS = 2_000, 20_000
"""Values that one question may bring: most fields have fewer, and then all are known at once."""

Counted = tuple[str, Any, int]
"""A value as text, as the index holds it, and its count."""


async def frequent(
    server: Server, kind: RecordKind, where: Where, field: str, limit: int, prefix: str = ""
) -> list[Counted]:
    """At most `limit` values that begin with the prefix, by count, equal ones in the order of their text."""
    numbers = numeric(kind, field)
    size = max(limit, _NUMBERS if numbers else _TEXTS)
    terms: Body = {"field": field, "size": size, "shard_size": size, "show_term_doc_count_error": True}
    if prefix and not numbers:
        where = where.and_({"prefix": {field: prefix}})  # fewer values to look at
        terms["include"] = literally(prefix) + ".*"
    body = {"query": where.query, "size": 0, "track_total_hits": False, "aggs": {"top": {"terms": terms}}}
    found = aggregations(await server.search(where.indices, body)).get("top")
    if found is None:
        return []
    if found["sum_other_doc_count"] == 0:
        return _first(_counted(field, found["buckets"]), limit, prefix)
    if not numbers and _certain(found, limit):
        return _first(_counted(field, found["buckets"][:limit]), limit, prefix)
    every = [bucket async for bucket in buckets(server, where, [field], {})]
    listed = _counted(field, [{**bucket, "key": bucket["key"][field]} for bucket in every])
    return _first(listed, limit, prefix)


def _counted(field: str, listed: list[Body]) -> list[Counted]:
    return [(told(field, bucket["key"]), bucket["key"], bucket["doc_count"]) for bucket in listed]


def _first(listed: list[Counted], limit: int, prefix: str) -> list[Counted]:
    fitting = [one for one in listed if one[0].startswith(prefix)]
    by: Callable[[Counted], Any] = lambda one: (-one[2], one[0])  # noqa: E731 - typed
    return sorted(fitting, key=by)[:limit]


def _certain(found: Body, limit: int) -> bool:
    """Whether no other value can belong among the first, by the engine's own bounds of its errors."""
    first, rest = found["buckets"][:limit], found["buckets"][limit:]
    if any(bucket["doc_count_error_upper_bound"] for bucket in first):
        return False
    unseen, least = found["doc_count_error_upper_bound"], first[-1]["doc_count"]
    return (unseen == 0 or unseen < least) and all(
        bucket["doc_count_error_upper_bound"] == 0
        or bucket["doc_count"] + bucket["doc_count_error_upper_bound"] < least
        for bucket in rest
    )


def literally(text: str) -> str:
    """Literally, as a regular expression of the engine."""
    return "".join(char if char.isalnum() else f"\\{char}" for char in text)
