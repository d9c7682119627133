"""Whatever happens to a store in whatever order: memory, a fresh load and the oracle say the same."""

import asyncio
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import ServiceGraph, Shape
from tapetum.graphstore.duckdb import DuckDBGraphStore
from tapetum.service import duckdb_upkeep
from tapetum.service.embedded import Embedded
from tests.contract.graphs import WORKLOADS, a_flow, assert_graph, edges, query, some_ranges
from tests.support import oracle
from tests.support.factory import HOUR, MINUTE, NOW, Bad, Flow, batch
from tests.support.stores import Clock, store

WHOLE = TimeRange(NOW - 60 * HOUR, NOW + 10 * HOUR)


class Store(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.data = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.stack = ExitStack()
        self.embedded: Embedded = self.stack.enter_context(store(self.data, self.clock))
        self.sent: list[list[Flow | Bad]] = []
        self.stored: list[Flow] = []
        self.received: dict[str, int] = {}

    @rule(seed=st.integers(0, 2**32), count=st.integers(0, 15))
    def commit(self, seed: int, count: int) -> None:
        lines: list[Flow | Bad] = [a_flow(Random(f"{seed}/{place}"), 3) for place in range(count)]
        self._send([*lines, Bad(b"x")] if seed % 3 == 0 else lines)

    @rule(chance=st.randoms(use_true_random=False))
    def commit_again(self, chance: Random) -> None:
        """A batch that is known, or its records in another one."""
        if self.sent:
            lines = chance.choice(self.sent)
            self._send(lines if chance.random() < 0.5 else [*lines[len(lines) // 2 :], *lines[:2]])

    def _send(self, lines: list[Flow | Bad]) -> None:
        self.sent.append(lines)
        receipt = self.embedded.commit(batch(lines, received_at=self.clock.now))
        known = {flow.id for flow in self.stored}
        fresh = [flow for flow in lines if isinstance(flow, Flow) and flow.id not in known]
        fresh = oracle.distinct(fresh)
        # A batch that is known brings nothing, not even what retention removed of it since.
        if receipt.accepted or receipt.duplicates < receipt.lines:
            assert receipt.accepted == len(fresh)
            self.stored += fresh
            self.received |= dict.fromkeys((flow.id for flow in fresh), self.clock.now)

    @rule(minutes=st.sampled_from([1, 59, 61, 7 * 60]))
    def wait(self, minutes: int) -> None:
        self.clock.now = min(self.clock.now + minutes * MINUTE, NOW + 9 * HOUR)

    @rule()
    def fold(self) -> None:
        duckdb_upkeep.fold(self.embedded.engine, self.clock.now)

    @rule(hours=st.sampled_from([6, 24, 30]))
    def retain(self, hours: int) -> None:
        gone = duckdb_upkeep.retain(self.embedded.engine, hours * HOUR, self.clock.now)
        self.embedded.graph.forget()
        assert gone <= len(self.stored)
        old = expired(self.stored, self.received, hours, self.clock.now)
        assert gone == len(old)
        self.stored = [flow for flow in self.stored if flow.id not in old]

    @rule()
    def reopen(self) -> None:
        self.stack.close()
        self.embedded = self.stack.enter_context(store(self.data, self.clock))

    @rule(within=some_ranges(), shape=st.sampled_from([Shape(), WORKLOADS]))
    def ask(self, within: TimeRange, shape: Shape) -> None:
        told = self._graph(self.embedded.graph, within, shape)
        fresh = DuckDBGraphStore(self.embedded.engine, self.clock)
        again = self._graph(fresh, within, shape)
        assert edges(told) == edges(again)
        assert dict(zip(told.nodes, told.members, strict=True)) == dict(
            zip(again.nodes, again.members, strict=True)
        )
        whole = oracle.effective(within.start, within.end, self.clock.now)
        assert_graph(told, oracle.chosen(self.stored, *whole), shape)

    def _graph(self, graph: DuckDBGraphStore, within: TimeRange, shape: Shape) -> ServiceGraph:
        return asyncio.run(graph.service_graph(EVERYTHING, query(within), shape))

    @invariant()
    def stores_agree(self) -> None:
        assert self.embedded.engine.read_now(self.embedded.differences) == []
        told = self._graph(self.embedded.graph, WHOLE, Shape())
        assert_graph(told, self.stored, Shape())

    def teardown(self) -> None:
        self.stack.close()
        shutil.rmtree(self.data)


def expired(flows: list[Flow], received: dict[str, int], hours: int, now: int) -> set[str]:
    """Whole hours of a cluster older than the retention before its newest, with nothing arrived since."""
    gone: set[str] = set()
    for cluster in {flow.cluster for flow in flows}:
        inside = [flow for flow in flows if flow.cluster == cluster]
        newest = max(flow.at // HOUR for flow in inside)
        for hour in {flow.at // HOUR for flow in inside}:
            held = [flow.id for flow in inside if flow.at // HOUR == hour]
            arrived = max(received[one] for one in held)
            if hour < min(newest, now // HOUR) - hours and arrived < now - hours * HOUR:
                gone |= set(held)
    return gone


TestStore = pytest.mark.filterwarnings("error")(Store.TestCase)
TestStore.settings = settings(max_examples=6, stateful_step_count=12)
