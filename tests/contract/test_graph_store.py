"""What every GraphStore makes of flows: the oracle's graph, over any range, at any level, for any scope."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.domain.service_graph import Direction, Level, Shape, is_direct
from tapetum.graphstore.port import GraphStore
from tapetum.kql import parse
from tests.contract.adapters import GRAPH_STORES, Adapter, marked
from tests.contract.graphs import (
    LAST_DAY,
    WORKLOADS,
    Graph,
    assert_graph,
    edges,
    key_sums,
    node,
    put,
    query,
    ref,
    some_flows,
    some_ranges,
    some_scopes,
    some_shapes,
    sums,
)
from tests.support import oracle
from tests.support.factory import DAY, HOUR, MINUTE, NOW, SECOND, End, Flow, batch, hep, net, wep

FILTERS = {
    "": lambda _: True,
    "dest_namespace: shop and not action: deny": lambda flow: (
        flow.dest.namespace == "shop" and flow.action != "deny"
    ),
    "reporter: dst or dest_port >= 80": lambda flow: flow.reporter == "dst" or (flow.port or 0) >= 80,
    "not source_namespace: *": lambda flow: flow.source.namespace is None,
    "dest_service_name: db or dest_domain: example.com": lambda flow: (
        flow.service == ("shop", "db") or flow.domain is not None
    ),
    "cluster: nowhere": lambda _: False,
}


@pytest.mark.parametrize("adapter", marked(GRAPH_STORES))
@settings(max_examples=30)
@given(
    waves=st.lists(some_flows(25), min_size=1, max_size=3),
    ranges=st.lists(some_ranges(), min_size=1, max_size=3),
    shape=some_shapes(),
    scope=some_scopes(),
    clusters=st.sampled_from([None, None, frozenset({"east"}), frozenset({"west", "north"})]),
    text=st.sampled_from(sorted(FILTERS)),
)
def test_a_graph_is_the_sum_of_its_flows(
    adapter: Adapter[GraphStore[Any]],
    waves: list[list[Flow]],
    ranges: list[TimeRange],
    shape: Shape,
    scope: Scope,
    clusters: frozenset[str] | None,
    text: str,
) -> None:
    def test(flow: Flow) -> bool:
        return FILTERS[text](flow) and (clusters is None or flow.cluster in clusters)

    async def ask(graph: Graph) -> None:
        stored: list[Flow] = []
        for wave in waves:
            fresh = [flow for flow in oracle.distinct(wave) if flow not in stored]
            put(graph, *fresh)
            stored += fresh
            for within in ranges:  # asked between commits too: what is held in memory has to follow
                told = await graph.store.service_graph(
                    scope, query(within, clusters=clusters, filter=parse(text) if text else None), shape
                )
                whole = oracle.effective(within.start, within.end, NOW)
                assert (told.range.start, told.range.end) == whole
                known = [flow for flow in stored if oracle.seen_by(scope, flow)]
                assert_graph(told, oracle.chosen(stored, *whole, scope, test), shape, known)
                raw = oracle.chosen(stored, within.start, within.end, test=test)
                folded = await graph.store.fold(scope, within, key_sums(raw), shape)
                assert folded.range == within
                assert_graph(folded, oracle.chosen(raw, within.start, within.end, scope), shape, known)

    with adapter.open() as graph:
        asyncio.run(ask(graph))


@pytest.mark.parametrize("adapter", marked(GRAPH_STORES))
@settings(max_examples=25)
@given(
    flows=some_flows(20).map(oracle.distinct),
    shape=some_shapes(),
    scope=some_scopes(),
    from_sums=st.booleans(),
)
def test_an_edge_tells_who_reported_what_and_on_which_ports(
    adapter: Adapter[GraphStore[Any]], flows: list[Flow], shape: Shape, scope: Scope, from_sums: bool
) -> None:
    within = LAST_DAY if from_sums else TimeRange(*oracle.effective(NOW - DAY, NOW, NOW))

    async def ask(graph: Graph) -> None:
        put(graph, *flows)
        seen = oracle.chosen(flows, within.start, within.end, scope)
        raw = key_sums(oracle.chosen(flows, within.start, within.end)) if from_sums else None
        known = [flow for flow in flows if oracle.seen_by(scope, flow)]
        everything = oracle.service_graph(flows, shape.level.value, {node(one) for one in shape.expand})
        for source, target in everything:
            ends, direct = (ref(source), ref(target)), is_direct(shape.level, ref(target))
            told = await graph.store.edge(scope, query(within), *ends, raw, direct=direct)
            about = oracle.of_edge(seen, source, target, known, direct=direct)
            keys = await graph.store.edge_keys(scope, *ends, direct=direct)
            ever = oracle.of_edge(known, source, target, direct=direct)
            assert sorted(keys) == sorted({flow.row["flow_key"] for flow in ever})
            if not about:
                assert told is None
                continue
            assert told is not None
            assert (told.range, told.source, told.target) == (within, *ends)
            whole = oracle.verdicts_of(about)
            assert (sums(told.allowed), sums(told.denied)) == tuple(map(oracle.add, whole))
            assert (told.allowed.estimated, told.denied.estimated) == tuple(map(oracle.estimated, whole))
            assert {
                one.reporter.value: (sums(one.allowed), sums(one.denied)) for one in told.reports
            } == oracle.reports(about)
            assert {
                (one.protocol, one.port): (one.service, sums(one.allowed), sums(one.denied))
                for one in told.ports
            } == oracle.ports(about)
            assert len({(one.protocol, one.port) for one in told.ports}) == len(told.ports)
            assert sorted(told.keys) == sorted({flow.row["flow_key"] for flow in about})

    with adapter.open() as graph:
        asyncio.run(ask(graph))


@pytest.mark.parametrize("adapter", marked(GRAPH_STORES))
@settings(max_examples=30)
@given(
    flows=some_flows(25).map(oracle.distinct),
    scope=some_scopes(),
    direction=st.sampled_from(Direction),
    hops=st.integers(1, 4),
    folded=st.booleans(),
)
def test_reach_and_paths_go_over_allowed_traffic(
    adapter: Adapter[GraphStore[Any]],
    flows: list[Flow],
    scope: Scope,
    direction: Direction,
    hops: int,
    folded: bool,
) -> None:
    async def ask(graph: Graph) -> None:
        put(graph, *flows)
        whole = oracle.effective(NOW - DAY, NOW, NOW)
        seen = oracle.chosen(flows, *whole, scope)
        known = {end for flow in flows for end in oracle.ends_of(flow)}
        some = sorted({oracle.folded(end) if folded else end for end in known}, key=str)[:4]
        for start in some:
            told, cut = await graph.store.reach(scope, query(LAST_DAY), ref(start), direction, hops, 100)
            found = {node(one.node): one.hops for one in told}
            assert not cut
            assert len(found) == len(told)
            assert found == oracle.reach(seen, start, direction.value, hops)
            assert [one.hops for one in told] == sorted(found.values())
            nearest, cut = await graph.store.reach(scope, query(LAST_DAY), ref(start), direction, hops, 1)
            assert (len(nearest), cut) == (min(len(found), 1), len(found) > 1)
            for end in some:
                ways = {
                    tuple(map(node, way))
                    for way in await graph.store.paths(scope, query(LAST_DAY), ref(start), ref(end), 100)
                }
                expected = oracle.shortest_paths(seen, start, end)
                assert ways == expected
                two = await graph.store.paths(scope, query(LAST_DAY), ref(start), ref(end), 2)
                assert len(two) == min(2, len(expected))
                assert {tuple(map(node, way)) for way in two} <= expected

    with adapter.open() as graph:
        asyncio.run(ask(graph))


@pytest.mark.parametrize("adapter", marked(GRAPH_STORES))
@settings(max_examples=20)
@given(flows=some_flows(15).map(oracle.distinct), scope=some_scopes())
def test_namespaces_and_nodes_are_those_of_visible_flows(
    adapter: Adapter[GraphStore[Any]], flows: list[Flow], scope: Scope
) -> None:
    async def ask(graph: Graph) -> None:
        put(graph, *flows)
        seen = [flow for flow in flows if oracle.seen_by(scope, flow)]
        expected = oracle.namespaces(seen)
        told = await graph.store.namespaces(scope, None, 100)
        assert [((one.cluster, one.name), one.workloads) for one in told] == sorted(expected.items())
        assert await graph.store.namespaces(scope, None, 2) == told[:2]
        assert await graph.store.namespaces(scope, frozenset({"west"}), 9) == [
            one for one in told if one.cluster == "west"
        ]
        known = {end for flow in flows for one in oracle.ends_of(flow) for end in (one, oracle.folded(one))}
        visible = {end for flow in seen for one in oracle.ends_of(flow) for end in (one, oracle.folded(one))}
        for one in known:
            assert await graph.store.exists(scope, ref(one)) == (one in visible)
            if one[0] == "NAMESPACE":
                assert await graph.store.members(scope, ref(one)) == expected.get((one[1], one[3]), 0)
        assert not await graph.store.exists(scope, ref(("WORKLOAD", "east", "nowhere", "x")))

    with adapter.open() as graph:
        asyncio.run(ask(graph))


async def test_a_workload_that_only_talks_to_hidden_namespaces_is_hidden(graph: Graph) -> None:
    put(graph, Flow(dest=wep("pay", "db")), Flow(source=wep("shop", "cron"), dest=net("pub")))
    scope = Scope(None, frozenset({("east", "shop")}))
    (shop,) = await graph.store.namespaces(scope, None, 10)
    assert (shop.name, shop.workloads) == ("shop", 1)
    assert not await graph.store.exists(scope, ref(("WORKLOAD", "east", "shop", "web-*")))
    assert await graph.store.exists(EVERYTHING, ref(("WORKLOAD", "east", "shop", "web-*")))


# First denials


@pytest.mark.parametrize("adapter", marked(GRAPH_STORES))
@settings(max_examples=20)
@given(waves=st.lists(some_flows(12), min_size=1, max_size=4))
def test_a_pair_is_denied_for_the_first_time_once(
    adapter: Adapter[GraphStore[Any]], waves: list[list[Flow]]
) -> None:
    denied: set[Any] = set()
    stored: set[Flow] = set()
    with adapter.open() as graph:
        for wave in waves:
            fresh = [flow for flow in oracle.distinct(wave) if flow not in stored]
            told = put(graph, *fresh)
            stored |= set(fresh)
            first: dict[Any, Flow] = {}
            for flow in sorted(fresh, key=lambda flow: (flow.at, flow.id)):
                if flow.action == "deny" and oracle.ends_of(flow) not in denied:
                    first.setdefault(oracle.ends_of(flow), flow)
            denied |= set(first)
            assert {
                (node(one.source), node(one.target)): (
                    one.record_id, one.time, one.protocol, one.port, one.reporter, one.trace
                )
                for one in told.first_denied
            } == {
                pair: (flow.id, flow.at, flow.proto, flow.port, flow.reporter, flow.row["trace"])
                for pair, flow in first.items()
            }  # fmt: skip
            assert len(told.first_denied) == len(first)


# Writing


async def answers(graph: Graph) -> Any:
    store = graph.store
    start = ref(("WORKLOAD", "east", "shop", "web-*"))
    return (
        edges(await store.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS)),
        await store.namespaces(EVERYTHING, None, 10),
        await store.exists(EVERYTHING, start),
        await store.reach(EVERYTHING, query(LAST_DAY), start, Direction.BOTH, 3, 10),
        await store.paths(EVERYTHING, query(LAST_DAY), start, start, 3),
    )


@pytest.mark.parametrize("before", [[], [Flow(source=wep("pay", "api"))]])
async def test_what_is_rolled_back_never_was(graph: Graph, before: list[Flow]) -> None:
    put(graph, *before)
    earlier = await answers(graph)
    refused = Flow(action="deny", at=NOW - 3 * MINUTE)

    async def fail() -> None:
        with graph.transaction() as transaction:
            made = batch([refused])
            told = graph.store.apply(transaction, "refused", made.records, made.traces)
            assert len(told.first_denied) == 1
            assert await answers(graph) == earlier, "an open write shows"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await answers(graph) == earlier
    assert len(put(graph, refused).first_denied) == 1
    assert await answers(graph) != earlier


async def test_nothing_at_all_is_an_empty_graph(graph: Graph) -> None:
    for shape in (Shape(), WORKLOADS):
        told = await graph.store.service_graph(EVERYTHING, query(LAST_DAY), shape)
        assert (told.nodes, told.members, len(told.source), told.truncated) == ((), (), 0, False)
        told = await graph.store.fold(EVERYTHING, LAST_DAY, key_sums([]), shape)
        assert (told.nodes, len(told.allowed.counts)) == ((), 0)
    start = ref(("HOST", "east", None, "node-1"))
    assert await graph.store.edge(EVERYTHING, query(LAST_DAY), start, start, None) is None
    assert await graph.store.edge_keys(EVERYTHING, start, start) == ()
    assert await graph.store.reach(EVERYTHING, query(LAST_DAY), start, Direction.BOTH, 3, 10) == ([], False)
    assert await graph.store.paths(EVERYTHING, query(LAST_DAY), start, start, 3) == []
    assert await graph.store.namespaces(EVERYTHING, None, 10) == []
    assert put(graph).first_denied == ()


async def test_sums_of_keys_that_are_not_known_are_left_out(graph: Graph) -> None:
    known, unknown = Flow(), Flow(port=81)
    put(graph, known)
    told = await graph.store.fold(EVERYTHING, LAST_DAY, key_sums([unknown, known]), WORKLOADS)
    assert_graph(told, [known], WORKLOADS)


async def test_names_may_hold_anything(graph: Graph) -> None:
    odd = ["a\x1fb", "a", "a\x1f", "\x00", "", "a\x00", "null", "\U0001f63a", "é", "e\u0301", "' --", "A"]
    flows = [
        Flow(source=End("wep", one, f"{other}-*"), dest=net("pub"), domain=other or None)
        for one in odd
        if one
        for other in odd
    ]
    flows += [Flow(source=hep("a"), dest=End("net", None, None, None)), Flow(dest=End("wep", "a", None))]
    put(graph, *flows)
    told = await graph.store.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS)
    assert_graph(told, flows, WORKLOADS)


async def test_every_port_and_protocol_has_an_edge_key_of_its_own(graph: Graph) -> None:
    # The source's word counts where the destination is silent on that very port and protocol.
    flows = [Flow(port=port, mark=port) for port in range(0, 65536, 257)]
    flows += [Flow(proto=f"p{place}", port=None, reporter=("src", "dst")[place % 2]) for place in range(300)]
    put(graph, *flows)
    told = await graph.store.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS)
    assert_graph(told, flows, WORKLOADS)
    ends = ref(oracle.ends_of(flows[0])[0]), ref(oracle.ends_of(flows[0])[1])
    detail = await graph.store.edge(EVERYTHING, query(LAST_DAY), *ends, None)
    assert detail is not None
    assert len(detail.ports) == 256 + 300


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NOW - DAY, NOW),
        (NOW - DAY - MINUTE, NOW - 1),
        (NOW - DAY - 2 * MINUTE, NOW),
        (NOW - 30 * DAY + 1, NOW - 29 * DAY - 1),
        (NOW - SECOND, NOW + HOUR),
    ],
)
async def test_an_answer_states_the_range_that_it_is_about(graph: Graph, start: int, end: int) -> None:
    asked = TimeRange(start, end)
    whole = TimeRange(*oracle.effective(start, end, NOW))
    assert graph.store.effective(asked, NOW) == whole
    assert (await graph.store.service_graph(EVERYTHING, query(asked), Shape())).range == whole
    assert whole.start <= start < end <= whole.end


async def test_old_records_are_summed_by_the_hour(graph: Graph) -> None:
    flows = [Flow(at=NOW - 300 * DAY + step * 7 * MINUTE, mark=step) for step in range(40)]
    put(graph, *flows)
    within = TimeRange(NOW - 301 * DAY, NOW - 299 * DAY)
    told = await graph.store.service_graph(EVERYTHING, query(within), WORKLOADS)
    assert_graph(told, flows, WORKLOADS)


async def test_answers_move_with_the_clock(graph: Graph) -> None:
    flows = [Flow(at=NOW + step * HOUR, mark=step) for step in range(-30, 1)]
    put(graph, *flows)
    for hours in (1, 5, 30):
        graph.clock.now = NOW + hours * HOUR
        within = TimeRange(graph.clock.now - DAY, graph.clock.now)
        told = await graph.store.service_graph(EVERYTHING, query(within), WORKLOADS)
        whole = oracle.effective(within.start, within.end, graph.clock.now)
        assert_graph(told, oracle.chosen(flows, *whole), WORKLOADS)
        assert told.as_of == graph.clock.now


async def test_a_cancelled_question_leaves_the_store_free(graph: Graph) -> None:
    flows = [Flow(source=wep("shop", f"web-{place}"), mark=place) for place in range(500)]
    put(graph, *flows)
    for pause in (0, 0.001, 0.005):
        asked = [
            asyncio.create_task(graph.store.service_graph(EVERYTHING, query(LAST_DAY), WORKLOADS))
            for _ in range(8)
        ]
        await asyncio.sleep(pause)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        told = await asyncio.wait_for(
            graph.store.service_graph(EVERYTHING, query(LAST_DAY), Shape(Level.WORKLOAD)), 5
        )
        assert len(told.source) == 500
