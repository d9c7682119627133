"""Which connections came to no conversation, and names in a sentence."""

from collections.abc import Iterable, Sequence

from tapetum.detect.detectors.asking import ANSWERED, CONNECTIONS, FIRST, Asker
from tapetum.domain.moments import TimeRange
from tapetum.kql import Query, parse
from tapetum.logstore.aggregation import Row

SMALL = parse("action: deny or (reporter: src and bytes_in < 2000) or (reporter: dst and bytes_out < 2000)")
"""What records without a conversation are among: an answer is received at the source, sent at the target."""
_DENIED = parse("action: deny")
_UDP, _OTHERS = parse("action: allow and proto: udp"), parse("action: allow and not proto: udp")
_TALK = 150
"""Bytes of answers a connection: a refusal is smaller, whatever speaks is not."""
ACCEPTED = 100
"""The same where an accepted connection is enough, as for checks that open one and close it."""
_SHOWN = 8


async def unanswered(
    ask: Asker, within: TimeRange, by: Sequence[str], *where: Query, talk: int = _TALK
) -> list[Row]:
    """Groups that were denied, or refused, or met silence; `values` end with the time of the first record.

    `talk` is how many bytes a connection are a conversation; by UDP any is. Records that do not count bytes
    say nothing of answers.
    """
    metrics = (CONNECTIONS, ANSWERED, FIRST)
    found = list(await ask.groups(within, by, metrics, _DENIED, *where))
    for among, least in ((_OTHERS, talk), (_UDP, 1)):
        rows = await ask.groups(within, by, metrics, among, SMALL, *where)
        found += [row for row in rows if _silent(row, least)]
    return found


def _silent(row: Row, least: int) -> bool:
    connections, answered, _ = row.values
    return answered is not None and answered < least * max(1, connections or 0)


def several(names: Iterable[str]) -> str:
    told = sorted(set(names), key=lambda name: (len(name), name))
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return ", ".join(told[:_SHOWN]) + more
