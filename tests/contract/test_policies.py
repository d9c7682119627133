"""Policies in the graph: what decided an edge, what was applied at a node, what a policy selects."""

import asyncio
from collections.abc import Iterable
from dataclasses import astuple, replace
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.policies import PolicyRef, PolicySide, PolicyUse
from tapetum.domain.policy_trace import Action
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.graphstore.port import GraphStore
from tests.contract.adapters import GRAPH_STORES, Adapter, marked
from tests.contract.graphs import Graph, node, put, ref, some_flows, some_scopes
from tests.support import oracle, policies
from tests.support.factory import Flow, Hit, batch, hep, net, wep
from tests.support.policies import Use, with_hits

T = TypeVar("T")
OPEN = Hit(0, "security", "open", "pass")
SHOP = Hit(1, "default", "shop", "allow", namespace="shop")


def decided(most: int) -> st.SearchStrategy[list[Flow]]:
    drawn = st.tuples(some_flows(most), st.integers(0, 2**32))
    return drawn.map(
        lambda pair: [with_hits(flow, Random(f"{pair[1]}/{at}")) for at, flow in enumerate(pair[0])]
    )


def told(uses: list[PolicyUse]) -> set[Use]:
    found = {
        (astuple(use.policy), use.end_of_tier, frozenset(use.actions), frozenset(use.sides)) for use in uses
    }
    assert len(found) == len(uses)
    assert [use.policy.order for use in uses] == sorted(use.policy.order for use in uses)
    return found


async def assert_policies(graph: Graph, flows: list[Flow], scope: Scope, most: int = 100) -> None:
    """Answers at every level, against the oracle over what the scope sees of the flows; so many of each."""
    store, chance = graph.store, Random(len(flows))

    def some(asked: Iterable[T]) -> list[T]:
        every = sorted(set(asked), key=repr)
        return chance.sample(every, min(most, len(every)))

    seen = [flow for flow in flows if oracle.seen_by(scope, flow)]
    pairs = {oracle.ends_of(flow) for flow in flows}
    pairs |= {(oracle.folded(source), oracle.folded(target)) for source, target in pairs}
    pairs |= {(oracle.ends_of(flow)[0], oracle.service_of(flow)) for flow in flows if flow.service}
    services = oracle.services(seen)
    for source, target in some(pairs):
        of_edge = oracle.of_edge(seen, source, target)
        keys = oracle.edge_keys(of_edge)  # the graph keeps what decided an edge key, not each flow key
        of_edge = [flow for key, told in oracle.edge_keys(seen).items() if key in keys for flow in told]
        assert told(await store.policies_of(scope, ref(source), ref(target))) == policies.uses(of_edge)
    for at in some(one for pair in pairs for one in pair):
        inside = services.behind(at) if at[0] == "SERVICE" else {at}
        assert told(await store.policies_at(scope, ref(at))) == policies.uses(seen, inside)
    for policy in some(policy for _, _, policy, _ in policies.applied(flows)):
        nodes = await store.selected_by(scope, PolicyRef(*policy))
        assert set(map(node, nodes)) == policies.selected(seen, policy)
        assert len(set(nodes)) == len(nodes)


@pytest.mark.parametrize("adapter", marked(GRAPH_STORES))
@settings(max_examples=12)
@given(waves=st.lists(decided(15), min_size=1, max_size=2), scope=some_scopes())
def test_policies_are_those_of_the_enforced_hits(
    adapter: Adapter[GraphStore[Any]], waves: list[list[Flow]], scope: Scope
) -> None:
    async def ask(graph: Graph) -> None:
        stored: list[Flow] = []
        for wave in waves:
            fresh = [flow for flow in oracle.distinct(wave) if flow not in stored]
            put(graph, *fresh)
            stored += fresh
            await assert_policies(graph, stored, scope, 6)

    with adapter.open() as graph:
        asyncio.run(ask(graph))


