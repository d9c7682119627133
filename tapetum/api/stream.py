"""Server-sent events: graphql-sse's distinct connections, one operation a response."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tapetum.api.auth import Caller
from tapetum.api.errors import shown
from tapetum.api.execute import encoded
from tapetum.api.outbox import Outbox
from tapetum.api.request import read_request
from tapetum.api.server import Server

EVENT_STREAM = "text/event-stream"
_NEXT = b"event: next\ndata: "
_COMPLETE = b"event: complete\ndata: "
_TAIL = b"\n\n"
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def event_stream(server: Server, caller: Caller, body: bytes) -> Response:
    """A refusal is an event too, as the protocol has it."""
    return _EventStream(server, caller, body)


class _EventStream(Response):
    def __init__(self, server: Server, caller: Caller, body: bytes) -> None:
        super().__init__()
        self._server = server
        self._caller = caller
        self._request = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - nothing is read from it
        async def write(text: bytes) -> None:
            await send({"type": "http.response.body", "body": text, "more_body": True})

        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        stream = Stream(self._server, self._caller, write)
        with suppress(OSError, RuntimeError):
            await stream.run(self._request, receive)
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class Stream:
    """One client's stream. It is a sink, and a line that is watched."""

    def __init__(self, server: Server, caller: Caller, write: Callable[[bytes], Awaitable[None]]) -> None:
        self.caller: Caller | None = caller
        self._asking = caller
        self._server = server
        self._outbox = Outbox(write, _TAIL, server.api.settings.pace.queue, self._may_send)
        self._over = asyncio.Event()

    async def run(self, body: bytes, receive: Receive) -> None:
        """Until the operation ends, the client leaves, its token ends or it falls behind."""
        writing = asyncio.create_task(self._outbox.run())
        operating = asyncio.create_task(self._operate(body))
        others = [
            asyncio.create_task(each) for each in (self._left(receive), self._over.wait(), self._keep_alive())
        ]
        self._server.lines.add(self)
        try:
            await asyncio.wait([writing, operating, *others], return_when=asyncio.FIRST_COMPLETED)
            if operating.done() and not writing.done():
                await self._drained(writing)
        finally:
            self._server.lines.remove(self)
            tasks = [writing, operating, *others]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stalled(self) -> float:
        return self._outbox.stalled()

    def expire(self) -> None:
        self._over.set()

    def let_go(self) -> None:
        self._over.set()

    def push(self, payload: bytes) -> None:
        if not self._outbox.push(_NEXT, payload):
            self.let_go()

    async def put(self, payload: bytes) -> None:
        await self._outbox.put(_NEXT, payload)

    def fall_behind(self) -> None:
        self.let_go()

    async def _operate(self, body: bytes) -> None:
        server = self._server
        errors: list[dict[str, Any]] | None
        try:
            admitted = server.admit(read_request(body))
            if admitted.live:
                errors = await server.broadcast.follow(admitted, self._asking.scope, self)
            else:
                await self.put(encoded(await server.run(admitted, self._asking)))
                errors = None
        except Exception as error:  # noqa: BLE001 - shown masks what is not ours
            errors = shown(error, server.api)
        if errors:
            await self.put(encoded({"errors": errors}))
        await self._outbox.put(_COMPLETE, b"")

    def _may_send(self) -> bool:
        return self.caller is None or not self.caller.expired(self._server.api.clock())

    async def _drained(self, writing: asyncio.Task[None]) -> None:
        """What the operation left in the outbox, its `complete` among it, still goes out."""
        leaving = asyncio.create_task(self._outbox.emptied())
        await asyncio.wait([leaving, writing], return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()

    async def _left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _keep_alive(self) -> None:
        """Comments, so that nothing between us and the client takes the silence for an end."""
        while True:
            await asyncio.sleep(self._server.api.settings.pace.keep_alive.total_seconds())
            self._outbox.push(b":", b"")
