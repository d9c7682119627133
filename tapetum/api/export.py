"""GET /export/v1/{kind}.{ndjson|csv}: any number of records as one body (docs/decisions/0013-export.md).

What is wrong with a question is said with a status before anything is sent. What goes wrong later cuts the
connection off before the body's end, so that no client takes a part for the whole.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass

import anyio.to_thread
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Send
from starlette.types import Scope as Connection

from tapetum.api.auth import Caller, bearer
from tapetum.api.context import Asked
from tapetum.api.errors import ForbiddenError, shown
from tapetum.api.plain import one_line
from tapetum.api.security import origin_allowed
from tapetum.api.server import Server
from tapetum.api.tables import TABLES, Table
from tapetum.api.use.export import Export, pages, read_export
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError, NotFoundError, UnauthorizedError, UnavailableError

_STATUS = {
    "BAD_INPUT": 400,
    "BAD_QUERY": 400,
    "TOO_LARGE": 400,
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "UNAVAILABLE": 503,
    "DEADLINE": 503,
}
_RETRY_SECONDS = "5"
_ONCE = ("from", "to", "filter", "order")
_SEVERAL = ("clusters", "columns")

log = structlog.get_logger("tapetum.api")


@dataclass(frozen=True, slots=True)
class _Question:
    asked: Asked
    caller: Caller
    export: Export
    table: Table
    name: str


class Exports:
    """All that run now, so that there are few."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._running = 0

    async def get(self, request: Request) -> Response:
        try:
            question = await self._read(request)
        except Exception as error:  # noqa: BLE001 - shown masks what is not ours
            return self.refused(error)
        return _Download(self, question, empty=request.method == "HEAD")

    @contextmanager
    def turn(self) -> Generator[None]:
        most = self.server.api.settings.limits.exports
        if self._running >= most:
            raise UnavailableError(f"{most} exports run here already; try again in a few seconds.")
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    def refused(self, error: Exception) -> JSONResponse:
        (told,) = shown(error, self.server.api, "export")
        code: str = told["extensions"]["code"]
        self.server.api.metrics.exports.labels(code).inc()
        status = _STATUS.get(code, 500)
        headers = {"cache-control": "no-store"}
        if status == _STATUS["UNAVAILABLE"]:
            headers["retry-after"] = _RETRY_SECONDS
        if status == _STATUS["UNAUTHORIZED"]:
            headers["www-authenticate"] = "Bearer"
        return JSONResponse({"error": told["message"]}, status, headers)

    async def _read(self, request: Request) -> _Question:
        api = self.server.api
        foreign = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if not origin_allowed(request.headers, api.settings) or (foreign and "origin" not in request.headers):
            raise ForbiddenError("Another site may not export; open this server's own page.")
        caller = await self.server.authenticator.caller(bearer(request.headers))
        asked = Asked(api, caller.scope, api.clock())
        name = request.path_params["name"]
        kind, table = _named(name)
        given = _arguments(request)
        export = read_export(
            asked,
            kind,
            given.get("from"),
            given.get("to", "now"),
            _split(request, "clusters"),
            given.get("filter"),
            _split(request, "columns"),
            given.get("order"),
        )
        return _Question(asked, caller, export, table, name)


class _Download(Response):
    def __init__(self, exports: Exports, question: _Question, *, empty: bool) -> None:
        super().__init__()
        self._exports = exports
        self._server = exports.server
        self._question = question
        self._empty = empty
        self._begun = False

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Until all is sent, or the client leaves: that ends the reading in the engine too."""
        running = asyncio.create_task(self._run(scope, receive, send))
        leaving = asyncio.create_task(_left(receive))
        outcome = "LEFT"
        try:
            await asyncio.wait([running, leaving], return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                outcome = running.result()
        finally:
            for task in (running, leaving):
                task.cancel()
            await asyncio.gather(running, leaving, return_exceptions=True)
        if self._begun:
            self._server.api.metrics.exports.labels(outcome).inc()

    async def _run(self, scope: Connection, receive: Receive, send: Send) -> str:
        """What became of it: ok, or the code of what broke it off."""
        try:
            with self._exports.turn():
                await self._answer(send)
        except Exception as error:  # noqa: BLE001 - shown masks what is not ours
            if not self._begun:
                await self._exports.refused(error)(scope, receive, send)
                return ""
            (told,) = shown(error, self._server.api, "export")
            log.warning("export_cut_off", name=self._question.name, error=one_line(told["message"], 300))
            return str(told["extensions"]["code"])
        return "ok"

    async def _answer(self, send: Send) -> None:
        stalled = self._server.api.settings.pace.taken.total_seconds()
        async with aclosing(self._pieces()) as pieces:
            async for piece in pieces:
                if not self._begun:
                    await send({"type": "http.response.start", "status": 200, "headers": self._headers()})
                    self._begun = True
                    if self._empty:
                        break
                try:
                    async with asyncio.timeout(stalled):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                except TimeoutError:
                    raise UnavailableError(f"The client took nothing for {stalled:g} s.") from None
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pieces(self) -> AsyncGenerator[bytes]:
        """The next page is read while this one is written and sent."""
        question = self._question
        table, columns = question.table, question.export.columns
        piece = table.head(columns)
        valid_at = time.monotonic()
        async with aclosing(pages(question.asked, question.export)) as source:
            reading = asyncio.create_task(anext(source, None))
            try:
                while (records := await reading) is not None:
                    reading = asyncio.create_task(anext(source, None))
                    piece += await anyio.to_thread.run_sync(table.rows, columns, records)
                    valid_at = await self._still_valid(valid_at)
                    yield piece
                    piece = b""
            finally:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    async def _still_valid(self, checked: float) -> float:
        """When the token was last looked up: as often as those of sockets."""
        caller, now = self._question.caller, time.monotonic()
        again = now - checked >= self._server.api.settings.pace.recheck.total_seconds()
        if caller.expired(self._server.api.clock()) or (
            again and not await self._server.authenticator.still_valid(caller)
        ):
            raise UnauthorizedError("The token expired or was revoked while its export ran.")
        return now if again else checked

    def _headers(self) -> list[tuple[bytes, bytes]]:
        name = self._question.name.encode()
        return [
            (b"content-type", self._question.table.media.encode()),
            (b"content-disposition", b'attachment; filename="%b"' % name),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            (b"x-accel-buffering", b"no"),
        ]


def _named(name: str) -> tuple[RecordKind, Table]:
    kind, _, form = name.rpartition(".")
    if kind not in tuple(RecordKind) or form not in TABLES:
        kinds, forms = ", ".join(RecordKind), " or ".join(TABLES)
        raise NotFoundError(
            f"There is no export {name[:60]!r}; ask for KIND.{forms} with a kind among {kinds}."
        )
    return RecordKind(kind), TABLES[form]


def _arguments(request: Request) -> dict[str, str]:
    """Those that are given once; what nobody reads is refused, since it may be meant to leave records out."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in _SEVERAL:
            continue
        if name not in _ONCE:
            known = ", ".join((*_ONCE, *_SEVERAL))
            raise BadInputError(f"There is no argument {name[:60]!r}; an export takes {known}.")
        if name in given:
            raise BadInputError(f"The argument {name!r} is given twice; give it once.", path=name)
        given[name] = value
    return given


def _split(request: Request, name: str) -> list[str] | None:
    """Given often, or with commas between."""
    values = request.query_params.getlist(name)
    parts = [part for value in values for part in value.split(",") if part]
    if values and not parts:
        raise BadInputError(f"{name} is empty; name some, or leave it out for all.", path=name)
    return parts or None


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
