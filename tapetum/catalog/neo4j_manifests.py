"""Manifests as nodes, each with its sightings: the statements, in a transaction that the adapter opens.

What holds as of a time, and until when, is worked out when asked.
"""

from collections.abc import Sequence
from typing import Any

from tapetum.catalog.manifests import (
    ManifestChangesAsked,
    ManifestImport,
    ManifestsAsked,
    hold_scope,
    namespaces_seen,
    to_import,
    to_note,
)
from tapetum.catalog.neo4j_documents import Runs
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

CONSTRAINTS = (
    "CREATE CONSTRAINT manifest_id IF NOT EXISTS FOR (m:Manifest) REQUIRE m.id IS UNIQUE; "
    "CREATE INDEX manifest_place IF NOT EXISTS FOR (m:Manifest) ON (m.cluster, m.kind)"
)
_APART = "\x1f"
_AT_ONCE = 1000
# An object outside of all namespaces has the namespace ''.
_SEEN = "m.cluster = $cluster AND ($namespaces IS NULL OR m.namespace IN $namespaces)"
_NAMED = (
    "($kind IS NULL OR m.kind = $kind) AND ($namespace IS NULL OR m.namespace = $namespace) "
    "AND ($name IS NULL OR m.name = $name)"
)
_NEWEST = """CALL (m) {
  MATCH (m)-[:SEEN]->(s:Sighting) WHERE s.at <= $at RETURN s ORDER BY s.at DESC LIMIT 1
}"""
_AS_OF = f"MATCH (m:Manifest) WHERE {_SEEN} AND {_NAMED} {_NEWEST} WITH m, s WHERE s.digest <> ''"
# A version begins behind the last sighting of other content, and ends at the next of other content.
PAGE = f"""{_AS_OF}
WITH m, s WHERE $after IS NULL OR m.kind > $after[0] OR m.kind = $after[0] AND (
  m.namespace > $after[1] OR m.namespace = $after[1] AND m.name > $after[2])
WITH m, s ORDER BY m.kind, m.namespace, m.name LIMIT $most
CALL (m, s) {{
  MATCH (m)-[:SEEN]->(o:Sighting) WHERE o.digest <> s.digest
  RETURN max(CASE WHEN o.at < s.at THEN o.at END) AS other, min(CASE WHEN o.at > s.at THEN o.at END) AS ends
}}
CALL (m, s, other) {{
  MATCH (m)-[:SEEN]->(o:Sighting) WHERE o.at <= s.at AND (other IS NULL OR o.at > other)
  RETURN o AS first ORDER BY o.at LIMIT 1
}}
RETURN m.kind, m.namespace, m.name, first.at, ends, first.body, first.origin, first.brought_by
ORDER BY m.kind, m.namespace, m.name"""
COUNT = f"{_AS_OF} RETURN count(*)"
_RUNS = """CALL (m) { MATCH (m)-[:SEEN]->(s:Sighting) RETURN s ORDER BY s.at }
WITH m, collect(s) AS seen
WITH m, [i IN range(0, size(seen) - 1) WHERE i = 0 OR seen[i].digest <> seen[i - 1].digest | seen[i]]
  AS runs"""
HISTORY = f"""MATCH (m:Manifest {{id: $id}}) {_RUNS}
UNWIND range(size(runs) - 1, 0, -1) AS i
WITH m, runs[i] AS s, runs[i + 1] AS next LIMIT $most
RETURN m.kind, m.namespace, m.name, s.at, next.at, s.body, s.origin, s.brought_by"""
CHANGES = f"""MATCH (m:Manifest) WHERE {_SEEN} AND m.kind IN $kinds AND EXISTS {{
  MATCH (m)-[:SEEN]->(o:Sighting) WHERE o.at > $start AND o.at <= $end
}} {_RUNS}
UNWIND range(0, size(runs) - 1) AS i
WITH m, runs[i] AS s, runs[i + 1] AS next, i > 0 AND runs[i - 1].digest <> '' AS was_there
WHERE s.at > $start AND s.at <= $end
WITH m, s, next, was_there ORDER BY s.at DESC, m.kind, m.namespace, m.name LIMIT $most
RETURN m.kind, m.namespace, m.name, s.at, next.at, s.body, s.origin, s.brought_by, was_there
ORDER BY s.at DESC, m.kind, m.namespace, m.name"""
_KNOWN = f"""MATCH (m:Manifest) WHERE {_SEEN} {_NEWEST} WITH m, s WHERE s.digest <> ''
RETURN m.kind, m.namespace, m.name, s.digest"""
_NOTED = """UNWIND $places AS place MATCH (m:Manifest {id: place[0]})-[:SEEN]->(s:Sighting {at: place[1]})
RETURN m.cluster, m.kind, m.namespace, m.name, s.at, s.digest"""
_SAVE = """UNWIND $rows AS row
MERGE (m:Manifest {id: row.id}) ON CREATE SET m += row.key
MERGE (m)-[:SEEN]->(s:Sighting {at: row.seen.at}) SET s = row.seen"""


