"""The Catalog on Neo4j: saved state as nodes. Those who write take turns, as with a file."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import anyio.to_thread

from tapetum.catalog import (
    deliveries,
    dismissals,
    neo4j_deliveries,
    neo4j_dismissals,
    neo4j_documents,
    neo4j_feeds,
    neo4j_manifests,
    neo4j_standings,
)
from tapetum.catalog.documents import Draft, Removal, listing
from tapetum.catalog.feeds import hold_scope, unpacked
from tapetum.catalog.manifests import ManifestChangesAsked, ManifestImport, ManifestsAsked
from tapetum.catalog.port import Catalog, Kept, Token
from tapetum.domain.deliveries import DeliveryState
from tapetum.domain.dismissals import Advice, Dismissal
from tapetum.domain.documents import Document, DocumentCounts, DocumentKind, Mark
from tapetum.domain.feeds import FeedState, Indicators
from tapetum.domain.manifests import ManifestChange, ManifestCounts, ManifestKey, ManifestVersion, Sighting
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.graphdb.migrations import migrate, missing
from tapetum.graphdb.neo4j import Neo4j, Transaction

T = TypeVar("T")

MIGRATIONS = {
    "0001_tokens": (
        "CREATE CONSTRAINT token_id IF NOT EXISTS FOR (t:Token) REQUIRE t.id IS UNIQUE; "
        "CREATE CONSTRAINT token_hash IF NOT EXISTS FOR (t:Token) REQUIRE t.hashed IS UNIQUE; "
        "CREATE CONSTRAINT catalog_name IF NOT EXISTS FOR (c:Catalog) REQUIRE c.name IS UNIQUE"
    ),
    "0002_documents": neo4j_documents.CONSTRAINTS,
    "0003_manifests": neo4j_manifests.CONSTRAINTS,
    "0004_feeds": neo4j_feeds.CONSTRAINTS,
    "0005_standings": neo4j_standings.CONSTRAINTS,
    "0006_deliveries": neo4j_deliveries.CONSTRAINTS,
    "0007_dismissals": neo4j_dismissals.CONSTRAINTS,
}
TURN = "MERGE (c:Catalog {name: 'catalog'}) ON CREATE SET c.turn = 0 SET c.turn = c.turn + 1"
_NAMES = ("id", "name", "hashed", "clusters", "namespaces", "ingest", "created_at", "expires_at")
_TOLD = f"RETURN {', '.join(f't.{name}' for name in _NAMES)}"
_APART = "\x1f"


class Neo4jCatalog(Catalog):
    """Connects when first used; `migrate` before that, once."""

    def __init__(
        self, url: str, *, user: str | None = None, password: str | None = None, database: str | None = None
    ) -> None:
        self.database = Neo4j(url, user=user, password=password, database=database)

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns what was applied."""
        return migrate(self.database, "catalog", MIGRATIONS)

    def is_current(self) -> bool:
        """Whether `migrate` would find nothing to do."""
        return not missing(self.database, "catalog", MIGRATIONS)

    def close(self) -> None:
        self.database.close()

    async def add_token(self, token: Token) -> None:
        await self.database.change(f"{TURN} CREATE (t:Token) SET t = $token", {"token": _properties(token)})

    async def token(self, hashed: str) -> Token | None:
        rows = await self.database.read(f"MATCH (t:Token {{hashed: $hashed}}) {_TOLD}", {"hashed": hashed})
        return _token(rows[0]) if rows else None

    async def tokens(self) -> list[Token]:
        rows = await self.database.read(f"MATCH (t:Token) {_TOLD} ORDER BY t.created_at, t.id")
        return [_token(row) for row in rows]

    async def revoke_token(self, token_id: str) -> bool:
        revoke = f"{TURN} WITH c MATCH (t:Token {{id: $id}}) DELETE t RETURN 1"
        return bool(await self.database.change(revoke, {"id": token_id}))

    async def documents(
        self, scope: Scope, caller: str | None, kind: DocumentKind, about: str | None, most: int
    ) -> list[Document]:
        values = listing(scope, caller, kind, about, most)
        found = neo4j_documents.read(await self.database.read(neo4j_documents.list_of(kind), values))
        return [each for each in found if each.visible(scope, caller)]

    async def document(self, scope: Scope, caller: str | None, document_id: str) -> Document | None:
        rows = await self.database.read(neo4j_documents.FIND, {"id": document_id})
        found = neo4j_documents.read(rows)
        return found[0] if found and found[0].visible(scope, caller) else None

    async def save_document(self, scope: Scope, caller: str | None, draft: Draft) -> Document:
        return await self._in_turn(lambda tx: neo4j_documents.save(tx, scope, caller, draft))

    async def put_documents(
        self, scope: Scope, caller: str | None, drafts: Sequence[Draft]
    ) -> DocumentCounts:
        return await self._in_turn(lambda tx: neo4j_documents.put(tx, scope, caller, drafts))

    async def remove_document(self, scope: Scope, caller: str | None, removal: Removal) -> Document:
        return await self._in_turn(lambda tx: neo4j_documents.remove(tx, scope, caller, removal))

    def marks(self, kind: DocumentKind) -> dict[str, Mark]:
        """Of all documents of a kind by their ids, whoever they belong to; on the caller's thread."""
        rows = self.database.write(lambda tx: tx.run(neo4j_documents.MARKS, {"kind": kind.value}))
        return {row[0]: (row[1], row[2]) for row in rows}

    def every(self, kind: DocumentKind) -> list[Document]:
        rows = self.database.write(lambda tx: tx.run(neo4j_documents.EVERY, {"kind": kind.value}))
        return neo4j_documents.read(rows)

    def standing(self, watch: str, cluster: str) -> Kept | None:
        """Up to when a window rule was judged in a cluster, and what stood then."""
        key = {"key": neo4j_standings.key_of(watch, cluster)}
        rows = self.database.write(lambda tx: tx.run(neo4j_standings.FIND, key))
        return (rows[0][0], rows[0][1]) if rows else None

    def keep_standing(
        self, tx: neo4j_standings.Runs, watch: str, cluster: str, before: Kept | None, after: Kept
    ) -> bool:
        """In anybody's transaction; False where it is not what it was `before`: somebody else judged it."""
        return neo4j_standings.keep(tx, watch, cluster, before, after)

    async def import_manifests(self, scope: Scope, given: ManifestImport) -> ManifestCounts:
        return await self._in_turn(lambda tx: neo4j_manifests.apply(tx, scope, given))

    async def note_manifests(self, scope: Scope, sightings: Sequence[Sighting]) -> None:
        await self._in_turn(lambda tx: neo4j_manifests.note(tx, scope, sightings))

    def note(self, sightings: Sequence[Sighting]) -> None:
        """The same on the caller's thread; it may be repeated by anybody."""

        def work(transaction: Transaction) -> None:
            transaction.run(TURN)
            neo4j_manifests.note(transaction, EVERYTHING, sightings)

        self.database.write(work)

    async def manifests(
        self, scope: Scope, asked: ManifestsAsked, after: ManifestKey | None, most: int
    ) -> list[ManifestVersion]:
        values = neo4j_manifests.page_of(scope, asked, after, most)
        return neo4j_manifests.read(asked.cluster, await self.database.read(neo4j_manifests.PAGE, values))

    async def count_manifests(self, scope: Scope, asked: ManifestsAsked) -> int:
        values = neo4j_manifests.count_of(scope, asked)
        ((found,),) = await self.database.read(neo4j_manifests.COUNT, values)
        return found

    async def manifest_history(self, scope: Scope, key: ManifestKey, most: int) -> list[ManifestVersion]:
        if not key.visible(scope):
            return []
        values = neo4j_manifests.history_of(key, most)
        return neo4j_manifests.read(key.cluster, await self.database.read(neo4j_manifests.HISTORY, values))

    async def manifest_changes(
        self, scope: Scope, asked: ManifestChangesAsked, most: int
    ) -> list[ManifestChange]:
        values = neo4j_manifests.changes_of(scope, asked, most)
        return neo4j_manifests.read_changes(
            asked.cluster, await self.database.read(neo4j_manifests.CHANGES, values)
        )

    async def feed_states(self, scope: Scope) -> list[FeedState]:
        hold_scope(scope)
        return neo4j_feeds.states(await self.database.read(neo4j_feeds.STATES))

    async def feed_indicators(self, scope: Scope, feed: str) -> Indicators | None:
        hold_scope(scope)
        rows = await self.database.read(neo4j_feeds.CONTENT, {"feed": feed})
        return unpacked(rows[0][0]) if rows else None

    async def keep_feed(self, scope: Scope, version: int, state: FeedState, fresh: Indicators | None) -> bool:
        hold_scope(scope)
        return await self._in_turn(lambda tx: neo4j_feeds.keep(tx, version, state, fresh))

    async def want_feed(self, scope: Scope, feed: str) -> None:
        hold_scope(scope)
        await self._in_turn(lambda tx: tx.run(neo4j_feeds.WANT, {"feed": feed}))

    async def note_matched(self, scope: Scope, feed: str, digest: str) -> None:
        hold_scope(scope)
        values = {"feed": feed, "digest": digest}
        await self._in_turn(lambda tx: tx.run(neo4j_feeds.NOTE_MATCHED, values))

    async def delivery_states(self, scope: Scope) -> list[DeliveryState]:
        deliveries.hold_scope(scope)
        return neo4j_deliveries.states(await self.database.read(neo4j_deliveries.STATES))

    async def keep_delivery(
        self, scope: Scope, version: int, before: DeliveryState | None, after: DeliveryState
    ) -> bool:
        deliveries.hold_scope(scope)
        return await self._in_turn(lambda tx: neo4j_deliveries.keep(tx, version, before, after))

    async def dismissals(self, scope: Scope) -> list[Dismissal]:
        rows = await self.database.read(neo4j_dismissals.EVERY)
        return dismissals.seen(scope, [told for (told,) in rows])

    async def keep_dismissal(self, scope: Scope, dismissal: Dismissal) -> None:
        dismissals.hold_scope(scope, dismissal.advice)
        await self._in_turn(lambda tx: neo4j_dismissals.keep(tx, dismissal))

    async def take_dismissal(self, scope: Scope, advice: Advice) -> Dismissal | None:
        dismissals.hold_scope(scope, advice)
        return await self._in_turn(lambda tx: neo4j_dismissals.take(tx, advice))

    def feed_marks(self) -> dict[str, tuple[int, str | None]]:
        """Of all feeds, the version of the document and the digest of the indicators."""
        values = {"kind": DocumentKind.FEED.value}
        rows = self.database.write(lambda tx: tx.run(neo4j_feeds.MARKS, values))
        return {feed: (version, digest) for feed, version, digest in rows}

    def listed(self, feed: str) -> Indicators | None:
        rows = self.database.write(lambda tx: tx.run(neo4j_feeds.CONTENT, {"feed": feed}))
        return unpacked(rows[0][0]) if rows else None

    async def _in_turn(self, work: Callable[[Transaction], T]) -> T:
        """In one transaction, on a worker thread: what it reads stays so until it has written."""

        def run() -> T:
            with self.database.transaction() as transaction:
                transaction.run(TURN)
                return work(transaction)

        return await anyio.to_thread.run_sync(run)


def _properties(token: Token) -> dict[str, Any]:
    clusters, namespaces = token.scope.clusters, token.scope.namespaces
    return {
        "id": token.id,
        "name": token.name,
        "hashed": token.hashed,
        "clusters": None if clusters is None else sorted(clusters),
        "namespaces": None if namespaces is None else sorted(_APART.join(pair) for pair in namespaces),
        "ingest": token.ingest,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    }


def _token(row: list[Any]) -> Token:
    told = dict(zip(_NAMES, row, strict=True))
    clusters, namespaces = told.pop("clusters"), told.pop("namespaces")
    scope = Scope(
        None if clusters is None else frozenset(clusters),
        None if namespaces is None else frozenset(_pair(text) for text in namespaces),
    )
    return Token(scope=scope, **told)


def _pair(text: str) -> tuple[str, str]:
    cluster, _, namespace = text.partition(_APART)
    return cluster, namespace
