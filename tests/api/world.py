"""The API over embedded stores that hold what a test put in, and a client that asks it."""

import asyncio
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import msgspec
from starlette.applications import Starlette

from tapetum.api import ApiContext, ApiSettings, create_app, issue
from tapetum.bus.inprocess import InProcessBus
from tapetum.bus.port import AlertsRaised, RecordsCommitted
from tapetum.catalog.duckdb import DuckDBCatalog
from tapetum.detect.first_denied import raise_alert
from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Engine
from tapetum.graphstore.duckdb import DuckDBGraphStore
from tapetum.logstore.duckdb import DuckDBLogStore
from tests.support.factory import NOW, SECOND, Bad, Flow, batch
from tests.support.records import Entry, record_batch

OPEN = ApiSettings(require_token=False)


class Clock:
    """Stands still unless told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@dataclass
class World:
    context: ApiContext
    engine: Engine
    clock: Clock
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.context)

    def commit(self, lines: Iterable[Flow | Bad], *, cluster: str = "east") -> None:
        self.take(batch(lines, cluster=cluster, received_at=self.clock()))

    def log(self, *entries: Entry) -> None:
        """Records of one other kind and cluster."""
        self.take(record_batch(entries, received_at=self.clock()))

    def take(self, given: Batch) -> None:
        """As the composition does it: one transaction, then the bus."""
        context = self.context
        with self.engine.transaction() as tx:
            added = context.logs.append(tx, given)
            raised: list[NumberedAlert] = []
            if given.kind is RecordKind.FLOWS:
                applied = context.graph.apply(tx, given.id, added.fresh, given.traces)
                alerts = [raise_alert(seen, None) for seen in applied.first_denied]
                raised = context.logs.append_alerts(tx, alerts)
        context.bus.publish(RecordsCommitted(given.kind, self.clock(), added.fresh, given.traces))
        if raised:
            context.bus.publish(AlertsRaised(tuple(raised)))

    def alert(self, *alerts: Alert) -> list[NumberedAlert]:
        with self.engine.transaction() as tx:
            raised = self.context.logs.append_alerts(tx, list(alerts))
        if raised:
            self.context.bus.publish(AlertsRaised(tuple(raised)))
        return raised

    async def token(self, scope: Scope) -> str:
        """The secret of a new token that sees so much."""
        token, secret = issue("tenant", scope, ingest=False, lifetime=timedelta(hours=1), clock=self.clock)
        await self.context.catalog.add_token(token)
        return secret

    def client(self, token: str | None = None, **headers: str) -> httpx.AsyncClient:
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://localhost", headers=headers
        )

    async def answer(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        async with self.client(token) as client:
            response = await client.post("/graphql", json={"query": query, "variables": variables})
        assert response.status_code == 200, response.text
        return msgspec.json.decode(response.content)

    async def ask(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """The data of an answer without errors."""
        answer = await self.answer(query, variables, token)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def refusal(
        self, query: str, variables: dict[str, Any] | None = None, token: str | None = None
    ) -> tuple[str, str]:
        """Code and sentence of the first error."""
        answer = await self.answer(query, variables, token)
        error = answer["errors"][0]
        return error["extensions"]["code"], error["message"]


@contextmanager
def opened(settings: ApiSettings = OPEN, **ports: Any) -> Generator[World]:
    """An empty world; `ports` replace parts of its context."""
    engine = Engine(None, memory_limit="1GB", threads=2)
    clock = Clock()
    context = ApiContext(
        logs=DuckDBLogStore(engine, clock),
        graph=DuckDBGraphStore(engine, clock),
        catalog=DuckDBCatalog(engine),
        bus=InProcessBus(),
        clock=clock,
        settings=settings,
    )
    try:
        yield World(replace(context, **ports), engine, clock)
    finally:
        engine.close()


async def eventually(holds: Callable[[], bool], within: float = 5) -> None:
    """Until it holds; metrics and queues have no event to wait for."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - see above
            await asyncio.sleep(0.002)


def some_alert(mark: int, *, namespace: str = "shop", cluster: str = "east", severity: int = 50) -> Alert:
    source = NodeRef(NodeKind.WORKLOAD, cluster, namespace, "web-*")
    target = NodeRef(NodeKind.WORKLOAD, cluster, namespace, f"db{mark}-*")
    return Alert(
        id=f"alert-{cluster}-{namespace}-{mark}",
        time=NOW - SECOND,
        kind="detector",
        rule="test",
        title=f"Alert {mark}",
        description="Something was noticed.",
        severity=severity,
        cluster=cluster,
        source=source,
        target=target,
        protocol="tcp",
        port=5432,
        evidence=("AAAAAAAAAAAAAAAA",),
    )
