"""F25, I5: no answer of any method tells of what its scope does not see, not even by a number.

Each method is asked of two stores, one of which never held the hidden things: the answers are equal.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from inspect import signature
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tapetum.domain.alerts import Status, Triage
from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import Reporter
from tapetum.domain.metrics import Op
from tapetum.domain.moments import TimeRange
from tapetum.domain.policies import PolicyRef
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.service_graph import (
    Direction,
    EdgeReports,
    GroupedTraffic,
    Level,
    PairSums,
    ServiceGraph,
    Shape,
)
from tapetum.graphstore.port import GraphStore
from tapetum.kql import parse
from tapetum.logstore.aggregation import Aggregation, Metric
from tapetum.logstore.port import LetterSearch, LogStore, Order, Search
from tests.contract.adapters import GRAPH_STORES, LOG_STORES, Adapter, Rig, marked
from tests.contract.graphs import WORKLOADS, edges, key_sums, query, ref
from tests.contract.logs import alert
from tests.contract.test_adapters import methods
from tests.support.factory import DAY, MINUTE, NOW, Bad, End, Flow, Hit, batch, hep, net, netset, wep
from tests.support.names import plain, texts

Ask = Callable[[Any, Scope], Awaitable[Any]]
LAST_DAY = TimeRange(NOW - DAY, NOW)
WHOLE = TimeRange(NOW // MINUTE * MINUTE - DAY, NOW // MINUTE * MINUTE)
FLOWS = Search(RecordKind.FLOWS, LAST_DAY)
LETTERS = LetterSearch(TimeRange(NOW, NOW + 1))
ALERTS = Search(RecordKind.ALERTS, LAST_DAY)

BY_PROCESS = Aggregation((Metric(Op.COUNT), Metric(Op.SUM, "bytes_in")), ("process_name",), limit=1)

SCOPES = {
    "a namespace": Scope(None, frozenset({("east", "shop")})),
    "a namespace of the asked cluster": Scope(
        frozenset({"east"}), frozenset({("east", "shop"), ("west", "shop")})
    ),
    "a cluster": Scope(frozenset({"east"})),
}


def shown(scope: Scope) -> list[Flow]:
    """What each of the scopes sees; with a namespace limit, nothing between two ends without one."""
    common = [
        Flow(at=NOW - MINUTE, fields=(("process_name", "curl"),), hits=(Hit(0, "t", "open", "allow"),)),
        Flow(source=net("pub"), dest=wep("shop", "web"), reporter="dst", action="deny"),
        Flow(dest=netset("partners", "shop")),
        Flow(dest=hep("node-1"), port=None),
        Flow(service=("shop", "db"), mark=1),
    ]
    return common if scope.namespaces is not None else [*common, Flow(source=hep("node-1"), dest=net("pub"))]


async def in_order(answer: Awaitable[Any], listed: Callable[[Any], list[Any]]) -> list[Any]:
    """An answer that comes in no order."""
    return sorted(listed(await answer), key=str)


def hidden(scope: Scope) -> list[Flow]:
    """Beyond each of the scopes; all names hold `hidden`, and visible flows stand in the way."""
    secret = (("process_name", "hidden"), ("dest_labels", ["hidden=x"]), ("host", "hidden"))
    hits = (Hit(0, "hidden", "hidden", "deny", namespace="hidden"),)
    if scope.namespaces is None:
        return [
            Flow(
                source=wep("hidden", "a"),
                dest=wep("shop", "hidden"),
                cluster="hidden",
                fields=secret,
                hits=hits,
            ),
            Flow(source=hep("hidden"), cluster="hidden", action="deny"),
            Flow(service=("shop", "hidden"), cluster="hidden"),
        ]
    return [
        Flow(dest=wep("hidden", "db"), fields=secret, hits=hits),
        Flow(source=wep("hidden", "db"), dest=wep("shop", "web"), fields=secret, hits=hits, reporter="dst"),
        Flow(source=wep("shop", "hidden"), dest=wep("hidden", "db"), action="deny"),
        Flow(source=wep("hidden", "db"), dest=net("pub"), domain="hidden.example"),
        Flow(source=hep("hidden"), dest=net("pub")),
        Flow(source=hep("hidden"), dest=netset("hidden")),
        Flow(source=wep("shop", "hidden"), cluster="north"),
        Flow(source=End(None, "hidden", "x"), dest=net("pub")),
        Flow(source=wep("hidden", "db"), service=("hidden", "shares-the-workloads")),
    ]


def summed(told: PairSums) -> list[Any]:
    return [
        (told.nodes[source], told.nodes[target], counts)
        for source, target, counts in zip(told.source, told.target, told.counts.tolist(), strict=True)
    ]


LOG_METHODS: dict[str, Ask] = {
    "search": lambda store, scope: store.search(scope, FLOWS, Order(), 500, None),
    "count": lambda store, scope: store.count(scope, FLOWS),
    "get": lambda store, scope: store.get(scope, RecordKind.FLOWS, hidden(scope)[0].id),
    "raw": lambda store, scope: store.raw(scope, [flow.id for flow in [*shown(scope), *hidden(scope)]]),
    "histogram": lambda store, scope: store.histogram(scope, FLOWS, 3600, "process_name"),
    "top_values": lambda store, scope: store.top_values(scope, FLOWS, "policy_hits.name", 9, ""),
    "aggregate": lambda store, scope: store.aggregate(scope, FLOWS, BY_PROCESS),
    "sums": lambda store, scope: store.sums(scope, FLOWS),
    "flow_keys": lambda store, scope: store.flow_keys(scope, FLOWS),
    "marked_keys": lambda store, scope: in_order(
        store.marked_keys(scope, FLOWS, [parse("process_name: hidden"), parse("action: deny")]),
        lambda told: list(zip(told.keys.tolist(), told.marked.tolist(), strict=True)),
    ),
    "values": lambda store, scope: in_order(store.values(scope, FLOWS, "process_name"), pa.Array.to_pylist),
    "holding": lambda store, scope: in_order(
        store.holding(
            scope, FLOWS, "process_name", ["curl", "hidden"], ("host",), 9, 9, ("id", "process_name")
        ),
        list,
    ),
    "policy_hits": lambda store, scope: store.policy_hits(scope, FLOWS, 3600),
    "verdict_keys": lambda store, scope: store.verdict_keys(scope, FLOWS),
    "evidence": lambda store, scope: store.evidence(scope, FLOWS, 9),
    "dead_letters": lambda store, scope: store.dead_letters(scope, LETTERS, 9, None),
    "count_dead_letters": lambda store, scope: store.count_dead_letters(scope, LETTERS),
    "alerts_after": lambda store, scope: store.alerts_after(scope, 0, 9),
    "triage_alert": lambda store, scope: store.triage_alert(
        scope, "hidden", Triage(Status.DISMISSED, "reader", NOW)
    ),
    "last_alert": lambda store, scope: store.last_alert(scope),
    "census": lambda store, scope: store.census(scope),
}
MORE_OF_LOGS: dict[str, Ask] = {
    "search alerts": lambda store, scope: store.search(scope, ALERTS, Order("time"), 9, None),
    "get an alert": lambda store, scope: store.get(scope, RecordKind.ALERTS, "hidden"),
    "count alerts": lambda store, scope: store.count(scope, ALERTS),
    "suggest namespaces": lambda store, scope: store.top_values(scope, FLOWS, "dest_namespace", 9, "h"),
    "suggest labels": lambda store, scope: store.top_values(scope, FLOWS, "dest_labels", 9),
    "suggest names in alerts": lambda store, scope: store.top_values(scope, ALERTS, "dest_name", 9),
    "histogram of alerts": lambda store, scope: store.histogram(scope, ALERTS, None, "source_namespace"),
    "search in a cluster": lambda store, scope: store.search(
        scope, Search(RecordKind.FLOWS, LAST_DAY, frozenset({"hidden", "north"})), Order(), 9, None
    ),
    "count by key": lambda store, scope: store.count(
        scope, Search(RecordKind.FLOWS, LAST_DAY, keys=tuple(flow.row["flow_key"] for flow in hidden(scope)))
    ),
}

WEB = ref(("WORKLOAD", "east", "shop", "web-*"))
DB = ref(("WORKLOAD", "east", "shop", "db-*"))
SECRET = ref(("NAMESPACE", "east", "hidden", "hidden"))
SHOP = ref(("NAMESPACE", "east", "shop", "shop"))
DB_SERVICE = ref(("SERVICE", "east", "shop", "db"))
SERVICES = Shape(Level.SERVICE)
HIDDEN_POLICY = PolicyRef("east", "hidden", "CalicoNetworkPolicy", "hidden", "hidden")
GRAPH_METHODS: dict[str, Ask] = {
    "service_graph": lambda store, scope: store.service_graph(scope, query(LAST_DAY), WORKLOADS),
    "fold": lambda store, scope: store.fold(
        scope, LAST_DAY, key_sums([*shown(scope), *hidden(scope)]), Shape()
    ),
    "edge": lambda store, scope: store.edge(scope, query(LAST_DAY), SHOP, SHOP, None),
    "counted": lambda store, scope: store.counted(scope, key_sums([*shown(scope), *hidden(scope)])),
    "grouped": lambda store, scope: store.grouped(
        scope, query(WHOLE), ("source_namespace", "dest_name_aggr"), key_sums([*shown(scope), *hidden(scope)])
    ),
    "edge_reports": lambda store, scope: store.edge_reports(scope, key_sums([*shown(scope), *hidden(scope)])),
    "sum_pairs": lambda store, scope: in_order(
        store.sum_pairs(scope, key_sums([*shown(scope), *hidden(scope)]), SERVICES), summed
    ),
    "places": lambda store, scope: store.places(scope, SERVICES, [WEB, DB]),
    "group": lambda store, scope: store.group(scope, DB_SERVICE),
    "edge_keys": lambda store, scope: store.edge_keys(scope, SHOP, SHOP),
    "exists": lambda store, scope: store.exists(scope, SECRET),
    "namespaces": lambda store, scope: store.namespaces(scope, None, 9),
    "members": lambda store, scope: store.members(scope, SHOP),
    "reach": lambda store, scope: store.reach(scope, query(LAST_DAY), WEB, Direction.BOTH, 5, 9),
    "paths": lambda store, scope: store.paths(scope, query(LAST_DAY), WEB, SECRET, 9),
    "policies_of": lambda store, scope: store.policies_of(scope, SHOP, SHOP),
    "policies_at": lambda store, scope: store.policies_at(scope, SHOP),
    "selected_by": lambda store, scope: store.selected_by(scope, HIDDEN_POLICY),
}
MORE_OF_GRAPHS: dict[str, Ask] = {
    "the edge to what is hidden": lambda store, scope: store.edge(scope, query(LAST_DAY), SHOP, SECRET, None),
    "its keys": lambda store, scope: store.edge_keys(scope, SHOP, SECRET),
    "the edge from sums": lambda store, scope: store.edge(
        scope, query(LAST_DAY), SHOP, SHOP, key_sums([*shown(scope), *hidden(scope)])
    ),
    "the hidden namespace": lambda store, scope: store.members(scope, SECRET),
    "reach from what is hidden": lambda store, scope: store.reach(
        scope, query(LAST_DAY), SECRET, Direction.BOTH, 5, 9
    ),
    "policies of the edge to what is hidden": lambda store, scope: store.policies_of(scope, SHOP, SECRET),
    "policies at what is hidden": lambda store, scope: store.policies_at(scope, SECRET),
    "what a policy of another cluster selects": lambda store, scope: store.selected_by(
        scope, replace(HIDDEN_POLICY, cluster="hidden")
    ),
    "policies in another cluster": lambda store, scope: store.policies_at(
        scope, ref(("NAMESPACE", "hidden", "hidden", "hidden"))
    ),
    "a hidden host": lambda store, scope: store.exists(scope, ref(("HOST", "east", None, "hidden"))),
    "the graph of services": lambda store, scope: store.service_graph(scope, query(LAST_DAY), SERVICES),
    "the edge to a service": lambda store, scope: store.edge(scope, query(LAST_DAY), WEB, DB_SERVICE, None),
    "a service that shares hidden ones": lambda store, scope: store.exists(
        scope, ref(("SERVICE", "east", "hidden", "shares-the-workloads"))
    ),
    "the graph of a cluster": lambda store, scope: store.service_graph(
        scope, query(LAST_DAY, clusters=frozenset({"hidden", "north"})), Shape()
    ),
}
WITHOUT_SCOPE = {"append", "append_alerts", "apply", "effective", "whole"}


@pytest.mark.parametrize(
    ("port", "asked"), [(LogStore, LOG_METHODS), (GraphStore, GRAPH_METHODS)], ids=["logs", "graph"]
)
def test_every_method_that_reads_takes_a_scope_and_is_asked_here(port: type, asked: dict[str, Ask]) -> None:
    scoped = {name for name in methods(port) if "scope" in signature(getattr(port, name)).parameters}
    assert scoped == set(asked)
    assert methods(port) - scoped <= WITHOUT_SCOPE


def fill_logs(logs: Rig[LogStore[Any]], scope: Scope, *, whole: bool) -> None:
    letters = "east" if scope.namespaces is None else None
    flows = [*hidden(scope), *shown(scope)] if whole else shown(scope)
    with logs.transaction() as transaction:
        logs.store.append(transaction, batch(flows))
        if letters:
            logs.store.append(transaction, batch([Bad(b"x")], id="east"))
        if whole:
            logs.store.append(transaction, batch([Bad(b"hidden", "hidden")], id="hidden", cluster="hidden"))
        logs.store.append_alerts(transaction, [alert("seen")])
        if whole:
            cluster = "hidden" if scope.namespaces is None else "east"
            logs.store.append_alerts(transaction, [alert("hidden", source="hidden", cluster=cluster)])


def fill_graph(graph: Rig[GraphStore[Any]], scope: Scope, *, whole: bool) -> None:
    flows = [*hidden(scope), *shown(scope)] if whole else shown(scope)
    with graph.transaction() as transaction:
        made = batch(flows)
        graph.store.apply(transaction, "one", made.records, made.traces)


@pytest.fixture(params=SCOPES)
def scope(request: pytest.FixtureRequest) -> Scope:
    return SCOPES[request.param]


@pytest.mark.parametrize("adapter", marked(LOG_STORES))
def test_logs_tell_nothing_beyond_the_scope(adapter: Adapter[LogStore[Any]], scope: Scope) -> None:
    _compare(adapter, fill_logs, scope, LOG_METHODS | MORE_OF_LOGS)


@pytest.mark.parametrize("adapter", marked(GRAPH_STORES))
def test_graphs_tell_nothing_beyond_the_scope(adapter: Adapter[GraphStore[Any]], scope: Scope) -> None:
    _compare(adapter, fill_graph, scope, GRAPH_METHODS | MORE_OF_GRAPHS)


def _compare(adapter: Adapter[Any], fill: Callable[..., None], scope: Scope, asked: dict[str, Ask]) -> None:
    """One store after the other, as an engine may hold only one."""

    async def answers(store: Any, *scopes: Scope) -> list[dict[str, Any]]:
        return [{name: await ask(store, one) for name, ask in asked.items()} for one in scopes]

    with adapter.open() as whole:
        fill(whole, scope, whole=True)
        told, of_everything = asyncio.run(answers(whole.store, scope, EVERYTHING))
    with adapter.open() as clean:
        fill(clean, scope, whole=False)
        (expected,) = asyncio.run(answers(clean.store, scope))
    told_otherwise = 0
    for name, answer in told.items():
        assert not [text for text in texts(answer) if "hidden" in text], name
        assert _comparable(answer) == _comparable(expected[name]), name
        told_otherwise += _comparable(answer) != _comparable(of_everything[name])
    # Otherwise nothing was hidden and the test proves nothing.
    assert told_otherwise >= len(asked) // 4


def _comparable(answer: Any) -> Any:
    """In one order: that of what is alike may follow what was stored first."""
    if isinstance(answer, ServiceGraph):
        members = dict(zip(answer.nodes, answer.members, strict=True))
        return members, edges(answer), answer.truncated, plain(answer.groups)
    if isinstance(answer, EdgeReports):
        places = range(len(answer.source))
        return {
            (
                answer.nodes[answer.source[place]],
                answer.nodes[answer.target[place]],
                answer.protocol[place],
                answer.port[place],
            ): (
                answer.service[place],
                answer.reports(place),
                answer.of(np.array([place]), Reporter.SRC),
                sorted(answer.related[answer.related_edge == place].tolist()),
            )
            for place in places
        }
    if isinstance(answer, GroupedTraffic):
        rows = zip(answer.group.tolist(), answer.at_destination.tolist(), strict=True)
        told = [(answer.groups[group], there) for group, there in rows]
        return dict(zip(told, np.hstack([answer.counts, answer.having]).tolist(), strict=True))
    return _sorted(plain(answer))


def _sorted(told: Any) -> Any:
    return sorted((_sorted(item) for item in told), key=repr) if isinstance(told, tuple) else told
