"""Retention by whole indices: what a day's index holds goes at once, and costs nothing to remove.

Decision 6 by days: an index goes when its whole day lies before the retention, counted from the cluster's
newest record (never later than now), and nothing arrived in it within the retention. So a record stays up
to a day longer than in the embedded store, which removes hours.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY, Micros
from tapetum.domain.shapes import SHAPES
from tapetum.logstore.elasticsearch.journal import Journal
from tapetum.logstore.elasticsearch.names import RECORDS, Family, Names
from tapetum.logstore.elasticsearch.reading import aggregations
from tapetum.logstore.elasticsearch.server import Server
from tapetum.logstore.elasticsearch.where import FAMILY


def newest(server: Server, names: Names, cluster: str, kind: RecordKind) -> Micros | None:
    """The time of the cluster's newest record of a kind."""
    indices = [names.of_cluster(FAMILY[kind], cluster)]
    found = _span(server, kind, indices, {"term": {"cluster": cluster}})
    return None if found is None else found[0]


@dataclass(frozen=True, slots=True)
class Expired:
    """A day whose records of a cluster and kind are past the retention."""

    kind: RecordKind
    cluster: str
    day: int


def expired(server: Server, names: Names, retention: Micros, now: Micros) -> list[Expired]:
    """What is older than the retention, and goes whole."""
    by_cluster: dict[tuple[RecordKind, str], list[str]] = defaultdict(list)
    for kind in SHAPES:
        for index in _indices(server, names, FAMILY[kind]):
            by_cluster[kind, names.cluster_of(index)].append(index)
    found: list[Expired] = []
    for (kind, cluster), indices in by_cluster.items():
        span = _span(server, kind, indices, {"match_all": {}})
        if span is None:
            continue
        before = min(span[0], now) - retention
        found += [
            Expired(kind, cluster, names.day_of(index))
            for index in indices
            if _is_old(server, names, kind, index, before, now - retention)
        ]
    return found


def drop(server: Server, names: Names, journal: Journal, days: Iterable[Expired], before: Micros) -> None:
    """Remove the records of such days; of dead letters and the journal what arrived before a time."""
    gone = [names.of_day(FAMILY[one.kind], one.cluster, one.day) for one in days]
    gone += [
        index
        for index in _indices(server, names, Family.LETTERS)
        if (names.day_of(index) + 1) * DAY <= before
    ]
    for index in gone:
        server.do("DELETE", f"/{index}", fine=(404,))
    journal.expire(before, lambda batches: _held(server, names, batches))


def _held(server: Server, names: Names, batches: list[str]) -> set[str]:
    """Those of the batches that there are records of."""
    counts = {"held": {"terms": {"field": "batch", "size": len(batches)}}}
    body = {"query": {"terms": {"batch": batches}}, "size": 0, "aggs": counts}
    found = aggregations(server.search_now([names.alias(family) for family in RECORDS], body))
    return {bucket["key"] for bucket in found.get("held", {}).get("buckets", ())}


def _is_old(
    server: Server, names: Names, kind: RecordKind, index: str, before: Micros, arrived: Micros
) -> bool:
    if (names.day_of(index) + 1) * DAY > before:
        return False
    found = _span(server, kind, [index], {"match_all": {}})
    return found is None or found[1] < arrived


def _span(
    server: Server, kind: RecordKind, indices: list[str], query: dict[str, object]
) -> tuple[Micros, Micros] | None:
    """The newest time and the newest arrival."""
    latest = {name: {"max": {"field": name}} for name in (SHAPES[kind].time, "received_at")}
    found = aggregations(server.search_now(indices, {"query": query, "size": 0, "aggs": latest}))
    if not found or found[SHAPES[kind].time]["value"] is None:
        return None
    return int(found[SHAPES[kind].time]["value"]), int(found["received_at"]["value"])


def _indices(server: Server, names: Names, family: Family) -> list[str]:
    found = server.do(
        "GET", f"/_cat/indices/{names.pattern(family)}", parameters={"format": "json", "h": "index"}
    )[1]
    return sorted(one["index"] for one in found)
