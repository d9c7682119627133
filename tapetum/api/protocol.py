"""What graphql-transport-ws says: its messages as they arrive, and the codes that it closes with."""

from enum import IntEnum
from typing import Any

import msgspec

from tapetum.api.plain import one_line
from tapetum.domain.errors import UnauthorizedError

PROTOCOL = "graphql-transport-ws"
_LONGEST_ID = 128
_REASON = 120  # a close frame's reason has at most 123 bytes


class Close(IntEnum):
    """The protocol names all but the last, which is ours: clients may reconnect after it."""

    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    PROTOCOL_UNKNOWN = 4406
    INIT_TIMEOUT = 4408
    ALREADY_SUBSCRIBED = 4409
    TOO_MANY_INITS = 4429
    TOO_SLOW = 4503


class Closing(Exception):  # noqa: N818 - not an error: how a connection ends from our side
    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = one_line(reason, 400).encode()[:_REASON].decode(errors="ignore")


class Message(msgspec.Struct, frozen=True):
    type: str
    id: str | None = None
    payload: msgspec.Raw = msgspec.Raw(b"null")


def read_message(text: object, limit: int) -> Message:
    """Raises Closing."""
    if not isinstance(text, str):
        raise Closing(Close.BAD_REQUEST, "Messages are JSON as text")
    if len(text) > limit:
        raise Closing(Close.BAD_REQUEST, f"A message is longer than {limit} bytes")
    try:
        message = msgspec.json.decode(text, type=Message)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise Closing(Close.BAD_REQUEST, "Invalid message received") from None
    if message.id is not None and not 0 < len(message.id) <= _LONGEST_ID:
        raise Closing(Close.BAD_REQUEST, f"An id has 1 to {_LONGEST_ID} characters")
    return message


def token_of(payload: bytes) -> str | None:
    """What connection_init presents. Raises Closing or UnauthorizedError."""
    try:
        given: Any = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError):
        given = False
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Closing(Close.BAD_REQUEST, "The payload of connection_init is an object")
    token = given.get("token")
    if token is not None and not isinstance(token, str):
        raise UnauthorizedError("The token is not a string.")
    return token
