"""F16 and F17: bodies and lines that are too large, too slow, or far larger than they look.

Memory and the others' waiting are compared with the same server's of the same run.
"""

import gzip
import json
import logging
import socket
import statistics
import threading
import time
import zlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import httpx
import pytest
import zstandard

from tests.support import raw_flows
from tests.support.raw_http import Outcome, push
from tests.support.served import Served, run

pytestmark = [pytest.mark.fault, pytest.mark.server]

log = logging.getLogger(__name__)

MB = 1 << 20
PIECE = b"x" * 65_536
PATH = "/ingest/v1/flows?cluster=f16"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """Of its own, since its memory is measured."""
    with Served(tmp_path_factory.mktemp("oversize") / "data") as running:
        for number in range(5):  # what any server has once it has worked a little
            running.ingest([raw_flows.line(int(time.time()) - 600, host=str(number))], "warm")
            running.counts("warm")
        yield running


def pushed(served: Served, pieces: Iterator[bytes], length: int | None = None, **headers: str) -> Outcome:
    return push(served.url, PATH, pieces, length=length, **headers)


def line_of(size: int) -> Iterator[bytes]:
    yield b'{"start_time":'
    yield from repeat(PIECE, size // len(PIECE))
    yield b"}\n"


def many_lines(size: int) -> Iterator[bytes]:
    line = raw_flows.line(int(time.time()) - 600) + b"\n"
    return repeat(line * (65_536 // len(line)), size // 65_536)


OVERSIZE: dict[str, Callable[[Served], Outcome]] = {
    "line of 100 MB": lambda served: pushed(served, line_of(100 * MB)),
    "line of 2 MB": lambda served: pushed(served, line_of(2 * MB)),
    "body of 200 MB, declared": lambda served: pushed(served, many_lines(200 * MB), 200 * MB),
    "body of 200 MB, chunked": lambda served: pushed(served, many_lines(200 * MB)),
    "body without end": lambda served: pushed(served, repeat(PIECE)),
    "a length without limit": lambda served: pushed(served, repeat(PIECE), 10**18),
}


@pytest.mark.parametrize("name", OVERSIZE)
def test_what_is_too_large_is_refused_before_it_is_taken(guarded: Served, name: str) -> None:
    outcome = OVERSIZE[name](guarded)
    assert outcome.status == 413, outcome
    assert set(json.loads(outcome.text)) == {"error"}
    assert outcome.sent < 48 * MB, "it went on taking"


def test_oversize_bodies_at_once_leave_memory_where_it_is(guarded: Served) -> None:
    idle, _ = guarded.memory()
    guarded.forget_peak()
    with ThreadPoolExecutor(9) as pool:
        outcomes = list(pool.map(lambda push: push(guarded), list(OVERSIZE.values()) * 3))
    assert {outcome.status for outcome in outcomes} <= {413, 429}
    _, peak = guarded.memory()
    log.info("idle %d MB, peak %d MB", idle / MB, peak / MB)
    assert peak < 2 * idle


def test_a_slow_body_is_given_up(guarded: Served) -> None:
    """One byte a second never ends; the server ends it."""
    began = time.monotonic()
    outcome = push(guarded.url, PATH, repeat(b"x"), length=1000, pause=12.0, within=40)
    assert outcome.status == 408, outcome
    assert time.monotonic() - began < 30


def test_slow_bodies_take_nobodys_turn(guarded: Served) -> None:
    """A byte now and then, from many at once, while an honest sender sends."""
    ending = threading.Event()
    port = int(guarded.url.rpartition(":")[2])
    wires = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(50)]
    for wire in wires:
        wire.sendall(f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n\r\n".encode())

    def drip() -> None:
        while not ending.wait(0.5):
            for wire in wires:
                wire.send(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        time.sleep(1)
        for number in range(20):
            line = raw_flows.line(int(time.time()) - 60, host=str(number))
            assert guarded.send(line, "f16-honest").status_code == 200
    finally:
        ending.set()
        dripping.join()
        for wire in wires:
            wire.close()


def test_headers_that_never_end_hold_nobody_up(guarded: Served) -> None:
    wires = []
    try:
        for _ in range(200):
            wire = socket.create_connection(("127.0.0.1", int(guarded.url.rpartition(":")[2])), timeout=5)
            wire.sendall(b"POST /ingest/v1/flows HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            wires.append(wire)
        assert guarded.ingest([raw_flows.line(int(time.time()) - 60)], "f16-slow")["lines"] == 1
    finally:
        for wire in wires:
            wire.close()


def p99(served: Served, count: int = 40) -> float:
    """Of small questions and small deliveries in turn, in seconds."""
    taken = []
    with httpx.Client(base_url=served.url, timeout=60) as http:
        for number in range(count):
            line = raw_flows.line(int(time.time()) - 60, host=f"{time.monotonic_ns()}")
            began = time.perf_counter()
            if number % 2:
                answer = http.post("/ingest/v1/flows", params={"cluster": "f16-others"}, content=line)
            else:
                answer = http.post("/graphql", json={"query": "{ clusters { name } }"})
            taken.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.text
    return statistics.quantiles(taken, n=100)[98]


def test_others_hardly_notice(guarded: Served) -> None:
    """Rounds with and without hostile bodies in turn; the calmest counts: the machine has other work."""
    quiet, loud = [], []
    for _ in range(6):
        quiet.append(p99(guarded))
        ending = threading.Event()
        hostile = [
            threading.Thread(target=_again, args=(guarded, attack, ending))
            for attack in (OVERSIZE["line of 100 MB"], OVERSIZE["body of 200 MB, declared"])
        ]
        for each in hostile:
            each.start()
        loud.append(p99(guarded))
        ending.set()
        for each in hostile:
            each.join()
        if loud[-1] < 2 * quiet[-1]:
            break
    ratio = min(after / before for before, after in zip(quiet, loud, strict=True))
    log.info("p99 quiet %.1f ms, loud %.1f ms", statistics.median(quiet) * 1e3, statistics.median(loud) * 1e3)
    assert ratio < 2 or min(loud) < 0.05


def _again(served: Served, attack: Callable[[Served], Outcome], ending: threading.Event) -> None:
    while not ending.is_set():
        attack(served)
        ending.wait(0.2)


# F17


def gzip_bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(MB)) for _ in range(size // MB)), packer.flush()])


def zstd_bomb(size: int) -> bytes:
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    return b"".join([*(packer.compress(bytes(MB)) for _ in range(size // MB)), packer.flush()])


def members(size: int) -> bytes:
    """Many members, each small."""
    return gzip.compress(bytes(MB)) * (size // MB)


def spacious(size: int) -> bytes:
    """Good lines, packed far beyond what bodies may hold."""
    line = raw_flows.line(int(time.time()) - 600) + b"\n"
    return gzip.compress(line * (size // len(line)))


BOMBS = {
    "gzip": ("gzip", gzip_bomb),
    "zstd": ("zstd", zstd_bomb),
    "gzip of many members": ("gzip", members),
    "gzip of lines": ("gzip", spacious),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_defused_at_the_cap(guarded: Served, name: str) -> None:
    encoding, make = BOMBS[name]
    bomb = make(400 * MB)
    assert len(bomb) < 4 * MB
    idle, _ = guarded.memory()
    guarded.forget_peak()
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: guarded.send(bomb, "f17", content_encoding=encoding), range(8)))
    assert {answer.status_code for answer in answers} == {413}, answers[0].text
    _, peak = guarded.memory()
    log.info("%s: idle %d MB, peak %d MB, %.1f s", name, idle / MB, peak / MB, time.monotonic() - began)
    assert peak < 2 * idle
    assert guarded.counts("f17") == (0, 0)


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_bomb_in_a_file_is_one_bad_line(guarded: Served, tmp_path: Path, name: str) -> None:
    """Files may be of any size; a line may not."""
    _, make = BOMBS[name]
    good = raw_flows.line(int(time.time()) - 600, host=name)
    pack = {"gzip": gzip.compress, "zstd": zstandard.compress}[name]
    file = tmp_path / "bomb"
    file.write_bytes(
        pack(good + b"\n") + make(300 * MB) + pack(b"\n" + good.replace(name.encode(), b"after"))
    )
    guarded.forget_peak()
    idle, _ = guarded.memory()
    done = run("ingest", file, "--cluster", f"f17-{name}", "--data", guarded.data, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"lines": 3, "accepted": 2, "duplicates": 0, "rejected": 1}
    _, peak = guarded.memory()
    assert peak < 2 * idle


def test_what_is_cut_off_or_no_archive_is_refused_whole(guarded: Served) -> None:
    whole = gzip.compress(raw_flows.line(int(time.time()) - 600) + b"\n")
    for encoding, body in (
        ("gzip", whole[:-9]), ("gzip", whole + b"rubbish"), ("gzip", b"\x1f\x8b"), ("gzip", b"plain"),
        ("zstd", zstandard.compress(b"{}\n" * 1000)[:-3]), ("zstd", whole), ("zstd", b"\x28\xb5\x2f\xfd"),
    ):  # fmt: skip
        answer = guarded.send(body, "f17-torn", content_encoding=encoding)
        assert answer.status_code == 400, (encoding, body, answer.text)
    for encoding in ("br", "deflate", "gzip, gzip", "compress", "gzip\tbr"):
        answer = guarded.send(whole, "f17-torn", content_encoding=encoding)
        assert answer.status_code == 415, (encoding, answer.text)
    assert guarded.counts("f17-torn") == (0, 0)
