"""As little of a WebSocket client as measuring thousands of them in one process allows."""

import asyncio
import base64
import os
import socket
from collections.abc import Callable

_TEXT, _CLOSE, _PING = 0x1, 0x8, 0x9
_LONG, _LONGER = 126, 127
_SMALLEST = 2048


class Client(asyncio.Protocol):
    """Speaks graphql-transport-ws: `subscribed` once asked to, then `heard` with each message.

    A stalled one asks and then never reads again.
    """

    def __init__(self, subscriptions: list[str], heard: Callable[[bytes], None], *, stalled: bool) -> None:
        self.open = False
        self.ended: str | None = None
        self._subscriptions = subscriptions
        self._heard = heard
        self._stalled = stalled
        self._buffer = bytearray()
        self._upgraded = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            "GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 101 " not in head[:20]:
                raise AssertionError(bytes(head[:200]).decode(errors="replace"))
            self._upgraded, self._buffer = True, rest
            self._send(b'{"type":"connection_init"}')
        buffer, at, size = self._buffer, 0, len(self._buffer)
        while size - at >= 2:
            length, start = buffer[at + 1], at + 2
            if length == _LONG:
                length, start = int.from_bytes(buffer[at + 2 : at + 4]), at + 4
            elif length == _LONGER:
                length, start = int.from_bytes(buffer[at + 2 : at + 10]), at + 10
            if start > size or size - start < length:
                break
            self._frame(buffer[at] & 0xF, bytes(buffer[start : start + length]))
            at = start + length
        del buffer[:at]

    def connection_lost(self, exc: Exception | None) -> None:
        self.ended = self.ended or repr(exc)

    def _frame(self, kind: int, payload: bytes) -> None:
        if kind == _TEXT:
            if self.open:
                self._heard(payload)
            elif b'"connection_ack"' in payload:
                for text in self._subscriptions:
                    self._send(text.encode())
                self.open = True
                if self._stalled and self._transport is not None:
                    self._transport.pause_reading()
        elif kind == _PING:
            self._send(payload, 0xA)
        elif kind == _CLOSE:
            self.ended = payload[2:].decode(errors="replace")

    def _send(self, payload: bytes, kind: int = _TEXT) -> None:
        """Masked, as clients must, by zeros, as nobody forbids."""
        size = len(payload)
        head = bytes([0x80 | kind, 0x80 | size]) if size < _LONG else bytes([0x80 | kind, 0x80 | _LONG])
        if size >= _LONG:
            head += size.to_bytes(2)
        if self._transport is not None:
            self._transport.write(head + bytes(4) + payload)


async def connect(port: int, client: Client, *, stalled: bool = False) -> Client:
    """Connected, subscribed. A stalled one has as small a buffer as the kernel lets it have."""
    place = socket.socket()
    if stalled:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALLEST)
    place.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(place, ("127.0.0.1", port))
    await loop.create_connection(lambda: client, sock=place)
    while not client.open:
        if client.ended is not None:
            raise AssertionError(f"A socket was closed before it could listen: {client.ended}")
        await asyncio.sleep(0.01)
    return client
