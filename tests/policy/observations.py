"""Verdict keys for tests, row by row under the names of flow logs."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from tapetum.policy.recommend import Observed, observed

DAY = 86_400_000_000
FIRST = 20_000 * DAY

_TEXT, _TEXTS, _NUMBER = pa.string(), pa.list_(pa.string()), pa.int64()
_ENDS = [
    (f"{side}_{name}", _TEXTS if name == "labels" else _TEXT)
    for side in ("source", "dest")
    for name in ("type", "namespace", "name", "name_aggr", "ip", "labels")
]
SCHEMA = pa.schema(
    [
        *((name, _TEXT) for name in ("cluster", "reporter", "action", "proto")),
        *_ENDS,
        ("dest_domains", _TEXTS),
        ("dest_port", _NUMBER),
        ("dest_service_namespace", _TEXT),
        ("dest_service_name", _TEXT),
        *((name, _NUMBER) for name in ("records", "num_flows_started", "bytes_in", "bytes_out")),
        ("first_seen", pa.timestamp("us")),
        ("last_seen", pa.timestamp("us")),
    ]
)

End = dict[str, Any]


def pods(namespace: str, aggregate: str, **labels: str) -> End:
    """As logs have them by default: siblings under one name, without addresses."""
    texts = [f"{key.replace('__', '/').replace('_', '-')}={value}" for key, value in labels.items()]
    return {"type": "wep", "namespace": namespace, "name_aggr": aggregate, "labels": texts}


def host(name: str) -> End:
    return {"type": "hep", "name_aggr": name}


def net(name: str | None = "pub", address: str | None = None) -> End:
    return {"type": "net", "name_aggr": name, "ip": address}


def network_set(name: str, namespace: str | None = None) -> End:
    return {"type": "ns", "name_aggr": name, "namespace": namespace}


def row(
    source: End,
    destination: End,
    port: int | None = 80,
    *,
    protocol: str | None = "tcp",
    reporter: str = "src",
    action: str = "allow",
    connections: int = 1,
    day: int = 0,
    domains: Iterable[str] | None = None,
    service: str | None = None,
) -> dict[str, Any]:
    space, _, name = (service or "/").partition("/")
    return {
        "cluster": "c",
        "reporter": reporter,
        "action": action,
        "proto": protocol,
        **{f"source_{key}": value for key, value in source.items()},
        **{f"dest_{key}": value for key, value in destination.items()},
        "dest_domains": None if domains is None else list(domains),
        "dest_port": port,
        "dest_service_namespace": space or None,
        "dest_service_name": name or None,
        "records": 1,
        "num_flows_started": connections,
        "bytes_in": 10,
        "bytes_out": 5,
        "first_seen": FIRST + day * DAY,
        "last_seen": FIRST + day * DAY + 1_000_000,
    }


def table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), SCHEMA)


def seen(*rows: dict[str, Any], unwanted: Iterable[int] = ()) -> Observed:
    marked = np.zeros(len(rows), np.bool_)
    marked[list(unwanted)] = True
    return observed(table(rows), marked)
