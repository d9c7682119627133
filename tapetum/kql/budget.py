"""How far the meaning of a query may spread: few words over many fields cost as much as many words."""

from tapetum.kql.errors import KqlError

MAX_CONDITIONS = 5000
"""On one field each."""


class Budget:
    """Counts conditions as they are made, so that a query that spreads too far stops where it does."""

    def __init__(self) -> None:
        self._left = MAX_CONDITIONS

    def spend(self, fields: int, column: int) -> None:
        self._left -= fields
        if self._left < 0:
            raise KqlError(
                f"The query comes to more than {MAX_CONDITIONS} conditions at column {column}, as it looks "
                "for values in many fields; name the field, as in field:(a or b).",
                column,
            )
