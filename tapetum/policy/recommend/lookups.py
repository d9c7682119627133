"""Names of addresses outside, as their clients had asked DNS for them, for flows that name none."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.recommend.observed import Observed
from tapetum.policy.state import LoggedEnd

CLIENT = ("client_namespace", "client_name_aggr")
ANSWER = (*CLIENT, "qname", "rrsets")
"""What is read of a DNS record."""

_NAME = re.compile(r"(?=.{3,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Lookup:
    """A client, as flows name it, was told that a name has an address."""

    namespace: str | None
    aggregate: str | None
    name: str
    address: str


def lookups_of(answers: Iterable[Mapping[str, Any]]) -> Iterator[Lookup]:
    """From DNS records with the fields of `ANSWER`.

    A name may have been an alias of the one that has the address; clients ask for the alias.
    Who asks chooses the name, and a policy would take a wildcard for one: what is no plain name tells none.
    """
    for answer in answers:
        namespace, aggregate = answer["client_namespace"], answer["client_name_aggr"]
        name = (answer["qname"] or "").lower().removesuffix(".")
        for held in answer["rrsets"] or () if _NAME.fullmatch(name) else ():
            for address in held["rdata"] or ():
                yield Lookup(namespace, aggregate, name, address)


def answering(records: pa.Table, addresses: Sequence[str]) -> pa.Table:
    """Those DNS records that tell one of the addresses, with the fields of `ANSWER`."""
    held = records.column("rrsets").combine_chunks()
    told = pc.struct_field(pc.list_flatten(held), "rdata")
    hits = pc.is_in(pc.list_flatten(told), pa.array(addresses, pa.string()))
    sets = pc.filter(pc.list_parent_indices(told), hits)
    rows = pc.unique(pc.take(pc.list_parent_indices(held), sets))
    return records.select(ANSWER).take(rows)


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
