"""Pages of the lines that could not be read, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_clusters, read_limit
from tapetum.api.use.cursors import digest, read_cursor, write_cursor
from tapetum.api.use.records import MOST
from tapetum.domain.moments import TimeRange
from tapetum.kql import FieldType
from tapetum.logstore.port import DeadLetter, Position


@dataclass(frozen=True, slots=True)
class RejectedPage:
    range: TimeRange
    clusters: frozenset[str] | None
    letters: tuple[DeadLetter, ...]
    more: bool
    continued: bool
    _digest: str

    def cursors(self) -> list[str]:
        return [
            write_cursor(self._digest, self.range, Position(letter.received_at, letter.id))
            for letter in self.letters
        ]

    async def count(self, asked: Asked) -> int:
        return await asked.api.logs.count_dead_letters(asked.scope, self.clusters, self.range)


async def read_rejected(
    asked: Asked, within: TimeRange, clusters: Sequence[str] | None, first: int, after: str | None
) -> RejectedPage:
    read_limit("first", first, MOST)
    chosen = read_clusters(clusters)
    bound = digest("rejected", None if chosen is None else sorted(chosen))
    last_id = None
    if after is not None:
        cursor = read_cursor(after, bound, FieldType.DATE)
        within, last_id = cursor.range, cursor.position.id
    letters, more = await asked.api.logs.dead_letters(asked.scope, chosen, within, first, last_id)
    return RejectedPage(within, chosen, tuple(letters), more, after is not None, bound)
