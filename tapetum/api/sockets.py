"""GraphQL over WebSocket: the protocol graphql-transport-ws, and no other."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from enum import IntEnum
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from tapetum.api.auth import Caller, bearer
from tapetum.api.errors import RefusedError, shown
from tapetum.api.execute import encoded
from tapetum.api.outbox import Outbox
from tapetum.api.plain import one_line
from tapetum.api.request import read_request
from tapetum.api.security import origin_allowed
from tapetum.api.server import Server
from tapetum.domain.errors import UnauthorizedError

PROTOCOL = "graphql-transport-ws"
EXTENSION = "tapetum.socket"  # of the ASGI scope: uvicorn_sockets.py
_LONGEST_ID = 128
_CLOSING = 1.0
_REASON = 120  # a close frame's reason has at most 123 bytes


class Close(IntEnum):
    """graphql-transport-ws names the first ones; the last is ours, and clients reconnect after it."""

    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    PROTOCOL_UNKNOWN = 4406
    INIT_TIMEOUT = 4408
    ALREADY_SUBSCRIBED = 4409
    TOO_MANY_INITS = 4429
    TOO_SLOW = 4503


class _Message(msgspec.Struct, frozen=True):
    type: str
    id: str | None = None
    payload: msgspec.Raw = msgspec.Raw(b"null")


class _Closed(Exception):  # noqa: N818 - not an error: how a connection ends from our side
    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = one_line(reason, 400).encode()[:_REASON].decode(errors="ignore")


class Connection:
    """One socket: its operations, its outbox, and how it ends."""

    def __init__(self, server: Server, websocket: WebSocket) -> None:
        self.caller: Caller | None = None
        self._server = server
        self._websocket = websocket
        self._abort, self._outbox = _outbox(server, websocket, self._may_send)
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._ending: asyncio.Future[_Closed] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        tasks = [asyncio.create_task(self._receive()), asyncio.create_task(self._write())]
        self._server.lines.add(self)
        try:
            await asyncio.wait([*tasks, self._ending], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._server.lines.remove(self)
            tasks += self._operations.values()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self._ending.done():
            await close(self._server, self._websocket, self._ending.result())
            if self._abort is not None and self._outbox.stalled():
                self._abort()  # what it never took would be kept for it as long as it lives

    def stalled(self) -> float:
        return self._outbox.stalled()

    def expire(self) -> None:
        self._end(Close.UNAUTHORIZED, "The token has expired or was revoked; connect again with another.")

    def let_go(self) -> None:
        self._end(Close.TOO_SLOW, "This client fell too far behind; connect again with its last cursor.")

    def _end(self, code: Close, reason: str) -> None:
        if not self._ending.done():
            self._ending.set_result(_Closed(code, reason))

    def _may_send(self) -> bool:
        return self.caller is None or not self.caller.expired(self._server.api.clock())

    async def _write(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            await self._outbox.run()
            self.expire()

    async def _receive(self) -> None:
        try:
            async with asyncio.timeout(self._server.api.settings.pace.init.total_seconds()):
                while self.caller is None:
                    await self._before_init(await self._next())
        except TimeoutError:
            self._end(Close.INIT_TIMEOUT, "Connection initialisation timeout")
        except _Closed as closed:
            self._end(closed.code, closed.reason)
        except WebSocketDisconnect:
            return
        else:
            await self._serve()

    async def _serve(self) -> None:
        try:
            while True:
                self._handle(await self._next())
        except _Closed as closed:
            self._end(closed.code, closed.reason)
        except WebSocketDisconnect:
            return

    async def _next(self) -> _Message:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1006))
        text = received.get("text")
        limit = self._server.api.settings.limits.request_bytes
        if not isinstance(text, str):
            raise _Closed(Close.BAD_REQUEST, "Messages are JSON as text")
        if len(text) > limit:
            raise _Closed(Close.BAD_REQUEST, f"A message is longer than {limit} bytes")
        try:
            message = msgspec.json.decode(text, type=_Message)
        except (msgspec.DecodeError, RecursionError):
            raise _Closed(Close.BAD_REQUEST, "Invalid message received") from None
        if message.id is not None and not 0 < len(message.id) <= _LONGEST_ID:
            raise _Closed(Close.BAD_REQUEST, f"An id has 1 to {_LONGEST_ID} characters")
        return message

    async def _before_init(self, message: _Message) -> None:
        match message.type:
            case "connection_init":
                try:
                    self.caller = await self._server.authenticator.caller(self._presented(message.payload))
                except UnauthorizedError as error:
                    raise _Closed(Close.UNAUTHORIZED, error.message) from None
                self._say("connection_ack")
            case "ping":
                self._say("pong")
            case "pong":
                pass
            case _:
                raise _Closed(Close.UNAUTHORIZED, "Unauthorized: send connection_init first")

    def _presented(self, payload: bytes) -> str | None:
        """The token of the message, else of the handshake."""
        try:
            given: Any = msgspec.json.decode(payload)
        except (msgspec.DecodeError, RecursionError):
            given = 0
        if given is not None and not isinstance(given, dict):
            raise _Closed(Close.BAD_REQUEST, "The payload of connection_init is an object")
        token = (given or {}).get("token")
        if token is not None and not isinstance(token, str):
            raise UnauthorizedError("The token is not a string.")
        return token if token is not None else bearer(self._websocket.headers)

    def _handle(self, message: _Message) -> None:
        match message.type:
            case "subscribe" if message.id is not None:
                self._subscribe(message.id, message.payload)
            case "complete" if message.id is not None:
                operation = self._operations.pop(message.id, None)
                if operation is not None:
                    operation.cancel()
            case "ping":
                self._say("pong")
            case "pong":
                pass
            case "connection_init":
                raise _Closed(Close.TOO_MANY_INITS, "Too many initialisation requests")
            case _:
                raise _Closed(Close.BAD_REQUEST, "Invalid message received")

    def _subscribe(self, operation_id: str, payload: bytes) -> None:
        if operation_id in self._operations:
            raise _Closed(Close.ALREADY_SUBSCRIBED, f"Subscriber for {operation_id} already exists")
        limit = self._server.api.settings.limits.operations_per_socket
        if len(self._operations) >= limit:
            error = RefusedError(
                f"One socket runs at most {limit} operations at a time; complete some first."
            )
            self._fail(operation_id, shown(error, self._server.api))
            return
        self._operations[operation_id] = asyncio.create_task(self._operate(operation_id, payload))

    async def _operate(self, operation_id: str, payload: bytes) -> None:
        """One operation from its request to its last message."""
        name = msgspec.json.encode(operation_id)
        api, caller = self._server.api, self.caller
        if caller is None:
            return
        try:
            admitted = self._server.admit(read_request(bytes(payload)))
            if admitted.live:
                sink = _Sink(self, b'{"id":%b,"type":"next","payload":' % name)
                errors = await self._server.broadcast.follow(admitted, caller.scope, sink)
            else:
                answer = await self._server.run(admitted, caller.scope)
                errors = answer["errors"] if "data" not in answer else None
                if errors is None:
                    await self._outbox.put(b'{"id":%b,"type":"next","payload":' % name, encoded(answer))
        except Exception as error:  # noqa: BLE001 - shown masks what is not ours
            errors = shown(error, api)
        self._operations.pop(operation_id, None)
        if errors:
            self._fail(operation_id, errors)
        else:
            await self._outbox.put(b'{"id":%b,"type":"complete"' % name, b"")

    def _fail(self, operation_id: str, errors: list[dict[str, Any]]) -> None:
        name = msgspec.json.encode(operation_id)
        self.push(b'{"id":%b,"type":"error","payload":' % name, msgspec.json.encode(errors))

    def _say(self, kind: str) -> None:
        self.push(b'{"type":"%b"' % kind.encode(), b"")

    def push(self, head: bytes, payload: bytes) -> None:
        if not self._outbox.push(head, payload):
            self.let_go()

    async def put(self, head: bytes, payload: bytes) -> None:
        await self._outbox.put(head, payload)


class _Sink:
    """One subscription of one socket."""

    def __init__(self, connection: Connection, head: bytes) -> None:
        self._connection = connection
        self._head = head

    def push(self, payload: bytes) -> None:
        self._connection.push(self._head, payload)

    async def put(self, payload: bytes) -> None:
        await self._connection.put(self._head, payload)

    def fall_behind(self) -> None:
        self._connection.let_go()


async def serve_socket(server: Server, websocket: WebSocket) -> None:
    """Accepts before it refuses: a browser is told of a close code only then."""
    offered = websocket.scope.get("subprotocols") or []
    await websocket.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
    if not origin_allowed(websocket.headers, server.api.settings):
        await close(server, websocket, _Closed(Close.FORBIDDEN, "This origin may not connect here"))
    elif PROTOCOL not in offered:
        await close(server, websocket, _Closed(Close.PROTOCOL_UNKNOWN, f"Speak {PROTOCOL}"))
    else:
        await Connection(server, websocket).run()


def _outbox(
    server: Server, websocket: WebSocket, may_send: Callable[[], bool]
) -> tuple[Callable[[], None] | None, Outbox]:
    """With the server's short way out, and with how to cut the socket off, where it has them."""

    async def send(text: bytes) -> None:
        await websocket.send_text(text.decode())

    extension = websocket.scope.get("extensions", {}).get(EXTENSION, {})
    capacity = server.api.settings.pace.queue
    return extension.get("abort"), Outbox(send, b"}", capacity, may_send, extension.get("write"))


async def close(server: Server, websocket: WebSocket, closed: _Closed) -> None:
    """A socket that takes nothing does not take a close frame either, so there is an end to waiting."""
    server.api.metrics.closed.labels(str(closed.code.value)).inc()
    with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        async with asyncio.timeout(_CLOSING):
            await websocket.close(closed.code.value, closed.reason)
