"""What a worker sends to the engines for some deliveries, worked out beforehand: for floors that only send.

The statements are those that the product's own transactions run, without its turn and its bookkeeping.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import msgspec
import neo4j
from elasticsearch import Elasticsearch
from elasticsearch.helpers import streaming_bulk

from bench.servers import servers, stores
from tapetum.bus.port import Delivery
from tapetum.domain.batches import Batch
from tapetum.domain.moments import Clock
from tapetum.domain.networks import Networks
from tapetum.graphdb.neo4j import Transaction
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode
from tapetum.ingest.forms import Form
from tapetum.logstore.elasticsearch.documents import written
from tapetum.logstore.elasticsearch.names import Family, Names

Statement = tuple[str, dict[str, Any]]
_CHUNK = 2_000
"""Documents in a request: quicker than the 500 that the helper takes by itself."""
_BLOCKS = "UNWIND $blocks AS block CREATE (b:Block) SET b = block"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Actions for the bulk helper, and the statements of each delivery's transaction."""

    actions: list[dict[str, Any]]
    deltas: list[list[Statement]]

    def bulk(self) -> None:
        with Elasticsearch(servers().elasticsearch.url, request_timeout=60) as client:
            for _ in streaming_bulk(client, self.actions, chunk_size=_CHUNK):
                pass  # it raises where a document is refused

    def unwind(self) -> None:
        with _session() as session:
            for statements in self.deltas:
                session.execute_write(_run, statements)


def prepared(deliveries: Iterable[Delivery], clock: Clock, prefix: str = "tapetum") -> Prepared:
    """By applying them to the graph, which is empty before and not afterwards."""
    actions: list[dict[str, Any]] = []
    deltas: list[list[Statement]] = []
    with stores(clock, empty=True) as opened:
        for delivery in deliveries:
            batch = decoded(delivery)
            actions += _actions(batch, prefix)
            told: list[Statement] = []

            def applied(transaction: Transaction, batch: Batch = batch, told: list[Statement] = told) -> None:
                noting = cast("Transaction", _Noting(transaction, told))
                opened.graph.apply(noting, batch.id, batch.records, batch.traces)

            opened.graph.write(applied)
            deltas.append(told)
    return Prepared(actions, deltas)


def decoded(delivery: Delivery) -> Batch:
    """As a worker decodes it."""
    return decode(
        delivery.body,
        Form(delivery.form),
        cluster=delivery.cluster,
        source=delivery.source,
        now=delivery.received_at,
        networks=Networks(),
        limits=Limits(),
    )


class _Noting:
    """A transaction that notes what is written."""

    def __init__(self, transaction: Transaction, told: list[Statement]) -> None:
        self._transaction = transaction
        self._told = told
        self.after_commit = transaction.after_commit

    def run(self, statement: str, values: dict[str, Any] | None = None) -> list[list[Any]]:
        values = dict(values or {})
        if "blocks" in values:
            self._told.append((_BLOCKS, {"blocks": values["blocks"]}))
        elif "rows" in values:
            self._told.append((statement, values))
        return self._transaction.run(statement, values)


def _actions(batch: Batch, prefix: str) -> list[dict[str, Any]]:
    names = Names(prefix)
    found: list[dict[str, Any]] = []
    for lines in written(
        batch, batch.records, batch.received_at, lambda cluster, day: names.of_day(Family.FLOWS, cluster, day)
    ):
        texts = lines.slice(0, len(lines)).splitlines()
        for head, document in zip(texts[::2], texts[1::2], strict=True):
            told = msgspec.json.decode(head)["create"]
            found.append({"_op_type": "create", **told, "_source": msgspec.json.decode(document)})
    return found


def _run(transaction: neo4j.ManagedTransaction, statements: list[Statement]) -> None:
    for statement, values in statements:
        transaction.run(cast("Any", statement), values).consume()


@contextmanager
def _session() -> Generator[neo4j.Session]:
    on = servers().neo4j
    with neo4j.GraphDatabase.driver(on.url, auth=on.auth) as driver, driver.session() as session:
        yield session
