"""Serving the built single-page application, and the headers that every answer carries."""

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE = Path(__file__).parent / "page"
_FOR_EVER = "public, max-age=31536000, immutable"
_FOUND = (200, 206, 304)
# Styles are set from scripts by the components; scripts come from our own files only.
_POLICY = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "connect-src 'self' ws: wss:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)
_HEADERS = {
    "content-security-policy": "; ".join(_POLICY),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


def routes() -> list[BaseRoute]:
    """`/assets` for ever, every other path the page itself: its router reads the address."""
    if not (PAGE / "index.html").is_file():
        return [Route("/{path:path}", _missing)]
    return [Mount("/assets", StaticFiles(directory=PAGE / "assets")), Route("/{path:path}", _page)]


def _page(request: Request) -> Response:
    asked = (PAGE / request.path_params["path"]).resolve()
    file = asked if asked.is_file() and asked.is_relative_to(PAGE) else PAGE / "index.html"
    return FileResponse(file, headers={"cache-control": "no-cache"})


def _missing(_: Request) -> Response:
    return PlainTextResponse("The page is not built; run `make web`, or use /graphql.\n", 503)


class SecurityHeaders:
    """Adds the headers to every HTTP answer; built assets may be kept for ever, as names hold their hash."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/assets/") and message["status"] in _FOUND:
                    headers["cache-control"] = _FOR_EVER
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
