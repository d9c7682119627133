"""Typed reading of an object's fields: each wrong one is a Refused with its path and the way out."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from typing import Any

from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.labels import Labels
from tapetum.policy.resources.names import is_dotted, is_label_key, is_label_value
from tapetum.policy.selectors import Selector, SelectorError, parse

_NAME_AT_MOST = 253
_NOT_IN_NAMES = "|/"


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping and its path. An absent field and a null one are the same.

    With `forgiven` what an API server would refuse, yet has an evident meaning, is noted there instead.
    `stored` means the object as it lies in the datastore, where no API server fills in defaults.
    """

    value: dict[str, Any]
    path: str = ""
    forgiven: list[Refused] | None = None
    stored: bool = False

    def __contains__(self, name: str) -> bool:
        return self.value.get(name) is not None

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, message: str) -> Refused:
        return Refused(message, path=self.at(name))

    def only(self, *names: str) -> None:
        """Refuses a field that is none of these: misspelled, it would silently decide nothing."""
        for each in self.value:
            if each not in names:
                near = get_close_matches(each, names, n=1)
                hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(sorted(names))}."
                self.forgive(self.wrong(each[:80], f"there is no such field; {hint}"))

    def forgive(self, error: Refused) -> None:
        if self.forgiven is None:
            raise error
        self.forgiven.append(error)

    def expect(self, holds: bool, name: str, message: str) -> None:
        """Refuses, or forgives, what an API server would refuse of the field."""
        if not holds:
            self.forgive(self.wrong(name, message))

    def text(self, name: str) -> str | None:
        value = self.value.get(name)
        if value is None or isinstance(value, str):
            return value
        raise self.wrong(name, f"{shown(value)} is not a text; put it in quotes.")

    def one_of(self, name: str, *choices: str, default: str | None = None) -> str:
        value = self.text(name)
        if value is None and default is not None:
            return default
        if value not in choices:
            given = "it is missing" if value is None else f"{shown(value)} is not known"
            raise self.wrong(name, f"{given}; write one of {', '.join(choices)}.")
        return value

    def flag(self, name: str) -> bool:
        value = self.value.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise self.wrong(name, f"{shown(value)} is neither true nor false; write one of them.")

    def whole(self, name: str, first: int, last: int) -> int | None:
        value = self.value.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not first <= value <= last:
            raise self.wrong(name, f"{shown(value)} is not a whole number from {first} to {last}.")
        return value

    def number(self, name: str) -> float | None:
        value = self.value.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(name, f"{shown(value)} is not a number; write it without quotes.")
        found = float(value)
        if not isfinite(found):
            raise self.wrong(name, "it is too large for a number; write a smaller one.")
        return found

    def fields(self, name: str) -> "Fields":
        """Empty where it is absent."""
        value = self.value.get(name)
        if value is None:
            return self._inner({}, self.at(name))
        if not isinstance(value, dict):
            raise self.wrong(name, f"{shown(value)} is not an object; write its fields below it.")
        return self._inner(value, self.at(name))

    def items(self, name: str) -> Iterator["Fields"]:
        for number, value in enumerate(self.plain_list(name)):
            path = f"{self.at(name)}[{number}]"
            if not isinstance(value, dict):
                raise Refused(f"{shown(value)} is not an object; write its fields below it.", path=path)
            yield self._inner(value, path)

    def plain_list(self, name: str) -> list[Any]:
        value = self.value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(name, f"{shown(value)} is not a list; write each item after a dash.")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.plain_list(name)
        for number, value in enumerate(found):
            if not isinstance(value, str):
                path = f"{self.at(name)}[{number}]"
                raise Refused(f"{shown(value)} is not a text; put it in quotes.", path=path)
        return tuple(found)

    def texts_by_name(self, name: str) -> dict[str, str]:
        found = self.fields(name)
        return {key: found.text(key) or "" for key in found.value}

    def labels(self, name: str = "labels") -> Labels:
        found = self.texts_by_name(name)
        for key, value in found.items():
            fits = is_label_key(key) and is_label_value(value)
            self.expect(
                fits, name, f"{shown(f'{key}: {value}')} cannot be a label; write it like app: web-1."
            )
        return Labels(found)

    def selector(self, name: str) -> Selector | None:
        """None where it is absent or empty: both say nothing."""
        text = self.text(name)
        if text is None or not text.strip(" \t"):
            return None
        try:
            return parse(text)
        except SelectorError as error:
            raise self.wrong(name, error.message) from None

    def name(self, field: str = "name") -> str:
        value = self.text(field)
        if not value:
            raise self.wrong(field, "the object has no name; give it one.")
        bad = len(value) > _NAME_AT_MOST or any(
            each in _NOT_IN_NAMES or each.isspace() or not each.isprintable() for each in value
        )
        if bad:
            raise self.wrong(field, f"{shown(value)} cannot be a name; use letters, digits, dots, dashes.")
        # Published examples have names in angle brackets, in place of one's own.
        plain = value.removeprefix("<").removesuffix(">")
        self.expect(
            is_dotted(plain),
            field,
            f"{shown(value)} cannot be a name; use letters in lower case, digits, dots, dashes.",
        )
        return value

    def _inner(self, value: dict[str, Any], path: str) -> "Fields":
        return Fields(value, path, self.forgiven, self.stored)
