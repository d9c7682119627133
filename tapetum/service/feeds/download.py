"""One download within limits: of size, as it arrives and unpacked, and of time, however slowly it comes.

Knows nothing of feeds; every way that it can end badly is one sentence.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from tapetum.domain.errors import BadInputError, TooLargeError, UnavailableError

_PIECE = 1 << 16
_GZIP = 16 + zlib.MAX_WBITS
_OTHER = ("text/html", "application/xhtml", "image/", "audio/", "video/", "font/", "application/pdf",
          "application/zip", "application/gzip", "application/x-gzip", "application/x-tar")  # fmt: skip
"""Starts of the types of what is no list."""
_CONDITIONS = {"if-none-match", "if-modified-since"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Of what comes in one or several downloads: `taken` bytes and `spent` seconds are gone already."""

    size: int
    seconds: float = 60.0
    taken: int = 0
    spent: float = 0.0

    @property
    def left(self) -> int:
        return max(0, self.size - self.taken)


@dataclass(frozen=True, slots=True)
class Downloaded:
    """`body` None: it has not changed."""

    body: bytes | None
    etag: str | None
    modified: str | None


async def download(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], limits: Limits
) -> Downloaded:
    """Raises BadInputError, TooLargeError or UnavailableError."""
    try:
        async with (
            asyncio.timeout(limits.seconds - limits.spent),
            client.stream("GET", url, headers={**headers, "accept-encoding": "gzip"}) as answer,
        ):
            if answer.status_code == HTTPStatus.NOT_MODIFIED and _CONDITIONS & headers.keys():
                return Downloaded(None, None, None)
            _hold(answer, limits)
            body = await _body(answer, limits)
    except TimeoutError:
        raise UnavailableError(f"The server had not sent it all after {limits.seconds:g} s.") from None
    except httpx.TimeoutException:
        raise UnavailableError("The server does not answer, or stopped in the middle.") from None
    except httpx.TooManyRedirects:
        raise BadInputError("The server redirects too often; give the address that it leads to.") from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise BadInputError("The address, or one that it redirects to, is no URL of HTTP.") from None
    except httpx.HTTPError as error:
        raise UnavailableError(f"The server cannot be reached ({_reason(error)}).") from None
    return Downloaded(body, _short(answer, "etag"), _short(answer, "last-modified"))


def _hold(answer: httpx.Response, limits: Limits) -> None:
    if not answer.is_success:
        raise UnavailableError(
            f"The server answered {answer.status_code} {answer.reason_phrase[:40]}".strip() + "."
        )
    kind = answer.headers.get("content-type", "").strip().lower()
    if kind.startswith(_OTHER):
        raise BadInputError(f"The server sends {kind[:60]!r}, which is no list; correct the address.")
    length = answer.headers.get("content-length", "")
    if length.isascii() and length.isdecimal() and (len(length) > 18 or int(length) > limits.left):  # noqa: PLR2004 - digits
        raise _too_large(limits)


async def _body(answer: httpx.Response, limits: Limits) -> bytes:
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    pieces = answer.aiter_raw(_PIECE)
    if encoding == "gzip":
        pieces = _unpacked(pieces, limits.left)
    elif encoding != "identity":
        raise BadInputError(f"The server packs it by {encoding[:20]!r}, which was not asked for.")
    taken = bytearray()
    async for piece in pieces:
        taken += piece
        if len(taken) > limits.left:
            raise _too_large(limits)
    return bytes(taken)


async def _unpacked(pieces: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    """Little packed may be much unpacked: never more at once than may be taken, and one byte."""
    unpacking = zlib.decompressobj(_GZIP)
    try:
        async for piece in pieces:
            yield unpacking.decompress(piece, most + 1)
    except zlib.error:
        raise BadInputError("What the server sends cannot be unpacked.") from None
    if not unpacking.eof:
        raise UnavailableError("What the server sends is cut off.")


def _too_large(limits: Limits) -> TooLargeError:
    return TooLargeError(f"It is larger than {limits.size >> 20} MiB, the most that is read.")


def _reason(error: httpx.HTTPError) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def _short(answer: httpx.Response, name: str) -> str | None:
    """A header to be given back; what is too long to be one of those is left out."""
    told = answer.headers.get(name)
    return told if told and told.isascii() and told.isprintable() and len(told) <= 1000 else None  # noqa: PLR2004 - characters
