"""Dismissed advice, as nodes: the statements, and what they ask and tell."""

from tapetum.catalog.dismissals import key_of, read, text_of
from tapetum.catalog.neo4j_documents import Runs
from tapetum.domain.dismissals import Advice, Dismissal

CONSTRAINTS = "CREATE CONSTRAINT dismissal_advice IF NOT EXISTS FOR (d:Dismissal) REQUIRE d.advice IS UNIQUE"
EVERY = "MATCH (d:Dismissal) RETURN d.told"
_KEEP = "MERGE (d:Dismissal {advice: $advice}) SET d.told = $told"
_TAKE = "MATCH (d:Dismissal {advice: $advice}) WITH d, d.told AS told DELETE d RETURN told"


def keep(transaction: Runs, dismissal: Dismissal) -> None:
    transaction.run(_KEEP, {"advice": key_of(dismissal.advice), "told": text_of(dismissal)})


def take(transaction: Runs, advice: Advice) -> Dismissal | None:
    rows = transaction.run(_TAKE, {"advice": key_of(advice)})
    return read(rows[0][0]) if rows else None
