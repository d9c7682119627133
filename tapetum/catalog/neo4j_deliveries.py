"""How deliveries stand, as nodes: the statements, and what they ask and tell."""

from typing import Any

from tapetum.catalog.deliveries import state_of, state_text
from tapetum.catalog.neo4j_documents import Runs
from tapetum.domain.deliveries import DeliveryState
from tapetum.domain.documents import DocumentKind

CONSTRAINTS = "CREATE CONSTRAINT delivery_target IF NOT EXISTS FOR (s:Delivery) REQUIRE s.target IS UNIQUE"
STATES = "MATCH (s:Delivery) RETURN s.state"
_FIND = """MATCH (d:Document {id: $target, kind: $kind, version: $version})
OPTIONAL MATCH (s:Delivery {target: $target}) RETURN s.revision"""
_KEEP = "MERGE (s:Delivery {target: $target}) SET s.revision = $revision, s.state = $state"


def states(rows: list[list[Any]]) -> list[DeliveryState]:
    return [state_of(text) for (text,) in rows]


def keep(transaction: Runs, version: int, before: DeliveryState | None, after: DeliveryState) -> bool:
    asked = {"target": after.target, "kind": DocumentKind.DELIVERY_TARGET.value, "version": version}
    found = transaction.run(_FIND, asked)
    if not found or found[0][0] != (None if before is None else before.revision):
        return False
    kept = {"target": after.target, "revision": after.revision, "state": state_text(after)}
    transaction.run(_KEEP, kept)
    return True