async def test_a_use_says_what_was_done_and_where(graph: Graph) -> None:
    ended = Hit(1, "default", "shop", "deny", rule_index=-1, namespace="shop", end_of_tier=True)
    put(graph, Flow(hits=(OPEN, SHOP)), Flow(hits=(OPEN,), reporter="dst"), Flow(hits=(OPEN, ended), port=81))
    web, db = (ref(end) for end in oracle.ends_of(Flow()))
    opened = PolicyRef("east", "security", "GlobalNetworkPolicy", None, "open")
    shop = PolicyRef("east", "default", "CalicoNetworkPolicy", "shop", "shop")
    egress = (PolicySide.EGRESS,)
    assert await graph.store.policies_of(EVERYTHING, web, db) == [
        PolicyUse(shop, False, (Action.ALLOW,), egress),
        PolicyUse(shop, True, (Action.DENY,), egress),
        PolicyUse(opened, False, (Action.PASS,), (PolicySide.EGRESS, PolicySide.INGRESS)),
    ]
    assert await graph.store.policies_of(EVERYTHING, db, web) == []
    assert await graph.store.policies_at(EVERYTHING, db) == [
        PolicyUse(opened, False, (Action.PASS,), (PolicySide.INGRESS,))
    ]
    assert await graph.store.selected_by(EVERYTHING, opened) == [db, web]
    assert await graph.store.selected_by(EVERYTHING, shop) == [web]


async def test_traffic_to_oneself_has_both_ends_at_one_node(graph: Graph) -> None:
    closed = Hit(0, "security", "closed", "deny")
    flows = [
        Flow(dest=Flow().source, hits=(OPEN,)),
        Flow(dest=Flow().source, hits=(closed,), reporter="dst"),
        Flow(source=hep("node-1"), dest=hep("node-1"), hits=(OPEN,)),
    ]
    put(graph, *flows)
    await assert_policies(graph, flows, EVERYTHING)


async def test_staged_pending_and_transit_hits_decide_nothing(graph: Graph) -> None:
    hits = [
        Hit(0, "t", "staged", "deny", staged=True),
        Hit(0, "t", "pending", "deny", set="pending"),
        Hit(0, "t", "transit", "deny", set="transit"),
    ]
    flows = [Flow(hits=(hit,), mark=mark) for mark, hit in enumerate(hits)]
    flows.append(Flow(hits=(OPEN,), reporter="fwd"))
    put(graph, *flows)
    web, db = (ref(end) for end in oracle.ends_of(Flow()))
    assert await graph.store.policies_of(EVERYTHING, web, db) == []
    assert await graph.store.policies_at(EVERYTHING, web) == []
    for hit in (*hits, OPEN):
        policy = PolicyRef("east", hit.tier, "GlobalNetworkPolicy", None, hit.name)
        assert await graph.store.selected_by(EVERYTHING, policy) == []


async def test_what_is_known_is_not_told_twice(graph: Graph) -> None:
    flows = [with_hits(Flow(mark=mark, port=80 + mark % 3), Random(mark)) for mark in range(20)]
    put(graph, *flows)
    before = await graph.store.policies_of(EVERYTHING, *(ref(end) for end in oracle.ends_of(Flow())))
    put(graph, *(replace(flow, mark=flow.mark + 100) for flow in flows))
    assert before
    assert before == await graph.store.policies_of(EVERYTHING, *(ref(end) for end in oracle.ends_of(Flow())))
    await assert_policies(graph, flows, EVERYTHING)


async def test_what_is_rolled_back_decided_nothing(graph: Graph) -> None:
    kept = Flow(hits=(OPEN,))
    put(graph, kept)
    refused = batch([Flow(hits=(SHOP,), port=81), Flow(dest=net("pub"), hits=(SHOP,))])

    def fail() -> None:
        with graph.transaction() as transaction:
            graph.store.apply(transaction, "refused", refused.records, refused.traces)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    later = Flow(source=wep("pay", "api"), hits=(Hit(0, "other", "later", "allow"), OPEN))
    put(graph, later)
    await assert_policies(graph, [kept, later], EVERYTHING)
    shop = PolicyRef("east", "default", "CalicoNetworkPolicy", "shop", "shop")
    assert await graph.store.selected_by(EVERYTHING, shop) == []


async def test_what_is_not_there_has_no_policies(graph: Graph) -> None:
    nowhere = ref(("WORKLOAD", "east", "nowhere", "x"))
    assert await graph.store.policies_of(EVERYTHING, nowhere, nowhere) == []
    assert await graph.store.policies_at(EVERYTHING, nowhere) == []
    assert await graph.store.selected_by(EVERYTHING, PolicyRef("east", "t", "k", None, "n")) == []
