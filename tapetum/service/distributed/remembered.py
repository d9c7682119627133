"""Tokens as the catalog last knew them, on a receiver's own volume: who sends need not wait for the catalog.

Hashes are kept, no secrets. One that is revoked while the catalog is away holds until it answers again.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import structlog

from tapetum.catalog.port import Token
from tapetum.domain.errors import UnavailableError

log = structlog.get_logger()

_MOST = 1000


class RememberedTokens:
    """`ask` is the catalog's `token`. Confined to one event loop; the file is nobody else's."""

    def __init__(self, ask: Callable[[str], Awaitable[Token | None]], file: Path) -> None:
        self._ask = ask
        self._file = file
        self._known = _read(file)
        self._writing = asyncio.Lock()

    async def token(self, hashed: str) -> Token | None:
        """Raises UnavailableError where the catalog is away and never knew it."""
        try:
            found = await self._ask(hashed)
        except UnavailableError:
            if (known := self._known.get(hashed)) is None:
                raise
            return known
        if found != self._known.get(hashed):
            await self._keep(hashed, found)
        return found

    async def _keep(self, hashed: str, found: Token | None) -> None:
        self._known.pop(hashed, None)
        if found is not None:
            while len(self._known) >= _MOST:
                self._known.pop(next(iter(self._known)))
            self._known[hashed] = found
        async with self._writing:
            try:
                await asyncio.to_thread(_write, self._file, list(self._known.values()))
            except OSError as error:
                log.warning("tokens cannot be remembered", file=str(self._file), reason=error.strerror)


def _read(file: Path) -> dict[str, Token]:
    """None where it cannot be read: the catalog is asked again."""
    try:
        known = msgspec.json.decode(file.read_bytes(), type=list[Token])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        log.warning("remembered tokens cannot be read", file=str(file), reason=str(error))
        return {}
    return {token.hashed: token for token in known}


def _write(file: Path, tokens: list[Token]) -> None:
    """The whole file or none of it, for its owner's eyes only."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with fresh.open("wb") as opened:
        opened.write(msgspec.json.encode(tokens))
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
