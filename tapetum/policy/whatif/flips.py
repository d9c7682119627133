"""Connections that change alike, by edge and port, with what was logged of them: no volume counts twice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import NodeRef, node_of
from tapetum.domain.flows import Reporter
from tapetum.domain.moments import Micros
from tapetum.domain.traffic import Mask, Rows, Traffic, TrafficMatrix, add_up, verdicts
from tapetum.policy.replay.truths import Ints
from tapetum.policy.whatif.changes import Change
from tapetum.policy.whatif.verdict_keys import KeyedConnections, places

_SOURCE = ("cluster", "source_type", "source_namespace", "source_name_aggr", "source_network")
_TARGET = ("cluster", "dest_type", "dest_namespace", "dest_name_aggr", "dest_network", "dest_domain")
_SHOWN = (Change.NEWLY_DENIED, Change.NEWLY_ALLOWED, Change.UNCERTAIN, Change.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Use:
    """What an edge is used for."""

    protocol: str | None
    port: int | None


@dataclass(frozen=True, slots=True)
class Reports:
    """By verdict key: what it says, of which edge and port; `allowed` and `denied` make up the traffic."""

    nodes: Sequence[NodeRef]
    uses: Sequence[Use]
    source: Ints
    target: Ints
    use: Ints
    rows: Rows
    allowed: Mask
    denied: Mask
    first_seen: Ints
    last_seen: Ints

    @staticmethod
    def of(table: pa.Table, keyed: KeyedConnections) -> "Reports":
        nodes: dict[NodeRef, int] = {}
        uses: dict[Use, int] = {}
        source, target = (places(_columns(table, names), node_of, nodes) for names in (_SOURCE, _TARGET))
        use = places(_columns(table, ("proto", "dest_port")), Use, uses)
        edge, _ = _dense(source, target, use)
        sampled, reporter, denied, first, last = _columns(
            table, ("sampling", "reporter", "action", "first_seen", "last_seen")
        )
        rows = Rows(
            edge,
            pc.index_in(reporter, pa.array(list(Reporter))).to_numpy().astype(np.int8),
            pc.equal(denied, "deny").to_numpy(zero_copy_only=False),
            keyed.counts,
            keyed.known,
            pc.greater(pc.fill_null(sampled, 0), 1).to_numpy(zero_copy_only=False),
        )
        seen = (each.cast(pa.int64()).to_numpy() for each in (first, last))
        counted = verdicts(rows, int(edge.max(initial=-1)) + 1)
        return Reports(tuple(nodes), tuple(uses), source, target, use, rows, *counted, *seen)

    def sum(self, chosen: Mask) -> Traffic:
        where = np.flatnonzero(chosen)
        return add_up(self.rows, where, np.zeros(len(where), np.int64), 1).row(0)


@dataclass(frozen=True, slots=True)
class Flip:
    """`row` is the verdict key with most records of the `keys` that are the same edge, port and change."""

    source: NodeRef
    target: NodeRef
    use: Use
    change: Change
    allowed: Traffic
    denied: Traffic
    first_seen: Micros
    last_seen: Micros
    keys: int
    row: int


@dataclass(frozen=True, slots=True)
class Flips:
    """Newly denied ones first, then newly allowed, uncertain and unchanged ones; busiest first among each."""

    reports: Reports
    row: Ints
    change: Ints
    allowed: TrafficMatrix
    denied: TrafficMatrix
    first_seen: Ints
    last_seen: Ints
    keys: Ints

    @staticmethod
    def of(reports: Reports, codes: Ints) -> "Flips":
        """`codes` are Changes, by row."""
        group, counted = np.full(len(codes), -1), np.flatnonzero(reports.allowed | reports.denied)
        dense, groups = _dense(reports.rows.edge[counted], codes[counted])
        group[counted] = dense
        records = reports.rows.counts[:, 0]
        order = counted[np.lexsort((-records[counted], dense))]
        busiest = order[np.r_[True, np.diff(group[order]) > 0]] if len(order) else order
        first, last = np.full(groups, np.iinfo(np.int64).max), np.zeros(groups, np.int64)
        np.minimum.at(first, dense, reports.first_seen[counted])
        np.maximum.at(last, dense, reports.last_seen[counted])
        allowed, denied = (
            add_up(reports.rows, where, group[where], groups)
            for where in map(np.flatnonzero, (reports.allowed, reports.denied))
        )
        rank = np.array([_SHOWN.index(each) for each in Change])[codes[busiest]]
        shown = np.lexsort((np.arange(groups), -(allowed.counts[:, 0] + denied.counts[:, 0]), rank))
        return Flips(
            reports,
            busiest[shown],
            codes[busiest][shown],
            allowed.take(shown),
            denied.take(shown),
            first[shown],
            last[shown],
            np.bincount(dense, minlength=groups)[shown],
        )

    def __len__(self) -> int:
        return len(self.row)

    def at(self, place: int) -> Flip:
        row, reports = int(self.row[place]), self.reports
        return Flip(
            reports.nodes[reports.source[row]],
            reports.nodes[reports.target[row]],
            reports.uses[reports.use[row]],
            Change(int(self.change[place])),
            self.allowed.row(place),
            self.denied.row(place),
            int(self.first_seen[place]),
            int(self.last_seen[place]),
            int(self.keys[place]),
            row,
        )


def _columns(table: pa.Table, names: Sequence[str]) -> list[pa.Array]:
    return [table.column(name).combine_chunks() for name in names]


def _dense(*columns: Ints) -> tuple[Ints, int]:
    """A code below the number of different rows for each."""
    if not len(columns[0]):
        return np.zeros(0, np.int64), 0
    codes = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _, codes = np.unique(codes * (int(column.max()) + 1) + column, return_inverse=True)
    return codes, int(codes.max()) + 1
