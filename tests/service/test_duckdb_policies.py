"""A data directory of an earlier version opens with the policies that its records name."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.scope import EVERYTHING
from tapetum.service.embedded import Embedded, open_embedded
from tests.contract.graphs import a_flow, ref
from tests.support import oracle, policies
from tests.support.factory import Flow, batch
from tests.support.stores import Clock

FLOWS = oracle.distinct(policies.with_hits(a_flow(Random(place)), Random(place)) for place in range(120))


def opened(directory: Path) -> Embedded:
    return open_embedded(directory, clock=Clock(), memory_limit="1GB", threads=1)


def nodes(flows: list[Flow]) -> list[NodeRef]:
    return [ref(node) for node in sorted({end for flow in flows for end in oracle.ends_of(flow)}, key=str)]


def answers(store: Embedded) -> list[Any]:
    async def ask() -> list[Any]:
        return [await store.graph.policies_at(EVERYTHING, node) for node in nodes(FLOWS)]

    return asyncio.run(ask())


def as_before(store: Embedded) -> None:
    """Without the tables, as an earlier version left them."""
    with store.engine.transaction() as tx:
        tx.connection.execute("DROP TABLE policies; DROP TABLE policy_decisions")
    store.close()


def test_policies_are_learnt_from_what_is_stored(tmp_path: Path) -> None:
    store = opened(tmp_path)
    for place in range(0, 120, 40):
        store.commit(batch(FLOWS[place : place + 40]))
    expected = answers(store)
    assert sum(map(bool, expected)) > 5
    as_before(store)
    for _ in range(2):  # the second time they are there
        store = opened(tmp_path)
        assert answers(store) == expected
        store.close()
    store = opened(tmp_path)
    late = Flow(source=FLOWS[0].source, mark=99, hits=(FLOWS[0].hits or FLOWS[1].hits or FLOWS[2].hits))
    store.commit(batch([late]))
    for node in nodes([late]):
        told = asyncio.run(store.graph.policies_at(EVERYTHING, node))
        named = {(use.policy.tier, use.policy.name, use.end_of_tier) for use in told}
        at = (node.kind.value, node.cluster, node.namespace, node.name)
        uses = policies.uses([*FLOWS, late], {at})
        assert named == {(policy[1], policy[4], end_of_tier) for policy, end_of_tier, _, _ in uses}
    store.close()


def test_a_directory_without_policies_learns_none(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.commit(batch([Flow()]))
    as_before(store)
    store = opened(tmp_path)
    assert store.graph.policies == 0
    assert answers(store) == [[] for _ in nodes(FLOWS)]
    store.close()
