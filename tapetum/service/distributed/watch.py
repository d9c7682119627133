"""A worker's own small server: whether it lives, whether its engines answer, and what it counted."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tapetum.domain.errors import TapetumError
from tapetum.service.serving import SideServer, is_loopback, listen, url_of

_PATIENCE = 3.0


@asynccontextmanager
async def watched(
    host: str, port: int, registry: CollectorRegistry, ready: Callable[[], Awaitable[object]]
) -> AsyncGenerator[str]:
    """Serve /healthz, /readyz and /metrics while the block runs; gives the address."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        try:
            async with asyncio.timeout(_PATIENCE):
                await ready()
        except TimeoutError:
            return PlainTextResponse(f"An engine did not answer within {_PATIENCE:g} s.\n", 503)
        except TapetumError as error:
            return PlainTextResponse(f"{error.message}\n", 503)
        return PlainTextResponse("ready\n")

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    allowed = ["localhost", "127.0.0.1"] if is_loopback(host) else ["*"]
    app = Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=allowed)])
    listener = listen(host, port)
    server = SideServer(app)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield url_of(host, listener)
    finally:
        server.should_exit = True
        await serving
