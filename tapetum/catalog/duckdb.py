"""The embedded Catalog: saved state in DuckDB."""

from collections.abc import Sequence
from typing import Any

from tapetum.catalog import (
    duckdb_deliveries,
    duckdb_dismissals,
    duckdb_documents,
    duckdb_feeds,
    duckdb_manifests,
    duckdb_standings,
)
from tapetum.catalog.documents import Draft, Removal
from tapetum.catalog.manifests import ManifestChangesAsked, ManifestImport, ManifestsAsked
from tapetum.catalog.port import Catalog, Kept, Token
from tapetum.domain.deliveries import DeliveryState
from tapetum.domain.dismissals import Advice, Dismissal
from tapetum.domain.documents import Document, DocumentCounts, DocumentKind, Mark
from tapetum.domain.feeds import FeedState, Indicators
from tapetum.domain.manifests import ManifestChange, ManifestCounts, ManifestKey, ManifestVersion, Sighting
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.embedded.duckdb import Connection, Engine, Transaction

TABLES = """
CREATE TABLE IF NOT EXISTS tokens (
  id VARCHAR PRIMARY KEY, name VARCHAR, hashed VARCHAR, clusters VARCHAR[], namespaces VARCHAR[],
  ingest BOOLEAN, created_at BIGINT, expires_at BIGINT
);
"""
_COLUMNS = "id, name, hashed, clusters, namespaces, ingest, created_at, expires_at"
_APART = "\x1f"


