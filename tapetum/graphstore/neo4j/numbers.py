"""Numbers of alerts, in one sequence without gaps: each alert gets one, and one owner.

A batch owns an alert, writes it, and asks again after a failure; nobody else raises it. An alert of nobody
is kept with what it says until somebody has written it.
"""

from collections.abc import Collection, Mapping, Sequence

from tapetum.domain.moments import Micros
from tapetum.graphdb.neo4j import Transaction
from tapetum.graphdb.statements import statements
from tapetum.graphstore.neo4j import cypher

ASK = statements(cypher.__name__)
_AT_ONCE = 500


def number(tx: Transaction, ids: Sequence[str], owner: str, now: Micros) -> dict[str, int]:
    """The numbers of those alerts that are the owner's: new ones, and what it was given before."""
    known, given = _given(tx, ids, owner, now, "raise")
    return {alert_id: held for alert_id, (held, by) in known.items() if by == owner} | given


def number_unowned(tx: Transaction, told: Mapping[str, str], now: Micros) -> dict[str, int]:
    """The numbers of new alerts, of those by their ids with what they say; others have theirs."""
    return _given(tx, list(told), None, now, "raise_unowned", told)[1]


def unwritten(tx: Transaction) -> list[tuple[int, str]]:
    """Numbers and what was told, of some that nobody has written yet."""
    found = tx.run(ASK["unwritten"], {"most": _AT_ONCE})
    # Neo4j may find one and lose its words to `written`, between the two by another's commit.
    return [(held, told) for held, told in found if told is not None]


def written(tx: Transaction, numbers: Collection[int]) -> None:
    tx.run(ASK["written"], {"numbers": list(numbers)})


def _given(
    tx: Transaction,
    ids: Sequence[str],
    owner: str | None,
    now: Micros,
    how: str,
    told: Mapping[str, str] | None = None,
) -> tuple[dict[str, tuple[int, str | None]], dict[str, int]]:
    """What was raised before, and new numbers for the rest."""
    tx.run(ASK["take_number"])
    ((last, before),) = tx.run(ASK["raised"], {"ids": list(ids)})
    known = {alert_id: (held, by) for alert_id, held, by in before}
    fresh = [alert_id for alert_id in dict.fromkeys(ids) if alert_id not in known]
    given = {alert_id: last + place for place, alert_id in enumerate(fresh, 1)}
    if given:
        rows = [
            {"id": alert_id, "number": each, "told": (told or {}).get(alert_id)}
            for alert_id, each in given.items()
        ]
        tx.run(ASK[how], {"rows": rows, "last": last + len(given), "owner": owner, "at": now})
    return known, given
