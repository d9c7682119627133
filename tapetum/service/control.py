"""What a running `up` does for other commands of its own user; each call shows the secret of its note."""

import hmac
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tapetum.catalog.documents import Draft
from tapetum.catalog.port import Token
from tapetum.domain.errors import BadInputError, TapetumError
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.forms import Form
from tapetum.ingest.pipeline import Pipeline
from tapetum.service.door import OWNER_HEADER
from tapetum.service.embedded import Embedded
from tapetum.service.manifest_wire import decoded

T = TypeVar("T")
Answer = Callable[[Request], Awaitable[object]]


def routes(embedded: Embedded, pipeline: Pipeline, secret: str) -> list[BaseRoute]:
    async def submit(request: Request) -> object:
        asked = request.query_params
        form, cluster, source = _read(lambda: (Form(asked["form"]), asked["cluster"], asked["source"]))
        return await anyio.to_thread.run_sync(pipeline.submit, await request.body(), form, cluster, source)

    async def verify(_: Request) -> object:
        return await embedded.engine.read(embedded.differences)

    async def tokens(_: Request) -> object:
        return await embedded.catalog.tokens()

    async def add_token(request: Request) -> object:
        body = await request.body()
        return await embedded.catalog.add_token(_read(lambda: msgspec.json.decode(body, type=Token)))

    async def revoke_token(request: Request) -> object:
        body = await request.body()
        return await embedded.catalog.revoke_token(_read(body.decode))

    async def manifests(request: Request) -> object:
        body = await request.body()
        return await embedded.catalog.import_manifests(EVERYTHING, _read(lambda: decoded(body)))

    async def documents(request: Request) -> object:
        body = await request.body()
        drafts = _read(lambda: msgspec.json.decode(body, type=list[Draft]))
        return await embedded.catalog.put_documents(EVERYTHING, None, drafts)

    return [
        Route(f"/control/{path}", _guarded(answer, secret), methods=["POST"])
        for path, answer in (
            ("submit", submit),
            ("verify", verify),
            ("tokens", tokens),
            ("tokens/add", add_token),
            ("tokens/revoke", revoke_token),
            ("manifests", manifests),
            ("documents", documents),
        )
    ]


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, ValueError, msgspec.MsgspecError):
        raise BadInputError(
            "The running tapetum does not understand this command; use the command of its own version."
        ) from None


def _guarded(answer: Answer, secret: str) -> Callable[[Request], Awaitable[Response]]:
    async def guarded(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(OWNER_HEADER, "").encode(), secret.encode()):
            return JSONResponse({"error": "This address serves commands of the directory's own user."}, 403)
        try:
            return Response(msgspec.json.encode(await answer(request)), media_type="application/json")
        except TapetumError as error:
            return JSONResponse({"error": error.message}, 400)

    return guarded
