"""The served application: the API, ingest and the page in one ASGI app, over whatever stores it is given."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from typing import Any, Protocol

from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute

from tapetum.api import (
    LOOPBACK_HOSTS,
    Api,
    ApiContext,
    ApiSettings,
    Authenticator,
    HostGuard,
    Limits,
    Pace,
    Tokens,
    always_ready,
    bearer,
)
from tapetum.api.errors import ForbiddenError
from tapetum.api.use.reading_ahead import reading_ahead
from tapetum.bus.port import Bus
from tapetum.catalog.port import Catalog
from tapetum.domain.moments import Clock
from tapetum.graphstore.port import GraphStore
from tapetum.ingest.sources.http import Authorise, HttpLimits, Submit, ingest_routes
from tapetum.logstore.port import LogStore
from tapetum.service import page
from tapetum.service.delivery.sender import sender
from tapetum.service.kubernetes_captures import captures_of
from tapetum.service.settings import Settings


class Stores(Protocol):
    """What a composition offers to the API."""

    @property
    def logs(self) -> LogStore[Any]: ...
    @property
    def graph(self) -> GraphStore[Any]: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def bus(self) -> Bus: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def traffic(self) -> Collector: ...
    @property
    def shows_after(self) -> timedelta:
        """How long what was committed may take to be found."""
        ...


@dataclass(frozen=True, slots=True)
class Intake:
    """Where pushed bodies go, what counts them, and whose word on tokens counts if not the catalog's."""

    submit: Submit
    counts: Collector
    tokens: Tokens | None = None


def build_app(
    stores: Stores,
    intake: Intake,
    settings: Settings,
    *,
    require_token: bool,
    routes: Sequence[BaseRoute] = (),
    running: Sequence[Callable[[], AbstractAsyncContextManager[object]]] = (),
    ready: Callable[[], Awaitable[None]] = always_ready,
    counts: Sequence[Collector] = (),
) -> Starlette:
    """`require_token` is True wherever others can connect; `running` is entered for as long as it serves.

    `ready` raises what stands in the way beside the stores, `counts` are told beside the intake's.
    """
    hosts = None if require_token else LOOPBACK_HOSTS
    sending = sender(stores.clock, settings)
    context = ApiContext(
        logs=stores.logs,
        graph=stores.graph,
        catalog=stores.catalog,
        bus=stores.bus,
        clock=stores.clock,
        settings=ApiSettings(
            require_token=require_token,
            introspection=settings.introspection,
            deadline=timedelta(seconds=settings.deadline),
            allowed_origins=frozenset(settings.allowed_origins),
            hosts=hosts,
            limits=Limits(capture_bytes=settings.capture_bytes),
            pace=Pace(shows_after=stores.shows_after),
        ),
        captures=captures_of(settings),
        version=version("tapetum"),
        try_delivery=partial(sending.send, test=True),
        send_again=sending.send,
        ready=ready,
    )
    api = Api(context)
    for each in (intake.counts, stores.traffic, *counts):
        context.metrics.registry.register(each)
    authenticator = Authenticator(intake.tokens or stores.catalog, stores.clock, require_token)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            for each in running:
                await stack.enter_async_context(each())
            await stack.enter_async_context(reading_ahead(context))
            stack.push_async_callback(api.aclose)
            yield

    return Starlette(
        routes=[
            *api.routes(),
            *ingest_routes(
                intake.submit,
                _ingest_by(authenticator),
                HttpLimits(max_body=settings.max_body, max_line=settings.max_line),
            ),
            *routes,
            *page.routes(),
        ],
        middleware=[Middleware(HostGuard, hosts=hosts), Middleware(page.SecurityHeaders)],
        lifespan=lifespan,
    )


def _ingest_by(authenticator: Authenticator) -> Authorise:
    async def authorise(connection: HTTPConnection, cluster: str) -> None:
        caller = await authenticator.caller(bearer(connection.headers))
        if not caller.may_ingest(cluster):
            raise ForbiddenError(
                f"This token may not send logs of {cluster}; make one with `tapetum token create --ingest`."
            )

    return authorise
