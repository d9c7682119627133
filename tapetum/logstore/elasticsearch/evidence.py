"""What raw records add to an edge: deciding policies, processes, TCP health."""

from typing import Any

from tapetum.domain.flows import HIT
from tapetum.logstore.elasticsearch.kql import exists
from tapetum.logstore.elasticsearch.reading import aggregations, buckets
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.sums import EXACT, totals_of
from tapetum.logstore.elasticsearch.traces import hits_by_trace, uses_of_traces
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.port import Decision, Evidence, ProcessUse, TcpHealth

_SUMMED = ("tcp_total_retransmissions", "tcp_lost_packets", "tcp_unrecovered_to")
_MEANT = ("tcp_mean_smooth_rtt", "tcp_mean_min_rtt")
_MOST = "tcp_max_smooth_rtt"


async def evidence(server: Server, where: Where, limit: int) -> Evidence:
    return Evidence(
        decisions=await _decisions(server, where, limit),
        processes=await _processes(server, where, limit),
        tcp=await _tcp(server, where),
    )


async def _decisions(server: Server, where: Where, limit: int) -> tuple[Decision, ...]:
    """Counted per record and hit."""
    uses = [use async for use in uses_of_traces(server, where)]
    hits = await hits_by_trace(server, where, (use.trace for use in uses))
    found: dict[tuple[Any, ...], Decision] = {}
    for use in uses:
        for hit in hits.get(use.trace, ()):
            key = (*(hit[member.name] for member in HIT), use.reporter)
            found[key] = _added(found.get(key), Decision(hit, use.reporter, use.records, use.connections))
    return tuple(found[key] for key in sorted(found, key=lambda key: _rank(found[key], key))[:limit])


def _added(one: Decision | None, other: Decision) -> Decision:
    if one is None:
        return other
    known = [value for value in (one.connections, other.connections) if value is not None]
    return Decision(one.hit, one.reporter, one.records + other.records, sum(known) if known else None)


def _rank(decision: Decision, key: tuple[Any, ...]) -> tuple[Any, ...]:
    """Most records first, then in the order of the steps; what is missing comes last."""
    return (-decision.records, *((value is None, value) for value in key))


async def _processes(server: Server, where: Where, limit: int) -> tuple[ProcessUse, ...]:
    """By name and arguments, most records first."""
    first: dict[str, Body] = {"first": {"min": {"field": "start_time"}}}
    listed = [
        (bucket["key"]["process"], bucket["doc_count"], int(bucket["first"]["value"]))
        async for bucket in buckets(server, where, ["process"], first)
    ]
    rank = {key: (-records, key.rpartition("\0")[0]) for key, records, _ in listed}  # NUL ends the name
    listed.sort(key=lambda one: rank[one[0]])
    last = rank[listed[limit - 1][0]] if len(listed) > limit else None
    listed = [one for one in listed if last is None or rank[one[0]] <= last]  # with all that tie for a place
    arguments = await _arguments(server, where, [key for key, _, _ in listed])
    uses = [
        ProcessUse(key.rpartition("\0")[0], arguments.get(key, ()), records, seen)
        for key, records, seen in listed
    ]
    return tuple(sorted(uses, key=lambda use: (-use.records, use.name, use.args))[:limit])


async def _arguments(server: Server, where: Where, keys: list[str]) -> dict[str, tuple[str, ...]]:
    if not keys:
        return {}
    body: Body = {
        "query": where.and_({"terms": {"process": keys}}).query,
        "collapse": {"field": "process"},
        "size": len(keys),
        "track_total_hits": False,
        "sort": ["_doc"],
        "_source": ["process", "process_args"],
    }
    hits = (await server.search(where.indices, body))["hits"]["hits"]
    return {hit["_source"]["process"]: tuple(hit["_source"].get("process_args") or ()) for hit in hits}


async def _tcp(server: Server, where: Where) -> TcpHealth | None:
    totals = await totals_of(server, where, (*_SUMMED, *_MEANT))
    counts = {name: {"value_count": {"field": name}} for name in _MEANT}
    body = {"query": where.query, "size": 0, "aggs": {**counts, "most": {"max": {"field": _MOST}}}}
    found = aggregations(await server.search(where.indices, body))
    if not found:
        return None
    smooth, least = (
        None if (total := totals[name]) is None else total / found[name]["value"] for name in _MEANT
    )
    most = found["most"]["value"]
    health = TcpHealth(
        smooth, await _largest(server, where, most), least, *(totals[name] for name in _SUMMED)
    )
    known = (smooth, most, least, *(totals[name] for name in _SUMMED))
    return health if any(value is not None for value in known) else None


async def _largest(server: Server, where: Where, most: float | None) -> int | None:
    """The engine's maximum is a floating-point number; one that is not exact is read from its record."""
    if most is None or abs(most) < EXACT:
        return None if most is None else int(most)
    body: Body = {
        "query": where.and_(exists(_MOST)).query,
        "size": 1,
        "sort": [{_MOST: "desc"}],
        "_source": [_MOST],
    }
    return int((await server.search(where.indices, body))["hits"]["hits"][0]["_source"][_MOST])
