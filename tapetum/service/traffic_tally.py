"""What was committed, as Prometheus counters: traffic by namespaces, DNS by outcome, HTTP by code.

Each end's report is counted under its own `reporter`, since the two come in different batches: who adds them
counts twice. The dashboards in docs/grafana take the destination's where there is one (docs/metrics.md).
"""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

import pyarrow as pa
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import RecordKind
from tapetum.domain.dns import Logging
from tapetum.domain.flows import Reporter

OTHER, NONE = "other", "-"
UNLOGGED = "unlogged"
CLUSTERS = 50
PAIRS = 200

_VERDICTS = {"allow": "allowed", "deny": "denied"}
_REPORTERS = pa.array([Reporter.SRC, Reporter.DST], pa.string())
_RCODES = frozenset(
    {"NoError", "FormErr", "ServFail", "NXDomain", "NotImp", "Refused", "YXDomain", "YXRRSet", "NXRRSet",
     "NotAuth", "NotZone", UNLOGGED}
)  # fmt: skip
_CODES = frozenset(str(status.value) for status in HTTPStatus)
_ENDS = ("source_namespace", "dest_namespace")
_COUNTED = {"num_flows_started": "connections", "bytes_in": "in", "bytes_out": "out"}

_Key = tuple[str, ...]


class TrafficTally(Collector):
    """Filled from any thread. Clusters, and pairs of namespaces, beyond a number are counted as `other`."""

    def __init__(self, pairs: int = PAIRS) -> None:
        self._pairs = pairs
        self._lock = threading.Lock()
        self._known_clusters: set[str] = set()
        self._known_pairs: set[_Key] = set()
        self._connections: Counter[_Key] = Counter()
        self._bytes: Counter[_Key] = Counter()
        self._dns: Counter[_Key] = Counter()
        self._http: Counter[_Key] = Counter()

    def add(self, kind: RecordKind, records: pa.Table) -> None:
        """The new records of one committed batch."""
        with self._lock:
            match kind:
                case RecordKind.FLOWS:
                    self._add_flows(records)
                case RecordKind.DNS:
                    self._add_dns(records)
                case RecordKind.L7:
                    self._add_http(records)
                case _:
                    return

    def collect(self) -> Iterator[CounterMetricFamily]:
        pair = ["cluster", *_ENDS, "verdict", "reporter"]
        with self._lock:
            families = (
                ("flow_connections", "Connections started.", pair, dict(self._connections)),
                ("flow_bytes", "Bytes exchanged.", [*pair, "direction"], dict(self._bytes)),
                ("dns_requests", "DNS requests by outcome.", ["cluster", "rcode"], dict(self._dns)),
                (
                    "http_requests",
                    "HTTP requests by response.",
                    ["cluster", "class", "code", "reporter"],
                    dict(self._http),
                ),
            )
        for name, told, labels, counts in families:
            family = CounterMetricFamily(f"tapetum_{name}", told, labels=labels)
            for key, count in counts.items():
                family.add_metric(key, count)
            yield family

    def _add_flows(self, records: pa.Table) -> None:
        reported = records.filter(pc.is_in(records.column("reporter"), _REPORTERS))
        by = ("cluster", *_ENDS, "action", "reporter")
        for key, sums in _sums(reported, by, tuple(_COUNTED)):
            cluster, source, dest, action, reporter = key
            labels = (*self._pair(cluster, source, dest), _VERDICTS.get(action, OTHER), reporter)
            started, received, sent = sums
            _count(self._connections, labels, started)
            # What a reporter sends goes to the destination if it is the source, else to the source.
            to_dest, to_source = (sent, received) if reporter == Reporter.SRC else (received, sent)
            _count(self._bytes, (*labels, "to_dest"), to_dest)
            _count(self._bytes, (*labels, "to_source"), to_source)

    def _add_dns(self, records: pa.Table) -> None:
        for (cluster, kind, rcode), (requests,) in _sums(records, ("cluster", "type", "rcode"), ("count",)):
            outcome = UNLOGGED if kind == Logging.UNLOGGED else rcode
            known = outcome if outcome in (*_RCODES, NONE) else OTHER
            _count(self._dns, (self._cluster(cluster), known), requests)

    def _add_http(self, records: pa.Table) -> None:
        answered = records.filter(pc.is_valid(records.column("response_code")))
        by = ("cluster", "response_code", "reporter")
        for (cluster, code, reporter), (requests,) in _sums(answered, by, ("count",)):
            labels = (f"{code[0]}xx", code) if code in _CODES else (OTHER, OTHER)
            end = reporter if reporter in (Reporter.SRC, Reporter.DST, NONE) else OTHER
            _count(self._http, (self._cluster(cluster), *labels, end), requests)

    def _cluster(self, name: str) -> str:
        return name if _admitted(self._known_clusters, name, CLUSTERS) else OTHER

    def _pair(self, cluster: str, source: str, dest: str) -> _Key:
        pair = (self._cluster(cluster), source, dest)
        return pair if _admitted(self._known_pairs, pair, self._pairs) else (pair[0], OTHER, OTHER)


def _sums(
    table: pa.Table, by: tuple[str, ...], columns: tuple[str, ...]
) -> Iterable[tuple[_Key, tuple[int | None, ...]]]:
    """Sums by groups; a missing part of a key is `-`, a sum of nothing but missing values None."""
    grouped: Any = table.group_by(list(by)).aggregate([(name, "sum") for name in columns])
    for row in grouped.to_pylist():
        yield (
            tuple(NONE if row[name] is None else row[name] for name in by),
            tuple(row[f"{name}_sum"] for name in columns),
        )


def _count(counter: Counter[_Key], key: _Key, value: int | None) -> None:
    if value is not None:
        counter[key] += value


def _admitted(known: set[Any], value: Any, most: int) -> bool:
    if value not in known and len(known) < most:
        known.add(value)
    return value in known
