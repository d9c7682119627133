"""The WHERE clause of a search: range, clusters, scope and filter; values are always parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import Micros
from tapetum.domain.scope import Scope
from tapetum.embedded.duckdb_kql import compile_sql
from tapetum.kql import Query
from tapetum.logstore.columns import SHAPES, TIME
from tapetum.logstore.duckdb_append import moment
from tapetum.logstore.port import Search

TABLE = {kind: kind.value for kind in RecordKind}


Condition = tuple[str, list[Any]]
"""SQL over the alias `f`, and its parameters."""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition over the alias `f` and its parameters."""

    parts: tuple[str, ...] = ()
    values: tuple[Any, ...] = field(default=())

    def and_(self, condition: str, *values: Any) -> "Where":
        return Where((*self.parts, condition), (*self.values, *values))

    @property
    def sql(self) -> str:
        return " AND ".join(f"({part})" for part in self.parts) or "true"

    @property
    def parameters(self) -> list[Any]:
        return list(self.values)


def within_scope(scope: Scope, where: Where, kind: RecordKind | None) -> Where:
    """Limit to what the scope sees (Scope.sees); what has no namespaces needs a scope without such a limit.

    `kind` is None for rows that are no records.
    """
    if scope.clusters is not None:
        where = where.and_("list_contains(?::VARCHAR[], f.cluster)", sorted(scope.clusters))
    if scope.namespaces is not None:
        columns = SHAPES[kind].namespaces if kind else ()
        if not columns:
            return where.and_("false")
        # Joined by a character that no Kubernetes name holds.
        allowed = sorted(f"{cluster}\x1f{namespace}" for cluster, namespace in scope.namespaces)
        for column in columns:
            where = where.and_(
                f'f."{column}" IS NULL OR list_contains(?::VARCHAR[], f.cluster || chr(31) || f."{column}")',
                allowed,
            )
        where = where.and_(" OR ".join(f'f."{column}" IS NOT NULL' for column in columns))
    return where


def matching(scope: Scope, search: Search, now: Micros) -> Where:
    """All conditions of a search."""
    time = TIME[search.kind]
    where = Where().and_(
        f'f."{time}" >= ? AND f."{time}" < ?', moment(search.range.start), moment(search.range.end)
    )
    where = within_scope(scope.narrowed(search.clusters), where, search.kind)
    if search.keys is not None:
        where = _among(where, search.keys)
    if search.filter is not None:
        condition, values = compile_sql(search.filter, search.kind.value, now=now)
        where = where.and_(condition, *values)
    return where


def conditions_of(queries: Sequence[Query], kind: RecordKind, now: Micros) -> list[Condition]:
    return [compile_sql(query, kind.value, now=now) for query in queries]


def _among(where: Where, keys: tuple[int, ...]) -> Where:
    """As one text, which the engine splits: a list would be bound value by value, at thrice the time."""
    if not keys:
        return where.and_("false")
    return where.and_(
        "f.flow_key IN (SELECT unnest(string_split(?, ',')::UBIGINT[]))", ",".join(map(str, keys))
    )
