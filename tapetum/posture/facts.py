"""What flow records show of workloads: sets of nodes, so that the facts of parts of a range add up."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.flows import Reporter
from tapetum.domain.networks import PUBLIC
from tapetum.domain.service_graph import EdgeReports
from tapetum.domain.traffic import RECORDS, Codes, Mask
from tapetum.posture.components import CLEARTEXT_PORTS, EXTERNAL

_WITH_PORTS = frozenset({"tcp", "udp", "sctp", "6", "17", "132"})
_PORTS = frozenset(CLEARTEXT_PORTS)
Nodes = frozenset[NodeRef]


@dataclass(frozen=True, slots=True)
class Reports:
    """The same records' words, chosen by what their traces hold.

    `unpoliced`: no policy selects the reporting end. `untraced`: nothing tells which do. `staged`: allowed,
    and what is staged would deny it.
    """

    every: EdgeReports
    unpoliced: EdgeReports
    untraced: EdgeReports
    staged: EdgeReports


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

    def __or__(self, other: "Facts") -> "Facts":
        return Facts(*(getattr(self, each.name) | getattr(other, each.name) for each in fields(self)))

    @property
    def workloads(self) -> Nodes:
        return self.sources | self.targets


def facts_of(reports: Reports) -> Facts:
    every = reports.every
    left, entered = _allowed(every, Reporter.SRC), _allowed(every, Reporter.DST)
    refused = _said(every, Reporter.SRC, denied=True), _said(every, Reporter.DST, denied=True)
    pairs = list(zip(every.protocol, every.port, strict=True))
    clear = np.array([port in _PORTS for _, port in pairs], np.bool_)
    portless = np.array([port is None and protocol in _WITH_PORTS for protocol, port in pairs], np.bool_)
    return Facts(
        sources=_workloads(every, every.source, left | refused[0]),
        targets=_workloads(every, every.target, entered | refused[1]),
        unpoliced_egress=_leaving(reports.unpoliced),
        untraced_egress=_leaving(reports.untraced),
        exposed=_workloads(every, every.target, entered & _public(every)[every.source]),
        cleartext=_both(every, left & clear, entered & clear),
        portless=_both(every, left & portless, entered & portless),
        denied=_workloads(every, every.source, refused[0] | refused[1]),
        staged=_both(
            reports.staged, _allowed(reports.staged, Reporter.SRC), _allowed(reports.staged, Reporter.DST)
        ),
    )


def _leaving(said: EdgeReports) -> Nodes:
    outside = _public(said) | _of(said, (node.kind in EXTERNAL for node in said.nodes))
    return _workloads(said, said.source, _allowed(said, Reporter.SRC) & outside[said.target])


def _both(said: EdgeReports, left: Mask, entered: Mask) -> Nodes:
    """Each end by its own word."""
    return _workloads(said, said.source, left) | _workloads(said, said.target, entered)


def _allowed(said: EdgeReports, reporter: Reporter) -> Mask:
    return _said(said, reporter, denied=False)


def _said(said: EdgeReports, reporter: Reporter, *, denied: bool) -> Mask:
    return said.said[reporter, denied].counts[:, RECORDS] > 0


def _public(said: EdgeReports) -> Mask:
    return _of(said, (node.kind is NodeKind.NETWORK and node.name == PUBLIC for node in said.nodes))


def _of(said: EdgeReports, told: Iterable[bool]) -> Mask:
    return np.fromiter(told, np.bool_, len(said.nodes))


def _workloads(said: EdgeReports, ends: Codes, chosen: Mask) -> Nodes:
    nodes = (said.nodes[code] for code in np.unique(ends[chosen]).tolist())
    return frozenset(node for node in nodes if node.kind is NodeKind.WORKLOAD)
