"""The Catalog port: saved state. Tokens and documents now; clusters' names, policies and rules later."""

from dataclasses import dataclass
from typing import Protocol

from tapetum.catalog.documents import Draft, Removal
from tapetum.domain.documents import Document, DocumentKind
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
    """`caller` is the name of the token that asks, None where none is needed.

    A name, since tokens end: whoever gets a new one under the old name keeps what is theirs.
    """

    async def add_token(self, token: Token) -> None: ...

    async def token(self, hashed: str) -> Token | None: ...

    async def tokens(self) -> list[Token]: ...

    async def revoke_token(self, token_id: str) -> bool:
        """False where there is no such token."""
        ...

    async def documents(
        self, scope: Scope, caller: str | None, kind: DocumentKind, about: str | None, most: int
    ) -> list[Document]:
        """Those that the caller may see (Document.visible), by title and id; None is about anything."""
        ...

    async def document(self, scope: Scope, caller: str | None, document_id: str) -> Document | None:
        """None where there is none that the caller may see."""
        ...

    async def save_document(self, scope: Scope, caller: str | None, draft: Draft) -> Document:
        """What is kept from now on. Raises what documents.to_save raises, and then keeps what was."""
        ...

    async def remove_document(self, scope: Scope, caller: str | None, removal: Removal) -> Document:
        """What was removed. Raises what documents.to_remove raises."""
        ...
