"""The raw lines of one page or event of records, read together when the first is asked for."""

import asyncio

import msgspec

from tapetum.api.context import Asked
from tapetum.domain.batches import RecordKind


class Lines:
    """Belongs to one page, so that nothing it holds can go stale."""

    def __init__(self, asked: Asked, kind: RecordKind, record_ids: list[str]) -> None:
        self._asked = asked
        self._kind = kind
        self._ids = record_ids
        self._reading: asyncio.Task[dict[str, str]] | None = None

    async def get(self, record_id: str) -> str:
        """Empty where the line has passed its retention."""
        if self._reading is None:
            self._reading = asyncio.ensure_future(
                self._asked.api.logs.raw(self._asked.scope, self._ids, self._kind)
            )
        return (await self._reading).get(record_id, "")


def member_of_line(line: str, name: str) -> str | None:
    """A member of a JSON line as the text that it is there; None where there is none."""
    try:
        found = msgspec.json.decode(line, type=dict[str, msgspec.Raw]).get(name)
    except msgspec.DecodeError:
        return None  # the line has passed its retention
    return None if found is None else bytes(found).decode()
