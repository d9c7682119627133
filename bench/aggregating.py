"""The graph as aggregations of documents: what one draws without roll-ups.

Each question ends a microsecond later than the last one, as the engine remembers what it was asked before.
"""

import itertools
from collections.abc import Awaitable, Callable

from elasticsearch import AsyncElasticsearch

from bench.servers import servers
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import KeySums
from tapetum.logstore.elasticsearch.store import ElasticsearchLogStore
from tapetum.logstore.port import Search

_PAGE = 10_000
_ENDS = ("source_namespace", "dest_namespace", "reporter", "action")
_COUNTERS = ("num_flows_started", "packets_in", "packets_out", "bytes_in", "bytes_out")
EXACT = "composite by flow key"
INDICES = "tapetum-flows"


class Aggregating:
    def __init__(self, logs: ElasticsearchLogStore) -> None:
        self._logs = logs
        self._later = itertools.count(1)
        self.ways: dict[str, Callable[[TimeRange], Awaitable[KeySums | int]]] = {
            EXACT: self.by_key,
            "composite by namespaces": self.by_namespaces,
        }

    async def by_key(self, within: TimeRange) -> KeySums:
        """All that the graph is folded from, exactly."""
        return await self._logs.sums(EVERYTHING, Search(RecordKind.FLOWS, self._another(within)))

    async def by_namespaces(self, within: TimeRange) -> int:
        """As small as it gets: what both reporters said of two namespaces is not combined. Counts flows."""
        asked = self._another(within)
        pages: dict[str, object] = {
            "size": _PAGE,
            "sources": [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in _ENDS],
        }
        sums = {name: {"sum": {"field": name}} for name in _COUNTERS}
        query = {"bool": {"filter": [{"range": {"start_time": {"gte": asked.start, "lt": asked.end}}}]}}
        flows = 0
        async with AsyncElasticsearch(servers().elasticsearch.url, request_timeout=120) as client:
            while True:
                answer = await client.search(
                    index=INDICES,
                    query=query,
                    size=0,
                    track_total_hits=False,
                    aggs={"found": {"composite": pages, "aggs": sums}},
                )
                found = answer["aggregations"]["found"]
                flows += sum(bucket["doc_count"] for bucket in found["buckets"])
                if len(found["buckets"]) < _PAGE:
                    return flows
                pages["after"] = found["after_key"]

    def _another(self, within: TimeRange) -> TimeRange:
        return TimeRange(within.start, within.end + next(self._later))
