"""The proxies of both ends of a mesh report a request; what comes with the product counts it once."""

import asyncio
import json
from collections.abc import Generator
from typing import Any

import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import DocumentKind
from tapetum.domain.networks import Networks
from tapetum.domain.saved_query import Query
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode
from tapetum.ingest.forms import Form
from tests.api.test_builtin import read
from tests.api.test_builtin_answers import Simulated, answered, number, table
from tests.api.world import World, opened

REQUESTS = 40
OUTWARD = 7
REPORTERS = "builtin.http/reporters"
"""The one that tells the reports apart."""
QUERIES = [
    pytest.param(f"{board}/{widget.id}", widget.query, id=f"{board}/{widget.id}")
    for board, document in read(DocumentKind.DASHBOARD)
    for widget in document.widgets
    if widget.query.kind is RecordKind.L7
]


def access(place: int, cluster: str, *, taken: int, code: int = 200) -> dict[str, Any]:
    """A line of Envoy's as Istio's sidecars write it."""
    return {
        "start_time": f"2026-11-23T13:30:{place % 60:02}.000Z",
        "method": "GET",
        "path": f"/reviews/{place % 3}",
        "protocol": "HTTP/1.1",
        "response_code": 503 if place % 5 == 0 else code,
        "response_flags": None,
        "bytes_received": 10,
        "bytes_sent": 100 + place,
        "duration": taken,
        "user_agent": "Go-http-client/1.1",
        "request_id": f"request-{place}",
        "authority": "reviews.bookinfo.svc.cluster.local:9080",
        "upstream_host": "10.244.0.34:9080",
        "upstream_cluster": cluster,
        "downstream_local_address": "10.111.226.218:9080",
        "downstream_remote_address": "10.244.0.37:52134",
        "requested_server_name": "reviews.bookinfo" if place % 2 else None,
    }


SERVERS = [access(place, "inbound|9080||", taken=20) for place in range(REQUESTS)]
CLIENTS = [
    access(place, "outbound|9080||reviews.bookinfo.svc.cluster.local", taken=25) for place in range(REQUESTS)
]
OUT = [access(place, "outbound|443||api.stripe.com", taken=90) for place in range(OUTWARD)]


def take(world: World, lines: list[dict[str, Any]]) -> None:
    given = decode(
        b"".join(json.dumps(line).encode() + b"\n" for line in lines),
        Form.L7,
        cluster="east",
        source="mesh",
        now=world.clock.now,
        networks=Networks(),
        limits=Limits(retention=None),
    )
    assert not given.rejections
    world.take(given)


@pytest.fixture(scope="module")
def heard() -> Generator[tuple[Simulated, Simulated]]:
    """What the servers' proxies say alone, and what all say."""
    with opened() as one, opened() as other:
        take(one, SERVERS)
        take(other, SERVERS + CLIENTS + OUT)
        yield Simulated(one), Simulated(other)


def test_a_request_counts_once_though_both_proxies_report_it(heard: tuple[Simulated, Simulated]) -> None:
    _, everything = heard
    assert number(everything, "http", "requests") == REQUESTS
    naive = Query(kind=RecordKind.L7, metrics=read_query("requests").metrics, filter="type: html/*")
    ((told,),) = asyncio.run(answered(everything, naive))["columns"]["values"]
    assert float(told) == 2 * REQUESTS + OUTWARD, "a plain sum counts most requests twice"
    reports = table(everything, "http", "reporters")
    assert sum(count for (reporter, _), count in reports.items() if reporter == "dst") == REQUESTS
    assert sum(count for (reporter, _), count in reports.items() if reporter == "src") == REQUESTS + OUTWARD


def read_query(name: str) -> Query:
    boards = dict(read(DocumentKind.DASHBOARD))
    found: Query = next(each.query for each in boards["builtin.http"].widgets if each.id == name)
    return found


@pytest.mark.parametrize(("name", "query"), QUERIES)
def test_what_clients_proxies_report_changes_no_number(
    heard: tuple[Simulated, Simulated], name: str, query: Query
) -> None:
    alone, everything = (asyncio.run(answered(one, query)) for one in heard)
    assert (alone == everything) is (name != REPORTERS)
