"""Manifests in DuckDB: the statements, on a connection that the adapter opens.

A row is a sighting; what holds as of a time, and until when, is worked out when asked.
"""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from tapetum.catalog.manifests import (
    ManifestChangesAsked,
    ManifestImport,
    ManifestsAsked,
    hold_scope,
    namespaces_seen,
    to_import,
    to_note,
)
from tapetum.domain.manifests import (
    ManifestChange,
    ManifestCounts,
    ManifestKey,
    ManifestVersion,
    Origin,
    Sighting,
)
from tapetum.domain.moments import Micros
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb import Connection

TABLES = """
CREATE TABLE IF NOT EXISTS manifests (
  cluster VARCHAR, kind VARCHAR, namespace VARCHAR, name VARCHAR, seen_at BIGINT,
  digest VARCHAR, body VARCHAR, origin VARCHAR, brought_by VARCHAR,
  PRIMARY KEY (cluster, kind, namespace, name, seen_at)
);
"""
_TEXTS = ("cluster", "kind", "namespace", "name", "digest", "body", "origin", "brought_by")
_ROW = pa.schema([(name, pa.string()) for name in _TEXTS] + [("seen_at", pa.int64())])
# An object outside of all namespaces has the namespace ''.
_SEEN = "cluster = $cluster AND ($namespaces IS NULL OR list_contains($namespaces, namespace))"
_OBJECT = "PARTITION BY kind, namespace, name ORDER BY seen_at"
_VERSIONS = f"""
WITH told AS (
  SELECT kind, namespace, name, seen_at, digest, lag(digest) OVER ({_OBJECT}) AS before FROM manifests
  WHERE {_SEEN} AND ($kind IS NULL OR kind = $kind) AND ($namespace IS NULL OR namespace = $namespace)
    AND ($name IS NULL OR name = $name)
), versions AS (
  SELECT kind, namespace, name, seen_at, digest, before, lead(seen_at) OVER ({_OBJECT}) AS ends FROM told
  WHERE digest IS DISTINCT FROM before
)"""
_AS_OF = "seen_at <= $at AND (ends IS NULL OR ends > $at) AND digest <> ''"
_TOLD = """SELECT kind, namespace, name, seen_at, ends, body, origin, brought_by FROM found
JOIN manifests m USING (kind, namespace, name, seen_at) WHERE m.cluster = $cluster"""
_PAGE = f"""{_VERSIONS}, found AS (
  SELECT kind, namespace, name, seen_at, ends FROM versions
  WHERE {_AS_OF} AND ($after IS NULL OR (kind, namespace, name) > ($after[1], $after[2], $after[3]))
  ORDER BY kind, namespace, name LIMIT $most
) {_TOLD} ORDER BY kind, namespace, name"""
_COUNT = f"{_VERSIONS} SELECT count(*) FROM versions WHERE {_AS_OF}"
_HISTORY = f"""{_VERSIONS}, found AS (
  SELECT kind, namespace, name, seen_at, ends FROM versions ORDER BY seen_at DESC LIMIT $most
) {_TOLD} ORDER BY seen_at DESC"""
_CHANGES = f"""{_VERSIONS}, found AS (
  SELECT kind, namespace, name, seen_at, ends, coalesce(before, '') <> '' AS was_there FROM versions
  WHERE seen_at > $start AND seen_at <= $end AND list_contains($kinds, kind)
  ORDER BY seen_at DESC, kind, namespace, name LIMIT $most
) {_TOLD.replace(" FROM found", ", was_there FROM found")} ORDER BY seen_at DESC, kind, namespace, name"""
_KNOWN = f"""SELECT kind, namespace, name, arg_max(digest, seen_at) AS newest FROM manifests
WHERE {_SEEN} AND seen_at <= $at GROUP BY ALL HAVING newest <> ''"""
_NOTED = """SELECT cluster, kind, namespace, name, seen_at, digest FROM manifests
SEMI JOIN incoming_manifests USING (cluster, kind, namespace, name, seen_at)"""
_SAVE = f"INSERT OR REPLACE INTO manifests BY NAME SELECT {', '.join(_ROW.names)} FROM incoming_manifests"


