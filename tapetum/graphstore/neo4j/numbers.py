"""Numbers of alerts, in one sequence with those of first denials: each alert gets one, and one owner.

Whoever owns an alert writes it, and asks again under the same name after a failure; nobody else raises it.
"""

from collections.abc import Sequence

from tapetum.domain.moments import Micros
from tapetum.graphdb.neo4j import Transaction
from tapetum.graphdb.statements import statements
from tapetum.graphstore.neo4j import cypher

ASK = statements(cypher.__name__)


def number(tx: Transaction, ids: Sequence[str], owner: str, now: Micros) -> dict[str, int]:
    """The numbers of those alerts that are the owner's: new ones, and what it was given before."""
    tx.run(ASK["take_turn"])
    ((last, before),) = tx.run(ASK["raised"], {"ids": list(ids)})
    known = {alert_id: (held, by) for alert_id, held, by in before}
    fresh = [alert_id for alert_id in dict.fromkeys(ids) if alert_id not in known]
    given = {alert_id: last + place for place, alert_id in enumerate(fresh, 1)}
    if given:
        rows = [{"id": alert_id, "number": each} for alert_id, each in given.items()]
        tx.run(ASK["raise"], {"rows": rows, "last": last + len(given), "owner": owner, "at": now})
    return {alert_id: held for alert_id, (held, by) in known.items() if by == owner} | given
