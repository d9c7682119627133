"""The field by which a record of another kind leads to flows."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from strawberry import field, lazy

from tapetum.api.context import Info
from tapetum.api.schema.log import SEARCHES, LinkLimit, LogRecord, linked
from tapetum.logstore.port import Record, Search

if TYPE_CHECKING:
    from tapetum.api.schema.flow import Flow


def flows(description: str, search: Callable[[Record], Search | None]) -> Any:
    async def resolve(self: LogRecord, info: Info, limit: LinkLimit = 10) -> Any:
        from tapetum.api.schema.flow import Flow  # noqa: PLC0415 - each leads to the other

        return await linked(Flow, info, search(self.record), limit)

    # As a text it would be looked for in the module of the type that has the field.
    resolve.__annotations__["return"] = list[Annotated["Flow", lazy("tapetum.api.schema.flow")]]
    return field(resolver=resolve, metadata=SEARCHES, description=description)
