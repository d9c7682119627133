"""Which connections came to no conversation, and names in a sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tapetum.detect.detectors.asking import ANSWERED, CONNECTIONS, FIRST, Asker, same
from tapetum.domain.moments import MINUTE, Micros, TimeRange
from tapetum.kql import Query, all_of, any_of, parse
from tapetum.logstore.aggregation import Row

SMALL = parse("action: deny or (reporter: src and bytes_in < 2000) or (reporter: dst and bytes_out < 2000)")
"""What records without a conversation are among: an answer is received at the source, sent at the target."""
_DENIED = parse("action: deny")
_PING = 'proto: (icmp or icmpv6 or icmp6 or "ipv6-icmp")'
_ASKED = (
    "(53 or 69 or 111 or 123 or 137 or 161 or 389 or 500 or 623 or 1434 or 1900 or 3478 or 5060 or 5353"
    " or 11211)"
)
"""Ports where who is asked by UDP answers; to others, statistics and gossip are sent one way."""
_SPOKEN = parse(f"action: allow and not (proto: udp or {_PING})")
_ECHOED = parse(f"action: allow and ({_PING} or (proto: udp and dest_port: {_ASKED}))")
_ONE_WAY = parse(f"action: allow and proto: udp and not dest_port: {_ASKED}")
_TALK = 150
"""Bytes of answers a connection: a refusal is smaller, whatever speaks is not."""
ACCEPTED = 100
"""The same where an accepted connection is enough, as for checks that open one and close it."""
_METRICS = (CONNECTIONS, ANSWERED, FIRST)
_AT_ONCE = 50
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Groups of which `denied` were denied, `failed` were refused or met silence where an answer was due, and
    `sent` are by UDP where none need come; values end with the time of the first record.
    """

    denied: Sequence[Row] = ()
    failed: Sequence[Row] = ()
    sent: Sequence[Row] = ()
    talk: int = _TALK

    @property
    def due(self) -> list[Row]:
        return [*self.denied, *self.failed]


async def quiet(
    ask: Asker, within: TimeRange, by: Sequence[str], *where: Query, talk: int = _TALK
) -> Unanswered:
    """Groups that have small records without a conversation; `unanswered` leaves out those that have others.

    `talk` is how many bytes a connection are a conversation; by UDP, and of a ping, any is. Records that do
    not count bytes say nothing of answers.
    """

    async def small(among: Query, least: int) -> list[Row]:
        rows = await ask.groups(within, by, _METRICS, among, SMALL, *where)
        return [row for row in rows if _silent(row, least)]

    return Unanswered(
        await ask.groups(within, by, _METRICS, _DENIED, *where),
        [*await small(_SPOKEN, talk), *await small(_ECHOED, 1)],
        await small(_ONE_WAY, 1),
        talk,
    )


async def unanswered(
    ask: Asker,
    within: TimeRange,
    by: Sequence[str],
    small: Unanswered,
    *where: Query,
    upto: Micros | None = None,
) -> Unanswered:
    """Those of `quiet` that no record shows to have been answered, of the range or as long after it.

    What first was tried in the last minute before `upto` may still be answered.
    """
    later = TimeRange(within.start, within.end + within.length)
    last = within.end if upto is None else upto - MINUTE

    async def of(among: Query, least: int, rows: Sequence[Row]) -> list[Row]:
        found: list[Row] = []
        for start in range(0, len(rows), _AT_ONCE):
            alike = any_of(all_of(map(same, by, row.keys)) for row in rows[start : start + _AT_ONCE])
            of_all = await ask.groups(later, by, _METRICS, among, alike, *where)
            found += [row for row in of_all if _silent(row, least) and (row.values[2] or 0) < last]
        return found

    spoken = await of(_SPOKEN, small.talk, small.failed)
    return Unanswered(
        small.denied,
        [*spoken, *await of(_ECHOED, 1, small.failed)],
        await of(_ONE_WAY, 1, small.sent),
        small.talk,
    )


def _silent(row: Row, least: int) -> bool:
    connections, answered, _ = row.values
    return answered is not None and answered < least * max(1, connections or 0)


def several(names: Iterable[str]) -> str:
    told = sorted(set(names), key=lambda name: (len(name), name))
    more = f" and {len(told) - _SHOWN} more" if len(told) > _SHOWN else ""
    return ", ".join(told[:_SHOWN]) + more
