"""`python -m bench.listeners PORT CLIENTS STALLED`: subscribers that time what they hear.

Says `ready`; at the next line on its input it waits for what is under way and prints what it heard.
"""

import asyncio
import re
import sys
import time
from array import array
from collections.abc import Sized

import msgspec

from bench.served import many_files
from bench.timing import percentile
from bench.websocket import Client, connect

_QUERY = """subscription { alertRaised { cursor gap alert { id time title description severity protocol port
  source { name namespace } target { name namespace } } } }"""
_SUBSCRIBE = {"type": "subscribe", "id": "1", "payload": {"query": " ".join(_QUERY.split())}}
_MARK = re.compile(rb"mark-(\d+)")
_AT_ONCE = 50
_OF_A_STALLED_ONE = 40
_QUIET, _LONGEST = 1.0, 15.0
"""Seconds without a message after which all is over, and for how long that is waited for."""


class Heard(msgspec.Struct):
    """Latencies are milliseconds from the mark in a message; `messages` counts by client. Each mark counts
    once, when it is first heard: several rules may have to say something about it.
    """

    messages: list[int]
    p50: float
    p95: float
    p99: float
    worst: float
    ended: int


def mark() -> str:
    """Put into an event when it happens, so that whoever hears it knows when that was."""
    return f"mark-{time.monotonic_ns() // 1000}"


async def listen(port: int, clients: int, stalled: int) -> Heard:
    latencies = array("d")
    messages = [0] * clients

    def listener(number: int) -> Client:
        marks = set[bytes]()

        def heard(payload: bytes) -> None:
            found = _MARK.search(payload)
            if found is not None and found[1] not in marks:
                marks.add(found[1])
                latencies.append(time.monotonic_ns() / 1e6 - int(found[1]) / 1e3)
                messages[number] += 1

        return Client([_text("1")], heard, stalled=False)

    room = asyncio.Semaphore(_AT_ONCE)

    async def join(number: int) -> Client:
        async with room:
            return await connect(port, listener(number))

    for _ in range(stalled):
        texts = [_text(str(number)) for number in range(_OF_A_STALLED_ONE)]
        await connect(port, Client(texts, lambda _: None, stalled=True), stalled=True)
    joined = await asyncio.gather(*map(join, range(clients)))
    await asyncio.sleep(1.0)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await _until_quiet(latencies)
    latencies = latencies or array("d", [float("inf")])
    return Heard(
        messages,
        *(percentile(latencies, share) for share in (0.5, 0.95, 0.99, 1.0)),
        ended=sum(client.ended is not None for client in joined),
    )


async def _until_quiet(latencies: Sized) -> None:
    began, before = time.monotonic(), -1
    while before != len(latencies) and time.monotonic() - began < _LONGEST:
        before = len(latencies)
        await asyncio.sleep(_QUIET)


def _text(number: str) -> str:
    return msgspec.json.encode({**_SUBSCRIBE, "id": number}).decode()


if __name__ == "__main__":
    many_files()
    found = asyncio.run(listen(*map(int, sys.argv[1:4])))
    print(msgspec.json.encode(found).decode(), flush=True)
