"""POST /captures/v1?cluster=NAME&file=NAME: a capture as the body. Its summary is kept."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import IO

import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from tapetum.api.auth import Caller, bearer
from tapetum.api.context import Asked
from tapetum.api.errors import shown
from tapetum.api.security import check_post
from tapetum.api.server import Server
from tapetum.api.use.captures import keep_summary
from tapetum.api.use.saved import document_id
from tapetum.capture.pcap import Limits, summarise
from tapetum.domain.captures import CaptureSummary
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import (
    BadInputError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
    UnsupportedEncodingError,
)

_STATUS = {
    "BAD_INPUT": 400,
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "TOO_LARGE": 413,
    "UNSUPPORTED_ENCODING": 415,
    "UNAVAILABLE": 503,
}
_ENCODINGS = ("", "identity", "gzip", "x-gzip")
"""What is packed is known by its first bytes."""
_IN_MEMORY = 1 << 20
_IDLE, _WHOLE = 30.0, 120.0
"""Seconds that a sender may pause, and may take in all."""
_WAIT = 60.0
"""Seconds that a whole file waits until others are read."""
_ARRIVING = 16
"""At once, of all callers: each may lie on disk."""
_RETRY_SECONDS = "5"
_LONGEST_NAME = 120


class CaptureUploads:
    """All that arrive and are read now, so that there are few. Larger files lie on disk meanwhile.

    Who sends slowly takes a place among those that arrive, of which each caller has few, and for two minutes;
    files are read when they are whole.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._arriving = Counter[str]()
        self._reading = asyncio.Semaphore(server.api.settings.limits.captures)

    async def post(self, request: Request) -> JSONResponse:
        try:
            check_post(request.headers)
            caller = await self._server.authenticator.caller(bearer(request.headers))
            return await self._take(request, caller)
        except ClientDisconnect:
            return self._refused(BadInputError("The sender left before the capture was complete."))
        except TimeoutError:
            return self._refused(UnavailableError("The capture came too slowly; send it over a better line."))
        except Exception as error:  # noqa: BLE001 - shown masks what is not ours
            return self._refused(error)

    async def _take(self, request: Request, caller: Caller) -> JSONResponse:
        api = self._server.api
        asked = Asked(api, caller.scope, api.clock(), caller.name, writes=caller.ingest)
        cluster, name = _cluster(request, asked), _file_name(request)
        shared = request.query_params.get("shared", "false") == "true"
        most = api.settings.limits.capture_bytes
        with self._place(_sender(request, caller)), tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            async with asyncio.timeout(_WHOLE):
                await _receive(request, file, most)
            async with self._turn():
                summary = await anyio.to_thread.run_sync(_read, file, name, cluster, Limits(size=most))
            saved = await keep_summary(asked, summary, shared=shared)
        return JSONResponse(
            {
                "id": document_id(saved),
                "packets": summary.packets,
                "conversations": summary.conversations_seen,
                "unreadable": summary.unreadable,
            },
            headers={"cache-control": "no-store"},
        )

    @contextmanager
    def _place(self, sender: str) -> Generator[None]:
        most = self._server.api.settings.limits.captures
        if self._arriving[sender] >= most:
            raise UnavailableError(f"You are sending {most} captures already; send the next after these.")
        if self._arriving.total() >= _ARRIVING:
            raise UnavailableError(f"{_ARRIVING} captures arrive here already; try again in a few seconds.")
        self._arriving[sender] += 1
        try:
            yield
        finally:
            self._arriving[sender] -= 1
            self._arriving += Counter()  # forgets who sends nothing

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        try:
            async with asyncio.timeout(_WAIT):
                await self._reading.acquire()
        except TimeoutError:
            raise UnavailableError("Other captures are still read; send yours again in a minute.") from None
        try:
            yield
        finally:
            self._reading.release()

    def _refused(self, error: Exception) -> JSONResponse:
        (told,) = shown(error, self._server.api, "capture")
        status = _STATUS.get(told["extensions"]["code"], 500)
        # The rest of the body may still be on its way; nobody will read it.
        headers = {"cache-control": "no-store", "connection": "close"}
        if status == _STATUS["UNAVAILABLE"]:
            headers["retry-after"] = _RETRY_SECONDS
        if status == _STATUS["UNAUTHORIZED"]:
            headers["www-authenticate"] = "Bearer"
        return JSONResponse({"error": told["message"]}, status, headers)


def _sender(request: Request, caller: Caller) -> str:
    """Whose places are counted: by token, and by address where none is needed."""
    address = "" if request.client is None else request.client.host
    return f"address {address}" if caller.name is None else f"token {caller.name}"


def _read(file: IO[bytes], name: str, cluster: str, limits: Limits) -> CaptureSummary:
    file.seek(0)
    return summarise(file, name, cluster, limits)


async def _receive(request: Request, file: IO[bytes], most: int) -> None:
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise UnsupportedEncodingError(
            f"The content encoding {encoding[:40]!r} is not read; send the capture plain or gzip."
        )
    declared = request.headers.get("content-length", "")
    size = int(declared[:15]) if declared.isdecimal() else 0
    stream = aiter(request.stream())
    while size <= most:
        async with asyncio.timeout(_IDLE):
            piece = await anext(stream, None)
        if piece is None:
            return
        file.write(piece)
        size = max(size, file.tell())
    raise TooLargeError(f"The capture has more than {most:,} bytes; filter it, or cut it into parts.")


def _cluster(request: Request, asked: Asked) -> str:
    name = request.query_params.get("cluster")
    if name is None:
        raise BadInputError("The cluster is missing; add ?cluster=NAME.", path="cluster")
    if not asked.scope.sees_cluster(checked_cluster(name)):
        raise NotFoundError(f"There is no cluster {name[:60]!r} that you may see.", path="cluster")
    return name


def _file_name(request: Request) -> str:
    """As it is shown in lists: one line without odd characters."""
    given = request.query_params.get("file", "")
    shown_name = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in given)
    return shown_name.strip()[:_LONGEST_NAME] or "capture.pcap"
