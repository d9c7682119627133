"""A histogram through the query language in Elasticsearch, against its own queries written by hand."""

import asyncio
import itertools
from typing import Any

from elasticsearch import AsyncElasticsearch

from bench import inputs
from bench.aggregating import INDICES
from bench.figures import Figure, Target, cost
from bench.prepared import decoded
from bench.rows.kql import FILTERS
from bench.servers import cpu, servers, stores
from bench.setting import Setting
from bench.stores import NOW
from bench.timing import Took, middle, waited
from tapetum.bus.port import Delivery
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import HOUR, SECOND, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.forms import Form
from tapetum.ingest.sources.files import file_bodies
from tapetum.kql import parse
from tapetum.logstore.port import Search
from tapetum.service.distributed.composition import Distributed

ROW = "engines.kql"
_LINES = 1_000_000
_HOURS = 6
_STEP = 600 * SECOND
_LIKE_BY_HAND = Target(1.2, at_least=False)
_RUNS = 9
_HIT = {
    "bool": {"filter": [{"term": {"policy_hits.tier": "security"}}, {"term": {"policy_hits.action": "deny"}}]}
}
# What a person would write for the filters of the embedded row.
_BY_HAND: dict[str, list[dict[str, Any]]] = {
    "everything": [],
    "two fields": [{"term": {"dest_namespace": "data"}}, {"term": {"action": "allow"}}],
    "wildcard": [{"wildcard": {"dest_name_aggr": "*gress*"}}],
    "range, negated": [
        {"range": {"dest_port": {"gte": 1024}}},
        {"bool": {"must_not": {"term": {"reporter": "src"}}}},
    ],
    "policy": [{"nested": {"path": "policy_hits", "query": _HIT}}],
}


def run(setting: Setting) -> list[Figure]:
    lines = setting.sized(_LINES, 2_000)
    epoch = NOW // SECOND // 300 * 300 - _HOURS * 3600
    within = TimeRange(epoch * SECOND, epoch * SECOND + _HOURS * HOUR - SECOND)
    with stores(_now, empty=True) as opened:
        _fill(setting, opened, lines, epoch)
        return asyncio.run(_figures(setting, opened, within, lines))


def _fill(setting: Setting, opened: Distributed, lines: int, epoch: int) -> None:
    with setting.directory() as files:
        file = inputs.clean(files / "flows.ndjson", lines, setting.scale, epoch, _HOURS * 3600)
        for place, body in enumerate(file_bodies(file.path, 1 << 20)):
            batch = decoded(Delivery(str(place), "bench", Form.CALICO, body.source, NOW, body.data))
            with opened.logs.transaction(batch.id) as attempt:
                opened.logs.append(attempt, batch)
    opened.logs.refresh()


async def _figures(setting: Setting, opened: Distributed, within: TimeRange, lines: int) -> list[Figure]:
    figures: list[Figure] = []
    async with AsyncElasticsearch(servers().elasticsearch.url, request_timeout=60) as client:
        peer = _ByHand(client)
        for what, conditions in _BY_HAND.items():
            text = FILTERS[what][0]
            mine, theirs = await _compared(opened, peer, within, text, conditions, _RUNS * setting.rounds)
            named = f"{what}, {lines:,} flows, p50"
            figures.append(cost(ROW, named, mine, theirs, "its query by hand", _LIKE_BY_HAND))
    await opened.logs.aclose()
    return figures


async def _compared(
    opened: Distributed,
    peer: "_ByHand",
    within: TimeRange,
    text: str | None,
    conditions: list[dict[str, Any]],
    rounds: int,
) -> tuple[Took, Took]:
    """Every question ends a microsecond later, as the engine remembers what it was asked before."""
    later = itertools.count(1)

    def another() -> TimeRange:
        return TimeRange(within.start, within.end + next(later))

    counts = await _ours(opened, another(), text)
    if counts != await peer.histogram(another(), conditions) or not counts:
        raise AssertionError(f"The histogram of {text} is not that of {conditions}.")
    ours: list[Took] = []
    theirs: list[Took] = []
    for _ in range(rounds):
        ours.append(await waited(lambda: _ours(opened, another(), text), cpu))
        theirs.append(await waited(lambda: peer.histogram(another(), conditions), cpu))
    return middle(ours), middle(theirs)


async def _ours(opened: Distributed, within: TimeRange, text: str | None) -> dict[int, int]:
    """From the text of the query to zero-filled buckets, through the port."""
    search = Search(RecordKind.FLOWS, within, filter=None if text is None else parse(text))
    found = await opened.logs.histogram(EVERYTHING, search, _STEP // SECOND, None)
    counted = zip(found.starts, found.counts["all"], strict=True)
    return {start // _STEP: count for start, count in counted if count}


class _ByHand:
    def __init__(self, client: AsyncElasticsearch) -> None:
        self._client = client

    async def histogram(self, within: TimeRange, conditions: list[dict[str, Any]]) -> dict[int, int]:
        during = {"range": {"start_time": {"gte": within.start, "lt": within.end}}}
        found = await self._client.search(
            index=INDICES,
            query={"bool": {"filter": [during, *conditions]}},
            size=0,
            track_total_hits=False,
            aggs={"at": {"histogram": {"field": "start_time", "interval": _STEP, "min_doc_count": 1}}},
        )
        buckets = found["aggregations"]["at"]["buckets"]
        return {int(bucket["key"]) // _STEP: bucket["doc_count"] for bucket in buckets}


def _now() -> int:
    return NOW
