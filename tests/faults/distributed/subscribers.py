"""Subscribers as they are: they follow alerts at one replica and, when that ends, go on at the next."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Self

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from tests.support.served import PROTOCOL, Served

ALERTS = (
    "subscription($c: [ID!], $after: String) {"
    ' alertRaised(clusters: $c, after: $after, filter: "rule: first-denied")'
    " { cursor gap alert { target { name } } } }"
)

Follow = Callable[[str, dict[str, Any]], AsyncGenerator[dict[str, Any]]]
"""From an address and an operation to the data of its events, until the connection ends or breaks."""


@dataclass(frozen=True)
class Heard:
    cursor: str
    target: str
    gap: int


async def over_socket(url: str, operation: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
    async with connect(
        f"{url.replace('http', 'ws', 1)}/graphql",
        subprotocols=[PROTOCOL],  # pyright: ignore[reportArgumentType] - a NewType of str
        max_queue=4096,
        close_timeout=1,
        proxy=None,
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": operation}))
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "next":
                yield message["payload"]["data"]
            elif message["type"] in ("error", "complete"):
                return


async def over_events(url: str, operation: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
    """Server-sent events."""
    async with (
        httpx.AsyncClient(timeout=httpx.Timeout(5, read=60)) as http,
        http.stream(
            "POST", f"{url}/graphql", json=operation, headers={"accept": "text/event-stream"}
        ) as stream,
    ):
        async for line in stream.aiter_lines():
            if line.startswith("data: {"):
                data = json.loads(line[6:])["data"]
                if data is None:
                    return
                yield data


class Subscriber:
    """Use as a context. `heard` is all that it was told, over all its connections."""

    def __init__(
        self, replicas: Sequence[Served], cluster: str, follow: Follow, after: str | None = None
    ) -> None:
        self.heard: list[Heard] = []
        self.connections = 0
        self._replicas = replicas
        self._cluster = cluster
        self._follow = follow
        self._after = after

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            replica = self._replicas[self.connections % len(self._replicas)]
            self.connections += 1
            with suppress(OSError, httpx.TransportError, WebSocketException):
                await self._listen(replica.url)
            await asyncio.sleep(0.05)

    async def _listen(self, url: str) -> None:
        after = self.heard[-1].cursor if self.heard else self._after
        operation = {"query": ALERTS, "variables": {"c": [self._cluster], "after": after}}
        async with aclosing(self._follow(url, operation)) as events:
            async for event in events:
                raised = event["alertRaised"]
                self.heard.append(Heard(raised["cursor"], raised["alert"]["target"]["name"], raised["gap"]))
