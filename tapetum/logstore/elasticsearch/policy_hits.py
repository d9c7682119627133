"""Policy hits: how often each trace occurs in each bucket, and the steps that each trace stands for."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

from tapetum.domain.moments import TimeRange
from tapetum.logstore import policy_hits as steps
from tapetum.logstore.elasticsearch.reading import buckets
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.traces import hits_by_trace
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.intervals import Cut, cut
from tapetum.logstore.policy_hits import PARTS, REPORTERS, Cell, HitKey, PolicyHits, added_up
from tapetum.logstore.port import Record

_TIME = "start_time"


async def policy_hits(server: Server, where: Where, within: TimeRange, interval: int | None) -> PolicyHits:
    sliced = cut(within, interval)
    where = where.and_({"terms": {"reporter": list(REPORTERS)}})
    found = [bucket async for bucket in _counted(server, where, sliced)]
    hits = await hits_by_trace(server, where, {bucket["key"]["trace"] for bucket in found})
    told = {trace: set(_steps(own)) for trace, own in hits.items()}
    cells = (_cell(bucket, step, sliced) for bucket in found for step in told.get(bucket["key"]["trace"], ()))
    return added_up(within, sliced, cells)


def _counted(server: Server, where: Where, sliced: Cut) -> AsyncIterator[Body]:
    inner: dict[str, Body] = {
        "connections": {"stats": {"field": "num_flows_started"}},
        "last": {"max": {"field": _TIME}},
    }
    keys = ["cluster", "trace", "reporter", _TIME]
    return buckets(server, where, keys, inner, steps={_TIME: sliced.step})


def _steps(hits: Iterable[Record]) -> Iterable[tuple[Any, ...]]:
    for hit in hits:
        if steps.counts(hit["set"], staged=hit["staged"]):
            yield tuple(hit[part] for part in PARTS)


def _cell(bucket: Body, step: tuple[Any, ...], sliced: Cut) -> Cell:
    key, connections = bucket["key"], bucket["connections"]
    return Cell(
        HitKey(key["cluster"], key["reporter"], *step),
        int(key[_TIME]) // sliced.step,
        bucket["doc_count"],
        int(connections["sum"]) if connections["count"] else None,
        int(bucket["last"]["value"]),
    )
