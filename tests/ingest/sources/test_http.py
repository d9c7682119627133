"""The push endpoint: what it takes, and each way in which it refuses."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
import zstandard
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from tapetum.domain.batches import Receipt
from tapetum.domain.errors import TapetumError, UnauthorizedError, UnavailableError
from tapetum.ingest.forms import Form
from tapetum.ingest.sources.http import HttpLimits, ingest_routes

BODY = b'{"a":1}\n{"b":2}\n'
LIMITS = HttpLimits(max_body=100_000, max_line=1000, total=1.2, idle=0.4, held=150_000, waiting=2)


class ForbiddenError(TapetumError):
    code = "FORBIDDEN"


class Receiver:
    """What is behind the endpoint, as the tests want it to be."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, Form, str, str]] = []
        self.error: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.waiting = asyncio.Semaphore(0)

    async def submit(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt:
        self.got.append((body, form, cluster, source))
        if self.gate:
            self.waiting.release()
            await self.gate.wait()
        if self.error:
            raise self.error
        return Receipt(body.count(b"\n"), 1, 1, body.count(b"\n") - 2)

    async def authorise(self, connection: HTTPConnection, cluster: str) -> None:
        if connection.headers.get("authorization") == "Bearer wrong":
            raise UnauthorizedError("The token is not valid.")
        if cluster == "secret":
            raise ForbiddenError("The token may not write the cluster secret.")


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def client(receiver: Receiver) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=ingest_routes(receiver.submit, receiver.authorise, LIMITS))
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test/ingest/v1/") as found:
        yield found


def sentence(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    return answer.json()["error"]


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("path", "document", "status"),
    [
        # as API servers post their events: one page in one line
        ("audit", b'{"kind":"EventList","items":[%s]}', 200),
        ("goldmane", b'{"total":{},"items":[%s]}', 200),
        ("flows", b"[%s]", 200),
        ("flows", b'{"items":[%s]}', 413),
        ("flows", b'{"a":"%s"}', 413),
        ("flows", b"[[%s]]", 413),
    ],
)
async def test_a_document_may_be_one_long_line(
    client: httpx.AsyncClient, path: str, document: bytes, status: int, squeeze: Callable[[bytes], bytes]
) -> None:
    """Each of its records counts as a line."""
    url, headers = f"{path}?cluster=a", {"content-encoding": "gzip"} if squeeze is gzip.compress else {}
    body = document % b",".join([b'{"x":%d}' % number for number in range(500)])
    assert (await client.post(url, content=squeeze(body), headers=headers)).status_code == status
    body = document % (b'{"x":"' + b"y" * 1001 + b'"}')
    answer = await client.post(url, content=squeeze(body), headers=headers)
    assert "longer than 1000 bytes" in sentence(answer, 413)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("flows", Form.CALICO),
        ("goldmane", Form.GOLDMANE),
        ("hubble", Form.HUBBLE),
        ("netobserv", Form.NETOBSERV),
        ("dns", Form.DNS),
        ("l7", Form.L7),
        ("audit", Form.AUDIT),
        ("bgp", Form.BGP),
        ("events", Form.EVENTS),
    ],
)
@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        (None, BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)),
        ("GZIP", gzip.compress(BODY[:8], mtime=0) + gzip.compress(BODY[8:], mtime=0)),
        ("zstd", zstandard.compress(BODY[:8]) + zstandard.compress(BODY[8:])),
    ],
)
async def test_bodies(
    client: httpx.AsyncClient, receiver: Receiver, path: str, form: Form, encoding: str | None, data: bytes
) -> None:
    headers = {"content-encoding": encoding} if encoding else {}
    answer = await client.post(f"{path}?cluster=prod", content=data, headers=headers)
    assert answer.status_code == 200
    assert answer.json() == {"lines": 2, "accepted": 1, "duplicates": 1, "rejected": 0}
    assert receiver.got == [(BODY, form, "prod", "http 192.0.2.7")]


async def test_what_is_asked_wrongly(client: httpx.AsyncClient, receiver: Receiver) -> None:
    assert sentence(await client.post("calico?cluster=a", content=BODY), 404) == (
        'There is no kind of log called "calico"; this version reads '
        "flows, goldmane, hubble, netobserv, dns, l7, audit, bgp, events."
    )
    assert "add ?cluster=NAME" in sentence(await client.post("flows", content=BODY), 400)
    for name in ("", "a b", "a/b", "x" * 64, "%0d%0aset-cookie:1"):
        said = sentence(await client.post(f"flows?cluster={name}", content=BODY), 400)
        assert "is not a cluster's name" in said
    assert (await client.get("flows?cluster=a")).status_code == 405
    answer = await client.post("flows?cluster=a", content=BODY, headers={"content-encoding": "br"})
    assert sentence(answer, 415) == 'The content encoding "br" is not read; send plain, gzip or zstd.'
    answer = await client.post("flows?cluster=a", content=BODY, headers={"content-encoding": "gzip"})
    assert "gzip data cannot be read" in sentence(answer, 400)
    cut = zstandard.compress(BODY)[:-3]
    answer = await client.post("flows?cluster=a", content=cut, headers={"content-encoding": "zstd"})
    assert "zstd data is cut off" in sentence(answer, 400)
    assert not receiver.got


async def test_who_may_write(client: httpx.AsyncClient, receiver: Receiver) -> None:
    answer = await client.post("flows?cluster=a", content=BODY, headers={"authorization": "Bearer wrong"})
    assert sentence(answer, 401) == "The token is not valid."
    assert sentence(await client.post("flows?cluster=secret", content=BODY), 403).startswith(
        "The token may not"
    )
    assert not receiver.got


