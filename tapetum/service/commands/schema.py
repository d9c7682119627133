"""`tapetum schema`: print the GraphQL schema."""

from tapetum.api.schema import printed


def schema() -> None:
    """Print the GraphQL schema; the committed schema.graphql is this."""
    print(printed(), end="")  # noqa: T201 - the answer
