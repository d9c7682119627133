"""The Catalog port: saved state. Tokens, documents, manifests, feeds, deliveries, dismissals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tapetum.catalog.documents import Draft, Removal
from tapetum.catalog.manifests import ManifestChangesAsked, ManifestImport, ManifestsAsked
from tapetum.domain.deliveries import DeliveryState
from tapetum.domain.dismissals import Advice, Dismissal
from tapetum.domain.documents import Document, DocumentCounts, DocumentKind
from tapetum.domain.feeds import FeedState, Indicators
from tapetum.domain.manifests import (
    ManifestChange,
    ManifestCounts,
    ManifestKey,
    ManifestVersion,
    Sighting,
)
from tapetum.domain.moments import Micros
from tapetum.domain.scope import Scope

Kept = tuple[Micros, str]
"""How a window rule stands in a cluster: up to when it was judged, and what stood then."""


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
        """Those that the caller may see (Document.visible), by title and id, captures the newest first.
        `about` None is about anything.
        """
        ...

    async def document(self, scope: Scope, caller: str | None, document_id: str) -> Document | None:
        """None where there is none that the caller may see."""
        ...

    async def save_document(self, scope: Scope, caller: str | None, draft: Draft) -> Document:
        """What is kept from now on. Raises what documents.to_save raises, and then keeps what was."""
        ...

    async def put_documents(
        self, scope: Scope, caller: str | None, drafts: Sequence[Draft]
    ) -> DocumentCounts:
        """All in one transaction, whatever was under their ids. Raises what documents.to_put raises, and
        then keeps what was.
        """
        ...

    async def remove_document(self, scope: Scope, caller: str | None, removal: Removal) -> Document:
        """What was removed. Raises what documents.to_remove raises."""
        ...

    async def import_manifests(self, scope: Scope, given: ManifestImport) -> ManifestCounts:
        """All of it in one transaction. Raises what manifests.to_import raises, and then keeps what was."""
        ...

    async def note_manifests(self, scope: Scope, sightings: Sequence[Sighting]) -> None:
        """What audit logs tell of any time, in any order; what is kept already changes nothing."""
        ...

    async def manifests(
        self, scope: Scope, asked: ManifestsAsked, after: ManifestKey | None, most: int
    ) -> list[ManifestVersion]:
        """What the caller may see of it, by kind, namespace and name, behind `after`."""
        ...

    async def count_manifests(self, scope: Scope, asked: ManifestsAsked) -> int: ...

    async def manifest_history(self, scope: Scope, key: ManifestKey, most: int) -> list[ManifestVersion]:
        """Newest first, times when it was gone among them; empty where the caller may not see it."""
        ...

    async def manifest_changes(
        self, scope: Scope, asked: ManifestChangesAsked, most: int
    ) -> list[ManifestChange]:
        """What the caller may see of it, newest first."""
        ...

    async def feed_states(self, scope: Scope) -> list[FeedState]:
        """Of the feeds that were ever looked for. Like all of feeds, raises what feeds.hold_scope raises."""
        ...

    async def feed_indicators(self, scope: Scope, feed: str) -> Indicators | None:
        """The last good ones; None where there never were any."""
        ...

    async def keep_feed(self, scope: Scope, version: int, state: FeedState, fresh: Indicators | None) -> bool:
        """Its state, and new indicators if there are; False, and nothing kept, where the feed's document is
        no longer at this version. What the state says of `wanted` and `matched` is not kept.
        """
        ...

    async def want_feed(self, scope: Scope, feed: str) -> None:
        """Note that it is to be looked for now, until a state of it is kept."""
        ...

    async def note_matched(self, scope: Scope, feed: str, digest: str) -> None:
        """Note that history was searched for its indicators of this digest."""
        ...

    async def delivery_states(self, scope: Scope) -> list[DeliveryState]:
        """Of the targets that ever stood. Like the next, raises what deliveries.hold_scope raises."""
        ...

    async def keep_delivery(
        self, scope: Scope, version: int, before: DeliveryState | None, after: DeliveryState
    ) -> bool:
        """False, and nothing kept, where the target's document is no longer at this version, or somebody
        else kept a state since `before`; its revision tells.
        """
        ...

    async def dismissals(self, scope: Scope) -> list[Dismissal]:
        """Those that the caller may see (Advice.visible), lapsed ones too."""
        ...

    async def keep_dismissal(self, scope: Scope, dismissal: Dismissal) -> None:
        """In place of one of the same advice. Like the next, raises what dismissals.hold_scope raises."""
        ...

    async def take_dismissal(self, scope: Scope, advice: Advice) -> Dismissal | None:
        """It is kept no more; None where there was none."""
        ...
