"""What raw records add to an edge, read once however many of its fields ask."""

import asyncio

from tapetum.api.context import Asked
from tapetum.logstore.port import Evidence, Search

MOST = 100


class EdgeEvidence:
    def __init__(self, asked: Asked, search: Search) -> None:
        self._asked = asked
        self._search = search
        self._reading: asyncio.Task[Evidence] | None = None

    async def get(self) -> Evidence:
        """Waiting together: cancelling one waiter cancels the read for all, as they share an operation."""
        if self._reading is None:
            self._reading = asyncio.ensure_future(
                self._asked.api.logs.evidence(self._asked.scope, self._search, MOST)
            )
        return await self._reading
