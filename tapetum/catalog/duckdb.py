"""The embedded Catalog: saved state in DuckDB."""

from typing import Any

from tapetum.catalog.port import Catalog, Token
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection, Engine

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
            transaction.connection.execute(TABLES)

    async def add_token(self, token: Token) -> None:
        with self._engine.transaction() as transaction:
            transaction.connection.execute(
                f"INSERT INTO tokens ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    token.id,
                    token.name,
                    token.hashed,
                    None if token.scope.clusters is None else sorted(token.scope.clusters),
                    None
                    if token.scope.namespaces is None
                    else sorted(_APART.join(pair) for pair in token.scope.namespaces),
                    token.ingest,
                    token.created_at,
                    token.expires_at,
                ],
            )

    async def token(self, hashed: str) -> Token | None:
        found = await self._engine.read(lambda c: _select(c, "WHERE hashed = ?", [hashed]))
        return found[0] if found else None

    async def tokens(self) -> list[Token]:
        return await self._engine.read(lambda c: _select(c, "ORDER BY created_at, id", []))

    async def revoke_token(self, token_id: str) -> bool:
        with self._engine.transaction() as transaction:
            deleted = transaction.connection.execute(
                "DELETE FROM tokens WHERE id = ? RETURNING id", [token_id]
            ).fetchall()
        return bool(deleted)


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
