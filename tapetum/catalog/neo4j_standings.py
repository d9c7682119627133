"""How window rules stand, as nodes: the statements, in a transaction that somebody opens."""

from typing import Any, Protocol

from tapetum.catalog.port import Kept

CONSTRAINTS = "CREATE CONSTRAINT standing_key IF NOT EXISTS FOR (s:Standing) REQUIRE s.key IS UNIQUE"
FIND = "MATCH (s:Standing {key: $key}) RETURN s.at, s.told"
_MEET = "MERGE (s:Standing {key: $key}) SET s.turn = coalesce(s.turn, 0) + 1 RETURN s.at, s.told"
_KEEP = "MATCH (s:Standing {key: $key}) SET s.at = $at, s.told = $told"


class Runs(Protocol):
    """An open transaction."""

    def run(self, statement: str, values: dict[str, Any]) -> list[list[Any]]: ...


def key_of(watch: str, cluster: str) -> str:
    return f"{watch}/{cluster}"


def keep(tx: Runs, watch: str, cluster: str, before: Kept | None, after: Kept) -> bool:
    """Whoever comes second to one that is being kept waits, and then finds it changed."""
    key = key_of(watch, cluster)
    ((at, told),) = tx.run(_MEET, {"key": key})
    if (None if at is None else (at, told)) != before:
        return False
    tx.run(_KEEP, {"key": key, "at": after[0], "told": after[1]})
    return True
