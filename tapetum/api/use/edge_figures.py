"""What logs tell of the service graph's edges beside their counters, at the graph's own folding.

TCP figures are those of all reports, as each end measures its own; lookups and requests are those of DNS and
L7 records between two named ends, whom flows name alike.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from tapetum.api.context import Asked
from tapetum.api.use.service_graph import GraphAsked
from tapetum.domain.batches import RecordKind
from tapetum.domain.edge_figures import EdgeFigure, EdgeFigures, EdgeMeasure
from tapetum.domain.endpoints import NodeRef, node_of
from tapetum.domain.metrics import Op
from tapetum.domain.service_graph import Shape, is_direct
from tapetum.kql import Query, all_of, parse
from tapetum.logstore.aggregation import LIMIT, Aggregation, Metric, Row
from tapetum.logstore.port import Search

Pair = tuple[NodeRef, NodeRef]
_NANOSECONDS = 1000


@dataclass(frozen=True, slots=True)
class _Tcp:
    """`measured`: the records that say something, as logs write 0 for what is not TCP."""

    field: str
    measured: Query
    mean: bool


@dataclass(frozen=True, slots=True)
class _Requests:
    """`value` of the records that `which` finds; `of` all that `among` finds."""

    kind: RecordKind
    ends: tuple[str, str, str, str]
    among: Query
    which: Query | None


_TCP = {
    EdgeMeasure.RTT: _Tcp("tcp_mean_smooth_rtt", parse("tcp_mean_smooth_rtt > 0"), mean=True),
    EdgeMeasure.RETRANSMISSIONS: _Tcp(
        "tcp_total_retransmissions", parse("tcp_total_retransmissions: * and proto: (tcp or 6)"), mean=False
    ),
}
_LOOKUP = ("client_namespace", "client_name_aggr", "server_namespace", "server_name_aggr")
_REQUEST = ("src_namespace", "src_name_aggr", "dest_namespace", "dest_name_aggr")
_SERVED = parse("type: LOG and server_name_aggr: *")
_REQUESTS = {
    EdgeMeasure.DNS_LATENCY: _Requests(
        RecordKind.DNS, _LOOKUP, all_of([_SERVED, parse("latency_count > 0")]), None
    ),
    EdgeMeasure.DNS_FAILURES: _Requests(
        RecordKind.DNS, _LOOKUP, _SERVED, parse("not rcode: (NoError or NXDomain)")
    ),
    # Of a mesh both ends report; the server's word counts, as on the dashboards.
    EdgeMeasure.HTTP_ERRORS: _Requests(
        RecordKind.L7,
        _REQUEST,
        parse("not reporter: src and response_code: * and dest_name_aggr: *"),
        parse("response_code: 5*"),
    ),
}
_COUNTED = Metric(Op.SUM, "count")
_TIMED = (Metric(Op.SUM, "latency_count"), Metric(Op.AVG, "latency_mean"))


async def edge_figures(asked: Asked, graph: GraphAsked, shape: Shape, measure: EdgeMeasure) -> EdgeFigures:
    """At most `shape.limit` of them. The graph's filter chooses flows: it bears on TCP figures alone."""
    if measure in _TCP:
        return await _tcp(asked, graph, shape, _TCP[measure])
    requests = _REQUESTS[measure]
    search = Search(requests.kind, graph.range, graph.clusters, requests.among)
    if requests.which is None:
        return await _timed(asked, search, shape, requests)
    return await _failed(asked, search, shape, requests, requests.which)


async def _tcp(asked: Asked, graph: GraphAsked, shape: Shape, tcp: _Tcp) -> EdgeFigures:
    terms = [tcp.measured] if graph.filter is None else [graph.filter, tcp.measured]
    sums = await asked.api.logs.sums(asked.scope, replace(graph.search(), filter=all_of(terms)), (tcp.field,))
    told = await asked.api.graph.sum_pairs(asked.scope, sums, shape)
    of: dict[Pair, int] = {}
    values: dict[Pair, float] = {}
    for source, target, (count, total) in zip(
        told.source.tolist(), told.target.tolist(), told.counts.tolist(), strict=True
    ):
        pair = told.nodes[source], told.nodes[target]
        of[pair] = count
        values[pair] = total / count if tcp.mean else total
    return _largest(values, of, sum(of.values()), shape, truncated=False)


