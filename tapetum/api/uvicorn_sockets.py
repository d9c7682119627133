"""uvicorn's WebSockets with a short way out: a text frame goes to the transport without a task switch.

The application finds it in the ASGI scope's extensions, and does without where there is none.
"""

import asyncio
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from tapetum.api.sockets import EXTENSION

_TEXT = 0x81  # the whole of a text message, unmasked as servers send it
_SHORT, _MEDIUM = 126, 1 << 16


class DirectSockets(WebSocketsSansIOProtocol):
    """Give it to uvicorn as `ws`, with `ws_per_message_deflate=False`."""

    writable: asyncio.Event  # cleared while the transport holds more than its high-water mark

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:  # noqa: PLR2004 - Switching Protocols
            extensions = self.scope.setdefault("extensions", {})
            extensions[EXTENSION] = {"write": self.write_text, "abort": self.transport.abort}

    def write_text(self, text: bytes) -> bool:
        """False where the socket is congested or closing, and nothing was written."""
        if not self.handshake_complete or self.close_sent or self.disconnected or not self.writable.is_set():
            return False
        size = len(text)
        if size < _SHORT:
            header = bytes((_TEXT, size))
        elif size < _MEDIUM:
            header = bytes((_TEXT, _SHORT)) + size.to_bytes(2, "big")
        else:
            header = bytes((_TEXT, _SHORT + 1)) + size.to_bytes(8, "big")
        self.transport.write(header + text)
        return True
