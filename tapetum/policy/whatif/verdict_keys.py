"""Folded flow records as connections for `what_if`: a column at a time, then distinct ends and traffic.

Knows the columns of flows.VERDICT_KEY and COUNTERS, not who folded them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.arrow import list_texts
from tapetum.domain.endpoints import EndpointKind, endpoint_kind
from tapetum.domain.flows import COUNTERS, Reporter
from tapetum.policy.replay import Traffic
from tapetum.policy.replay.truths import Ints
from tapetum.policy.rules import ServiceRef, logged_protocol
from tapetum.policy.state import LoggedEnd
from tapetum.policy.whatif.recorded import Recorded

T = TypeVar("T")
_END = ("type", "namespace", "name", "name_aggr", "ip", "network", "labels")
_SOURCE = tuple(f"source_{part}" for part in _END)
_DESTINATION = (*(f"dest_{part}" for part in _END), "dest_domains", "of_source")
_TRAFFIC = ("proto", "dest_port", "dest_service_namespace", "dest_service_name")
_LARGEST = 1 << 62


@dataclass(frozen=True, slots=True)
class KeyedConnections:
    """Row by row, as they were folded: what connected, the row's verdict key, and what was counted.

    `counts` holds records and COUNTERS; `known` tells by bit i whether COUNTERS[i] was counted, else it is 0.
    """

    recorded: Recorded
    keys: npt.NDArray[np.uint64]
    counts: Ints
    known: npt.NDArray[np.uint8]


def connections_of(rows: pa.Table) -> KeyedConnections:
    """Of one cluster's rows: the columns of VERDICT_KEY, `verdict_key`, `records` and the sums of COUNTERS.

    Reports of both ends of a connection are two rows, of the same ends and traffic where they say the same.
    """
    columns = {name: rows.column(name).combine_chunks() for name in rows.column_names}
    columns["of_source"] = pc.equal(columns["reporter"], Reporter.SRC.value)
    columns["dest_domains"] = pc.if_else(columns["of_source"], columns["dest_domains"], None)
    ends: dict[LoggedEnd, int] = {}
    traffic: dict[Traffic, int] = {}
    source = places([columns[name] for name in _SOURCE], _source, ends)
    destination = places([columns[name] for name in _DESTINATION], _destination, ends)
    kind = places([columns[name] for name in _TRAFFIC], _traffic, traffic)
    counts = [pc.fill_null(columns[name], 0).to_numpy() for name in ("records", *COUNTERS)]
    return KeyedConnections(
        Recorded(tuple(ends), tuple(traffic), source, destination, kind),
        columns["verdict_key"].to_numpy(),
        np.column_stack(counts),
        columns["known"].to_numpy(),
    )


def places(columns: Sequence[pa.Array], make: Callable[..., T], into: dict[T, int]) -> Ints:
    """Each row's place in `into`, which takes what is made of distinct rows."""
    codes, size = np.zeros(len(columns[0]), np.int64), 1
    for column in columns:
        coded = (list_texts(column) if pa.types.is_list(column.type) else column).dictionary_encode()
        count = len(coded.dictionary) + 1
        if size * count > _LARGEST:
            found, codes = np.unique(codes, return_inverse=True)
            size = len(found)
        codes = codes * count + coded.indices.fill_null(count - 1).to_numpy()
        size *= count
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    told = [column.take(pa.array(first)).to_pylist() for column in columns]
    made = [into.setdefault(make(*row), len(into)) for row in zip(*told, strict=True)]
    return np.array(made, np.int64)[inverse]


def _source(
    kind: str | None,
    namespace: str | None,
    name: str | None,
    aggregate: str | None,
    address: str | None,
    network: str | None,
    labels: list[str] | None,
) -> LoggedEnd:
    return LoggedEnd(
        endpoint_kind(kind, namespace, aggregate, network),
        namespace,
        name,
        aggregate,
        address,
        None if labels is None else tuple(labels),
    )


def _destination(*told: Any) -> LoggedEnd:
    """Only the source's report has domains. Where it has none of a network, there are none: a dataplane that
    logs no domains has no policies by domain either.
    """
    *same, domains, of_source = told
    end = _source(*same)
    if domains is None and of_source and end.kind in (EndpointKind.NETWORK, EndpointKind.NETWORK_SET):
        domains = ()
    return end if domains is None else replace(end, domains=tuple(domains))


def _traffic(protocol: str | None, port: int | None, namespace: str | None, name: str | None) -> Traffic:
    service = ServiceRef(namespace, name) if namespace is not None and name is not None else None
    return Traffic(logged_protocol(protocol), port, service=service)
