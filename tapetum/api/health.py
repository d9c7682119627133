"""Whether the process lives, whether its stores answer, and what it counted."""

import asyncio

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tapetum.api.auth import bearer
from tapetum.api.plain import one_line
from tapetum.api.server import Server
from tapetum.domain.errors import TapetumError, UnauthorizedError
from tapetum.domain.moments import MINUTE, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.service_graph import Shape
from tapetum.graphstore.port import GraphQuery

_PATIENCE = 3.0


def alive() -> Response:
    return PlainTextResponse("ok\n")


async def ready(server: Server) -> Response:
    """503 with a sentence while a store cannot be asked, or something else is missing."""
    api = server.api
    try:
        async with asyncio.timeout(_PATIENCE):
            await api.ready()
            await api.logs.last_alert(EVERYTHING)
            now = api.clock()
            await api.graph.service_graph(
                EVERYTHING, GraphQuery(TimeRange(now - MINUTE, now)), Shape(limit=1)
            )
    except TimeoutError:
        return PlainTextResponse(f"A store did not answer within {_PATIENCE:g} s.\n", 503)
    except TapetumError as error:
        return PlainTextResponse(f"{one_line(error.message, 300)}\n", 503)
    return PlainTextResponse("ready\n")


async def metrics(server: Server, request: Request) -> Response:
    """For any valid token; without one where none is required."""
    try:
        await server.authenticator.caller(bearer(request.headers))
    except UnauthorizedError as error:
        return PlainTextResponse(f"{error.message}\n", 401, {"www-authenticate": "Bearer"})
    return Response(server.api.metrics.page(), media_type=CONTENT_TYPE_LATEST)
