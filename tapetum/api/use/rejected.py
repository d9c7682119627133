"""Pages of the lines that could not be read, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_clusters, read_limit
from tapetum.api.use.cursors import digest, read_cursor, write_cursor
from tapetum.api.use.records import MOST
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import TimeRange
from tapetum.kql import FieldType
from tapetum.logstore.port import DeadLetter, LetterSearch, Position


@dataclass(frozen=True, slots=True)
class RejectedPage:
    search: LetterSearch
    letters: tuple[DeadLetter, ...]
    more: bool
    continued: bool
    _digest: str

    @property
    def range(self) -> TimeRange:
        return self.search.range

    def cursors(self) -> list[str]:
        return [
            write_cursor(self._digest, self.range, Position(letter.received_at, letter.id))
            for letter in self.letters
        ]

    async def count(self, asked: Asked) -> int:
        return await asked.api.logs.count_dead_letters(asked.scope, self.search)


async def read_rejected(
    asked: Asked,
    within: TimeRange,
    clusters: Sequence[str] | None,
    kind: RecordKind | None,
    source: str | None,
    first: int,
    after: str | None,
) -> RejectedPage:
    read_limit("first", first, MOST)
    search = LetterSearch(within, read_clusters(clusters), kind, source)
    chosen = None if search.clusters is None else sorted(search.clusters)
    bound = digest("rejected", chosen, kind and kind.value, source)
    last_id = None
    if after is not None:
        cursor = read_cursor(after, bound, FieldType.DATE)
        search, last_id = replace(search, range=cursor.range), cursor.position.id
    letters, more = await asked.api.logs.dead_letters(asked.scope, search, first, last_id)
    return RejectedPage(search, tuple(letters), more, after is not None, bound)