def page_of(scope: Scope, asked: ManifestsAsked, after: ManifestKey | None, most: int) -> dict[str, Any]:
    """The parameters of PAGE."""
    place = None if after is None else [after.kind, after.namespace or "", after.name]
    return count_of(scope, asked) | {"after": place, "most": most}


def count_of(scope: Scope, asked: ManifestsAsked) -> dict[str, Any]:
    """The parameters of COUNT."""
    values = {"at": asked.at, "kind": asked.kind, "namespace": asked.namespace, "name": asked.name}
    return _seen(scope, asked.cluster) | values


def history_of(key: ManifestKey, most: int) -> dict[str, Any]:
    """The parameters of HISTORY, for who may see the object."""
    return {"id": _id(key), "most": most}


def changes_of(scope: Scope, asked: ManifestChangesAsked, most: int) -> dict[str, Any]:
    """The parameters of CHANGES."""
    within = {"start": asked.within.start, "end": asked.within.end, "kinds": sorted(asked.kinds)}
    return _seen(scope, asked.cluster) | within | {"most": most}


def read(cluster: str, rows: list[list[Any]]) -> list[ManifestVersion]:
    return [
        ManifestVersion(_key(cluster, kind, namespace, name), at, ends, body, Origin(origin), by)
        for kind, namespace, name, at, ends, body, origin, by in rows
    ]


def read_changes(cluster: str, rows: list[list[Any]]) -> list[ManifestChange]:
    versions = read(cluster, [row[:-1] for row in rows])
    return [ManifestChange(version, row[-1]) for version, row in zip(versions, rows, strict=True)]


def apply(transaction: Runs, scope: Scope, given: ManifestImport) -> ManifestCounts:
    rows = transaction.run(_KNOWN, _seen(scope, given.cluster) | {"at": given.at})
    known = {_key(given.cluster, kind, namespace, name): digest for kind, namespace, name, digest in rows}
    kept, counts = to_import(given, known, scope)
    _save(transaction, kept)
    return counts


def note(transaction: Runs, scope: Scope, sightings: Sequence[Sighting]) -> None:
    hold_scope(scope, (each.key for each in sightings))
    fresh = to_note(sightings, {})
    rows = transaction.run(_NOTED, {"places": [[_id(each.key), each.at] for each in fresh]})
    known: dict[tuple[ManifestKey, Micros], str] = {
        (_key(cluster, kind, namespace, name), at): digest
        for cluster, kind, namespace, name, at, digest in rows
    }
    _save(transaction, to_note(fresh, known))


def _save(transaction: Runs, sightings: Sequence[Sighting]) -> None:
    rows = [_row(each) for each in sightings]
    for begin in range(0, len(rows), _AT_ONCE):
        transaction.run(_SAVE, {"rows": rows[begin : begin + _AT_ONCE]})


def _row(sighting: Sighting) -> dict[str, Any]:
    return {
        "id": _id(sighting.key),
        "key": {**sighting.key._asdict(), "namespace": sighting.key.namespace or ""},
        "seen": {
            "at": sighting.at,
            "digest": sighting.digest,
            "body": sighting.body,
            "origin": sighting.origin.value,
            "brought_by": sighting.by,
        },
    }


def _seen(scope: Scope, cluster: str) -> dict[str, Any]:
    """The parameters of _SEEN."""
    return {"cluster": cluster, "namespaces": namespaces_seen(scope, cluster)}


def _id(key: ManifestKey) -> str:
    return _APART.join((key.cluster, key.kind, key.namespace or "", key.name))


def _key(cluster: str, kind: str, namespace: str, name: str) -> ManifestKey:
    return ManifestKey(cluster, kind, namespace or None, name)
