"""How an enum of the domain becomes one of the schema."""

from enum import Enum
from typing import Any

import strawberry


def shown(enum: type[Enum], name: str, description: str, values: dict[str, str]) -> None:
    """Under its GraphQL name, with what it is and what each of its values means."""
    strawberry.enum(enum, name=name, description=description)
    definition: Any = enum.__strawberry_definition__  # type: ignore[attr-defined] # set by the line above
    for value in definition.values:
        value.description = values[value.name]
