"""The graph in memory, whatever engine keeps it: topology, known flow keys, cached sums and what follows.

A cache that its adapter fills: flow keys in order of their codes, changes in order of their commits. Knows no
engine. Each method is safe from any thread; `lock` makes several of them one step.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.moments import HOUR, MINUTE
from tapetum.domain.scope import Scope
from tapetum.domain.traffic import Mask
from tapetum.graphstore import changes
from tapetum.graphstore.changes import Change, Ends
from tapetum.graphstore.decisions import Decided, Decisions
from tapetum.graphstore.folding import Sums
from tapetum.graphstore.key_columns import Coded, KeyColumns
from tapetum.graphstore.plans import Plans
from tapetum.graphstore.port import FirstDenied, GraphQuery
from tapetum.graphstore.registry import Codes, Keys, Registry
from tapetum.graphstore.rollups import Counts, Rollups
from tapetum.graphstore.topology import Topology, View
from tapetum.graphstore.traversal import Network

_KEPT = 8
"""Questions whose allowed edges are kept until the next commit; who follows paths asks again and again."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which edges carried allowed traffic, as of a topology and so many changes of the roll-ups."""

    plans: Plans
    changes: int
    edges: Mask


class GraphMemory:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.rollups = Rollups()
        self.topology = Topology()
        self._columns = KeyColumns()
        self.decisions = Decisions()
        self._registry = Registry()
        self._denied_pairs: set[tuple[int, int]] = set()
        self._plans = Plans(self.topology.view())
        self._network: Network | None = None
        self._allowed: dict[tuple[Scope, GraphQuery], Allowed] = {}

    @property
    def keys(self) -> int:
        """How many flow keys are known; their codes are all below."""
        return self.topology.keys

    def work_out(self, fresh: pa.Table, oldest_minute: int) -> tuple[Change, list[FirstDenied]]:
        """What new records change, and the pairs that they show denied for the first time."""
        with self.lock:
            change = changes.work_out(fresh, self._registry, self.keys, oldest_minute)
            return change, changes.first_denied(fresh, change, self._was_denied)

    def decided(self, fresh: pa.Table, traces: pa.Table, codes: Codes) -> Decided:
        """What records with flow keys of these codes tell about policies."""
        with self.lock:
            return self.decisions.work_out(fresh, traces, codes)

    def learn(self, decided: Decided) -> None:
        """Enter what was committed about policies."""
        with self.lock:
            self.decisions.follow(decided)

    def follow(self, change: Change, decided: Decided) -> None:
        """Enter what was committed."""
        with self.lock:
            self.enter(change.keys, change.ends)
            self.learn(decided)
            for unit, sums in ((MINUTE, change.minutes), (HOUR, change.hours)):
                self.rollups.follow(unit, sums.buckets, sums.codes, sums.counts)

    def enter(self, keys: pa.Table, ends: Ends | None = None) -> None:
        """Enter flow keys, but for those that are there already; `ends` are theirs where they are known."""
        with self.lock:
            fresh = pc.greater_equal(keys.column("code"), self.keys)
            if not pc.all(fresh).as_py():
                keys, ends = keys.filter(fresh), None
            if keys.num_rows:
                self._enter(keys, ends or changes.ends_of(keys))

    def forget(self) -> None:
        """Drop cached sums, after upkeep changed what they were loaded from."""
        with self.lock:
            self.rollups.forget()

    def plans(self) -> Plans:
        """The topology as it stands, with what follows from it."""
        with self.lock:
            view = self.topology.view()
            if self._plans.view is not view:
                self._plans = Plans(view)
            return self._plans

    def find(self, keys: Keys) -> Codes:
        """The code of each flow key; -1 for unknown ones."""
        with self.lock:
            return self._registry.find(keys)

    def coded(self, fields: Sequence[str]) -> tuple[Coded, ...]:
        """Columns of all known flow keys; those of any plans among them."""
        with self.lock:
            return self._columns.of(fields)

    def network(self, view: View) -> Network:
        """New flow keys mostly join edges that are there, so the network outlives its view."""
        with self.lock:
            if self._network is None or not self._network.fits(len(view.edge_source), len(view.nodes)):
                self._network = Network.build(view.edge_source, view.edge_target, len(view.nodes))
            return self._network

    def allowed(self, scope: Scope, query: GraphQuery) -> Allowed | None:
        """What was kept for the very same question, unless a commit came since."""
        with self.lock:
            kept = self._allowed.get((scope, query))
            current = kept and kept.plans.view is self.plans().view and kept.changes == self.rollups.changes
            return kept if current else None

    def keep_allowed(self, scope: Scope, query: GraphQuery, allowed: Allowed) -> None:
        with self.lock:
            if len(self._allowed) >= _KEPT:
                self._allowed.clear()
            self._allowed[scope, query] = allowed

    def _enter(self, keys: pa.Table, ends: Ends) -> None:
        nodes = np.array([self.topology.node(node) for node in ends.nodes], np.int64)
        source, target = nodes[ends.source], nodes[ends.target]
        self.topology.extend(
            keys.append_column("source", pa.array(source)).append_column("target", pa.array(target))
        )
        codes = keys.column("code").cast(pa.int64()).to_numpy()
        self._columns.extend(codes, keys)
        self._registry.add(keys.column("flow_key").to_numpy(), codes)
        denied = pc.equal(keys.column("action"), "deny").to_numpy()
        self._denied_pairs.update(zip(source[denied].tolist(), target[denied].tolist(), strict=True))

    def _was_denied(self, source: NodeRef, target: NodeRef) -> bool:
        known = self.topology.code_of_node
        return source in known and target in known and (known[source], known[target]) in self._denied_pairs


def visible_rows(plans: Plans, scope: Scope, codes: Codes, counts: Codes) -> Sums:
    """Sums of known flow keys (code -1: unknown) that a scope sees."""
    keep = codes >= 0
    keep[keep] = plans.visible(scope)[codes[keep]]
    return Sums(codes[keep], counts[keep])


def add(total: Counts, codes: Codes, counts: Codes) -> None:
    """Add sums of flow keys, some of them several times or unknown (code -1), to those of all."""
    known = (codes >= 0) & (codes < len(total))
    np.add.at(total, codes[known], counts[known])