class DuckDBCatalog(Catalog):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.transaction() as transaction:
            places = (
                duckdb_documents,
                duckdb_manifests,
                duckdb_feeds,
                duckdb_standings,
                duckdb_deliveries,
                duckdb_dismissals,
            )
            transaction.connection.execute(TABLES + "".join(place.TABLES for place in places))

    async def add_token(self, token: Token) -> None:
        await self._engine.write(lambda c: _insert(c, token))

    async def token(self, hashed: str) -> Token | None:
        found = await self._engine.read(lambda c: _select(c, "WHERE hashed = ?", [hashed]))
        return found[0] if found else None

    async def tokens(self) -> list[Token]:
        return await self._engine.read(lambda c: _select(c, "ORDER BY created_at, id", []))

    async def revoke_token(self, token_id: str) -> bool:
        statement = "DELETE FROM tokens WHERE id = ? RETURNING id"
        return bool(await self._engine.write(lambda c: c.execute(statement, [token_id]).fetchall()))

    async def documents(
        self, scope: Scope, caller: str | None, kind: DocumentKind, about: str | None, most: int
    ) -> list[Document]:
        return await self._engine.read(lambda c: duckdb_documents.listed(c, scope, caller, kind, about, most))

    async def document(self, scope: Scope, caller: str | None, document_id: str) -> Document | None:
        found = await self._engine.read(lambda c: duckdb_documents.found(c, document_id))
        return found if found is not None and found.visible(scope, caller) else None

    async def save_document(self, scope: Scope, caller: str | None, draft: Draft) -> Document:
        return await self._engine.write(lambda c: duckdb_documents.save(c, scope, caller, draft))

    async def put_documents(
        self, scope: Scope, caller: str | None, drafts: Sequence[Draft]
    ) -> DocumentCounts:
        return await self._engine.write(lambda c: duckdb_documents.put(c, scope, caller, drafts))

    async def remove_document(self, scope: Scope, caller: str | None, removal: Removal) -> Document:
        return await self._engine.write(lambda c: duckdb_documents.remove(c, scope, caller, removal))

    def marks(self, transaction: Transaction, kind: DocumentKind) -> dict[str, Mark]:
        """Of all documents of a kind by their ids, whoever they belong to."""
        return duckdb_documents.marks(transaction.connection, kind)

    def every(self, transaction: Transaction, kind: DocumentKind) -> list[Document]:
        return duckdb_documents.every(transaction.connection, kind)

    def standing(self, watch: str, cluster: str) -> Kept | None:
        """Up to when a window rule was judged in a cluster, and what stood then."""
        return self._engine.read_now(lambda c: duckdb_standings.found(c, watch, cluster))

    def keep_standing(
        self, transaction: Transaction, watch: str, cluster: str, before: Kept | None, after: Kept
    ) -> bool:
        """False where it is not what it was `before`: somebody else judged it."""
        return duckdb_standings.keep(transaction.connection, watch, cluster, before, after)

    async def import_manifests(self, scope: Scope, given: ManifestImport) -> ManifestCounts:
        return await self._engine.write(lambda c: duckdb_manifests.apply(c, scope, given))

    async def note_manifests(self, scope: Scope, sightings: Sequence[Sighting]) -> None:
        await self._engine.write(lambda c: duckdb_manifests.note(c, scope, sightings))

    def note(self, transaction: Transaction, sightings: Sequence[Sighting]) -> None:
        """The same in the open transaction of a batch."""
        duckdb_manifests.note(transaction.connection, EVERYTHING, sightings)

    async def manifests(
        self, scope: Scope, asked: ManifestsAsked, after: ManifestKey | None, most: int
    ) -> list[ManifestVersion]:
        return await self._engine.read(lambda c: duckdb_manifests.page(c, scope, asked, after, most))

    async def count_manifests(self, scope: Scope, asked: ManifestsAsked) -> int:
        return await self._engine.read(lambda c: duckdb_manifests.count(c, scope, asked))

    async def manifest_history(self, scope: Scope, key: ManifestKey, most: int) -> list[ManifestVersion]:
        return await self._engine.read(lambda c: duckdb_manifests.history(c, scope, key, most))

    async def manifest_changes(
        self, scope: Scope, asked: ManifestChangesAsked, most: int
    ) -> list[ManifestChange]:
        return await self._engine.read(lambda c: duckdb_manifests.changes(c, scope, asked, most))

    async def feed_states(self, scope: Scope) -> list[FeedState]:
        return await self._engine.read(lambda c: duckdb_feeds.states(c, scope))

    async def feed_indicators(self, scope: Scope, feed: str) -> Indicators | None:
        return await self._engine.read(lambda c: duckdb_feeds.indicators(c, scope, feed))

    async def keep_feed(self, scope: Scope, version: int, state: FeedState, fresh: Indicators | None) -> bool:
        return await self._engine.write(lambda c: duckdb_feeds.keep(c, scope, version, state, fresh))

    async def want_feed(self, scope: Scope, feed: str) -> None:
        await self._engine.write(lambda c: duckdb_feeds.want(c, scope, feed))

    async def note_matched(self, scope: Scope, feed: str, digest: str) -> None:
        await self._engine.write(lambda c: duckdb_feeds.note_matched(c, scope, feed, digest))

    async def delivery_states(self, scope: Scope) -> list[DeliveryState]:
        return await self._engine.read(lambda c: duckdb_deliveries.states(c, scope))

    async def keep_delivery(
        self, scope: Scope, version: int, before: DeliveryState | None, after: DeliveryState
    ) -> bool:
        return await self._engine.write(lambda c: duckdb_deliveries.keep(c, scope, version, before, after))

    async def dismissals(self, scope: Scope) -> list[Dismissal]:
        return await self._engine.read(lambda c: duckdb_dismissals.every(c, scope))

    async def keep_dismissal(self, scope: Scope, dismissal: Dismissal) -> None:
        await self._engine.write(lambda c: duckdb_dismissals.keep(c, scope, dismissal))

    async def take_dismissal(self, scope: Scope, advice: Advice) -> Dismissal | None:
        return await self._engine.write(lambda c: duckdb_dismissals.take(c, scope, advice))

    def feed_marks(self, transaction: Transaction) -> dict[str, tuple[int, str | None]]:
        """Of all feeds, the version of the document and the digest of the indicators."""
        return duckdb_feeds.marks(transaction.connection)

    def listed(self, transaction: Transaction, feed: str) -> Indicators | None:
        return duckdb_feeds.indicators(transaction.connection, EVERYTHING, feed)


def _insert(connection: Connection, token: Token) -> None:
    clusters, namespaces = token.scope.clusters, token.scope.namespaces
    connection.execute(
        f"INSERT INTO tokens ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            token.id,
            token.name,
            token.hashed,
            None if clusters is None else sorted(clusters),
            None if namespaces is None else sorted(_APART.join(pair) for pair in namespaces),
            token.ingest,
            token.created_at,
            token.expires_at,
        ],
    )


def _select(connection: Connection, tail: str, values: list[Any]) -> list[Token]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM tokens {tail}", values).fetchall()
    return [
        Token(
            id=id_,
            name=name,
            hashed=hashed,
            scope=Scope(
                None if clusters is None else frozenset(clusters),
                None if namespaces is None else frozenset(_pair(text) for text in namespaces),
            ),
            ingest=ingest,
            created_at=created,
            expires_at=expires,
        )
        for id_, name, hashed, clusters, namespaces, ingest, created, expires in rows
    ]


def _pair(text: str) -> tuple[str, str]:
    cluster, _, namespace = text.partition(_APART)
    return cluster, namespace
