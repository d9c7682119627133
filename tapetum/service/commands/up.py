"""`tapetum up`: everything in one process over one data directory."""

import os
import secrets
import socket
from ipaddress import ip_address
from pathlib import Path
from signal import SIGTERM, default_int_handler, signal
from typing import Annotated

import uvicorn
from cyclopts import Parameter

from tapetum.domain.errors import BadInputError
from tapetum.service.app import build_app
from tapetum.service.console import log_to_stderr, now, say
from tapetum.service.demo import Demo
from tapetum.service.embedded import open_embedded
from tapetum.service.intake import pipeline
from tapetum.service.ownership import Owner, leave_note, owned, remove_note
from tapetum.service.settings import Settings, load
from tapetum.service.upkeep import Upkeep


def up(
    *,
    data: Annotated[Path | None, Parameter(help="The data directory.")] = None,
    host: Annotated[str | None, Parameter(help="The address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="The port to listen on; 0 takes a free one.")] = None,
    demo: Annotated[bool, Parameter(help="Fill it with a simulated cluster that keeps flowing.")] = False,
) -> None:
    """Serve the page, the API and ingest, with the embedded stores, until it is interrupted."""
    settings = load(data=data, host=host, port=port)
    log_to_stderr()
    with owned(settings.data, say) as owner:
        if owner is not None:
            raise BadInputError(
                f"A tapetum already serves {settings.data} at {owner.url} (process {owner.pid}); "
                "use that one, or give another directory with --data."
            )
        _serve(settings, demo=demo)


def _serve(settings: Settings, *, demo: bool) -> None:
    embedded = open_embedded(
        settings.data, clock=now, memory_limit=settings.memory_limit, threads=settings.threads, say=say
    )
    try:
        outside = not _loopback(settings.host)
        if outside and not embedded.has_tokens():
            raise BadInputError(
                f"Listening on {settings.host} needs at least one token, as others can reach it; "
                f"make one with `tapetum token create NAME --data {settings.data}`, or listen on 127.0.0.1."
            )
        intake = pipeline(embedded, settings, history=False)
        listener = _listen(settings.host, settings.port)
        url = _url(settings.host, listener.getsockname()[1])
        secret = secrets.token_urlsafe(32)
        feeder = Demo(settings.data, intake, now) if demo else None
        if feeder is not None:
            feeder.catch_up(say)
        keeper = Upkeep(embedded, settings.retention_days)
        app = build_app(
            embedded, intake, settings, secret=secret, require_token=outside or settings.require_token
        )
        server = _Server(
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
        leave_note(settings.data, Owner(url, secret, os.getpid()))
        keeper.start()
        if feeder is not None:
            feeder.start()
        say(f"Tapetum serves {url} from {settings.data.resolve()}; stop it with Ctrl+C.")
        try:
            server.run(sockets=[listener])
        finally:
            remove_note(settings.data)
            if feeder is not None:
                feeder.stop()
            keeper.stop()
    finally:
        embedded.close()


class _Server(uvicorn.Server):
    """Ends quietly: an interrupt or SIGTERM is how one stops it, not an error."""

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        # The server raises a signal again once it is down; that must not end us before the rest is.
        signal(SIGTERM, default_int_handler)
        try:
            super().run(sockets)
        except KeyboardInterrupt:
            say("Stopped.")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        raise BadInputError(
            f"{host}:{port} cannot be listened on ({error.strerror}); free it, or give another with --port."
        ) from None
    listener.set_inheritable(True)
    return listener


def _url(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - read, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
