"""Roots that page through the records of one kind."""

from typing import Any, TypeVar

from strawberry import field

from tapetum.api.context import Info
from tapetum.api.schema.common import (
    AfterArgument,
    ClustersArgument,
    FilterArgument,
    FirstArgument,
    OrderArgument,
    RangeArgument,
)
from tapetum.api.schema.connection import Connection
from tapetum.api.schema.log import LogRecord, shown
from tapetum.api.use.records import read_page

R = TypeVar("R", bound=LogRecord)


def records(kind: type[R], description: str) -> Any:
    """A field of the Query root."""

    async def resolve(
        info: Info,
        within: RangeArgument,
        first: FirstArgument,
        clusters: ClustersArgument = None,
        query: FilterArgument = None,
        after: AfterArgument = None,
        order_by: OrderArgument = None,
    ) -> Connection[R]:
        asked = info.context
        order = None if order_by is None else order_by.read()
        page = await read_page(
            asked, kind.kind_of_record, within.read(asked), clusters, query, first, after, order
        )
        return Connection(page=page, shown=shown(kind, page.records, asked))

    resolve.__annotations__["return"] = Connection[kind]  # a type variable says nothing when it is run
    return field(resolver=resolve, description=description)
