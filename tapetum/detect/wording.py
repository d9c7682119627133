"""The texts of a rule's alerts: its templates, filled from a record or from what a group has in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tapetum.domain.alert_rules import AlertRule
from tapetum.domain.moments import iso
from tapetum.domain.templates import fill, places
from tapetum.kql.catalogues import catalogue
from tapetum.kql.fields import Field, FieldType

_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    description: str
    mitigations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """`fields` are what its places name, where the kind has such a field."""

    says: AlertRule
    fields: Mapping[str, Field]

    @classmethod
    def of(cls, says: AlertRule) -> "Wording":
        known = catalogue(says.kind.value)
        named = {name: known.find(name) for _, template in says.templates() for name in places(template)}
        return cls(says, {name: field for name, field in named.items() if field is not None})

    @property
    def columns(self) -> frozenset[str]:
        """What it reads of a record."""
        return frozenset(field.parent or field.name for field in self.fields.values())

    def of_record(self, record: Mapping[str, Any]) -> Text:
        return self.of_values({name: shown(field, record) for name, field in self.fields.items()})

    def of_values(self, values: Mapping[str, str | None]) -> Text:
        """By what the places are called."""
        says = self.says
        return Text(
            fill(says.summary or says.title, values)[:_LONGEST_TITLE],
            fill(says.description, values),
            tuple(fill(each, values) for each in says.mitigations),
        )


def shown(field: Field, held: Mapping[str, Any]) -> str | None:
    """A field's values in a sentence; None where there is none."""
    if field.parent is None:
        values = held.get(field.name)
    else:
        objects = held.get(field.parent) or ()
        values = [each.get(field.leaf) for each in ([objects] if isinstance(objects, Mapping) else objects)]
    told = dict.fromkeys(_text(field, value) for value in _flat(values))
    return ", ".join(told) or None


def _flat(values: Any) -> Iterable[Any]:
    if isinstance(values, list):
        for value in values:
            yield from _flat(value)
    elif values is not None:
        yield values


def _text(field: Field, value: Any) -> str:
    if field.type is FieldType.DATE:
        return iso(value)
    return str(value).lower() if field.type is FieldType.BOOLEAN else str(value)
