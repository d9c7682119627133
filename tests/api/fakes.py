"""Named fakes of the ports, for what real stores do not do on demand: hang, break, fill up."""

import asyncio
from typing import Any

from tapetum.catalog.port import Catalog, Token
from tapetum.domain.errors import UnavailableError
from tapetum.logstore.port import Census, LogStore


class MemoryCatalog(Catalog):
    def __init__(self, *tokens: Token) -> None:
        self._tokens = {token.hashed: token for token in tokens}

    async def add_token(self, token: Token) -> None:
        self._tokens[token.hashed] = token

    async def token(self, hashed: str) -> Token | None:
        return self._tokens.get(hashed)

    async def tokens(self) -> list[Token]:
        return list(self._tokens.values())

    async def revoke_token(self, token_id: str) -> bool:
        kept = {hashed: token for hashed, token in self._tokens.items() if token.id != token_id}
        revoked = len(kept) < len(self._tokens)
        self._tokens = kept
        return revoked


class HangingLogs(LogStore[Any]):
    """Never answers, and says when it was cancelled."""

    def __init__(self) -> None:
        self.asked = 0
        self.cancelled = 0

    async def census(self, scope: object) -> list[Census]:
        self.asked += 1
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        raise AssertionError("unreachable")


class BrokenLogs(LogStore[Any]):
    """Breaks in a way that nobody foresaw, with a hostile text in it."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def census(self, scope: object) -> list[Census]:
        raise RuntimeError(self._text)


class AwayLogs(LogStore[Any]):
    """Cannot be reached now."""

    async def census(self, scope: object) -> list[Census]:
        raise UnavailableError("The log store cannot be reached; try again in a minute.")

    async def last_alert(self, scope: object) -> int:
        raise UnavailableError("The log store cannot be reached; try again in a minute.")
