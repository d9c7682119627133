"""What a batch changes in the embedded graph store, worked out before and entered after its commit."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import node_of
from tapetum.domain.flows import FLOW_KEY
from tapetum.domain.moments import HOUR, MINUTE
from tapetum.embedded.duckdb import Connection
from tapetum.graphstore.duckdb_tables import TABLE, BucketSums, Ints, minute_sums
from tapetum.graphstore.port import FirstDenied
from tapetum.graphstore.registry import Registry
from tapetum.graphstore.topology import Topology

_ENDPOINTS = {
    "source": ("source_type", "source_namespace", "source_name_aggr", "source_network"),
    "target": ("dest_type", "dest_namespace", "dest_name_aggr", "dest_network", "dest_domain"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """`keys` are the rows of new flow keys (code, flow_key, FLOW_KEY columns)."""

    keys: pa.Table
    minutes: BucketSums
    hours: BucketSums


def work_out(fresh: pa.Table, registry: Registry, next_code: int, oldest_minute: int) -> tuple[Change, Ints]:
    """The change that new records make, and each record's flow key code."""
    flow_key = fresh.column("flow_key").to_numpy()
    distinct, first, inverse = np.unique(flow_key, return_index=True, return_inverse=True)
    codes = registry.find(distinct)
    unknown = np.flatnonzero(codes < 0)
    codes[unknown] = np.arange(next_code, next_code + len(unknown))
    keys = fresh.select(["flow_key", *FLOW_KEY]).take(pa.array(first[unknown]))
    keys = keys.add_column(0, "code", pa.array(codes[unknown], pa.int32()))
    minutes = minute_sums(fresh, codes[inverse])
    return Change(keys, minutes.since(oldest_minute), minutes.coarser(HOUR // MINUTE)), codes[inverse]


def write(connection: Connection, change: Change) -> None:
    for table, rows in (
        ("flow_keys", change.keys),
        (TABLE[MINUTE], change.minutes.table()),
        (TABLE[HOUR], change.hours.table()),
    ):
        if rows.num_rows:
            connection.register("graph_rows", rows)
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM graph_rows")
            connection.unregister("graph_rows")


def with_nodes(topology: Topology, keys: pa.Table) -> pa.Table:
    """Add the node codes of both ends, entering nodes that are new."""
    for side, columns in _ENDPOINTS.items():
        keys = keys.append_column(side, pa.array(_node_codes(topology, keys, columns), pa.int64()))
    return keys


def _node_codes(topology: Topology, keys: pa.Table, columns: tuple[str, ...]) -> Ints:
    # Null and empty must stay apart, so nulls become a character that no name holds.
    texts = [keys.column(name).fill_null("\x00") for name in ("cluster", *columns)]
    joined = pc.binary_join_element_wise(*texts, "\x1f").combine_chunks().dictionary_encode()
    codes: list[int] = []
    for text in joined.dictionary.to_pylist():
        cluster, *rest = str(text).split("\x1f")
        codes.append(topology.node(node_of(cluster, *(None if part == "\x00" else part for part in rest))))
    return np.array(codes or [0], np.int64)[joined.indices.to_numpy()]


def first_denied(
    fresh: pa.Table, topology: Topology, keys: pa.Table, denied_before: set[tuple[int, int]]
) -> list[FirstDenied]:
    """Pairs of nodes denied for the first time ever, with the earliest record that shows it.

    `keys` are the new flow keys with their node codes: a pair that was never denied has no older key.
    """
    candidates = keys.filter(pc.equal(keys.column("action"), "deny"))
    pairs: dict[int, tuple[int, int]] = {}
    for flow_key, source, target in zip(
        candidates.column("flow_key").to_pylist(),
        candidates.column("source").to_pylist(),
        candidates.column("target").to_pylist(),
        strict=True,
    ):
        if (source, target) not in denied_before:
            pairs[flow_key] = (source, target)
    if not pairs:
        return []
    shown = fresh.filter(pc.is_in(fresh.column("flow_key"), value_set=pa.array(list(pairs), pa.uint64())))
    shown = shown.sort_by([("start_time", "ascending"), ("id", "ascending")])
    micros: npt.NDArray[np.int64] = shown.column("start_time").cast(pa.int64()).to_numpy()
    found: dict[tuple[int, int], FirstDenied] = {}
    names = ("flow_key", "proto", "dest_port", "reporter", "id", "trace")
    for place, row in enumerate(shown.select(list(names)).to_pylist()):
        pair = pairs[row["flow_key"]]
        if pair not in found:
            found[pair] = FirstDenied(
                source=topology.nodes[pair[0]],
                target=topology.nodes[pair[1]],
                protocol=row["proto"],
                port=row["dest_port"],
                reporter=row["reporter"],
                time=int(micros[place]),
                record_id=row["id"],
                trace=row["trace"],
            )
    return list(found.values())
