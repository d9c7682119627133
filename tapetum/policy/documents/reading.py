"""One text, as it came from a file or a request: its objects, each with its place, and what is wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tapetum.policy.documents import json_objects, yaml_objects
from tapetum.policy.documents.problem import Place, Problem, Refused

LARGEST = 10 * 1024 * 1024
_MARK = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)
_EMPTY = re.compile(r"(?:[ \t]*(?:#.*|%.*|---.*|\.\.\..*)?(?:\r?\n|\Z))*")


@dataclass(frozen=True, slots=True)
class Document:
    """One object. What a List holds is taken out of it."""

    place: Place
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """Where there are problems, the documents are for looking at, not for applying."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]


def read(data: bytes | str, source: str) -> Reading:
    """`source` names the text in problems: a file's path, an argument."""
    place = Place(source)
    try:
        text = _text(data)
        if text.lstrip()[:1] in ("{", "["):
            try:
                return _reading(json_objects.objects(text), [], source)
            except json_objects.NotJson:
                pass  # a YAML document may begin with { too
    except Refused as error:
        return Reading((), (Problem(Place(source, error.line), error.message),))
    found: list[tuple[int, Any]] = []
    problems: list[Problem] = []
    for line, chunk in _chunks(text):
        try:
            found.extend(yaml_objects.objects(chunk, line))
        except Refused as error:
            problems.append(Problem(Place(place.source, error.line), error.message))
    return _reading(found, problems, source)


def _text(data: bytes | str) -> str:
    if len(data) > LARGEST:
        raise Refused(f"it is {len(data):,} bytes long; {LARGEST:,} are the most, so split it.")
    if isinstance(data, str):
        return _whole(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            f"byte {error.start} is not UTF-8; save it as UTF-8.", line=data.count(b"\n", 0, error.start) + 1
        ) from None


def _whole(text: str) -> str:
    """Halves of surrogate pairs are no characters: nothing could keep them."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise Refused(f"character {error.start} is half of one; save it as UTF-8.", line=line) from None
    return text


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Cut where documents begin, so that one that cannot be read does not hide the next."""
    begins = [0, *(match.start() for match in _MARK.finditer(text)), len(text)]
    line = 1
    for begin, end in pairwise(begins):
        chunk = text[begin:end]
        if chunk and not _EMPTY.fullmatch(chunk):
            yield line, chunk
        line += chunk.count("\n")


def _reading(found: list[tuple[int, Any]], problems: list[Problem], source: str) -> Reading:
    documents: list[Document] = []
    for line, value in found:
        if value is None:
            continue
        try:
            documents.extend(_flat(value, Place(source, line)))
        except Refused as error:
            problems.append(Problem(Place(source, line), error.message, path=error.path))
    return Reading(tuple(documents), tuple(problems))


def _flat(value: Any, place: Place) -> Iterator[Document]:
    if isinstance(value, list):
        raise Refused('it is a bare list; put its objects into a List ("kind": "List", "items": […]).')
    if not isinstance(value, dict):
        raise Refused("it is not an object; a manifest has apiVersion, kind and metadata.")
    kind, items = value.get("kind"), value.get("items")
    if not isinstance(kind, str) or not kind.endswith("List") or "items" not in value:
        yield Document(place, value)
        return
    if items is None:
        return
    if not isinstance(items, list):
        raise Refused("items is not a list; a List holds its objects there.", path="items")
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            raise Refused(f"item {number} of the List is not an object.", path=f"items[{number - 1}]")
        # A typed list names kind and version once for all.
        common = {"apiVersion": value.get("apiVersion"), "kind": kind.removesuffix("List")}
        whole = item if kind == "List" else {**common, **item}
        # Lists within it are taken apart as kubectl does; the place stays the outermost one's.
        yield from _flat(whole, place if place.item else Place(place.source, place.line, number))
