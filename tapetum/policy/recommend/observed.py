"""Recorded connections with their counts, as learning and testing take them; made of verdict keys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.endpoints import EndpointKind
from tapetum.domain.flows import Reporter
from tapetum.domain.networks import PRIVATE, PUBLIC
from tapetum.policy.replay import Traffic
from tapetum.policy.replay.truths import Ints, Mask
from tapetum.policy.rules import ServiceRef, protocol_name
from tapetum.policy.state import LoggedEnd
from tapetum.policy.whatif import Recorded

SOURCE = tuple(f"source_{name}" for name in ("type", "namespace", "name", "name_aggr", "ip", "labels"))
DESTINATION = tuple(name.replace("source", "dest") for name in SOURCE)
TRAFFIC = ("proto", "dest_port", "dest_service_namespace", "dest_service_name")
KEYS = ("cluster", "reporter", "action", *SOURCE, *DESTINATION, "dest_domains", *TRAFFIC)
_LISTS = frozenset(("source_labels", "dest_labels", "dest_domains"))
_SUMMED = ("records", "num_flows_started", "bytes_in", "bytes_out")
_NULL, _BETWEEN, _WITHIN = "\x01", "\x02", "\n"
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Observed:
    """Columns beside `recorded`'s, one entry a row; times are microseconds since 1970.

    A row with neither reporter is of a forwarder and is only looked at, never learnt from.
    `unwanted` marks what alerts or people say should not be.
    """

    recorded: Recorded
    by_source: Mask
    by_destination: Mask
    allowed: Mask
    connections: Ints
    records: Ints
    bytes: Ints
    first_seen: Ints
    last_seen: Ints
    unwanted: Mask

    def __len__(self) -> int:
        return len(self.allowed)

    @property
    def days(self) -> tuple[Ints, Ints]:
        """First and last day of each row, UTC. Rows that are cut by day make days seen exact."""
        return self.first_seen // _DAY, np.maximum(self.first_seen, self.last_seen - 1) // _DAY


def observed(table: pa.Table, unwanted: Mask | None = None) -> Observed:
    """From verdict keys: columns of flow logs, `records`, `first_seen` and `last_seen`."""
    ends: dict[LoggedEnd, int] = {}
    source = _ends(table, SOURCE, None, ends)
    destination = _ends(table, DESTINATION, "dest_domains", ends)
    codes, firsts = _coded([table.column(name) for name in TRAFFIC])
    kinds: dict[Traffic, int] = {}
    rows = table.select(TRAFFIC).take(firsts).to_pylist()
    places = np.array([kinds.setdefault(_traffic(row), len(kinds)) for row in rows], np.int64)
    reporter = np.asarray(table.column("reporter").to_pylist(), object)
    first, last = (_numbers(table, name) for name in ("first_seen", "last_seen"))
    return Observed(
        Recorded(tuple(ends), tuple(kinds), source, destination, places[codes]),
        reporter == Reporter.SRC.value,
        reporter == Reporter.DST.value,
        np.asarray(table.column("action").to_pylist(), object) == "allow",
        _numbers(table, "num_flows_started"),
        _numbers(table, "records"),
        _numbers(table, "bytes_in") + _numbers(table, "bytes_out"),
        first,
        last,
        np.zeros(len(table), np.bool_) if unwanted is None else unwanted,
    )


def fold(records: pa.Table) -> pa.Table:
    """Flow records to verdict keys of each day, sums and times beside them; keys come in a fixed order."""
    starts = records.column("start_time")
    columns = {name: records.column(name) for name in (*KEYS, *_SUMMED[1:])}
    columns |= {
        "records": pa.array(np.ones(len(records), np.int64)),
        "first_seen": starts,
        "last_seen": pc.coalesce(records.column("end_time"), starts),
    }
    return summed([pa.table(columns)])


def summed(tables: Sequence[pa.Table]) -> pa.Table:
    """Folded tables as one: equal keys of one day add up."""
    table = pa.concat_tables(tables)
    texts = {name: pc.binary_join(table.column(name), _WITHIN) for name in _LISTS}
    day = pc.floor_temporal(table.column("first_seen"), unit="day")
    columns = {name: texts.get(name, table.column(name)) for name in table.column_names}
    found = (
        pa.table({**columns, "day": day})
        .group_by([*KEYS, "day"], use_threads=False)
        .aggregate(
            [*((name, "sum") for name in _SUMMED), ("first_seen", "min"), ("last_seen", "max")],
        )
    )
    return pa.table(
        {
            **{
                name: pc.split_pattern(found.column(name), _WITHIN) if name in _LISTS else found.column(name)
                for name in KEYS
            },
            **{name: found.column(f"{name}_sum") for name in _SUMMED},
            "first_seen": found.column("first_seen_min"),
            "last_seen": found.column("last_seen_max"),
        }
    )


def _ends(table: pa.Table, names: Sequence[str], domains: str | None, ends: dict[LoggedEnd, int]) -> Ints:
    """A source that looks up domains knows where there are none; the destination never knows."""
    wanted = [*names, *(["reporter", domains] if domains else [])]
    codes, firsts = _coded([table.column(name) for name in wanted])
    rows = [list(row.values()) for row in table.select(wanted).take(firsts).to_pylist()]
    looked_up = any(row[-1] for row in rows) if domains else False
    found = [_end(row, looked_up) for row in rows]
    return np.array([ends.setdefault(end, len(ends)) for end in found], np.int64)[codes]


def _end(row: list[object], looked_up: bool) -> LoggedEnd:
    kind, namespace, name, aggregate, address, labels, *more = row
    where, who, group, at = (str(each) if each else None for each in (namespace, name, aggregate, address))
    domains = tuple(sorted(_texts(more[1]))) if looked_up and more[0] == Reporter.SRC else None
    return LoggedEnd(
        EndpointKind(kind) if kind else _kind(where, group),
        where,
        who,
        group,
        at,
        None if labels is None else tuple(sorted(_texts(labels))),
        domains,
    )


def _kind(namespace: str | None, aggregate: str | None) -> EndpointKind:
    """A record without a type is judged by what it names, as the graph does."""
    if namespace:
        return EndpointKind.WORKLOAD
    return EndpointKind.NETWORK if aggregate in (PUBLIC, PRIVATE, None) else EndpointKind.HOST


def _texts(values: object) -> list[str]:
    return [str(each) for each in values if each] if isinstance(values, list) else []


def _traffic(row: dict[str, object]) -> Traffic:
    proto, port, namespace, name = (row[each] for each in TRAFFIC)
    return Traffic(
        protocol_name(str(proto)) if proto else None,
        int(str(port)) if port is not None else None,
        service=ServiceRef(str(namespace), str(name)) if namespace and name else None,
    )


def _coded(columns: Sequence[pa.ChunkedArray]) -> tuple[Ints, Ints]:
    """By row the code of its values, and by code its first row."""
    texts = [
        pc.fill_null(
            pc.binary_join(each, _WITHIN) if pa.types.is_list(each.type) else pc.cast(each, pa.string()),
            _NULL,
        )
        for each in columns
    ]
    joined = pc.binary_join_element_wise(*texts, _BETWEEN)
    coded = pc.dictionary_encode(pa.chunked_array(joined.chunks, pa.string()).combine_chunks())
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, np.unique(codes, return_index=True)[1].astype(np.int64)


def _numbers(table: pa.Table, name: str) -> Ints:
    column = table.column(name)
    if pa.types.is_timestamp(column.type):
        column = pc.cast(pc.cast(column, pa.timestamp("us")), pa.int64())
    return pc.fill_null(pc.cast(column, pa.int64()), 0).to_numpy().astype(np.int64)
