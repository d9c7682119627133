"""The ASGI application of the API. The service mounts its routes beside ingest and the page."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from tapetum.api import health
from tapetum.api.captures import CaptureUploads
from tapetum.api.context import ApiContext
from tapetum.api.export import Exports
from tapetum.api.http import serve_post
from tapetum.api.schema import build_schema
from tapetum.api.security import HostGuard
from tapetum.api.server import Server
from tapetum.api.sockets import serve_socket


class Api:
    """Its routes, and an end: `aclose` stops what it runs for subscribers."""

    def __init__(self, context: ApiContext) -> None:
        self._server = Server(context, build_schema())
        self._exports = Exports(self._server)
        self._captures = CaptureUploads(self._server)

    def routes(self) -> list[BaseRoute]:
        server = self._server

        async def post(request: Request) -> Response:
            return await serve_post(server, request)

        async def socket(websocket: WebSocket) -> None:
            await serve_socket(server, websocket)

        async def healthz(_: Request) -> Response:
            return health.alive()

        async def readyz(_: Request) -> Response:
            return await health.ready(server)

        async def metrics(request: Request) -> Response:
            return await health.metrics(server, request)

        return [
            Route("/graphql", post, methods=["POST"]),
            WebSocketRoute("/graphql", socket),
            Route("/export/v1/{name}", self._exports.get, methods=["GET"]),
            Route("/captures/v1", self._captures.post, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", metrics),
        ]

    async def aclose(self) -> None:
        await self._server.aclose()


def create_app(context: ApiContext) -> Starlette:
    """The API alone, for tests and for a process that serves nothing else."""
    api = Api(context)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await api.aclose()

    guard = Middleware(HostGuard, hosts=context.settings.hosts)
    return Starlette(routes=api.routes(), middleware=[guard], lifespan=lifespan)
