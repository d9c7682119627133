"""Verdict keys for tests, row by row under the names of flow logs."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from tapetum.logstore.port import VERDICT_KEYS
from tapetum.policy.recommend import Observed, observed

DAY = 86_400_000_000
FIRST = 20_000 * DAY

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
    numbered = [{**each, "verdict_key": number, "known": 31} for number, each in enumerate(rows)]
    return pa.Table.from_pylist(numbered, VERDICT_KEYS)


def seen(*rows: dict[str, Any], unwanted: Iterable[int] = ()) -> Observed:
    marked = np.zeros(len(rows), np.bool_)
    marked[list(unwanted)] = True
    return observed(table(rows), marked)
