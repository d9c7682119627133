"""Listening, and the server process around an ASGI application."""

import socket
from collections.abc import Generator
from contextlib import contextmanager
from ipaddress import ip_address
from signal import SIGTERM, default_int_handler, signal

import uvicorn
from starlette.types import ASGIApp

from tapetum.domain.errors import BadInputError
from tapetum.service.console import say

_BACKLOG = 2048


class Server(uvicorn.Server):
    """Ends quietly: an interrupt or SIGTERM is how one stops it, not an error."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=5,
                # Compressing for each client anew costs more than all else; frames go straight out.
                ws="tapetum.api.uvicorn_sockets:DirectSockets",
                ws_per_message_deflate=False,
                ws_max_size=1 << 20,
                limit_concurrency=10_000,
            )
        )
        self.interrupted = False

    def end(self) -> None:
        """As an interrupt does, from any thread."""
        self.should_exit = True

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        # The server raises a signal again once it is down; that must not end us before the rest is.
        signal(SIGTERM, default_int_handler)
        try:
            super().run(sockets)
        except KeyboardInterrupt:
            self.interrupted = True
            say("Stopped.")


class SideServer(Server):
    """Beside other work in the same loop, which minds the signals."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)  # who is told the address may come before the server has started
    except OSError as error:
        raise BadInputError(
            f"{host}:{port} cannot be listened on ({error.strerror}); free it, or give another with --port."
        ) from None
    listener.set_inheritable(True)
    return listener


def url_of(host: str, listener: socket.socket) -> str:
    """Where to reach it from this machine."""
    port: int = listener.getsockname()[1]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - read, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
