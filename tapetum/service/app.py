"""The served application: the API, ingest, the owner's control and the page, in one ASGI app."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection

from tapetum.api import (
    LOOPBACK_HOSTS,
    Api,
    ApiContext,
    ApiSettings,
    Authenticator,
    HostGuard,
    bearer,
)
from tapetum.api.errors import ForbiddenError
from tapetum.ingest.pipeline import Pipeline
from tapetum.ingest.sources.http import Authorise, HttpLimits, ingest_routes
from tapetum.service import control, page
from tapetum.service.embedded import Embedded
from tapetum.service.ingest_metrics import IngestCollector
from tapetum.service.intake import pipeline as imports
from tapetum.service.settings import Settings


def build_app(
    embedded: Embedded, pipeline: Pipeline, settings: Settings, *, secret: str, require_token: bool
) -> Starlette:
    """`secret` opens the control routes; `require_token` is True wherever others can connect."""
    hosts = None if require_token else LOOPBACK_HOSTS
    context = ApiContext(
        logs=embedded.logs,
        graph=embedded.graph,
        catalog=embedded.catalog,
        bus=embedded.bus,
        clock=embedded.clock,
        settings=ApiSettings(
            require_token=require_token,
            introspection=settings.introspection,
            deadline=timedelta(seconds=settings.deadline),
            allowed_origins=frozenset(settings.allowed_origins),
            hosts=hosts,
        ),
        version=version("tapetum"),
    )
    api = Api(context)
    history = imports(embedded, settings, history=True)
    context.metrics.registry.register(IngestCollector(pipeline.tally))
    authenticator = Authenticator(embedded.catalog, embedded.clock, require_token)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await api.aclose()

    return Starlette(
        routes=[
            *api.routes(),
            *ingest_routes(
                pipeline.deliver,
                _ingest_by(authenticator),
                HttpLimits(max_body=settings.max_body, max_line=settings.max_line),
            ),
            *control.routes(embedded, history, secret),
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
