"""`tapetum schema`: print the GraphQL schema."""

from tapetum.api.schema import print_sdl


def schema() -> None:
    """Print the GraphQL schema; the committed schema.graphql is this."""
    print(print_sdl(), end="")  # noqa: T201 - the answer
