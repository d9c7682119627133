"""Why a change was not made: what every mutation answers beside its thing."""

from collections.abc import Awaitable
from typing import TypeVar

import strawberry
from strawberry import field

from tapetum.api.use.refused import ObjectsRefusedError
from tapetum.domain.errors import (
    BadInputError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    TapetumError,
    TooLargeError,
)

T = TypeVar("T")

_THEIRS = (BadInputError, ConflictError, NotAllowedError, NotFoundError, TooLargeError)
"""What the caller can do something about; whatever else goes wrong is an error of the answer."""


@strawberry.type(description="Why a change was not made.")
class Problem:
    code: str = field(
        description="For programs: BAD_INPUT, BAD_QUERY, CONFLICT, NOT_ALLOWED, NOT_FOUND or TOO_LARGE."
    )
    message: str = field(description="For people: what, where, and the way out, in one sentence.")
    path: str | None = field(
        description="The argument that it is about, or the place in it, such as "
        "`document.widgets[2].query.filter`; null where it is about none."
    )

    @classmethod
    def of(cls, error: TapetumError) -> "Problem":
        return cls(code=error.code, message=error.message, path=error.path)


async def attempt(change: Awaitable[T]) -> tuple[T | None, list[Problem]]:
    """What the change made, or why it was not made."""
    try:
        return await change, []
    except ObjectsRefusedError as refused:
        return None, [Problem.of(each) for each in refused.reasons]
    except _THEIRS as error:
        return None, [Problem.of(error)]
