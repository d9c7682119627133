"""F18 and F19 against the API on real sockets: stalled subscribers, and many who come back at once."""

import asyncio
import resource
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.api.sockets import PROTOCOL

ROOT = Path(__file__).parents[2]
WHOLE = (
    "subscription($after: String) { alertRaised(after: $after) { cursor gap alert { title description } } }"
)
pytestmark = [pytest.mark.server, pytest.mark.fault]


@pytest.fixture
def port() -> Generator[int]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.api.served", "64"], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        yield int(child.stdout.readline())
    finally:
        child.terminate()
        child.wait(20)
        child.stdout.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def state(port: int) -> dict[str, Any]:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://127.0.0.1:{port}/state")).json()


async def until(port: int, name: str, value: int) -> None:
    async with asyncio.timeout(30):
        while (await state(port))[name] != value:  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.05)


async def raise_alerts(port: int, count: int, size: int = 10) -> int:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"http://127.0.0.1:{port}/raise?count={count}&size={size}", timeout=30)
    return answer.json()["last"]


class Follower:
    """Follows alerts, remembers titles and the last cursor."""

    def __init__(self) -> None:
        self.titles: list[str] = []
        self.gaps = 0
        self.cursor: str | None = None

    @asynccontextmanager
    async def following(self, port: int) -> AsyncGenerator[ClientConnection]:
        async with connect(
            f"ws://127.0.0.1:{port}/graphql", subprotocols=[PROTOCOL], compression=None, open_timeout=30
        ) as connection:
            await connection.send('{"type":"connection_init"}')
            assert await connection.recv() == '{"type":"connection_ack"}'
            payload = {"query": WHOLE, "variables": {"after": self.cursor}}
            await connection.send(
                msgspec.json.encode({"type": "subscribe", "id": "1", "payload": payload}).decode()
            )
            yield connection

    async def take(self, connection: ClientConnection, count: int) -> None:
        for _ in range(count):
            async with asyncio.timeout(30):
                message = msgspec.json.decode(await connection.recv())
            raised = message["payload"]["data"]["alertRaised"]
            self.titles.append(raised["alert"]["title"])
            self.gaps += raised["gap"]
            self.cursor = raised["cursor"]


async def test_one_of_many_stops_reading(port: int) -> None:
    """F18: the others lose nothing, memory stays flat, the slow one is closed and resumes without a gap."""
    followers, size = 40, 40_000
    slow = Follower()
    async with AsyncExitStack() as stack:
        others = [Follower() for _ in range(followers)]
        connections = [await stack.enter_async_context(other.following(port)) for other in others]
        narrow = socket.socket()
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.connect(("127.0.0.1", port))
        narrow.setblocking(False)
        reading = await stack.enter_async_context(_over(narrow, slow, port))
        await until(port, "subscribers", followers + 1)
        await raise_alerts(port, 1)
        await slow.take(reading, 1)
        for other, connection in zip(others, connections, strict=True):
            await other.take(connection, 1)
        reading.transport.pause_reading()
        before = await state(port)
        alerts = 0
        while not (await state(port))["slow"]:  # how much the kernel holds for it is not ours to know
            await raise_alerts(port, 20, size)
            await asyncio.gather(
                *(other.take(one, 20) for other, one in zip(others, connections, strict=True))
            )
            alerts += 20
            assert alerts <= 600
        await until(port, "subscribers", followers)
        after = await state(port)
        wanted = [f"Alert {mark}" for mark in range(alerts + 1)]
        assert all(other.titles == wanted for other in others)
        # The store and the feed keep what was raised, a few times over; no client has a copy of its own.
        assert after["resident"] - before["resident"] < 12 * alerts * size
        await until(port, "sockets", followers)
        assert (await state(port))["files"] <= before["files"]
    async with slow.following(port) as connection:
        await slow.take(connection, alerts)
    assert slow.titles == wanted
    assert slow.gaps == 0


@asynccontextmanager
async def _over(narrow: socket.socket, follower: Follower, port: int) -> AsyncGenerator[ClientConnection]:
    """A follower over a socket of the test's own; that it is cut off in the end is what is tested."""
    connection = await connect(
        f"ws://127.0.0.1:{port}/graphql",
        subprotocols=[PROTOCOL],
        compression=None,
        sock=narrow,
        ping_interval=None,
    )
    try:
        await connection.send('{"type":"connection_init"}')
        assert await connection.recv() == '{"type":"connection_ack"}'
        await connection.send(
            msgspec.json.encode({"type": "subscribe", "id": "1", "payload": {"query": WHOLE}}).decode()
        )
        yield connection
    finally:
        connection.transport.abort()


async def test_many_come_back_at_once(port: int) -> None:
    """F19 in small: all are attached again soon, each gap-free from its own cursor."""
    followers = [Follower() for _ in range(300)]
    async with AsyncExitStack() as stack:
        connections = [await stack.enter_async_context(each.following(port)) for each in followers]
        await until(port, "subscribers", len(followers))
        for _ in range(3):
            await raise_alerts(port, 3)
        for place, (follower, connection) in enumerate(zip(followers, connections, strict=True)):
            await follower.take(connection, 1 + place % 9)
    await until(port, "subscribers", 0)
    await raise_alerts(port, 50)
    began = asyncio.get_running_loop().time()

    async def come_back(follower: Follower) -> None:
        async with follower.following(port) as connection:
            await follower.take(connection, 59 - len(follower.titles))

    await asyncio.gather(*(come_back(follower) for follower in followers))
    took = asyncio.get_running_loop().time() - began
    wanted = [f"Alert {mark}" for mark in range(59)]
    assert all(follower.titles == wanted and follower.gaps == 0 for follower in followers)
    assert took < 30


async def test_a_foreign_origin_and_a_legacy_protocol_are_closed_with_their_codes(port: int) -> None:
    for protocol, origin, code in (("graphql-ws", None, 4406), (PROTOCOL, "http://evil.example", 4403)):
        async with connect(
            f"ws://127.0.0.1:{port}/graphql", subprotocols=[protocol], origin=origin
        ) as connection:
            with pytest.raises(ConnectionClosed) as closed:
                await connection.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code
