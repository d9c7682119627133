"""Records that hold what feeds list, and the alerts that they raise.

One alert an hour for each feed, indicator and pair of ends (or client), so that a flood is told once; its id
depends on these alone, so it is the same whether a batch raised it or a search of history. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from tapetum.detect.feeds.index import NONE, Index
from tapetum.detect.feeds.probe import Probe
from tapetum.detect.feeds.texts import MATCHED, Held
from tapetum.detect.first_denied import spoken
from tapetum.detect.rules import MOST_EVIDENCE, identity
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.events import EventKind
from tapetum.domain.feeds import Feed
from tapetum.domain.moments import HOUR, Micros
from tapetum.domain.record_ends import ends_of, seen_columns
from tapetum.domain.shapes import SHAPES

_ENDS = ("type", "namespace", "name_aggr")
APART: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.FLOWS: ("action", *(f"{side}_{part}" for side in ("source", "dest") for part in _ENDS)),
    RecordKind.DNS: ("client_namespace", "client_name_aggr"),
    RecordKind.L7: tuple(f"{side}_{part}" for side in ("src", "dest") for part in _ENDS),
}
"""What tells alerts apart beside the feed, the indicator and the hour."""
_RAISED_FROM = {
    kind: tuple(dict.fromkeys(("id", SHAPES[kind].time, *apart, *seen_columns(kind))))
    for kind, apart in APART.items()
}
READ = {
    kind: tuple(dict.fromkeys((*names, *(column.partition(".")[0] for column in MATCHED[kind]))))
    for kind, names in _RAISED_FROM.items()
}
"""All columns that `see` reads."""
_VERBS = {
    RecordKind.FLOWS: "connected to",
    RecordKind.DNS: "asked for",
    RecordKind.L7: "sent requests to",
}
_DENIED = "was kept from connecting to"
_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """A feed in force. `id` is its document's."""

    id: str
    feed: Feed
    index: Index


def see(watches: Iterable[Watch], kind: RecordKind, cluster: str, records: pa.Table) -> list[Alert]:
    """What the records of a cluster raise, by feed, in order of time."""
    if kind not in APART or not records.num_rows:
        return []
    held = Held.by(records, kind)
    probe = Probe.of(held.texts)
    return [alert for watch in watches for alert in _seen(watch, kind, cluster, records, held, probe)]


def _seen(
    watch: Watch, kind: RecordKind, cluster: str, records: pa.Table, held: Held, probe: Probe
) -> list[Alert]:
    found = watch.index.find(probe)[held.codes]
    places = np.flatnonzero(found != NONE)
    if not len(places):
        return []
    time = SHAPES[kind].time
    names = list(_RAISED_FROM[kind])
    rows, back = np.unique(held.rows[places], return_inverse=True)
    taken = records.select(names).take(pa.array(rows))
    told = taken.set_column(names.index(time), time, taken.column(time).cast(pa.int64())).to_pylist()
    groups: dict[_Key, dict[str, Mapping[str, Any]]] = {}
    seen = sorted(
        ((told[row], int(found[place])) for row, place in zip(back.tolist(), places.tolist(), strict=True)),
        key=lambda pair: (pair[0][time], pair[0]["id"], pair[1]),
    )
    for record, which in seen:
        key = (watch.index.listed[which], record[time] // HOUR, *(record[name] for name in APART[kind]))
        groups.setdefault(key, {})[record["id"]] = record
    return [_raised(watch, kind, cluster, key, list(alike.values())) for key, alike in groups.items()]


def _raised(
    watch: Watch, kind: RecordKind, cluster: str, key: _Key, alike: Sequence[Mapping[str, Any]]
) -> Alert:
    first, indicator, feed = alike[0], key[0], watch.feed
    ends = ends_of(kind, cluster, first)
    at: Micros = first[SHAPES[kind].time]
    source = _name(ends.source)
    if source.startswith("the "):  # a network, which begins the sentence
        source = source.capitalize()
    verb = _DENIED if first.get("action") == "deny" else _VERBS[kind]
    return Alert(
        id=identity(watch.id, kind.value, cluster, *key),
        time=at,
        kind=EventKind.THREAT_FEED.value,
        rule=feed.title,
        title=f"{source} {verb} what {feed.title} lists: {indicator}",
        description=f"{source} {verb} {_name(ends.target)}; the record holds {indicator}, which "
        f"the feed {feed.title} lists as {feed.category}.",
        severity=feed.severity,
        cluster=cluster,
        source=ends.source,
        target=ends.target,
        protocol=ends.protocol,
        port=ends.port,
        evidence=tuple(record["id"] for record in alike[:MOST_EVIDENCE]),
        evidence_kind=kind,
        category=feed.category,
    )


def _name(node: NodeRef | None) -> str:
    if node is None:
        return "Somebody"
    if node.kind is NodeKind.NETWORK:
        return spoken(node)
    alone = node.namespace is None or node.namespace == node.name
    return node.name if alone else f"{node.name} of {node.namespace}"
