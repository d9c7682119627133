"""F18: one of many subscribers stops reading. The others lose nothing; it is let go, and resumes gap-free."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support import raw_flows
from tests.support.served import PROTOCOL, Served

pytestmark = [pytest.mark.fault, pytest.mark.server]

CLUSTER = "f18"
OTHERS = 120
BATCHES, ALERTS = 24, 60
TOO_SLOW = 4503
MB = 1 << 20

# Of edges, one each: rules count many denials together, whenever their minute comes.
DENIED = 'filter: "rule: first-denied"'
BRIEF = (
    f'subscription {{ alertRaised(clusters: ["f18"], {DENIED})'
    " { cursor gap alert { severity target { name } } } }"
)
# One event of some 30 kB, so that a client's buffers fill before the test is over.
WIDE = (
    f'subscription($after: String) {{ alertRaised(clusters: ["f18"], after: $after, {DENIED})'
    " { cursor gap alert {"
    + " ".join(f"d{number}: description s{number}: source {{ name }}" for number in range(12))
    + " target { name } } } }"
)


@asynccontextmanager
async def following(
    served: Served, query: str, variables: dict[str, Any] | None = None, buffer: int | None = None
) -> AsyncGenerator[ClientConnection]:
    """A socket that follows a subscription; `buffer` bounds what the system takes on its behalf."""
    where = urlsplit(served.url)
    wire = socket.socket()
    if buffer is not None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    wire.setblocking(False)
    await asyncio.get_running_loop().sock_connect(wire, (where.hostname, where.port))
    async with connect(
        f"ws://{where.netloc}/graphql",
        sock=wire,
        subprotocols=[PROTOCOL],  # pyright: ignore[reportArgumentType] - a NewType of str
        max_size=64 * MB,
        max_queue=1 if buffer is not None else 4096,
        ping_interval=None,
        close_timeout=1,
        compression=None,
        proxy=None,
    ) as client:
        await client.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await client.recv()) == {"type": "connection_ack"}
        payload = {"query": query, "variables": variables}
        await client.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        yield client


async def read(client: ClientConnection, count: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    async with asyncio.timeout(90):
        while len(events) < count:
            message = json.loads(await client.recv())
            assert message["type"] in ("next", "ping"), message
            if message["type"] == "next":
                events.append(message["payload"]["data"]["alertRaised"])
    return events


def denials(batch: int) -> list[bytes]:
    """Each is the first on its edge, and has a name that makes its alert wide."""
    return [
        raw_flows.line(
            int(time.time()) - 60,
            action="deny",
            reporter="dst",
            source_name_aggr=f"{'w' * 500}-*",
            dest_name_aggr=f"db-{batch * ALERTS + number}-*",
        )
        for number in range(ALERTS)
    ]


def targets(events: list[dict[str, Any]]) -> list[str]:
    return [event["alert"]["target"]["name"] for event in events]


async def test_the_others_lose_nothing_and_the_slow_one_resumes(served: Served) -> None:
    count = BATCHES * ALERTS
    raised = [f"db-{number}-*" for number in range(count)]
    async with (
        following(served, WIDE, buffer=4096) as stalled,
        following(served, BRIEF) as first,
    ):
        others = [first]
        waiting = [following(served, BRIEF) for _ in range(OTHERS - 1)]
        others += await asyncio.gather(*(each.__aenter__() for each in waiting))
        reading = [asyncio.create_task(read(each, count)) for each in others]
        await asyncio.sleep(1)
        idle, _ = served.memory()
        served.forget_peak()
        for batch in range(BATCHES):
            await asyncio.to_thread(served.ingest, denials(batch), CLUSTER)
        told = await asyncio.gather(*reading)
        for events in told:
            assert sorted(targets(events)) == sorted(raised)
            assert not any(event["gap"] for event in events)
        _, peak = served.memory()
        assert peak < 2 * idle, f"{idle / MB:.0f} MB before, {peak / MB:.0f} MB at most"
        seen = await what_was_left(stalled)
        for each in waiting:
            await each.__aexit__(None, None, None)
    assert 0 < len(seen) < count, "it was not let go"
    async with following(served, WIDE, {"after": seen[-1]["cursor"]}) as again:
        missed = await read(again, count - len(seen))
    assert missed[0]["gap"] == 0
    assert targets(seen + missed) == targets(told[0])


async def what_was_left(stalled: ClientConnection) -> list[dict[str, Any]]:
    """What had already gone to the slow one, up to how it was closed."""
    seen: list[dict[str, Any]] = []
    with suppress(ConnectionClosed):
        async with asyncio.timeout(60):
            while True:
                message = json.loads(await stalled.recv())
                if message["type"] == "next":
                    seen.append(message["payload"]["data"]["alertRaised"])
    # A client that takes nothing may not have taken the close frame either.
    assert stalled.close_code in (TOO_SLOW, 1006), stalled.close_reason
    return seen


async def test_who_missed_more_than_is_kept_is_told_how_many(served: Served) -> None:
    """At most 2000 alerts are sent again; the first of them says how many came before."""
    cluster, kept = "f18-gap", 2000
    query = BRIEF.replace("(clusters", "($after", 1).replace('"f18"', f'"{cluster}"')
    query = query.replace("($after", "(after: $after, clusters").replace(
        "subscription", "subscription($after: String)"
    )
    lines = [
        raw_flows.line(int(time.time()) - 60, action="deny", dest_name_aggr=f"db-{number}-*")
        for number in range(kept + 500)
    ]
    async with following(served, query) as client:
        await asyncio.sleep(0.5)
        await asyncio.to_thread(served.ingest, lines[:1], cluster)
        (known,) = await read(client, 1)
    await asyncio.to_thread(served.ingest, lines[1:], cluster)
    async with following(served, query, {"after": known["cursor"]}) as client:
        missed = await read(client, kept)
        await asyncio.to_thread(
            served.ingest, [raw_flows.line(int(time.time()) - 60, action="deny")], cluster
        )
        (fresh,) = await read(client, 1)
    assert [event["gap"] for event in missed] == [len(lines) - 1 - kept] + [0] * (kept - 1)
    assert len({event["cursor"] for event in (known, *missed, fresh)}) == kept + 2
    assert targets([fresh]) == ["db-*"]
