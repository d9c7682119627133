"""POST /ingest/v1/{form}: bodies pushed over HTTP, bounded in size, time and number.

Answers 200 only with a receipt, that is once the lines are durable. It knows neither stores nor
tokens: the composition gives it `submit` and `authorise`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tapetum.domain.batches import Receipt
from tapetum.domain.errors import (
    BadInputError,
    TapetumError,
    TooLargeError,
    UnsupportedEncodingError,
)
from tapetum.ingest.cluster_names import checked_cluster
from tapetum.ingest.forms import Form
from tapetum.ingest.refusals import shown
from tapetum.ingest.sources.compression import Encoding, decompressed, joined

Submit: TypeAlias = Callable[[bytes, Form, str, str], Awaitable[Receipt]]
"""Body, form, cluster, source. An error with code UNAVAILABLE where the lines cannot be kept now."""

Authorise: TypeAlias = Callable[[HTTPConnection, str], Awaitable[None]]
"""Raises UnauthorizedError, or an error with code FORBIDDEN, unless the caller may write the cluster."""

_FORMS = {"flows": Form.CALICO} | {form.value: form for form in Form if form is not Form.CALICO}
_LATER = ("dns", "l7", "audit", "bgp", "events")
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


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """Bytes count after decompression; `total` and `idle` are seconds for a body to arrive."""

    max_body: int = 32 << 20
    max_line: int = 1 << 20
    total: float = 60.0
    idle: float = 10.0
    in_flight: int = 8


def ingest_routes(submit: Submit, authorise: Authorise, limits: HttpLimits | None = None) -> list[Route]:
    """The routes below /ingest/v1, for an ASGI application to mount at its root."""
    receiver = _Receiver(submit, authorise, limits or HttpLimits())
    return [Route("/ingest/v1/{form}", receiver.post, methods=["POST"])]


class _Receiver:
    def __init__(self, submit: Submit, authorise: Authorise, limits: HttpLimits) -> None:
        self._submit = submit
        self._authorise = authorise
        self._limits = limits
        self._in_flight = 0

    async def post(self, request: Request) -> JSONResponse:
        name = request.path_params["form"]
        if name not in _FORMS:
            return _refused(404, _unread(name))
        if self._in_flight >= self._limits.in_flight:
            return _refused(429, "Too many bodies are on their way at once; send again in a second.", 1)
        self._in_flight += 1
        try:
            receipt = await self._receive(request, _FORMS[name])
        except TimeoutError:
            return _refused(408, "The body came too slowly; send smaller bodies, or over a better line.")
        except ClientDisconnect:
            return _refused(400, "The sender left before the body was complete.")
        except TapetumError as error:
            status = _STATUS.get(error.code)
            if status is None:
                raise
            return _refused(status, error.message, _RETRY_SECONDS if status == _BUSY else None)
        finally:
            self._in_flight -= 1
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
        body = await self._body(request)
        plain = await asyncio.to_thread(self._plain, body, encoding)
        del body
        source = f"http {request.client.host}" if request.client else "http"
        return await self._submit(plain, form, cluster, source)

    async def _body(self, request: Request) -> bytes:
        """The body as it was sent; compressed or not, it must not be over the limit."""
        cap = self._limits.max_body
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > cap:
            raise _too_large(cap)
        taken: list[bytes] = []
        size = 0
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
                taken.append(piece)

    def _plain(self, body: bytes, encoding: Encoding) -> bytes:
        """The decompressed body, in whose size and lines there is no surprise left."""
        if encoding is not Encoding.IDENTITY:
            body = joined(decompressed(BytesIO(body), encoding, _WINDOW), self._limits.max_body)
        longest = max(map(len, body.split(b"\n")))
        if longest > self._limits.max_line:
            raise TooLargeError(
                f"A line is longer than {self._limits.max_line} bytes; send one record a line."
            )
        return body


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
    read = ", ".join(_FORMS)
    if name in _LATER:
        return f"Logs of kind {name} are not read yet; this version reads {read}."
    return f"There is no kind of log called {shown(name)}; this version reads {read}."


def _too_large(cap: int) -> TooLargeError:
    return TooLargeError(f"The body is over {cap} bytes; send it in parts.")


def _refused(status: int, sentence: str, retry_after: int | None = None) -> JSONResponse:
    # The rest of the body may still be on its way; nobody will read it.
    headers = {"connection": "close"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return JSONResponse({"error": sentence}, status, headers)