async def pieces(count: int, piece: bytes = b"x" * 999 + b"\n", pause: float = 0) -> AsyncIterator[bytes]:
    for _ in range(count):
        await asyncio.sleep(pause)
        yield piece


async def test_sizes(client: httpx.AsyncClient, receiver: Receiver) -> None:
    url = "flows?cluster=a"
    assert (await client.post(url, content=pieces(100))).status_code == 200
    assert "over 100000 bytes" in sentence(await client.post(url, content=pieces(101)), 413)
    assert "over 100000 bytes" in sentence(await client.post(url, content=b"x" * 100_001), 413)
    answer = await client.post(url, content=b"", headers={"content-length": "9" * 30})
    assert "over 100000 bytes" in sentence(answer, 413)
    assert "longer than 1000 bytes" in sentence(await client.post(url, content=b"{}\n" + b"x" * 1001), 413)
    for bomb, encoding in ((gzip.compress, "gzip"), (zstandard.compress, "zstd")):
        data = bomb(bytes(90 << 20))
        answer = await client.post(url, content=data[:99_000], headers={"content-encoding": encoding})
        assert "over 100000 bytes when decompressed" in sentence(answer, 413)
    assert len(receiver.got) == 1


async def test_a_sender_that_dawdles_or_never_ends_is_let_go(
    client: httpx.AsyncClient, receiver: Receiver
) -> None:
    url = "flows?cluster=a"
    assert "too slowly" in sentence(await client.post(url, content=pieces(2, pause=0.8)), 408)
    assert "too slowly" in sentence(await client.post(url, content=pieces(50, b"x", pause=0.1)), 408)
    assert (await client.post(url, content=pieces(3, pause=0.01))).status_code == 200
    assert len(receiver.got) == 1


async def test_only_so_many_bodies_at_once(client: httpx.AsyncClient, receiver: Receiver) -> None:
    receiver.gate = asyncio.Event()
    first = [asyncio.create_task(client.post("flows?cluster=a", content=BODY)) for _ in range(2)]
    for _ in first:
        await receiver.waiting.acquire()
    answer = await client.post("flows?cluster=a", content=BODY)
    assert answer.headers["retry-after"] == "1"
    assert "Too many bodies" in sentence(answer, 429)
    receiver.gate.set()
    assert [(await task).status_code for task in first] == [200, 200]
    assert (await client.post("flows?cluster=a", content=BODY)).status_code == 200


async def test_only_so_many_bytes_at_once(client: httpx.AsyncClient, receiver: Receiver) -> None:
    large = b"x" * 999 + b"\n"
    receiver.gate = asyncio.Event()
    first = asyncio.create_task(client.post("flows?cluster=a", content=large * 90))
    await receiver.waiting.acquire()
    assert "Too many bodies" in sentence(await client.post("flows?cluster=a", content=pieces(61)), 429)
    packed = gzip.compress(large * 61)
    answer = await client.post("flows?cluster=a", content=packed, headers={"content-encoding": "gzip"})
    assert "Too many bodies" in sentence(answer, 429)
    receiver.gate.set()
    assert (await first).status_code == 200
    assert (await client.post("flows?cluster=a", content=pieces(61))).status_code == 200


async def test_slow_senders_take_nobodys_turn(client: httpx.AsyncClient, receiver: Receiver) -> None:
    slow = [
        asyncio.create_task(client.post("flows?cluster=a", content=pieces(9, b"{}\n", pause=0.1)))
        for _ in range(20)
    ]
    await asyncio.sleep(0.2)
    assert (await client.post("flows?cluster=a", content=BODY)).status_code == 200
    for each in slow:
        each.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def test_a_line_is_refused_while_it_comes(client: httpx.AsyncClient, receiver: Receiver) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 600
            yield b"x" * 600

    answer = await client.post("flows?cluster=a", content=endless())
    assert "longer than 1000 bytes" in sentence(answer, 413)
    assert taken <= 1800
    halves = pieces(4, b"x" * 499 + b"\n" + b"x" * 500)  # no line of these is too long
    assert (await client.post("flows?cluster=a", content=halves)).status_code == 200


async def test_a_store_that_is_away(client: httpx.AsyncClient, receiver: Receiver) -> None:
    receiver.error = UnavailableError("The disk is full; free some space.")
    answer = await client.post("flows?cluster=a", content=BODY)
    assert sentence(answer, 503) == "The disk is full; free some space."
    assert answer.headers["retry-after"] == "5"


async def test_a_mistake_of_ours_is_not_an_answer(client: httpx.AsyncClient, receiver: Receiver) -> None:
    receiver.error = TapetumError("something private")
    with pytest.raises(TapetumError, match="something private"):
        await client.post("flows?cluster=a", content=BODY)
    receiver.error = None
    assert (await client.post("flows?cluster=a", content=BODY)).status_code == 200


async def test_a_sender_that_leaves(receiver: Receiver) -> None:
    app = Starlette(routes=ingest_routes(receiver.submit, receiver.authorise, LIMITS))
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/ingest/v1/flows", "query_string": b"cluster=a",
        "headers": [], "client": None, "root_path": "", "http_version": "1.1", "scheme": "http",
    }  # fmt: skip
    await app(scope, receive, send)
    assert sent[0]["status"] == 400
    assert not receiver.got
