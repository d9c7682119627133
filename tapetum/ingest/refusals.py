"""Why a line is refused: a cause for the metrics and one sentence for people.

Values from logs are shown as short printable ASCII, so that no reason can carry what a log injected.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tapetum.domain.batches import Rejection

LONGEST_SHOWN = 60


class Cause(StrEnum):
    """Few and stable: they label a counter."""

    SIZE = "size"  # the line is too long, or holds too much
    ENCODING = "encoding"  # not UTF-8
    JSON = "json"  # not one JSON object
    SHAPE = "shape"  # readable, yet not a record of this form
    FIELD = "field"  # a field's type or value
    TIME = "time"  # no time, or an impossible one
    RETENTION = "retention"  # older than what is kept
    REFUSED = "refused"  # readable, yet a store cannot take it


@dataclass(frozen=True, slots=True)
class Refusal(Rejection):
    """A rejection with the cause that it is counted under."""

    cause: Cause


class UnreadableError(Exception):
    """Raised by the rules while a line is read; never leaves this package."""

    def __init__(self, cause: Cause, reason: str) -> None:
        super().__init__(reason)
        self.cause = cause
        self.reason = reason


def shown(value: Any) -> str:
    """The value as JSON in ASCII, shortened."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = value.text if isinstance(value, OddNumber) else json.dumps(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


@dataclass(frozen=True, slots=True)
class OddNumber:
    """A JSON number that is no whole number of at most 19 digits, as it was written."""

    text: str


def wrong(field: str, value: Any, expected: str, cause: Cause = Cause.FIELD) -> UnreadableError:
    return UnreadableError(cause, f"{field} is {shown(value)}; expected {expected}")


def missing(field: str, expected: str, cause: Cause = Cause.FIELD) -> UnreadableError:
    return UnreadableError(cause, f"{field} is missing; expected {expected}")
