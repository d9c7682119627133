"""Objects around and within records: the hit of an Elasticsearch dump, members, lists of objects."""

from typing import Any

from tapetum.ingest.refusals import wrong
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.values import ABSENT

_SOURCE = "_source"


def unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """The document of a hit; any other record as it is."""
    inner = record.get(_SOURCE)
    if not isinstance(inner, dict):
        return record
    refuse_repeats(record, frozenset([_SOURCE]))
    return inner


def member(record: dict[str, Any], name: str, known: frozenset[str]) -> dict[str, Any]:
    """An object within a record; empty where there is none."""
    value = record.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(name, value, "an object")
    refuse_repeats(value, known, f"{name}.")
    return value


def members(record: dict[str, Any], name: str, known: frozenset[str]) -> list[dict[str, Any]]:
    """The objects of a list within a record; empty where there is none."""
    value = record.get(name)
    if value is None or value in ABSENT:
        return []
    if not isinstance(value, list):
        raise wrong(name, value, "a list of objects")
    for place, item in enumerate(value):
        if not isinstance(item, dict):
            raise wrong(f"{name}[{place}]", item, "an object")
        refuse_repeats(item, known, f"{name}[{place}].")
    return value
