"""What was learnt: who talked to whom on which port, from both ends' reports, none counted twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tapetum.policy.recommend.observed import Observed
from tapetum.policy.recommend.options import Options
from tapetum.policy.recommend.parties import Party, party_of
from tapetum.policy.recommend.workloads import Workloads
from tapetum.policy.replay.truths import Ints
from tapetum.policy.rules import ServiceRef


@dataclass(frozen=True, slots=True)
class Evidence:
    """`rows` are those of the observation that it rests on; times are microseconds since 1970."""

    rows: tuple[int, ...]
    connections: int
    records: int
    bytes: int
    first_seen: int
    last_seen: int
    days: frozenset[int]
    one_sided: bool = False

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(
            (*self.rows, *other.rows),
            self.connections + other.connections,
            self.records + other.records,
            self.bytes + other.bytes,
            min(self.first_seen, other.first_seen),
            max(self.last_seen, other.last_seen),
            self.days | other.days,
            self.one_sided or other.one_sided,
        )


@dataclass(frozen=True, slots=True)
class Edge:
    source: Party
    destination: Party
    protocol: str | None
    port: int | None
    evidence: Evidence


class Why(StrEnum):
    UNWANTED = "marked as unwanted"
    ALERT = "shown by an alert"
    FEW_CONNECTIONS = "too few connections"
    FEW_DAYS = "seen on too few days"
    UNNAMED = "an end that a policy cannot name"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Allowed, and yet not learnt. None: an end of which nothing is told."""

    source: Party | None
    destination: Party | None
    protocol: str | None
    port: int | None
    evidence: Evidence
    why: Why


@dataclass(frozen=True, slots=True)
class Learnt:
    edges: tuple[Edge, ...]
    left_out: tuple[LeftOut, ...]


def learn(observed: Observed, workloads: Workloads, options: Options) -> Learnt:
    """Denied connections teach nothing, not even their source's word that it let them go."""
    edges: list[Edge] = []
    days = observed.days
    left_out: list[LeftOut] = []
    for (source, destination, protocol, port), rows in _by_edge(observed, workloads, options).items():
        allowed, told = observed.allowed[rows], observed.by_destination[rows]
        arrived, refused = rows[told & allowed], bool(np.any(told & ~allowed))
        sent = rows[~told & allowed]
        if not len(arrived) and (refused or not len(sent)):
            continue
        evidence = _evidence(observed, days, arrived if len(arrived) else sent, rows[allowed])
        why = _marked(observed, rows) or _too_little(evidence, options)
        if source is None or destination is None:
            left_out.append(LeftOut(source, destination, protocol, port, evidence, Why.UNNAMED))
        elif why is not None:
            left_out.append(LeftOut(source, destination, protocol, port, evidence, why))
        else:
            edges.append(Edge(source, destination, protocol, port, evidence))
    return Learnt(tuple(edges), tuple(left_out))


def _marked(observed: Observed, rows: Ints) -> Why | None:
    if observed.unwanted[rows].any():
        return Why.UNWANTED
    return Why.ALERT if observed.alerted[rows].any() else None


def _too_little(evidence: Evidence, options: Options) -> Why | None:
    if evidence.connections < options.min_connections:
        return Why.FEW_CONNECTIONS
    return Why.FEW_DAYS if len(evidence.days) < options.min_days else None


_Key = tuple[Party | None, Party | None, str | None, int | None]


def _by_edge(observed: Observed, workloads: Workloads, options: Options) -> Mapping[_Key, Ints]:
    """Rows of each edge, forwarders' left out. Ends become parties once for each that differs."""
    recorded = observed.recorded
    rows = np.flatnonzero(observed.by_source | observed.by_destination)
    triples = np.stack((recorded.source[rows], recorded.destination[rows], recorded.kind[rows]), axis=1)
    distinct, codes = np.unique(triples, axis=0, return_inverse=True)
    sources = [party_of(end, workloads, None, options.style) for end in recorded.ends]
    targets: dict[tuple[int, ServiceRef | None], Party | None] = {}
    keys: dict[_Key, list[int]] = {}
    for place, (source, destination, kind) in enumerate(distinct.tolist()):
        traffic = recorded.traffic[kind]
        end = destination, traffic.service
        if end not in targets:
            targets[end] = party_of(recorded.ends[destination], workloads, traffic.service, options.style)
        key = sources[source], targets[end], traffic.protocol, traffic.port
        keys.setdefault(key, []).append(place)
    order = np.argsort(codes.reshape(-1), kind="stable")
    bounds = np.searchsorted(codes.reshape(-1)[order], np.arange(len(distinct) + 1))
    return {
        key: np.sort(np.concatenate([rows[order[bounds[each] : bounds[each + 1]]] for each in places]))
        for key, places in keys.items()
    }


def _evidence(observed: Observed, every: tuple[Ints, Ints], counted: Ints, rows: Ints) -> Evidence:
    """Volumes are the destination's where it reported, else the source's."""
    first, last = every
    days = {
        day
        for one, other in zip(first[rows].tolist(), last[rows].tolist(), strict=True)
        for day in (one, other)
    }
    return Evidence(
        tuple(rows.tolist()),
        int(observed.connections[counted].sum()),
        int(observed.records[counted].sum()),
        int(observed.bytes[counted].sum()),
        int(observed.first_seen[rows].min()),
        int(observed.last_seen[rows].max()),
        frozenset(days),
        one_sided=len(np.unique(observed.by_source[rows])) == 1,
    )
