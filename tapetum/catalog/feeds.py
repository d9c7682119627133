"""What is kept of a feed beside its document: its state as text and its indicators packed. Knows no engine.

Feeds are looked at by those who may see everything, since what they list is about all clusters alike.
"""

import hashlib
from dataclasses import replace

import msgspec
import zstandard

from tapetum.domain.errors import NotAllowedError
from tapetum.domain.feeds import FeedState, Indicators
from tapetum.domain.scope import Scope


def hold_scope(scope: Scope) -> None:
    """Raises NotAllowedError."""
    if not scope.everything:
        raise NotAllowedError(
            "Feeds are for tokens without limits to clusters or namespaces; use such a one."
        )


def packed(indicators: Indicators) -> bytes:
    return zstandard.compress(_text(indicators))


def unpacked(content: bytes) -> Indicators:
    return msgspec.json.decode(zstandard.decompress(content), type=Indicators)


def digest_of(indicators: Indicators) -> str:
    return hashlib.sha256(_text(indicators)).hexdigest()[:32]


def state_text(state: FeedState) -> str:
    """Without what other writers change on their own."""
    return msgspec.json.encode(replace(state, wanted=False, matched=None)).decode()


def state_of(text: str, wanted: bool, matched: str | None) -> FeedState:
    return replace(msgspec.json.decode(text, type=FeedState), wanted=wanted, matched=matched)


def _text(indicators: Indicators) -> bytes:
    return msgspec.json.encode(indicators)
