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
