"""POST /ingest/v1/{form}: bodies pushed over HTTP, bounded in size, time and number.

Answers 200 only with a receipt, that is once the lines are durable. It knows neither stores nor
tokens: the composition gives it `submit` and `authorise`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tapetum.domain.batches import Receipt
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import (
    BadInputError,
    TapetumError,
    TooLargeError,
    UnsupportedEncodingError,
)
from tapetum.ingest.documents import may_be_document
from tapetum.ingest.forms import Form
from tapetum.ingest.lines import split
from tapetum.ingest.refusals import shown
from tapetum.ingest.sources.compression import Encoding, decompressed, joined

Submit: TypeAlias = Callable[[bytes, Form, str, str], Awaitable[Receipt]]
"""Body, form, cluster, source. An error with code UNAVAILABLE where the lines cannot be kept now."""

Authorise: TypeAlias = Callable[[HTTPConnection, str], Awaitable[None]]
"""Raises UnauthorizedError, or an error with code FORBIDDEN, unless the caller may write the cluster."""

_FORMS = {"flows": Form.CALICO} | {form.value: form for form in Form if form is not Form.CALICO}
_ENCODINGS = {"": Encoding.IDENTITY, "x-gzip": Encoding.GZIP} | {each.value: each for each in Encoding}
_WINDOW = 8 << 20  # what every zstd level but --ultra and --long needs; a larger one is the sender's cost
_STATUS = {
    "BAD_INPUT": 400,
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "TOO_LARGE": 413,
    "UNSUPPORTED_ENCODING": 415,
    "DEADLINE": 503,
    "UNAVAILABLE": 503,
}
_BUSY, _RETRY_SECONDS = 503, 5
_UNPACKED_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Bytes count after decompression; `total` and `idle` are seconds for a body to arrive.

    `held` are bytes of all bodies that are arriving or waiting to be stored, `waiting` whole bodies that
    wait. A slow sender holds little of the one and nothing of the other, so it takes nobody's turn.
    """

    max_body: int = 32 << 20
    max_line: int = 1 << 20
    total: float = 60.0
    idle: float = 10.0
    held: int = 96 << 20
    waiting: int = 64


def ingest_routes(submit: Submit, authorise: Authorise, limits: HttpLimits | None = None) -> list[Route]:
    """The routes below /ingest/v1, for an ASGI application to mount at its root."""
    receiver = _Receiver(submit, authorise, limits or HttpLimits())
    return [Route("/ingest/v1/{form}", receiver.post, methods=["POST"])]


class _BusyError(Exception):
    """More bodies are on their way than memory is meant for."""


class _Receiver:
    def __init__(self, submit: Submit, authorise: Authorise, limits: HttpLimits) -> None:
        self._submit = submit
        self._authorise = authorise
        self._limits = limits
        self._most = max(limits.held, limits.max_body)
        self._held = 0
        self._waiting = 0
        self._unpacking = asyncio.Semaphore(_UNPACKED_AT_ONCE)

    async def post(self, request: Request) -> JSONResponse:
        name = request.path_params["form"]
        if name not in _FORMS:
            return _refused(404, _unread(name))
        try:
            receipt = await self._receive(request, _FORMS[name])
        except _BusyError:
            return _refused(429, "Too many bodies are on their way at once; send again in a second.", 1)
        except TimeoutError:
            return _refused(408, "The body came too slowly; send smaller bodies, or over a better line.")
        except ClientDisconnect:
            return _refused(400, "The sender left before the body was complete.")
        except TapetumError as error:
            status = _STATUS.get(error.code)
            if status is None:
                raise
            return _refused(status, error.message, _RETRY_SECONDS if status == _BUSY else None)
        return JSONResponse(
            {
                "lines": receipt.lines,
                "accepted": receipt.accepted,
                "duplicates": receipt.duplicates,
                "rejected": receipt.rejected,
            }
        )

    async def _receive(self, request: Request, form: Form) -> Receipt:
        cluster = _cluster(request)
        await self._authorise(request, cluster)
        encoding = _encoding(request)
        with self._holding() as hold:
            body = await self._body(request, form, encoding, hold)
            with self._turn():
                if encoding is not Encoding.IDENTITY:
                    async with self._unpacking:
                        body = await asyncio.to_thread(
                            joined, decompressed(BytesIO(body), encoding, _WINDOW), self._limits.max_body
                        )
                    hold(len(body))
                await asyncio.to_thread(self._check_lines, body, form)
                source = f"http {request.client.host}" if request.client else "http"
                return await self._submit(body, form, cluster, source)

    @contextmanager
    def _holding(self) -> Generator[Callable[[int], None]]:
        """Take bytes of the common share; what was taken is given back when the block ends."""
        mine = 0

        def hold(size: int) -> None:
            nonlocal mine
            if self._held + size > self._most:
                raise _BusyError
            self._held += size
            mine += size

        try:
            yield hold
        finally:
            self._held -= mine

    @contextmanager
    def _turn(self) -> Generator[None]:
        if self._waiting >= self._limits.waiting:
            raise _BusyError
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _body(
        self, request: Request, form: Form, encoding: Encoding, hold: Callable[[int], None]
    ) -> bytes:
        """The body as it was sent; compressed or not, it must not be over the limit."""
        cap = self._limits.max_body
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > cap:
            raise _too_large(cap)
        taken: list[bytes] = []
        size = unfinished = 0
        stream = request.stream()
        async with asyncio.timeout(self._limits.total):
            while True:
                async with asyncio.timeout(self._limits.idle):
                    piece = await anext(stream, None)
                if piece is None:
                    return b"".join(taken)
                size += len(piece)
                if size > cap:
                    raise _too_large(cap)
                end = piece.rfind(b"\n")
                unfinished = len(piece) - end - 1 + (unfinished if end < 0 else 0)
                hold(len(piece))
                taken.append(piece)
                if (
                    unfinished > self._limits.max_line
                    and encoding is Encoding.IDENTITY
                    and not may_be_document(taken[0], form)
                ):
                    raise self._too_long()

    def _check_lines(self, body: bytes, form: Form) -> None:
        """Of a document, such as the pages that API servers post, each record counts as a line."""
        longest = max(map(len, body.split(b"\n")))
        if longest > self._limits.max_line and may_be_document(body, form):
            longest = split(body, form).longest
        if longest > self._limits.max_line:
            raise self._too_long()

    def _too_long(self) -> TooLargeError:
        return TooLargeError(f"A line is longer than {self._limits.max_line} bytes; send one record a line.")


def _cluster(request: Request) -> str:
    name = request.query_params.get("cluster")
    if name is None:
        raise BadInputError("The cluster is missing; add ?cluster=NAME.", path="cluster")
    return checked_cluster(name)


def _encoding(request: Request) -> Encoding:
    name = request.headers.get("content-encoding", "").strip().lower()
    if name not in _ENCODINGS:
        raise UnsupportedEncodingError(
            f"The content encoding {shown(name)} is not read; send plain, gzip or zstd."
        )
    return _ENCODINGS[name]


def _unread(name: str) -> str:
    return f"There is no kind of log called {shown(name)}; this version reads {', '.join(_FORMS)}."


def _too_large(cap: int) -> TooLargeError:
    return TooLargeError(f"The body is over {cap} bytes; send it in parts.")


def _refused(status: int, sentence: str, retry_after: int | None = None) -> JSONResponse:
    # The rest of the body may still be on its way; nobody will read it.
    headers = {"connection": "close"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return JSONResponse({"error": sentence}, status, headers)
