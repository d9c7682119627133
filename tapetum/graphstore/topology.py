"""The embedded graph's shape in memory: nodes, and for every flow key its edge, as flat arrays.

A cache: rebuilt from the flow_keys table at start, extended after each commit. Not thread-safe; the
store that owns it serialises changes and hands readers a frozen `View`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import Reporter
from tapetum.graphstore.registry import Registry

Ints = npt.NDArray[np.int64]
REPORTERS = tuple(reporter.value for reporter in Reporter)


@dataclass(frozen=True, slots=True)
class View:
    """Arrays over flow keys (by code), over edges and over nodes, as of one commit."""

    flow_key: npt.NDArray[np.uint64]
    edge: Ints
    reporter: npt.NDArray[np.int8]
    denied: npt.NDArray[np.bool_]
    known: npt.NDArray[np.uint8]
    estimated: npt.NDArray[np.bool_]
    service: Ints  # into `services`; 0 is none
    edge_source: Ints
    edge_target: Ints
    edge_proto: Ints  # into `protocols`
    edge_port: Ints  # -1: none
    node_fold: Ints  # the node that stands for it when namespaces are collapsed
    node_namespaced: npt.NDArray[np.bool_]
    node_workload: npt.NDArray[np.bool_]
    nodes: tuple[NodeRef, ...]
    protocols: tuple[str | None, ...]
    services: tuple[str | None, ...]
    code_of_node: dict[NodeRef, int]


class Words:
    """Dense codes for values of few distinct kinds."""

    def __init__(self, *first: str | None) -> None:
        self.values: list[str | None] = list(first)
        self._codes: dict[str | None, int] = {value: code for code, value in enumerate(first)}

    def find(self, value: str | None) -> int:
        """-1 where there is none yet."""
        return self._codes.get(value, -1)

    def code(self, value: str | None) -> int:
        found = self._codes.get(value)
        if found is None:
            found = self._codes[value] = len(self.values)
            self.values.append(value)
        return found


class Topology:
    def __init__(self) -> None:
        self.nodes: list[NodeRef] = []
        self.code_of_node: dict[NodeRef, int] = {}
        self._fold: list[int] = []
        self._protocols = Words(None)
        self._services = Words(None)
        self._pairs = Registry()  # of source and target
        self._uses = Registry()  # of protocol and port
        self._edges = Registry()  # of pair and use
        self._edge_columns = _Columns(4)
        self._key_columns = _Columns(6)
        self._flow_key = np.empty(0, np.uint64)
        self._view: View | None = None

    def node(self, node: NodeRef) -> int:
        """The code of a node, entered (with its namespace) if it is new."""
        code = self.code_of_node.get(node)
        if code is None:
            fold = node.folded
            fold_code = None if fold == node else self.node(fold)
            code = len(self.nodes)
            self.nodes.append(node)
            self.code_of_node[node] = code
            self._fold.append(code if fold_code is None else fold_code)
            self._view = None
        return code

    @property
    def keys(self) -> int:
        return len(self._flow_key)

    @property
    def edges(self) -> int:
        return len(self._edges)

    def find_edges(
        self, source: Ints, target: Ints, protocols: list[str | None], ports: list[int | None]
    ) -> Ints:
        """The code of each edge; -1 where it is not there."""
        protocol = np.array([self._protocols.find(name) for name in protocols], np.int64)
        port = np.array([-1 if number is None else number for number in ports], np.int64)
        pairs = self._pairs.find(_packed(source, target))
        uses = self._uses.find(_packed(protocol, port + 1))
        known = (protocol >= 0) & (pairs >= 0) & (uses >= 0)
        found = np.full(len(source), -1, np.int64)
        found[known] = self._edges.find(_packed(pairs[known], uses[known]))
        return found

    def ends(self, keys: Ints) -> tuple[Ints, Ints, Ints]:
        """Edge, source and target of flow keys, without making a view."""
        edge = self._key_columns.at(0, keys)
        return edge, self._edge_columns.at(0, edge), self._edge_columns.at(1, edge)

    def extend(self, rows: pa.Table) -> None:
        """Enter flow keys in code order: code, flow_key, source, target (node codes), reporter, action,
        proto, dest_port, dest_service_namespace, dest_service_name, known, sampling.
        """
        codes = _ints(rows, "code")
        if not len(codes):
            return
        protocols = self._word_codes(rows.column("proto"), self._protocols)
        services = self._word_codes(_service_names(rows), self._services)
        ports = _ints(rows, "dest_port", -1)
        source, target = _ints(rows, "source"), _ints(rows, "target")
        edges = self._enter_edges(source, target, protocols, ports)
        size = int(codes[-1]) + 1
        reporter = pc.index_in(rows.column("reporter"), pa.array(REPORTERS)).cast(pa.int64()).to_numpy()
        denied = pc.equal(rows.column("action"), "deny").cast(pa.int64()).to_numpy()
        estimated = (_ints(rows, "sampling", 0) > 1).astype(np.int64)
        self._key_columns.put(
            size, codes, np.stack([edges, reporter, denied, _ints(rows, "known", 0), estimated, services])
        )
        grown = np.zeros(size, np.uint64)
        grown[: len(self._flow_key)] = self._flow_key
        grown[codes] = rows.column("flow_key").to_numpy()
        self._flow_key = grown
        self._view = None

    def view(self) -> View:
        if self._view is None:
            edge, reporter, denied, known, estimated, service = self._key_columns.rows()
            source, target, proto, port = self._edge_columns.rows()
            self._view = View(
                flow_key=self._flow_key,
                edge=edge,
                reporter=reporter.astype(np.int8),
                denied=denied.astype(np.bool_),
                known=known.astype(np.uint8),
                estimated=estimated.astype(np.bool_),
                service=service,
                edge_source=source,
                edge_target=target,
                edge_proto=proto,
                edge_port=port,
                node_fold=np.array(self._fold, np.int64),
                node_namespaced=np.array([node.namespace is not None for node in self.nodes], np.bool_),
                node_workload=np.array([node.kind is NodeKind.WORKLOAD for node in self.nodes], np.bool_),
                nodes=tuple(self.nodes),
                protocols=tuple(self._protocols.values),
                services=tuple(self._services.values),
                code_of_node=dict(self.code_of_node),
            )
        return self._view

    def _enter_edges(self, source: Ints, target: Ints, protocols: Ints, ports: Ints) -> Ints:
        pairs = self._pairs.enter(_packed(source, target))
        uses = self._uses.enter(_packed(protocols, ports + 1))
        edges = self._edges.enter(_packed(pairs, uses))
        self._edge_columns.put(len(self._edges), edges, np.stack([source, target, protocols, ports]))
        return edges

    @staticmethod
    def _word_codes(column: pa.ChunkedArray, words: Words) -> Ints:
        encoded = column.combine_chunks().dictionary_encode()
        codes = np.array([words.code(value) for value in encoded.dictionary.to_pylist()] or [0], np.int64)
        indices = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return np.where(indices < 0, words.code(None), codes[np.maximum(indices, 0)])


class _Columns:
    """Growing columns of int64, grown by doubling."""

    def __init__(self, width: int) -> None:
        self._data = np.zeros((width, 1024), np.int64)
        self._size = 0

    def put(self, size: int, places: Ints, values: Ints) -> None:
        if size > self._data.shape[1]:
            grown = np.zeros((self._data.shape[0], max(size, 2 * self._data.shape[1])), np.int64)
            grown[:, : self._size] = self._data[:, : self._size]
            self._data = grown
        self._data[:, places] = values
        self._size = max(self._size, size)

    def at(self, column: int, places: Ints) -> Ints:
        return self._data[column, places]

    def rows(self) -> list[Ints]:
        return [row.copy() for row in self._data[:, : self._size]]


def _packed(high: Ints, low: Ints) -> npt.NDArray[np.uint64]:
    """Codes below 2^32 side by side."""
    return high.astype(np.uint64) << np.uint64(32) | low.astype(np.uint64)


def _ints(rows: pa.Table, name: str, missing: int = -1) -> Ints:
    return rows.column(name).cast(pa.int64()).fill_null(missing).to_numpy()


def _service_names(rows: pa.Table) -> pa.ChunkedArray:
    namespace, name = rows.column("dest_service_namespace"), rows.column("dest_service_name")
    placed = pc.binary_join_element_wise(namespace, name, "/")
    return pc.if_else(pc.equal(pc.fill_null(namespace, ""), ""), name, placed)
