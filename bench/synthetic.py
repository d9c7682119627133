"""Stores of millions of flows, filled through `Embedded.commit` with columns made by numpy."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bench.stores import NOW, kept
from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.flows import RECORD, TRACE
from tapetum.domain.moments import DAY, MINUTE, SECOND
from tapetum.service.embedded import Embedded

CLUSTER = "bench"
_BATCH = 250_000
_DENIED = 0.03
_ALL_KNOWN = 0b11111
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Cluster:
    """Random pairs of workloads; each edge is reported by both ends where `both`."""

    workloads: int
    namespaces: int
    edges: int
    flows: int
    both: bool = True
    seed: int = 1
    days: int = 1
    """Before NOW, filled evenly."""
    local: bool = False
    """Whether workloads talk to their own namespace and a few next to it, or anyone to anyone."""

    @property
    def name(self) -> str:
        sizes = f"{self.workloads}-{self.namespaces}-{self.edges}-{self.flows}-{int(self.both)}"
        days, near = f"-{self.days}d" if self.days > 1 else "", "-local" if self.local else ""
        return f"v{_VERSION}-{sizes}{days}{near}"

    def workload(self, number: int) -> tuple[str, str]:
        """Its namespace and its name."""
        return f"team-{number % self.namespaces}", f"app-{number}-*"


@contextmanager
def opened(cluster: Cluster, cache: Path) -> Iterator[Embedded]:
    """The store of a cluster, built where the cache has none."""
    with kept(cache / cluster.name, lambda store: _fill(store, cluster)) as store:
        yield store


def _fill(store: Embedded, cluster: Cluster) -> None:
    for batch in batches(cluster):
        store.commit(batch)


def batches(cluster: Cluster, most: int = _BATCH) -> Iterator[Batch]:
    """Batches in order of time over the days before NOW, minute by minute, every key equally often."""
    dice = np.random.default_rng(cluster.seed)
    keys = _keys(cluster, dice)
    done = 0
    while done < cluster.flows:
        size = min(most, cluster.flows - done)
        place = np.arange(done, done + size)
        length = cluster.days * DAY
        starts = NOW - length + (place * (length // SECOND) // cluster.flows) * SECOND
        # A walk in steps of a number without a common factor visits every key before any twice.
        records = _records(keys, (place * 7_919) % keys.num_rows, starts, place, dice)
        yield Batch(
            id=f"batch-{done}",
            cluster=CLUSTER,
            kind=RecordKind.FLOWS,
            source="bench",
            received_at=NOW,
            lines=(b"{}",) * size,
            records=records,
            traces=TRACE.empty_table(),
            rejections=(),
        )
        done += size


def _anywhere(cluster: Cluster, dice: np.random.Generator) -> np.ndarray:
    """Distinct edges, each as source * workloads + destination."""
    return dice.choice(cluster.workloads**2, cluster.edges, replace=False)


def _near(cluster: Cluster, dice: np.random.Generator) -> np.ndarray:
    """As `_anywhere`, but two in three within a namespace, the rest goes to one of the next three."""
    size, wide = cluster.workloads, cluster.namespaces
    source = dice.integers(0, size, 2 * cluster.edges)
    step = dice.choice([0, 0, 0, 0, 0, 0, 1, 2, 3], len(source))
    row = dice.integers(0, -(-size // wide), len(source))
    pairs = np.unique(source * size + ((source + step) % wide + row * wide) % size)
    return dice.permutation(pairs)[: cluster.edges]


def _keys(cluster: Cluster, dice: np.random.Generator) -> pa.Table:
    """The columns that a flow's key decides."""
    pairs = (_near if cluster.local else _anywhere)(cluster, dice)
    ends = {"source": pairs // cluster.workloads, "dest": pairs % cluster.workloads}
    ports = dice.choice([80, 443, 5432, 6379, 8080, 9090], cluster.edges)
    denied = dice.random(cluster.edges) < _DENIED
    sides = ["src", "dst"] if cluster.both else ["src"]
    edge = np.repeat(np.arange(cluster.edges), len(sides))
    columns: dict[str, Any] = {
        "reporter": np.tile(np.array(sides), cluster.edges),
        "action": np.where(denied, "deny", "allow")[edge],
        "dest_port": ports[edge].astype(np.int64),
        "flow_key": dice.integers(1, 2**63, len(edge), np.uint64),
    }
    spaces, names = map(np.array, zip(*map(cluster.workload, range(cluster.workloads)), strict=True))
    for side, end in ends.items():
        columns[f"{side}_name_aggr"] = names[end][edge]
        columns[f"{side}_namespace"] = spaces[end][edge]
    columns["dest_service_name"] = names[ends["dest"]][edge]
    return pa.table(columns)


def _records(
    keys: pa.Table, chosen: np.ndarray, starts: np.ndarray, place: np.ndarray, dice: np.random.Generator
) -> pa.Table:
    size = len(chosen)
    drawn = keys.take(pa.array(chosen))
    columns: dict[str, Any] = {name: drawn.column(name).combine_chunks() for name in keys.column_names}
    constants = {"cluster": CLUSTER, "proto": "tcp", "source_type": "wep", "dest_type": "wep"}
    columns |= {name: pa.repeat(value, size) for name, value in constants.items()}
    columns |= {
        "id": pa.array(np.char.zfill(place.astype("U16"), 16)),
        "line_no": pa.array(np.arange(size, dtype=np.int32)),
        "start_time": pa.array(starts).cast(pa.timestamp("us")),
        "end_time": pa.array(starts + 5 * MINUTE).cast(pa.timestamp("us")),
        "known": pa.repeat(pa.scalar(_ALL_KNOWN, pa.uint8()), size),
        "trace": pa.repeat(pa.scalar(1, pa.uint64()), size),
        "num_flows_started": pa.array(dice.integers(1, 9, size)),
        **{name: pa.array(dice.integers(1, 1000, size)) for name in ("packets_in", "packets_out")},
        **{name: pa.array(dice.integers(64, 1 << 20, size)) for name in ("bytes_in", "bytes_out")},
    }
    return pa.table([columns.get(field.name, pa.nulls(size, field.type)) for field in RECORD], schema=RECORD)
