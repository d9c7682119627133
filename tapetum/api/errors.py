"""From whatever went wrong to what a caller may read: a sentence with a code, or a masked error.

Our own errors are sentences. Anything else is ours to know: the caller gets an id, our log the rest.
"""

import traceback
from typing import Any

import structlog
from graphql import GraphQLError

from tapetum.api.context import ApiContext
from tapetum.api.plain import one_line
from tapetum.domain.errors import BadInputError, TapetumError

INTERNAL = "INTERNAL"
_FRAMES = 8

log = structlog.get_logger("tapetum.api")


class RefusedError(TapetumError):
    """A request that is over a limit, or not of the kind that is answered here."""

    code = "REFUSED"


class ForbiddenError(TapetumError):
    """A request that a browser may have been tricked into."""

    code = "FORBIDDEN"


class InvalidDocumentError(TapetumError):
    """A GraphQL document that cannot be read, or does not fit the schema."""

    code = "INVALID_DOCUMENT"

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


def shown(error: BaseException, api: ApiContext, operation: str = "") -> list[dict[str, Any]]:
    """The `errors` of a response for something raised outside of fields."""
    if isinstance(error, InvalidDocumentError):
        return [_with_code(_formatted(each), error.code) for each in error.errors]
    if isinstance(error, GraphQLError):
        return [shown_field(error, api, operation)]
    if isinstance(error, TapetumError) and error.code != INTERNAL:
        return [{"message": error.message, "extensions": _extensions(error)}]
    return [{"message": _mask(error, api, operation), "extensions": {"code": INTERNAL}}]


def shown_field(error: GraphQLError, api: ApiContext, operation: str = "") -> dict[str, Any]:
    """One entry of `errors`: where it happened, and what the caller may know of it."""
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    formatted = _formatted(error)
    if original is None:
        return _with_code(formatted, BadInputError.code)
    if isinstance(original, TapetumError) and original.code != INTERNAL:
        return {**formatted, "message": original.message, "extensions": _extensions(original)}
    return _with_code({**formatted, "message": _mask(original, api, operation)}, INTERNAL)


def code_of(errors: list[dict[str, Any]] | None) -> str | None:
    return errors[0]["extensions"]["code"] if errors else None


def _extensions(error: TapetumError) -> dict[str, Any]:
    """The code, and where the error says so: the argument's path, and the column in a query's text."""
    found: dict[str, Any] = {"code": error.code}
    if error.path is not None:
        found["path"] = error.path
    column = getattr(error, "column", None)
    if column is not None:
        found["column"] = column
    return found


def _formatted(error: GraphQLError) -> dict[str, Any]:
    """GraphQL's own form without extensions, which libraries may have filled."""
    return {key: value for key, value in error.formatted.items() if key != "extensions"}


def _with_code(formatted: dict[str, Any], code: str) -> dict[str, Any]:
    return {**formatted, "extensions": {"code": code}}


def _mask(error: BaseException, api: ApiContext, operation: str) -> str:
    error_id = api.error_id()
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    trace = " > ".join(
        f"{frame.filename.rpartition('tapetum/')[2]}:{frame.lineno} {frame.name}" for frame in frames
    )
    log.error(
        "internal_error",
        id=error_id,
        operation=one_line(operation, 60),
        error=one_line(f"{type(error).__name__}: {error}", 300),
        trace=one_line(trace, 1000),
    )
    return f"Internal error; our log has it under {error_id}."
