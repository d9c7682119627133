"""Histograms and top values. What is `other` is counted in the same search as what it is other than."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import TimeRange
from tapetum.logstore.columns import TIME, is_list, nested_part, policy_list, scalar
from tapetum.logstore.elasticsearch.frequent import frequent, literally
from tapetum.logstore.elasticsearch.kql import Dsl, exists, none_of
from tapetum.logstore.elasticsearch.reading import aggregations, count, total
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.traces import hits_by_trace, lists_by_trace, uses_of_traces
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.intervals import OTHER, SERIES, Cut, cut
from tapetum.logstore.port import Histogram, TopValues

_MISSING = "-"
_PARTS = 10_000


async def histogram(
    server: Server, kind: RecordKind, where: Where, within: TimeRange, interval: int | None, by: str | None
) -> Histogram:
    """Counts by start time, zero where nothing started; beyond ten values of `by` the rest is `other`."""
    sliced = cut(within, interval)
    series: list[tuple[str, Dsl]] = []
    if by is not None:
        series = await _series(server, kind, where, scalar(kind, by))
    inner = {"at": {"histogram": {"field": TIME[kind], "interval": sliced.step, "min_doc_count": 1}}}
    kept = {str(place): test for place, (_, test) in enumerate(series)}
    aggs: Body = {**inner, **({"by": {"filters": {"filters": kept}, "aggs": inner}} if kept else {})}
    body = {"query": where.query, "size": 0, "track_total_hits": False, "aggs": aggs}
    found = aggregations(await server.search(where.indices, body))
    whole = _counts(found, sliced)
    if by is None:
        counts = {"all": whole}
    else:
        told = found["by"]["buckets"] if kept and found else {}
        counts: dict[str, list[int]] = {}
        for place, (name, _) in enumerate(series):  # a value may be called as what is missing is
            own = _counts(told.get(str(place), {}), sliced)
            counts[name] = [a + b for a, b in zip(counts.get(name, [0] * sliced.buckets), own, strict=True)]
        rest = [at - sum(own) for at, *own in zip(whole, *counts.values(), strict=True)]
        if any(rest):
            counts[OTHER] = [
                a + b for a, b in zip(counts.get(OTHER, [0] * sliced.buckets), rest, strict=True)
            ]
    return Histogram(
        range=within,
        interval=sliced.seconds,
        starts=sliced.starts,
        counts={name: tuple(values) for name, values in counts.items()},
    )


async def _series(server: Server, kind: RecordKind, where: Where, field: str) -> list[tuple[str, Dsl]]:
    """The values that get a series, most frequent first, and how to find their records."""
    listed = await frequent(server, kind, where, field, SERIES)
    absent = where.and_(none_of(exists(field)))
    body = {"query": absent.query, "size": 0, "track_total_hits": True}
    without = total(await server.search(where.indices, body))
    found: list[tuple[str, int, Dsl]] = [
        (text, count, {"term": {field: value}}) for text, value, count in listed
    ]
    if without:
        found.append((_MISSING, without, none_of(exists(field))))
    found.sort(key=lambda one: (-one[1], one[0]))
    return [(text, test) for text, _, test in found[:SERIES]]


def _counts(found: Body, sliced: Cut) -> list[int]:
    counts = [0] * sliced.buckets
    for bucket in found.get("at", {}).get("buckets", ()):
        counts[int(bucket["key"]) // sliced.step - sliced.first] += bucket["doc_count"]
    return counts


async def top_values(
    server: Server, kind: RecordKind, where: Where, field: str, limit: int, prefix: str
) -> TopValues:
    """A record with several values counts once for each of them, and never as other."""
    if policies := policy_list(kind, field):
        return await _traced(server, where, _strings(policies), limit, prefix)
    if nested := nested_part(kind, field, lists=True):
        column, part = nested
        if kind is RecordKind.FLOWS:
            return await _traced(server, where, _parts_of_hits(part), limit, prefix)
        return await _parts(server, where, column, field, limit, prefix)
    if not is_list(kind, field):
        scalar(kind, field)
    listed = await frequent(server, kind, where, field, limit, prefix)
    inner: Body = {"missing": {"missing": {"field": field}}}
    if listed:
        inner["covered"] = {"filter": {"terms": {field: [value for _, value, _ in listed]}}}
    body = {"query": where.query, "size": 0, "track_total_hits": True, "aggs": inner}
    answer = await server.search(where.indices, body)
    found = {name: one["doc_count"] for name, one in aggregations(answer).items()}
    missing = found.get("missing", 0)
    return TopValues(
        tuple((text, count) for text, _, count in listed),
        other=total(answer) - missing - found.get("covered", 0),
        missing=missing,
    )


async def _parts(server: Server, where: Where, column: str, field: str, limit: int, prefix: str) -> TopValues:
    """Of objects within the records; counted are the records, not the objects."""
    terms: Body = {"field": field, "size": _PARTS}
    if prefix:
        terms["include"] = literally(prefix) + ".*"
    values: Body = {"terms": terms, "aggs": {"records": {"reverse_nested": {}}}}
    within: Body = {"nested": {"path": column}, "aggs": {"values": values}}
    body: Body = {"query": where.query, "size": 0, "track_total_hits": True, "aggs": {"within": within}}
    answer = await server.search(where.indices, body)
    told = aggregations(answer).get("within", {}).get("values", {"buckets": []})
    counts = [(str(one["key"]), int(one["records"]["doc_count"])) for one in told["buckets"]]
    fitting = [one for one in counts if one[0].startswith(prefix)]
    listed = sorted(fitting, key=lambda one: (-one[1], one[0]))[:limit]
    some = await count(server, where.and_(_within(column, exists(field))))
    shown = {"terms": {field: [value for value, _ in listed]}}
    covered = await count(server, where.and_(_within(column, shown)))
    return TopValues(tuple(listed), other=some - covered, missing=total(answer) - some)


def _within(column: str, query: Dsl) -> Dsl:
    return {"nested": {"path": column, "query": query}}


_Values = Callable[[Server, Where, Sequence[int | None]], Awaitable[dict[int | None, frozenset[str]]]]


def _parts_of_hits(part: str) -> _Values:
    async def read(
        server: Server, where: Where, traces: Sequence[int | None]
    ) -> dict[int | None, frozenset[str]]:
        hits = await hits_by_trace(server, where, traces)
        return {
            trace: frozenset(str(hit[part]) for hit in own if hit[part] is not None)
            for trace, own in hits.items()
        }

    return read


def _strings(name: str) -> _Values:
    async def read(
        server: Server, where: Where, traces: Sequence[int | None]
    ) -> dict[int | None, frozenset[str]]:
        lists = await lists_by_trace(server, where, traces)
        return {trace: frozenset(own[name]) for trace, own in lists.items()}

    return read


async def _traced(server: Server, where: Where, read: _Values, limit: int, prefix: str) -> TopValues:
    """From how often each trace occurs; a trace is looked up once for all its records."""
    uses = [(use.trace, use.records) async for use in uses_of_traces(server, where)]
    told = await read(server, where, [trace for trace, _ in uses])
    values = {trace: told.get(trace, frozenset[str]()) for trace, _ in uses}
    counts: Counter[str] = Counter()
    for trace, records in uses:
        for value in values[trace]:
            counts[value] += records
    fitting = [(value, count) for value, count in counts.items() if value.startswith(prefix)]
    listed = sorted(fitting, key=lambda one: (-one[1], one[0]))[:limit]
    shown = {value for value, _ in listed}
    missing = sum(records for trace, records in uses if not values[trace])
    covered = sum(records for trace, records in uses if values[trace] & shown)
    return TopValues(
        tuple(listed), other=sum(count for _, count in uses) - missing - covered, missing=missing
    )
