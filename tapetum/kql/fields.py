"""The field catalogue: which fields the records of a kind have, and what a name in a query means.

Descriptions are read by people: they become the API's documentation and the completion's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache

from tapetum.kql.wildcards import meets

_KEPT = 500
"""Wildcards over names of fields whose fields are remembered."""


class FieldType(StrEnum):
    KEYWORD = "keyword"
    IP = "ip"
    LONG = "long"
    DATE = "date"
    BOOLEAN = "boolean"
    NESTED = "nested"


@dataclass(frozen=True, slots=True)
class Field:
    """A field under its stored name; a child of a nested field is named `parent.child`.

    `default`: searched by a value that names no field. `policy_strings`: a value also meets a part
    of the string (policy_strings.py). `dotted`: the dots are the log's own and name no nested field.
    `weight`: the field that says for how many a mean speaks, so that means of means weigh it.
    """

    name: str
    type: FieldType
    description: str
    multi: bool = False
    default: bool = False
    aliases: tuple[str, ...] = ()
    policy_strings: bool = False
    dotted: bool = False
    weight: str | None = None

    @property
    def parent(self) -> str | None:
        return None if self.dotted else self.name.rpartition(".")[0] or None

    @property
    def leaf(self) -> str:
        return self.name if self.dotted else self.name.rpartition(".")[2]


class Catalogue:
    """The fields of one kind of record."""

    def __init__(self, kind: str, fields: Iterable[Field]) -> None:
        self.kind = kind
        self.fields = {field.name: field for field in fields}
        self._names = {alias: field for field in self.fields.values() for alias in field.aliases}
        self._names.update(self.fields)
        self._folded = {_folded(name): name for name in reversed(self._names)}
        self._matching = lru_cache(_KEPT)(self._matched)
        self.default = tuple(field for field in self.fields.values() if field.default)

    def find(self, name: str) -> Field | None:
        """By stored name or alias."""
        return self._names.get(name)

    def matching(self, parts: tuple[str, ...], parent: str | None = None) -> tuple[Field, ...]:
        """Fields with values whose name meets a wildcard; with a parent, its children by either name.

        Kept, as a query is bound more than once, and a long one names the same wildcard again and again.
        """
        return self._matching(parts, parent)

    def _matched(self, parts: tuple[str, ...], parent: str | None) -> tuple[Field, ...]:
        found: dict[str, Field] = {}
        for name, field in self._names.items():
            if field.type is FieldType.NESTED or (parent is not None and field.parent != parent):
                continue
            if meets(parts, name) or (parent is not None and meets(parts, field.leaf)):
                found[field.name] = field
        return tuple(found.values())

    def children(self, parent: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields.values() if field.parent == parent)

    def closest(self, name: str) -> str | None:
        """The known name that was probably meant: case, dots and underscores do not count."""
        folded = _folded(name)
        close = get_close_matches(folded, self._folded, n=3, cutoff=0.7)
        if not close:
            return None
        # `rtype` is rather `qtype` than `type`: one letter is mistaken sooner than one too many.
        return self._folded[min(close, key=lambda each: not _one_letter_off(each, folded))]


def _one_letter_off(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace(".", "").replace("@", "")
