"""What a search is limited to: scope, clusters, range, keys and filter, as one query."""

from dataclasses import dataclass

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.scope import Scope
from tapetum.logstore.columns import SHAPES, TIME
from tapetum.logstore.elasticsearch.fields import SHIFT
from tapetum.logstore.elasticsearch.kql import ALL, NONE, Dsl, all_of, any_of, compile_dsl, exists, none_of
from tapetum.logstore.elasticsearch.names import Family, Names
from tapetum.logstore.elasticsearch.templates import MOST_TERMS
from tapetum.logstore.port import Search

FAMILY = {kind: Family(kind.value) for kind in RecordKind}


@dataclass(frozen=True, slots=True)
class Where:
    """Indices, and the conditions on their documents."""

    indices: tuple[str, ...]
    parts: tuple[Dsl, ...] = ()

    def and_(self, *parts: Dsl) -> "Where":
        return Where(self.indices, (*self.parts, *parts))

    @property
    def query(self) -> Dsl:
        return {"bool": {"filter": list(self.parts or (ALL,))}}


def matching(names: Names, scope: Scope, search: Search, now: Micros) -> Where:
    """All conditions of a search."""
    narrowed = scope.narrowed(search.clusters)
    where = within_scope(names, search.kind, narrowed, search.range)
    where = where.and_(during(TIME[search.kind], search.range))
    if search.keys is not None:
        where = where.and_(_keys(search.keys))
    if search.filter is not None:
        where = where.and_(compile_dsl(search.filter, search.kind.value, now))
    return where


def during(field: str, within: TimeRange) -> Dsl:
    return {"range": {field: {"gte": within.start, "lt": within.end}}}


def within_scope(
    names: Names, kind: RecordKind | None, scope: Scope, within: TimeRange | None = None
) -> Where:
    """Limit to what the scope sees (Scope.sees); what has no namespaces needs a scope without such a limit.

    `kind` is None for dead letters.
    """
    family = FAMILY[kind] if kind else Family.LETTERS
    columns = SHAPES[kind].namespaces if kind else ()
    seen = scope.clusters
    if scope.namespaces is not None:
        named = frozenset(cluster for cluster, _ in scope.namespaces)
        seen = named if seen is None else seen & named
    where = Where(tuple(names.asked(family, seen, within)) if seen != frozenset() else (names.alias(family),))
    if scope.clusters is not None:
        where = where.and_({"terms": {"cluster": sorted(scope.clusters)}})
    if scope.namespaces is not None:
        where = where.and_(_namespaces(scope.namespaces, columns) if columns else NONE)
    return where


def _namespaces(allowed: frozenset[tuple[str, str]], columns: tuple[str, ...]) -> Dsl:
    """Each namespaced end lies in an allowed namespace of the cluster, and at least one end is namespaced."""
    by_cluster: dict[str, list[str]] = {}
    for cluster, namespace in sorted(allowed):
        by_cluster.setdefault(cluster, []).append(namespace)
    if not by_cluster:
        return NONE
    return any_of(
        [
            all_of(
                [
                    {"term": {"cluster": cluster}},
                    any_of([exists(column) for column in columns]),
                    *(any_of([none_of(exists(column)), {"terms": {column: inside}}]) for column in columns),
                ]
            )
            for cluster, inside in by_cluster.items()
        ]
    )


def _keys(keys: tuple[int, ...]) -> Dsl:
    if not keys:
        return NONE
    shifted = [key - SHIFT for key in keys]
    return any_of(
        [
            {"terms": {"flow_key": shifted[start : start + MOST_TERMS]}}
            for start in range(0, len(keys), MOST_TERMS)
        ]
    )
