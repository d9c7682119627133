"""A server on loopback that answers each path in a bad way, for clients that must bear it."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

GOOD = b"# exits\n203.0.113.7\n198.51.100.0/24\nbad.example\n"
ETAG = '"v1"'


def _bomb(megabytes: int) -> bytes:
    packing = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    piece = bytes(1 << 20)
    return b"".join(packing.compress(piece) for _ in range(megabytes)) + packing.flush()


@dataclass
class Hostile:
    """`asked` are the requests, each as its path and headers; `sent` counts bytes of endless bodies."""

    port: int = 0
    good: bytes = GOOD
    broken: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: int = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{path}"


Answer = Callable[[Hostile, asyncio.StreamWriter], Awaitable[None]]


def _fixed(status: str, body: bytes, *headers: str) -> Answer:
    async def answer(_: Hostile, out: asyncio.StreamWriter) -> None:
        head = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers]
        out.write("\r\n".join([*head, "", ""]).encode() + body)

    return answer


async def _endless(server: Hostile, out: asyncio.StreamWriter) -> None:
    out.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    piece = b"203.0.113.7\n" * 10_000
    while True:
        out.write(piece)
        await out.drain()
        server.sent += len(piece)


async def _dripping(_: Hostile, out: asyncio.StreamWriter) -> None:
    out.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    while True:
        out.write(b"203.0.113.7\n")
        await out.drain()
        await asyncio.sleep(0.02)


async def _silent(_: Hostile, out: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def _good(server: Hostile, out: asyncio.StreamWriter) -> None:
    if server.broken:
        await _fixed("500 Internal Server Error", b"")(server, out)
    elif server.asked[-1][1].get("if-none-match") == ETAG and server.good == GOOD:
        await _fixed("304 Not Modified", b"")(server, out)
    else:
        await _fixed("200 OK", server.good, f"etag: {ETAG}", "content-type: text/plain")(server, out)


def _redirect(to: str) -> Answer:
    async def answer(server: Hostile, out: asyncio.StreamWriter) -> None:
        where = to.format(port=server.port)
        await _fixed("302 Found", b"", f"location: {where}")(server, out)

    return answer


ANSWERS: dict[str, Answer] = {
    "good": _good,
    "packed": _fixed("200 OK", gzip.compress(GOOD), "content-encoding: gzip"),
    "endless": _endless,
    "dripping": _dripping,
    "silent": _silent,
    "bomb": _fixed("200 OK", _bomb(200), "content-encoding: gzip"),
    "announced": _fixed("200 OK", b"", "content-length: 10737418240"),
    "page": _fixed("200 OK", b"<!doctype html><p>Sign in</p>", "content-type: text/html; charset=utf-8"),
    "page-as-text": _fixed("200 OK", b"<!doctype html><p>Sign in</p>", "content-type: text/plain"),
    "picture": _fixed("200 OK", b"\x89PNG\r\n", "content-type: image/png"),
    "brotli": _fixed("200 OK", b"\x0b\x02", "content-encoding: br"),
    "cut": _fixed("200 OK", gzip.compress(GOOD)[:-9], "content-encoding: gzip"),
    "patterns": _fixed("200 OK", b"(a+)+$\n^evil.*\\.example$\n[0-9]{1,99}\n"),
    "empty": _fixed("200 OK", b""),
    "missing": _fixed("404 Not Found", b"no"),
    "inwards": _redirect("http://127.0.0.2:{port}/good"),
    "to-metadata": _redirect("http://169.254.169.254/latest/meta-data/"),
    "to-a-file": _redirect("file:///etc/passwd"),
    "around": _redirect("http://127.0.0.1:{port}/around"),
    "onwards": _redirect("http://127.0.0.1:{port}/good"),
}


def _page(ip: str, **rest: object) -> Answer:
    pattern = f"[ipv4-addr:value = '{ip}']"
    objects = [{"type": "indicator", "pattern": pattern, "pattern_type": "stix"}]
    return _fixed("200 OK", json.dumps({"objects": objects, **rest}).encode(), f"etag: {ETAG}")


ANSWERS |= {
    "taxii": _page("203.0.113.7", more=True, next="a b"),
    "taxii?next=a+b": _page("203.0.113.8", more=True, next="2"),
    "taxii?next=2": _page("203.0.113.9", more=False),
    "taxii-nowhere": _page("203.0.113.7", more=True),
    "taxii-around": _page("203.0.113.7", more=True, next="0"),
    "taxii-around?next=0": _page("203.0.113.7", more=True, next="0"),
    "taxii-cut": _page("203.0.113.7", more=True, next="1"),
    "taxii-cut?next=1": _fixed("500 Internal Server Error", b""),
    "taxii-endless": _page("203.0.113.7", more=True, next="1"),
    "taxii-endless?next=1": _endless,
    "taxii-slow": _page("203.0.113.7", more=True, next="1"),
    "taxii-slow?next=1": _dripping,
}


@asynccontextmanager
async def hostile_server() -> AsyncGenerator[Hostile]:
    server = Hostile()

    answering: set[asyncio.Task[None]] = set()

    async def serve(coming: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        answering.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                head = (await coming.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                path = head[0].split(" ")[1].lstrip("/")
                pairs = (line.partition(": ") for line in head[1:] if line)
                server.asked.append((path, {name.lower(): value for name, _, value in pairs}))
                await ANSWERS[path](server, out)
                await out.drain()
        finally:
            answering.discard(task)
            out.close()
            with suppress(ConnectionError):
                await out.wait_closed()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        left = list(answering)  # answers that never end
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
