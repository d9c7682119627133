"""GraphQL over HTTP: one operation a POST, answered as JSON or followed as server-sent events."""

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from tapetum.api.admission import Admitted
from tapetum.api.auth import Caller, bearer
from tapetum.api.errors import ForbiddenError, RefusedError, shown
from tapetum.api.execute import encoded
from tapetum.api.request import read_import, read_request
from tapetum.api.security import check_post
from tapetum.api.server import Server
from tapetum.api.stream import EVENT_STREAM, event_stream
from tapetum.domain.errors import TapetumError, TooLargeError, UnauthorizedError

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
IMPORTS = ("importManifests", "importAlertRules", "importScans", "uploadFeed")
SIMULATIONS = ("simulatePolicies",)
_STATUS: dict[type[TapetumError], int] = {
    UnauthorizedError: 401,
    ForbiddenError: 403,
    TooLargeError: 413,
}
_NO_STORE = {"cache-control": "no-store"}


class MediaTypeError(RefusedError):
    """A body that is not JSON."""


async def serve_post(server: Server, request: Request) -> Response:
    """Every outcome is a GraphQL response; the status says more where the media type lets it."""
    accept = request.headers.get("accept", "")
    media = GRAPHQL_JSON if GRAPHQL_JSON in accept else JSON
    try:
        check_post(request.headers)
        caller = await server.authenticator.caller(bearer(request.headers))
        limits = server.api.settings.limits
        body = await _body(request, limits.import_bytes)
        if EVENT_STREAM in accept and JSON not in accept and GRAPHQL_JSON not in accept:
            _hold_length(body, limits.request_bytes)
            return event_stream(server, caller, body)
        return await _answer(server, caller, body, media, streams=EVENT_STREAM in accept)
    except ClientDisconnect:
        return Response(status_code=499)
    except TapetumError as error:
        status = _status(error, media)
        headers = {**_NO_STORE, **({"www-authenticate": "Bearer"} if status == 401 else {})}  # noqa: PLR2004 - Unauthorized
        return Response(encoded({"errors": shown(error, server.api)}), status, headers, media)
    except Exception as error:  # noqa: BLE001 - shown masks it and writes it down
        return Response(encoded({"errors": shown(error, server.api)}), 500, _NO_STORE, media)


async def _answer(server: Server, caller: Caller, body: bytes, media: str, *, streams: bool) -> Response:
    """A client that takes both means a stream for subscriptions, JSON for the rest."""
    admitted = _admitted(server, body)
    if admitted.live and streams:
        return event_stream(server, caller, body)
    if admitted.live:
        raise RefusedError(
            f"A subscription is followed over WebSocket (graphql-transport-ws), or with "
            f"`accept: {EVENT_STREAM}`."
        )
    answer = await server.run(admitted, caller)
    status = 400 if "data" not in answer and media == GRAPHQL_JSON else 200
    return Response(encoded(answer), status, _NO_STORE, media)


async def _body(request: Request, limit: int) -> bytes:
    """At most `limit` bytes; more is refused as soon as it is known."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise MediaTypeError(f"The content type is {kind[:60] or 'missing'!r}; send application/json.")
    body = bytearray()
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:12]) > limit:
        raise _too_large(limit)
    async for chunk in request.stream():
        body += chunk
        _hold_length(body, limit)
    return bytes(body)


def _admitted(server: Server, body: bytes) -> Admitted:
    """Only what brings manifests, rules or a feed may be larger than a question."""
    limits = server.api.settings.limits
    most = limits.request_bytes
    if len(body) <= most:
        return server.admit(read_request(body))
    request, fields = read_import(body), IMPORTS
    if request is None and len(body) <= limits.simulation_bytes:
        request, fields = read_request(body), SIMULATIONS
    if request is None or len(request.query) > most:
        raise _too_large(most)
    admitted = server.admit(request)
    if len(admitted.root_fields) != 1 or admitted.root_fields[0] not in fields:
        raise _too_large(most)
    return admitted


def _hold_length(body: bytes | bytearray, limit: int) -> None:
    if len(body) > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"The request is longer than {limit} bytes; ask for less at once.")


def _status(error: TapetumError, media: str) -> int:
    if isinstance(error, MediaTypeError):
        return 415
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return status
    return 400 if media == GRAPHQL_JSON else 200
