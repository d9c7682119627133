"""Which policies decided what, learnt from the enforced hits of a batch's traces, kept as packed integers.

A decision is (policy, flow key, what was done); the flow key tells the edge. Not thread-safe; its owner
serialises.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.flows import Reporter
from tapetum.domain.policies import ACTIONS, END_OF_TIER_BIT, INGRESS_BIT, PolicyRef
from tapetum.domain.policy_trace import PolicySet
from tapetum.domain.traffic import Mask
from tapetum.graphstore.registry import Keys, KeySet, sorted_once
from tapetum.graphstore.rows import Ints, distinct

_NAME = ("tier", "kind", "namespace", "name")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MOST_PAIRS = 4_000_000
"""Above it, at 32 MB, pairs are forgotten: they only save work."""


def no_keys() -> Keys:
    return np.empty(0, np.uint64)


def _no_codes() -> Ints:
    return np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a batch adds: policies under the next codes, packed decisions, flow keys with their new traces."""

    policies: tuple[PolicyRef, ...] = ()
    decisions: Keys = field(default_factory=no_keys)
    keys: Ints = field(default_factory=_no_codes)
    traces: Keys = field(default_factory=no_keys)


NOTHING = Decided()


@dataclass(frozen=True, slots=True)
class Columns:
    """Decisions unpacked: codes of policies, of flow keys, and of domain.policies.Decision."""

    policy: Ints
    key: Ints
    decision: Ints

    def rows(self) -> Iterable[tuple[int, int, int]]:
        return zip(self.policy.tolist(), self.key.tolist(), self.decision.tolist(), strict=True)


def pack(policy: Ints, key: Ints, decision: Ints) -> Keys:
    """Flow key codes have 32 bits, those of decisions 4, which leaves 28 for policies."""
    return (policy << 36 | key << 4 | decision).astype(np.uint64)


def unpack(decisions: Keys) -> Columns:
    packed = decisions.astype(np.int64)
    return Columns(packed >> 36, packed >> 4 & 0xFFFFFFFF, packed & 15)


class Decisions:
    def __init__(self) -> None:
        self.policies: list[PolicyRef] = []
        self.code_of_policy: dict[PolicyRef, int] = {}
        self.places = KeySet()  # where policies apply, for engines that keep it beside the decisions
        self._known = KeySet()
        self._last = np.zeros(1024, np.uint64)  # the trace that a flow key had last
        self._pairs = KeySet()  # of flow key and trace, where a key has had several

    @property
    def known(self) -> Keys:
        """All of them, packed; not to be changed."""
        return self._known.keys

    def work_out(self, fresh: pa.Table, traces: pa.Table, codes: Ints) -> Decided:
        """What records (trace, reporter, cluster) with flow keys of these codes add."""
        if not (fresh.num_rows and traces.num_rows):
            return NOTHING
        trace = fresh.column("trace").to_numpy()
        rows = np.flatnonzero(self._unread(codes, trace))
        if not len(rows):
            return NOTHING
        told = fresh.select(["cluster", "reporter"]).take(pa.array(rows))
        codes, trace = codes[rows], trace[rows]
        return Decided(*self._read(told, trace, codes, traces), codes, trace)

    def follow(self, decided: Decided) -> None:
        """Enter what was committed."""
        if decided is NOTHING:
            return
        self.enter(decided.policies)
        self._known.add(decided.decisions)
        if not len(decided.keys):
            return
        size = int(decided.keys.max()) + 1
        if size > len(self._last):
            self._last = np.concatenate([self._last, np.zeros(size, np.uint64)])
        held = self._last[decided.keys]
        if len(self._pairs) > _MOST_PAIRS:
            self._pairs = KeySet()
        several = (held != 0) & (held != decided.traces)
        self._pairs.add(_paired(decided.keys[several], held[several]))
        self._last[decided.keys] = decided.traces

    def _unread(self, codes: Ints, trace: Keys) -> Mask:
        """Which traces the flow keys were not seen with; mostly it is the one that they had last."""
        inside = np.minimum(codes, len(self._last) - 1)
        unread = (self._last[inside] != trace) | (codes != inside)
        if len(self._pairs):
            unread[unread] = self._pairs.missing(_paired(codes[unread], trace[unread]))
        return unread

    def enter(self, policies: Iterable[PolicyRef]) -> None:
        """Policies in order of their codes, but for those that are there already."""
        for policy in policies:
            if policy not in self.code_of_policy:
                self.code_of_policy[policy] = len(self.policies)
                self.policies.append(policy)

    def _read(
        self, told: pa.Table, trace: Keys, codes: Ints, traces: pa.Table
    ) -> tuple[tuple[PolicyRef, ...], Keys]:
        hits = _enforced(traces)
        side = _places(told.column("reporter"), pa.array([Reporter.SRC, Reporter.DST], pa.string()))
        at = _places(pa.array(trace), traces.column("trace").combine_chunks())
        kept = np.flatnonzero((side >= 0) & (at >= 0))  # transit is applied at neither end
        row, hit = _expanded(kept, at[kept], hits.parent)
        if not len(row):
            return (), no_keys()
        cluster = told.column("cluster").combine_chunks().dictionary_encode()
        kind = cluster.indices.to_numpy().astype(np.int64)[row] * len(hits.names) + hits.name[hit]
        named = np.zeros(len(cluster.dictionary) * len(hits.names), np.bool_)
        named[kind] = True
        policy = np.empty(len(named), np.int64)
        fresh: dict[PolicyRef, int] = {}
        for place in np.flatnonzero(named).tolist():
            where, name = divmod(place, len(hits.names))
            ref = PolicyRef(cluster.dictionary[where].as_py(), *hits.names[name])
            known = self.code_of_policy.get(ref)
            if known is None:
                known = fresh.setdefault(ref, len(self.policies) + len(fresh))
            policy[place] = known
        decision = hits.done[hit] | side[row] * INGRESS_BIT
        found = sorted_once(pack(policy[kind], codes[row], decision))
        return tuple(fresh), found[self._known.missing(found)]


