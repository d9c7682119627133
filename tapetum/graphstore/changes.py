"""What a batch changes in a graph store, worked out before its commit and entered into memory after it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import NodeRef, node_of
from tapetum.domain.flows import FLOW_KEY
from tapetum.domain.moments import HOUR, MINUTE
from tapetum.graphstore.buckets import BucketSums, Ints, minute_sums
from tapetum.graphstore.port import FirstDenied
from tapetum.graphstore.registry import Registry
from tapetum.graphstore.rows import distinct

_ENDPOINTS = {
    "source": ("source_type", "source_namespace", "source_name_aggr", "source_network"),
    "target": ("dest_type", "dest_namespace", "dest_name_aggr", "dest_network", "dest_domain"),
}


@dataclass(frozen=True, slots=True)
class Ends:
    """The nodes at both ends of flow keys: `source` and `target` index `nodes`.

    Nodes come in the order in which the keys name them, so that entering keys batch by batch and all
    at once gives every node the same code: answers keep their order across a restart.
    """

    nodes: list[NodeRef]
    source: Ints
    target: Ints

    def pair(self, place: int) -> tuple[NodeRef, NodeRef]:
        return self.nodes[self.source[place]], self.nodes[self.target[place]]


@dataclass(frozen=True, slots=True)
class Change:
    """`keys` are the rows of new flow keys (code, flow_key, FLOW_KEY columns), `ends` their nodes; `codes`
    are those of each record's flow key.
    """

    keys: pa.Table
    ends: Ends
    codes: Ints
    minutes: BucketSums
    hours: BucketSums


def work_out(fresh: pa.Table, registry: Registry, next_code: int, oldest_minute: int) -> Change:
    """The change that new records make; new flow keys take the next free codes."""
    flow_key = fresh.column("flow_key").to_numpy()
    told, first, inverse = np.unique(flow_key, return_index=True, return_inverse=True)
    codes = registry.find(told)
    unknown = np.flatnonzero(codes < 0)
    codes[unknown] = np.arange(next_code, next_code + len(unknown))
    keys = fresh.select(["flow_key", *FLOW_KEY]).take(pa.array(first[unknown]))
    keys = keys.add_column(0, "code", pa.array(codes[unknown], pa.int32()))
    of_record = codes[inverse]
    minutes = minute_sums(fresh, of_record)
    return Change(
        keys, ends_of(keys), of_record, minutes.since(oldest_minute), minutes.coarser(HOUR // MINUTE)
    )


def ends_of(keys: pa.Table) -> Ends:
    sources, source_first, source = _nodes(keys, _ENDPOINTS["source"])
    targets, target_first, target = _nodes(keys, _ENDPOINTS["target"])
    named = np.argsort(np.concatenate([2 * source_first, 2 * target_first + 1]))
    rank = np.argsort(named)
    nodes = sources + targets
    return Ends([nodes[place] for place in named], rank[source], rank[target + len(sources)])


def _nodes(keys: pa.Table, columns: tuple[str, ...]) -> tuple[list[NodeRef], Ints, Ints]:
    """Nodes, one for each distinct row of the columns, their first rows, and which of them each row is."""
    naming = keys.select(["cluster", *columns])
    first, row = distinct(naming.columns)
    told = [column.to_pylist() for column in naming.take(pa.array(first)).columns]
    return [node_of(*names) for names in zip(*told, strict=True)], first, row


def first_denied(
    fresh: pa.Table, change: Change, denied_before: Callable[[NodeRef, NodeRef], bool]
) -> list[FirstDenied]:
    """Pairs of nodes denied for the first time ever, with the earliest record that shows it.

    Only new flow keys can show one: a pair that was never denied has no older one that is.
    """
    pairs: dict[int, tuple[NodeRef, NodeRef]] = {}
    flow_keys = change.keys.column("flow_key").to_pylist()
    for place in np.flatnonzero(pc.equal(change.keys.column("action"), "deny").to_numpy()).tolist():
        pair = change.ends.pair(place)
        if not denied_before(*pair):
            pairs[flow_keys[place]] = pair
    if not pairs:
        return []
    shown = fresh.filter(pc.is_in(fresh.column("flow_key"), value_set=pa.array(list(pairs), pa.uint64())))
    shown = shown.sort_by([("start_time", "ascending"), ("id", "ascending")])
    micros: npt.NDArray[np.int64] = shown.column("start_time").cast(pa.int64()).to_numpy()
    found: dict[tuple[NodeRef, NodeRef], FirstDenied] = {}
    names = ("flow_key", "proto", "dest_port", "reporter", "id", "trace")
    for place, row in enumerate(shown.select(list(names)).to_pylist()):
        pair = pairs[row["flow_key"]]
        if pair not in found:
            found[pair] = FirstDenied(
                source=pair[0],
                target=pair[1],
                protocol=row["proto"],
                port=row["dest_port"],
                reporter=row["reporter"],
                time=int(micros[place]),
                record_id=row["id"],
                trace=row["trace"],
            )
    return list(found.values())