async def _timed(asked: Asked, search: Search, shape: Shape, requests: _Requests) -> EdgeFigures:
    of: defaultdict[Pair, int] = defaultdict(int)
    total: defaultdict[Pair, float] = defaultdict(float)
    whole = await _between(asked, search, requests, _TIMED)
    for row, pair in await whole.rows(asked, shape):
        count, mean = int(row.values[0] or 0), float(row.values[1] or 0)
        of[pair] += count
        total[pair] += count * mean
    values = {pair: total[pair] / of[pair] / _NANOSECONDS for pair in of if of[pair]}
    return _largest(values, of, whole.records, shape, truncated=whole.truncated)


async def _failed(
    asked: Asked, search: Search, shape: Shape, requests: _Requests, which: Query
) -> EdgeFigures:
    whole = await _between(asked, search, requests, (_COUNTED,))
    terms = [search.filter, which] if search.filter is not None else [which]
    bad = await _between(asked, replace(search, filter=all_of(terms)), requests, (_COUNTED,))
    of: defaultdict[Pair, int] = defaultdict(int)
    for row, pair in await whole.rows(asked, shape):
        of[pair] += int(row.values[0] or 0)
    values: defaultdict[Pair, float] = defaultdict(float, dict.fromkeys(of, 0.0))
    for row, pair in await bad.rows(asked, shape):
        values[pair] += float(row.values[0] or 0)
    return _largest(values, of, whole.records, shape, truncated=whole.truncated or bad.truncated)


@dataclass(frozen=True, slots=True)
class _Between:
    """Groups of records by their two ends, in each cluster."""

    found: tuple[tuple[str, tuple[Row, ...]], ...]
    records: int
    truncated: bool

    async def rows(self, asked: Asked, shape: Shape) -> list[tuple[Row, Pair]]:
        """Those between two named ends, with the nodes that stand for them."""
        named = [
            (row, _end(cluster, *row.keys[:2]), _end(cluster, *row.keys[2:]))
            for cluster, rows in self.found
            for row in rows
            if row.keys[1] is not None and row.keys[3] is not None
        ]
        nodes = list(dict.fromkeys(end for _, *ends in named for end in ends))
        places = dict(zip(nodes, await asked.api.graph.places(asked.scope, shape, nodes), strict=True))
        return [(row, (places[source], places[target])) for row, source, target in named]


def _end(cluster: str, namespace: str | None, name: str | None) -> NodeRef:
    return node_of(cluster, None, namespace, name)


async def _between(
    asked: Asked, search: Search, requests: _Requests, metrics: tuple[Metric, ...]
) -> _Between:
    """A group has at most four fields, so that each cluster is asked by itself."""
    by_cluster = Aggregation(group_by=("cluster",), limit=LIMIT)
    clusters = (await asked.api.logs.aggregate(asked.scope, search, by_cluster)).rows
    by_ends = Aggregation(metrics, requests.ends, limit=LIMIT)
    found: list[tuple[str, tuple[Row, ...]]] = []
    truncated = False
    for row in clusters:
        name = row.keys[0] or ""
        told = await asked.api.logs.aggregate(
            asked.scope, replace(search, clusters=frozenset({name})), by_ends
        )
        found.append((name, told.rows))
        truncated = truncated or told.truncated
    return _Between(tuple(found), sum(int(row.values[0] or 0) for row in clusters), truncated)


def _largest(
    values: dict[Pair, float], of: dict[Pair, int], records: int, shape: Shape, *, truncated: bool
) -> EdgeFigures:
    order = sorted(values, key=lambda pair: (-values[pair], -of.get(pair, 0), str(pair)))
    figures = tuple(
        EdgeFigure(*pair, values[pair], of.get(pair), is_direct(shape.level, pair[1]))
        for pair in order[: shape.limit]
    )
    return EdgeFigures(figures, records, truncated or len(order) > shape.limit)
