"""What flow records show of workloads: sets of nodes, so that the facts of parts of a range add up."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import Reporter
from tapetum.domain.networks import PUBLIC
from tapetum.domain.service_graph import EdgeReports
from tapetum.domain.traffic import Codes, Mask
from tapetum.posture.components import CLEARTEXT_PORTS, EXTERNAL

_WITH_PORTS = frozenset({"tcp", "udp", "sctp", "6", "17", "132"})
_PORTS = frozenset(CLEARTEXT_PORTS)
Nodes = frozenset[NodeRef]
FlowKeys = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Keys:
    """The flow keys of a range's records, and of those among them that their traces choose.

    `unpoliced`: no policy selects the reporting end. `untraced`: nothing tells which do. `staged`: allowed,
    and what is staged would deny it. `addressed`: let in from a network set's public address. `unaddressed`:
    let in from a network set, and no address tells from where. `inward`: to a network set's private address.
    """

    every: FlowKeys
    unpoliced: FlowKeys
    untraced: FlowKeys
    staged: FlowKeys
    addressed: FlowKeys
    unaddressed: FlowKeys
    inward: FlowKeys


@dataclass(frozen=True, slots=True)
class Facts:
    """Each a set of workloads. `sources` and `targets` are those that reported as such."""

    sources: Nodes = frozenset()
    targets: Nodes = frozenset()
    unpoliced_egress: Nodes = frozenset()
    untraced_egress: Nodes = frozenset()
    exposed: Nodes = frozenset()
    cleartext: Nodes = frozenset()
    portless: Nodes = frozenset()
    denied: Nodes = frozenset()
    staged: Nodes = frozenset()
    unaddressed: Nodes = frozenset()
    untraced: Nodes = frozenset()

    def __or__(self, other: "Facts") -> "Facts":
        return Facts(*(getattr(self, each.name) | getattr(other, each.name) for each in fields(self)))

    @property
    def workloads(self) -> Nodes:
        return self.sources | self.targets


class Sightings:
    """What flow keys stand for, read once for all the ranges that have some of them."""

    def __init__(self, said: EdgeReports) -> None:
        ports = np.array([port in _PORTS for port in said.port], np.bool_)
        portless = np.array(
            [
                port is None and protocol in _WITH_PORTS
                for protocol, port in zip(said.protocol, said.port, strict=True)
            ],
            np.bool_,
        )
        edge = said.key_edge
        self._nodes = said.nodes
        self._keys = said.keys
        self._source, self._target = said.source[edge], said.target[edge]
        self._clear, self._portless = ports[edge], portless[edge]
        self._by_source, self._by_target = (
            said.key_reporter == list(Reporter).index(each) for each in (Reporter.SRC, Reporter.DST)
        )
        self._denied = said.key_denied
        public = self._of(node.kind is NodeKind.NETWORK and node.name == PUBLIC for node in said.nodes)
        named = self._of(node.kind in EXTERNAL for node in said.nodes)
        outside = public | named
        self._from_public, self._from_named = public[self._source], named[self._source]
        self._leaving = outside[self._target] & self._by_source & ~self._denied
        self._workload = self._of(node.kind is NodeKind.WORKLOAD for node in said.nodes)

    def facts(self, keys: Keys) -> Facts:
        every, staged = self._among(keys.every), self._among(keys.staged)
        allowed = every & ~self._denied
        entering = allowed & self._by_target
        leaving = self._leaving & ~self._among(keys.inward)
        addressed = self._from_public | (self._from_named & self._among(keys.addressed))
        unaddressed = self._from_named & self._among(keys.unaddressed)
        return Facts(
            sources=self._workloads(self._source, every & self._by_source),
            targets=self._workloads(self._target, every & self._by_target),
            unpoliced_egress=self._workloads(self._source, self._among(keys.unpoliced) & leaving),
            untraced_egress=self._workloads(self._source, self._among(keys.untraced) & leaving),
            exposed=self._workloads(self._target, entering & addressed),
            cleartext=self._both(allowed & self._clear),
            portless=self._both(allowed & self._portless),
            denied=self._workloads(self._source, every & self._denied & (self._by_source | self._by_target)),
            staged=self._both(staged & ~self._denied),
            unaddressed=self._workloads(self._target, entering & unaddressed),
            untraced=self._both(allowed & self._among(keys.untraced)),
        )

    def _both(self, chosen: Mask) -> Nodes:
        """Each end by its own word."""
        return self._workloads(self._source, chosen & self._by_source) | self._workloads(
            self._target, chosen & self._by_target
        )

    def _among(self, keys: FlowKeys) -> Mask:
        return np.isin(self._keys, keys)

    def _workloads(self, ends: Codes, chosen: Mask) -> Nodes:
        codes = np.unique(ends[chosen])
        return frozenset(self._nodes[code] for code in codes[self._workload[codes]].tolist())

    def _of(self, told: Iterable[bool]) -> Mask:
        return np.fromiter(told, np.bool_, len(self._nodes))
