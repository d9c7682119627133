"""A GraphQL request as it arrives, in any transport, read strictly and without surprises."""

from typing import Any

import msgspec

from tapetum.api.errors import RefusedError
from tapetum.domain.errors import BadInputError


class GraphQLRequest(msgspec.Struct, frozen=True, rename="camel"):
    """`extensions` and other members are allowed by the specification and mean nothing here."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None


class _Import(GraphQLRequest, frozen=True):
    """One whose variables are texts: nothing in 16 MiB of them becomes many times as large in memory."""

    variables: dict[str, str | bool | list[str] | None] | None = None  # type: ignore[assignment]


def read_import(body: bytes) -> GraphQLRequest | None:
    """None where it is no request of plain texts."""
    try:
        found = msgspec.json.decode(body, type=_Import)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return GraphQLRequest(found.query, dict(found.variables or {}), found.operation_name)


def read_request(body: bytes) -> GraphQLRequest:
    """Raises BadInputError or RefusedError."""
    try:
        return msgspec.json.decode(body, type=GraphQLRequest)
    except RecursionError:
        raise RefusedError("The variables are nested too deeply; flatten them.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if body.lstrip()[:1] == b"[":
            raise RefusedError(
                "Batches of operations are not answered; send one operation a request."
            ) from None
        raise BadInputError(
            f'The request cannot be read ({error}); send JSON such as {{"query": "{{ __typename }}"}}.'
        ) from None
