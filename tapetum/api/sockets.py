"""GraphQL over WebSocket: the protocol graphql-transport-ws, and no other."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from tapetum.api.admission import Admitted
from tapetum.api.auth import Caller, bearer
from tapetum.api.errors import RefusedError, shown
from tapetum.api.execute import encoded
from tapetum.api.outbox import Outbox
from tapetum.api.protocol import PROTOCOL, Close, Closing, Message, read_message, token_of
from tapetum.api.request import read_request
from tapetum.api.security import origin_allowed
from tapetum.api.server import Server
from tapetum.domain.errors import UnauthorizedError

EXTENSION = "tapetum.socket"  # of the ASGI scope: uvicorn_sockets.py
_CLOSING = 1.0


class Connection:
    """One socket: its operations, its outbox, and how it ends."""

    def __init__(self, server: Server, websocket: WebSocket) -> None:
        self.caller: Caller | None = None
        self._server = server
        self._websocket = websocket
        self._abort, self._outbox = _outbox(server, websocket, self._may_send)
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._ending: asyncio.Future[Closing] = asyncio.get_running_loop().create_future()

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
            self._ending.set_result(Closing(code, reason))

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
        except Closing as closed:
            self._end(closed.code, closed.reason)
        except WebSocketDisconnect:
            return
        else:
            await self._serve()

    async def _serve(self) -> None:
        try:
            while True:
                self._handle(await self._next())
        except Closing as closed:
            self._end(closed.code, closed.reason)
        except WebSocketDisconnect:
            return

    async def _next(self) -> Message:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1006))
        return read_message(received.get("text"), self._server.api.settings.limits.request_bytes)

    async def _before_init(self, message: Message) -> None:
        match message.type:
            case "connection_init":
                try:
                    token = token_of(message.payload)
                    presented = bearer(self._websocket.headers) if token is None else token
                    self.caller = await self._server.authenticator.caller(presented)
                except UnauthorizedError as error:
                    raise Closing(Close.UNAUTHORIZED, error.message) from None
                self._say("connection_ack")
            case "ping":
                self._say("pong")
            case "pong":
                pass
            case _:
                raise Closing(Close.UNAUTHORIZED, "Unauthorized: send connection_init first")

    def _handle(self, message: Message) -> None:
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
                raise Closing(Close.TOO_MANY_INITS, "Too many initialisation requests")
            case _:
                raise Closing(Close.BAD_REQUEST, "Invalid message received")

    def _subscribe(self, operation_id: str, payload: bytes) -> None:
        if operation_id in self._operations:
            raise Closing(Close.ALREADY_SUBSCRIBED, f"Subscriber for {operation_id} already exists")
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
            admitted = _reading(self._server.admit(read_request(bytes(payload))))
            if admitted.live:
                sink = _Sink(self, b'{"id":%b,"type":"next","payload":' % name)
                errors = await self._server.broadcast.follow(admitted, caller.scope, sink)
            else:
                answer = await self._server.run(admitted, caller)
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


def _reading(admitted: Admitted) -> Admitted:
    """A browser opens sockets without the header that a POST needs, so nothing is changed through one."""
    if admitted.writes:
        raise RefusedError("A mutation is sent by POST; a WebSocket carries queries and subscriptions.")
    return admitted


async def serve_socket(server: Server, websocket: WebSocket) -> None:
    """Accepts before it refuses: a browser is told of a close code only then."""
    offered = websocket.scope.get("subprotocols") or []
    await websocket.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
    if not origin_allowed(websocket.headers, server.api.settings):
        await close(server, websocket, Closing(Close.FORBIDDEN, "This origin may not connect here"))
    elif PROTOCOL not in offered:
        await close(server, websocket, Closing(Close.PROTOCOL_UNKNOWN, f"Speak {PROTOCOL}"))
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


async def close(server: Server, websocket: WebSocket, closed: Closing) -> None:
    """A socket that takes nothing does not take a close frame either, so there is an end to waiting."""
    server.api.metrics.closed.labels(str(closed.code.value)).inc()
    with suppress(TimeoutError, RuntimeError, WebSocketDisconnect):
        async with asyncio.timeout(_CLOSING):
            await websocket.close(closed.code.value, closed.reason)
