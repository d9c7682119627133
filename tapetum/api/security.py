"""What a browser may have been tricked into: foreign origins, forged posts, rebound names."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tapetum.api.errors import ForbiddenError
from tapetum.api.settings import ApiSettings

CSRF_HEADER = "x-requested-with"


def check_post(headers: Headers) -> None:
    """A browser asks before it sends a header of our choice to another origin, and is told no."""
    from_browser = "origin" in headers or "sec-fetch-site" in headers
    if from_browser and CSRF_HEADER not in headers:
        raise ForbiddenError(f"A browser's request needs the header `{CSRF_HEADER}`; add it with any value.")


def origin_allowed(headers: Headers, settings: ApiSettings) -> bool:
    """For WebSockets, which browsers open to anyone without asking. Programs send no Origin."""
    origin = headers.get("origin")
    if origin is None or origin in settings.allowed_origins:
        return True
    host = headers.get("host", "")
    try:
        return bool(host) and urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # no address at all
        return False


class HostGuard:
    """Answers only requests addressed to a known host, since a foreign name may be made to lead here."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._hosts is None or scope["type"] not in ("http", "websocket") or self._known(scope):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4403})
            return
        names = ", ".join(sorted(self._hosts))
        await PlainTextResponse(f"This server answers to {names} only.", 421)(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        host = Headers(scope=scope).get("host", "").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return self._hosts is not None and name in self._hosts
