"""The Catalog port: saved state. Tokens now; clusters' names, policies, rules and the rest later."""

from dataclasses import dataclass
from typing import Protocol

from tapetum.domain.moments import Micros
from tapetum.domain.scope import Scope


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token as kept: only its hash. `expires_at` None never happens: each token ends."""

    id: str
    name: str
    hashed: str
    scope: Scope
    ingest: bool
    created_at: Micros
    expires_at: Micros


class Catalog(Protocol):
    async def add_token(self, token: Token) -> None: ...

    async def token(self, hashed: str) -> Token | None: ...

    async def tokens(self) -> list[Token]: ...

    async def revoke_token(self, token_id: str) -> bool:
        """False where there is no such token."""
        ...
