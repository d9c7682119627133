"""A WebSocket client that calls the application itself, in the same event loop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec

PROTOCOL = "graphql-transport-ws"


class Closed(Exception):  # noqa: N818 - how a socket ends
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Socket:
    """`stall()` makes it take no more, as a client does that stopped reading."""

    def __init__(self) -> None:
        self.subprotocol: str | None = None
        self._to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._taking = asyncio.Event()
        self._taking.set()
        self.sent_frames = 0

    def stall(self) -> None:
        self._taking.clear()

    def read_on(self) -> None:
        self._taking.set()

    async def receive(self) -> dict[str, Any]:
        return await self._to_app.get()

    async def deliver(self, message: dict[str, Any]) -> None:
        await self._taking.wait()
        self.sent_frames += 1
        self._from_app.put_nowait(dict(message))

    def send_text(self, text: str) -> None:
        self._to_app.put_nowait({"type": "websocket.receive", "text": text})

    def send_bytes(self, data: bytes) -> None:
        self._to_app.put_nowait({"type": "websocket.receive", "bytes": data})

    def send(self, **message: Any) -> None:
        self.send_text(msgspec.json.encode(message).decode())

    def leave(self) -> None:
        self._to_app.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def text(self, within: float = 5) -> str:
        """The next frame; raises Closed."""
        async with asyncio.timeout(within):
            message = await self._from_app.get()
        if message["type"] == "websocket.accept":
            self.subprotocol = message.get("subprotocol")
            return await self.text(within)
        if message["type"] == "websocket.close":
            raise Closed(message["code"], message.get("reason", ""))
        return message["text"]

    async def next(self, within: float = 5) -> dict[str, Any]:
        return msgspec.json.decode(await self.text(within))

    async def closing(self, within: float = 5) -> Closed:
        """How the socket is closed, whatever comes before."""
        while True:
            try:
                await self.text(within)
            except Closed as closed:
                return closed

    def nothing_waits(self) -> bool:
        return self._from_app.empty()

    async def init(self, **payload: Any) -> None:
        self.send(type="connection_init", payload=payload)
        assert await self.next() == {"type": "connection_ack"}

    def subscribe(self, query: str, variables: dict[str, Any] | None = None, operation: str = "1") -> None:
        self.send(type="subscribe", id=operation, payload={"query": query, "variables": variables})


@asynccontextmanager
async def connected(
    app: Any, *, protocols: tuple[str, ...] = (PROTOCOL,), headers: dict[str, str] | None = None
) -> AsyncGenerator[Socket]:
    socket = Socket()
    given = {"host": "localhost", **(headers or {})}
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "subprotocols": list(protocols),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    socket._to_app.put_nowait({"type": "websocket.connect"})
    running = asyncio.create_task(app(scope, socket.receive, socket.deliver))
    try:
        yield socket
    finally:
        socket.read_on()
        socket.leave()
        with suppress(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await running


class EventStream:
    """A client of server-sent events, in the same event loop."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.ended = False
        self._body = ""
        self._to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._taking = asyncio.Event()
        self._taking.set()

    def stall(self) -> None:
        self._taking.clear()

    def read_on(self) -> None:
        self._taking.set()

    def leave(self) -> None:
        self._to_app.put_nowait({"type": "http.disconnect"})

    async def receive(self) -> dict[str, Any]:
        return await self._to_app.get()

    async def deliver(self, message: dict[str, Any]) -> None:
        await self._taking.wait()
        self._from_app.put_nowait(dict(message))

    def send_body(self, body: bytes) -> None:
        self._to_app.put_nowait({"type": "http.request", "body": body, "more_body": False})

    async def event(self, within: float = 5) -> tuple[str, str]:
        """The next event's kind and data; comments are left out. Raises EOFError at the end."""
        async with asyncio.timeout(within):
            while True:
                while "\n\n" in self._body:
                    block, self._body = self._body.split("\n\n", 1)
                    if not block.startswith(":"):
                        fields = dict(line.split(": ", 1) for line in block.split("\n"))
                        return fields["event"], fields["data"]
                if self.ended:
                    raise EOFError
                await self._take()

    async def _take(self) -> None:
        message = await self._from_app.get()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self._body += message["body"].decode()
            self.ended = not message.get("more_body", False)


@asynccontextmanager
async def streamed(
    app: Any, query: str, variables: dict[str, Any] | None = None, headers: dict[str, str] | None = None
) -> AsyncGenerator[EventStream]:
    stream = EventStream()
    given = {
        "host": "localhost",
        "content-type": "application/json",
        "accept": "text/event-stream",
        **(headers or {}),
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    stream.send_body(msgspec.json.encode({"query": query, "variables": variables}))
    running = asyncio.create_task(app(scope, stream.receive, stream.deliver))
    try:
        yield stream
    finally:
        stream.read_on()
        stream.leave()
        with suppress(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await running
