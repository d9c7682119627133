"""HTTP as a hostile client speaks it: bodies that are slow, endless, or of no declared length."""

import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Outcome:
    """The status (0: closed without one), the body, and the bytes that were taken of ours."""

    status: int
    text: str
    sent: int


def push(
    url: str,
    path: str,
    pieces: Iterable[bytes],
    *,
    length: int | None = None,
    pause: float = 0.0,
    within: float = 90.0,
    **headers: str,
) -> Outcome:
    """POST pieces until they end or an answer comes; chunked where no length is declared."""
    where = urlsplit(url)
    head = [f"POST {path} HTTP/1.1", f"Host: {where.netloc}"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head.append("Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}")
    until = time.monotonic() + within
    sent = 0
    with socket.create_connection((where.hostname, where.port or 80), timeout=10) as wire:
        wire.sendall("\r\n".join([*head, "", ""]).encode())
        with suppress(ConnectionError):
            for piece in pieces:
                if _waiting(wire, pause) or time.monotonic() > until:
                    break
                wire.sendall(piece if length is not None else b"%x\r\n%b\r\n" % (len(piece), piece))
                sent += len(piece)
            else:
                if length is None:
                    wire.sendall(b"0\r\n\r\n")
        return _outcome(wire, sent, max(0.1, until - time.monotonic()))


def _waiting(wire: socket.socket, pause: float) -> bool:
    """Whether an answer is there, having waited for it for as long as the client pauses."""
    wire.settimeout(pause or 1e-6)
    try:
        wire.recv(1, socket.MSG_PEEK)
    except TimeoutError:
        return False
    except BlockingIOError:
        return False
    finally:
        wire.settimeout(10)
    return True


def _outcome(wire: socket.socket, sent: int, within: float) -> Outcome:
    wire.settimeout(within)
    answer = bytearray()
    with suppress(ConnectionError, TimeoutError):
        while b"\r\n\r\n" not in answer or len(answer) < _whole(answer):
            piece = wire.recv(65_536)
            if not piece:
                break
            answer += piece
    head, _, body = bytes(answer).partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1]) if head.startswith(b"HTTP/") else 0
    return Outcome(status, body.decode(errors="replace"), sent)


def _whole(answer: bytearray) -> int:
    head, _, _ = bytes(answer).lower().partition(b"\r\n\r\n")
    _, _, rest = head.partition(b"content-length:")
    return len(head) + 4 + int(rest.split(b"\r\n")[0] or 0)
