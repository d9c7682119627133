"""Selectors as trees: each node says whether it holds for labels, and its canonical text.

`holds` is None where labels are incomplete and the label in question is not among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tapetum.policy.labels import Labels


@dataclass(frozen=True, slots=True)
class All:
    """`all()`, and what an empty text means."""

    def holds(self, _: Labels) -> bool | None:
        return True

    def __str__(self) -> str:
        return "all()"


@dataclass(frozen=True, slots=True)
class Global:
    """`global()`: matches anything by itself; as a namespace selector it means `not in a namespace`."""

    def holds(self, _: Labels) -> bool | None:
        return True

    def __str__(self) -> str:
        return "global()"


@dataclass(frozen=True, slots=True)
class Has:
    label: str

    def holds(self, labels: Labels) -> bool | None:
        return True if self.label in labels else _absent(labels, self.label, False)

    def __str__(self) -> str:
        return f"has({self.label})"


@dataclass(frozen=True, slots=True)
class Equals:
    label: str
    value: str

    def holds(self, labels: Labels) -> bool | None:
        held = labels.get(self.label)
        return _absent(labels, self.label, False) if held is None else held == self.value

    def __str__(self) -> str:
        return f"{self.label} == {quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class NotEquals:
    """True where the label is absent."""

    label: str
    value: str

    def holds(self, labels: Labels) -> bool | None:
        held = labels.get(self.label)
        return _absent(labels, self.label, True) if held is None else held != self.value

    def __str__(self) -> str:
        return f"{self.label} != {quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class In:
    label: str
    values: frozenset[str]

    def holds(self, labels: Labels) -> bool | None:
        held = labels.get(self.label)
        return _absent(labels, self.label, False) if held is None else held in self.values

    def __str__(self) -> str:
        return f"{self.label} in {_set(self.values)}"


@dataclass(frozen=True, slots=True)
class NotIn:
    """True where the label is absent."""

    label: str
    values: frozenset[str]

    def holds(self, labels: Labels) -> bool | None:
        held = labels.get(self.label)
        return _absent(labels, self.label, True) if held is None else held not in self.values

    def __str__(self) -> str:
        return f"{self.label} not in {_set(self.values)}"


@dataclass(frozen=True, slots=True)
class Contains:
    label: str
    value: str

    def holds(self, labels: Labels) -> bool | None:
        held = labels.get(self.label)
        return _absent(labels, self.label, False) if held is None else self.value in held

    def __str__(self) -> str:
        return f"{self.label} contains {quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class StartsWith:
    label: str
    value: str

    def holds(self, labels: Labels) -> bool | None:
        held = labels.get(self.label)
        return _absent(labels, self.label, False) if held is None else held.startswith(self.value)

    def __str__(self) -> str:
        return f"{self.label} starts with {quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class EndsWith:
    label: str
    value: str

    def holds(self, labels: Labels) -> bool | None:
        held = labels.get(self.label)
        return _absent(labels, self.label, False) if held is None else held.endswith(self.value)

    def __str__(self) -> str:
        return f"{self.label} ends with {quoted(self.value)}"


@dataclass(frozen=True, slots=True)
class Not:
    term: "Selector"

    def holds(self, labels: Labels) -> bool | None:
        held = self.term.holds(labels)
        return None if held is None else not held

    def __str__(self) -> str:
        return f"!{self.term}"


@dataclass(frozen=True, slots=True)
class And:
    terms: tuple["Selector", ...]

    def holds(self, labels: Labels) -> bool | None:
        answer: bool | None = True
        for term in self.terms:
            held = term.holds(labels)
            if held is False:
                return False
            if held is None:
                answer = None
        return answer

    def __str__(self) -> str:
        return f"({' && '.join(map(str, self.terms))})"


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple["Selector", ...]

    def holds(self, labels: Labels) -> bool | None:
        answer: bool | None = False
        for term in self.terms:
            held = term.holds(labels)
            if held is True:
                return True
            if held is None:
                answer = None
        return answer

    def __str__(self) -> str:
        return f"({' || '.join(map(str, self.terms))})"


Selector = (
    All | Global | Has | Equals | NotEquals | In | NotIn | Contains | StartsWith | EndsWith | Not | And | Or
)
ALL = All()


def both(*selectors: "Selector | None") -> Selector:
    """All of them; what always holds is left out."""
    terms = [each for each in selectors if each is not None and not isinstance(each, All)]
    return ALL if not terms else terms[0] if len(terms) == 1 else And(tuple(terms))


def all_equal(labels: Mapping[str, str]) -> list[Selector]:
    return [Equals(label, value) for label, value in sorted(labels.items())]


def quoted(value: str) -> str:
    """There are no escapes: a text with double quotes is written in single ones."""
    return f"'{value}'" if '"' in value else f'"{value}"'


def _set(values: frozenset[str]) -> str:
    return "{" + ", ".join(map(quoted, sorted(values))) + "}"


def _absent(labels: Labels, label: str, answer: bool) -> bool | None:
    return answer if labels.lacks(label) else None
