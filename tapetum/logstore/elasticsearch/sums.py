"""Sums as exact whole numbers. The engine adds in floating point, which is exact only below 2^53: what
comes out larger is asked for again in two halves of its bits.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tapetum.domain.service_graph import KeySums
from tapetum.logstore.elasticsearch.fields import SHIFT
from tapetum.logstore.elasticsearch.kql import Dsl
from tapetum.logstore.elasticsearch.reading import aggregations, buckets
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.port import MarkedKeys

EXACT = 2**53
_BITS = 26
_HALVES = {"low": f"& {(1 << _BITS) - 1}L", "high": f">> {_BITS}"}

Sums = dict[str, int | None]


async def sums(server: Server, where: Where, fields: Sequence[str]) -> KeySums:
    """Records and sums of fields by flow key; what a source does not know adds nothing."""
    found = [
        (keys["flow_key"] + SHIFT, [records, *(totals[name] or 0 for name in fields)])
        async for keys, records, totals in summed(server, where, ["flow_key"], fields)
    ]
    return KeySums(
        np.array([key for key, _ in found], np.uint64),
        np.array([counts for _, counts in found], np.int64).reshape(len(found), 1 + len(fields)),
    )


async def flow_keys(server: Server, where: Where) -> npt.NDArray[np.uint64]:
    found = [bucket["key"]["flow_key"] + SHIFT async for bucket in buckets(server, where, ["flow_key"], {})]
    return np.array(found, np.uint64)


async def marked_keys(server: Server, where: Where, marks: Sequence[Dsl]) -> MarkedKeys:
    """In one pass over the records, however many marks there are."""
    inner = {f"m{place}": {"filter": mark} for place, mark in enumerate(marks)}
    found = [
        (bucket["key"]["flow_key"] + SHIFT, [bucket[name]["doc_count"] > 0 for name in inner])
        async for bucket in buckets(server, where, ["flow_key"], inner)
    ]
    return MarkedKeys(
        np.array([key for key, _ in found], np.uint64),
        np.array([told for _, told in found], np.bool_).reshape(len(found), len(inner)),
    )


async def summed(
    server: Server, where: Where, keys: Sequence[str], fields: Sequence[str], *, missing: bool = False
) -> AsyncIterator[tuple[dict[str, Any], int, Sums]]:
    """By the values of the keys: how many records, and their sums; None where no record has the field."""
    async for bucket, totals in summed_buckets(server, where, keys, fields, {}, missing=missing):
        yield bucket["key"], bucket["doc_count"], totals


async def summed_buckets(
    server: Server,
    where: Where,
    keys: Sequence[str],
    fields: Sequence[str],
    beside: Mapping[str, Body],
    *,
    missing: bool = False,
) -> AsyncIterator[tuple[Body, Sums]]:
    """The same with the buckets themselves, which hold what other aggregations come to `beside` the sums."""
    large: list[Body] = []
    async for bucket in buckets(server, where, keys, {**_inner(fields), **beside}, missing=missing):
        totals = {name: _sum(bucket, name) for name in fields}
        if any(abs(value or 0) >= EXACT for value in totals.values()):
            large.append(bucket)
        else:
            yield bucket, totals
    for bucket in large:
        one = where.and_(*(_is(name, value) for name, value in bucket["key"].items()))
        records, totals = await _in_halves(server, one, fields)
        yield {**bucket, "doc_count": records}, totals


async def totals_of(server: Server, where: Where, fields: Sequence[str]) -> Sums:
    """Over all records."""
    body = {"query": where.query, "size": 0, "track_total_hits": False, "aggs": _inner(fields)}
    found = aggregations(await server.search(where.indices, body))
    totals = {name: _sum(found, name) for name in fields} if found else dict.fromkeys(fields)
    if any(abs(value or 0) >= EXACT for value in totals.values()):
        return (await _in_halves(server, where, fields))[1]
    return totals


def _inner(fields: Sequence[str]) -> dict[str, Body]:
    return {name: {"stats": {"field": name}} for name in fields}


def _sum(found: Body, name: str) -> int | None:
    return int(found[name]["sum"]) if found[name]["count"] else None


async def _in_halves(server: Server, where: Where, fields: Sequence[str]) -> tuple[int, Sums]:
    """Value = high * 2^26 + low, and so do their sums."""
    runtime = {
        f"{name}.{half}": {
            "type": "long",
            "script": f"if (!doc['{name}'].empty) emit(doc['{name}'].value {cut})",
        }
        for name in fields
        for half, cut in _HALVES.items()
    }
    body = {
        "query": where.query,
        "size": 0,
        "track_total_hits": True,
        "runtime_mappings": runtime,
        "aggs": {name: {"stats": {"field": name}} for name in runtime},
    }
    answer = await server.search(where.indices, body)
    found = aggregations(answer)
    halves = {name: _sum(found, name) for name in runtime}
    totals: Sums = {}
    for name in fields:
        low, high = halves[f"{name}.low"], halves[f"{name}.high"]
        totals[name] = None if low is None or high is None else (high << _BITS) + low
    return int(answer["hits"]["total"]["value"]), totals


def _is(name: str, value: Any) -> Body:
    if value is None:
        return {"bool": {"must_not": [{"exists": {"field": name}}]}}
    return {"term": {name: value}}