def page(
    connection: Connection, scope: Scope, asked: ManifestsAsked, after: ManifestKey | None, most: int
) -> list[ManifestVersion]:
    place = None if after is None else [after.kind, after.namespace or "", after.name]
    values = _values(scope, asked) | {"after": place, "most": most}
    return _versions(connection, asked.cluster, _PAGE, values)


def count(connection: Connection, scope: Scope, asked: ManifestsAsked) -> int:
    (found,) = connection.execute(_COUNT, _values(scope, asked)).fetchall()[0]
    return int(found)


def history(connection: Connection, scope: Scope, key: ManifestKey, most: int) -> list[ManifestVersion]:
    if not key.visible(scope):
        return []
    values = _seen(scope, key.cluster) | {
        "kind": key.kind,
        "namespace": key.namespace or "",
        "name": key.name,
    }
    return _versions(connection, key.cluster, _HISTORY, values | {"most": most})


def changes(
    connection: Connection, scope: Scope, asked: ManifestChangesAsked, most: int
) -> list[ManifestChange]:
    values = _seen(scope, asked.cluster) | dict.fromkeys(("kind", "namespace", "name"))
    within = {"start": asked.within.start, "end": asked.within.end, "kinds": sorted(asked.kinds)}
    rows = connection.execute(_CHANGES, values | within | {"most": most}).fetchall()
    return [ManifestChange(_version(asked.cluster, row), was_there) for *row, was_there in rows]


def apply(connection: Connection, scope: Scope, given: ManifestImport) -> ManifestCounts:
    values = _seen(scope, given.cluster) | {"at": given.at}
    rows = connection.execute(_KNOWN, values).fetchall()
    known = {_key(given.cluster, *names): digest for *names, digest in rows}
    kept, counts = to_import(given, known, scope)
    _save(connection, kept)
    return counts


def note(connection: Connection, scope: Scope, sightings: Sequence[Sighting]) -> None:
    hold_scope(scope, (each.key for each in sightings))
    fresh = to_note(sightings, {})
    connection.register("incoming_manifests", _table(fresh))
    try:
        rows = connection.execute(_NOTED).fetchall()
    finally:
        connection.unregister("incoming_manifests")
    known: dict[tuple[ManifestKey, Micros], str] = {
        (_key(cluster, kind, namespace, name), at): digest
        for cluster, kind, namespace, name, at, digest in rows
    }
    _save(connection, to_note(fresh, known))


def _save(connection: Connection, sightings: Sequence[Sighting]) -> None:
    if not sightings:
        return
    connection.register("incoming_manifests", _table(sightings))
    try:
        connection.execute(_SAVE)
    finally:
        connection.unregister("incoming_manifests")


def _table(sightings: Sequence[Sighting]) -> pa.Table:
    rows = [
        {
            **each.key._asdict(),
            "namespace": each.key.namespace or "",
            "seen_at": each.at,
            "digest": each.digest,
            "body": each.body,
            "origin": each.origin.value,
            "brought_by": each.by,
        }
        for each in sightings
    ]
    return pa.Table.from_pylist(rows, _ROW)


def _seen(scope: Scope, cluster: str) -> dict[str, Any]:
    """The parameters of _SEEN."""
    return {"cluster": cluster, "namespaces": namespaces_seen(scope, cluster)}


def _values(scope: Scope, asked: ManifestsAsked) -> dict[str, Any]:
    return _seen(scope, asked.cluster) | {
        "at": asked.at,
        "kind": asked.kind,
        "namespace": asked.namespace,
        "name": asked.name,
    }


def _key(cluster: str, kind: str, namespace: str, name: str) -> ManifestKey:
    return ManifestKey(cluster, kind, namespace or None, name)


def _versions(
    connection: Connection, cluster: str, statement: str, values: dict[str, Any]
) -> list[ManifestVersion]:
    return [_version(cluster, row) for row in connection.execute(statement, values).fetchall()]


def _version(cluster: str, row: Sequence[Any]) -> ManifestVersion:
    kind, namespace, name, at, ends, body, origin, by = row
    return ManifestVersion(_key(cluster, kind, namespace, name), at, ends, body, Origin(origin), by)
