"""Connections: pages of things in an order, each with its cursor."""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

import strawberry
from strawberry import Private, field

from tapetum.api.context import Asked, Info
from tapetum.api.schema.common import PageInfo, TimeRange
from tapetum.api.schema.scalars import BigInt
from tapetum.domain import moments

N = TypeVar("N")


class Paged(Protocol):
    """A page as the use cases give it."""

    @property
    def range(self) -> moments.TimeRange: ...
    @property
    def more(self) -> bool: ...
    @property
    def continued(self) -> bool: ...
    def cursors(self) -> Sequence[str]:
        """One for each thing on the page, in order."""
        ...

    async def count(self, asked: Asked) -> int: ...


@strawberry.type(description="One thing of a page and its place in the order.")
class Edge(Generic[N]):
    cursor: str = field(description="Give it as `after` to go on behind this one.")
    node: N = field(description="The thing itself.")


@strawberry.type(description="A page.")
class Connection(Generic[N]):
    page: Private[Paged]
    shown: Private[list[N]]

    @field(description="The range that is paged through.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.page.range)

    @field(description="What is on this page.")
    def nodes(self) -> list[N]:
        return self.shown

    @field(description="What is on this page, each with its cursor.")
    def edges(self) -> list[Edge[N]]:
        places = zip(self.page.cursors(), self.shown, strict=True)
        return [Edge(cursor=cursor, node=node) for cursor, node in places]

    @field(description="Where this page lies.")
    def page_info(self) -> PageInfo:
        cursors = self.page.cursors()
        return PageInfo(
            has_next_page=self.page.more,
            has_previous_page=self.page.continued,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )

    @field(description="How many there are on all pages, exactly; counted only when asked for.")
    async def total_count(self, info: Info) -> BigInt:
        return BigInt(await self.page.count(info.context))