@dataclass(frozen=True, slots=True)
class _Hits:
    """By place of their trace, ascending. `name` is a place in `names`, `done` a Decision without side."""

    parent: Ints
    name: Ints
    done: Ints
    names: list[tuple[str, str, str | None, str]]


def _paired(codes: Ints, trace: Keys) -> Keys:
    return trace * _ODD + codes.astype(np.uint64)  # traces are hashes already


def _enforced(traces: pa.Table) -> _Hits:
    lists = traces.column("policy_hits").combine_chunks()
    hits = pa.Table.from_struct_array(lists.flatten())
    action = _places(hits.column("action"), pa.array(ACTIONS, pa.string()))
    counts = pc.equal(hits.column("set"), PolicySet.ENFORCED).fill_null(False).to_numpy()
    counts = counts & ~hits.column("staged").fill_null(False).to_numpy() & (action >= 0)
    ended = hits.column("end_of_tier").fill_null(False).to_numpy()
    done = action | ended * END_OF_TIER_BIT
    kept = np.flatnonzero(counts)
    named = hits.select(list(_NAME)).take(pa.array(kept))
    first, name = distinct(named.columns)
    told = zip(*(column.to_pylist() for column in named.take(pa.array(first)).columns), strict=True)
    return _Hits(
        parent=pc.list_parent_indices(lists).to_numpy()[kept].astype(np.int64),
        name=name,
        done=done[kept],
        names=[(tier or "", kind or "", space or None, name or "") for tier, kind, space, name in told],
    )


def _expanded(rows: Ints, at: Ints, parent: Ints) -> tuple[Ints, Ints]:
    """Each row beside each hit of its trace; `parent` is ascending."""
    starts = np.searchsorted(parent, at)
    counts = np.searchsorted(parent, at, "right") - starts
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(rows, counts), np.repeat(starts, counts) + offsets


def _places(values: pa.Array | pa.ChunkedArray, among: pa.Array) -> Ints:
    """Of each value in a list; -1 where it is not there."""
    return pc.index_in(values, value_set=among).fill_null(-1).to_numpy().astype(np.int64)
