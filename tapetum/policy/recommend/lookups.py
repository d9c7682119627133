"""Names of addresses outside, as their clients had asked DNS for them, for flows that name none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.recommend.observed import Observed
from tapetum.policy.state import LoggedEnd


@dataclass(frozen=True, slots=True)
class Lookup:
    """A client, as flows name it, was told that a name has an address."""

    namespace: str | None
    aggregate: str | None
    name: str
    address: str


def nameless(observed: Observed) -> list[str]:
    """Addresses outside whose flows' sources tell no name, each once, in order."""
    recorded = observed.recorded
    ends = (recorded.ends[end] for end in np.unique(recorded.destination[observed.by_source]).tolist())
    return sorted({end.address for end in ends if _nameless(end) and end.address})


def named(observed: Observed, lookups: Iterable[Lookup]) -> Observed:
    """With all the names that the source itself had asked for, where its flows tell none."""
    names: dict[tuple[str | None, str | None, str], set[str]] = defaultdict(set)
    for each in lookups:
        names[each.namespace, each.aggregate, each.address].add(each.name)
    recorded = observed.recorded
    ends = {end: place for place, end in enumerate(recorded.ends)}
    destination = recorded.destination.copy()
    for source, target, rows in _pairs(observed):
        client, end = recorded.ends[source], recorded.ends[target]
        found = _nameless(end) and names.get((client.namespace, client.aggregate, end.address or ""))
        if found:
            destination[rows] = ends.setdefault(replace(end, domains=tuple(sorted(found))), len(ends))
    return replace(observed, recorded=replace(recorded, ends=tuple(ends), destination=destination))


def _pairs(observed: Observed) -> Iterator[tuple[int, int, np.ndarray]]:
    """Source, destination and the rows of what sources reported."""
    rows = np.flatnonzero(observed.by_source)
    if not len(rows):
        return
    recorded = observed.recorded
    both = np.stack((recorded.source[rows], recorded.destination[rows]), axis=1)
    pairs, codes = np.unique(both, axis=0, return_inverse=True)
    order = np.argsort(codes.reshape(-1), kind="stable")
    cuts = np.searchsorted(codes.reshape(-1)[order], np.arange(1, len(pairs)))
    for (source, target), some in zip(pairs.tolist(), np.split(rows[order], cuts), strict=True):
        yield source, target, some


def _nameless(end: LoggedEnd) -> bool:
    return end.kind is EndpointKind.NETWORK and not end.domains and end.address is not None
