"""Calling an ASGI application directly: a client library would cost more than what it asks for."""

from starlette.types import ASGIApp, Message, Scope


async def post(app: ASGIApp, path: str, body: bytes) -> bytes:
    """The body of the answer; raises where the status is not 200."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    statuses: list[int] = []
    pieces: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        else:
            pieces.append(message.get("body", b""))

    await app(scope, receive, send)
    answer = b"".join(pieces)
    if statuses != [200]:
        raise AssertionError(f"{path} answered {statuses}: {answer[:200]!r}")
    return answer
