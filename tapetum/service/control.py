"""What a running `up` does for other commands of its own user; each call shows the secret of its note."""

import hmac
from collections.abc import Awaitable, Callable

import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tapetum.catalog.port import Token
from tapetum.domain.errors import TapetumError
from tapetum.ingest.forms import Form
from tapetum.ingest.pipeline import Pipeline
from tapetum.service.door import OWNER_HEADER
from tapetum.service.embedded import Embedded

Answer = Callable[[Request], Awaitable[object]]


def routes(embedded: Embedded, pipeline: Pipeline, secret: str) -> list[BaseRoute]:
    async def submit(request: Request) -> object:
        asked = request.query_params
        body = await request.body()
        return await anyio.to_thread.run_sync(
            pipeline.submit, body, Form(asked["form"]), asked["cluster"], asked["source"]
        )

    async def verify(_: Request) -> object:
        return await embedded.engine.read(embedded.differences)

    async def tokens(_: Request) -> object:
        return await embedded.catalog.tokens()

    async def add_token(request: Request) -> object:
        return await embedded.catalog.add_token(msgspec.json.decode(await request.body(), type=Token))

    async def revoke_token(request: Request) -> object:
        return await embedded.catalog.revoke_token((await request.body()).decode())

    return [
        Route(f"/control/{path}", _guarded(answer, secret), methods=["POST"])
        for path, answer in (
            ("submit", submit),
            ("verify", verify),
            ("tokens", tokens),
            ("tokens/add", add_token),
            ("tokens/revoke", revoke_token),
        )
    ]


def _guarded(answer: Answer, secret: str) -> Callable[[Request], Awaitable[Response]]:
    async def guarded(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(OWNER_HEADER, "").encode(), secret.encode()):
            return JSONResponse({"error": "This address serves commands of the directory's own user."}, 403)
        try:
            return Response(msgspec.json.encode(await answer(request)), media_type="application/json")
        except TapetumError as error:
            return JSONResponse({"error": error.message}, 400)

    return guarded
