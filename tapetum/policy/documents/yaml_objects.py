"""Builds objects from YAML's events, iteratively: bounded depth and expansion, no tags, no repeated keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from tapetum.policy.documents.problem import Refused, shown
from tapetum.policy.documents.scalars import resolve

DEEPEST = 64
MOST_REPEATED = 100_000
"""Values that aliases may repeat in one document: what a bomb would multiply."""

_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")
)
_TEXT_TAG = "tag:yaml.org,2002:str"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Open:
    """A mapping or a list that has not ended."""

    value: dict[str, Any] | list[Any]
    line: int
    anchor: str | None
    key: str | None = None
    key_line: int = 0
    merging: bool = False
    size: int = 1
    merged: list[dict[str, Any]] = field(default_factory=list)


def objects(text: str, first_line: int) -> Iterator[tuple[int, Any]]:
    """(line, value) of each document. Raises Refused for the first that cannot be read."""
    builder = _Builder(first_line)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            yield from builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Refused(
            f"it is not YAML ({error.problem or error.context}); correct it there.",
            line=first_line + mark.line if mark else first_line,
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise Refused(
            f"it is not YAML ({str(error).splitlines()[0][:120]}); correct it there.", line=first_line
        ) from None


class _Builder:
    def __init__(self, first_line: int) -> None:
        self._first_line = first_line
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._repeated = 0

    def take(self, event: yaml.Event) -> Iterator[tuple[int, Any]]:
        line = self._first_line + (event.start_mark.line if event.start_mark else 0)
        match event:
            case yaml.DocumentStartEvent():
                self._anchors, self._repeated = {}, 0
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._begin(event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done = self._open.pop()
                self._close(done)
                yield from self._put(done.value, done.size, done.anchor, done.line)
            case yaml.ScalarEvent():
                _tagged(event.tag, line)
                value = event.value
                if self._wants_key:
                    self._open[-1].merging = value == "<<" and _plain(event)
                elif _plain(event):
                    value = resolve(value)
                yield from self._put(value, 1, event.anchor, line)
            case yaml.AliasEvent():
                value, size = self._alias(event.anchor, line)
                yield from self._put(value, size, None, line)
            case _:
                pass

    @property
    def _wants_key(self) -> bool:
        """Keys of objects are texts as they are written: `1.10` as a label's name is not a number."""
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._open[-1].key is None

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, line: int) -> None:
        _tagged(event.tag, line)
        if len(self._open) >= DEEPEST:
            raise Refused(f"it is nested deeper than {DEEPEST} levels; no object of a cluster is.", line=line)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._open.append(_Open(value, line, event.anchor))

    def _alias(self, anchor: str, line: int) -> tuple[Any, int]:
        if anchor not in self._anchors:
            raise Refused(
                f"the alias *{anchor} stands for nothing before it; write the value out.", line=line
            )
        value, size = self._anchors[anchor]
        self._repeated += size
        if self._repeated > MOST_REPEATED:
            raise Refused(
                f"its aliases repeat more than {MOST_REPEATED:,} values; write out what is needed.", line=line
            )
        return value, size

    def _put(self, value: Any, size: int, anchor: str | None, line: int) -> Iterator[tuple[int, Any]]:
        if anchor:
            self._anchors[anchor] = value, size
        if not self._open:
            yield line, value
            return
        parent = self._open[-1]
        parent.size += size
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            if not isinstance(value, str):
                raise Refused("a key is not a text; put it in quotes.", line=line)
            parent.key, parent.key_line = value, line
        else:
            _set(parent, parent.key, value)
            parent.key = None

    @staticmethod
    def _close(done: _Open) -> None:
        for each in done.merged:
            done.value = {**each, **done.value}  # pyright: ignore[reportGeneralTypeIssues]


def _set(parent: _Open, key: str, value: Any) -> None:
    if parent.merging:
        given = value if isinstance(value, list) else [value]
        if not all(isinstance(each, dict) for each in given):
            raise Refused("<< merges mappings only; name a mapping's anchor.", line=parent.key_line)
        parent.merged.extend(given)
        return
    mapping = parent.value
    assert isinstance(mapping, dict)  # noqa: S101 - lists are filled elsewhere
    if key in mapping:
        raise Refused(f"the key {shown(key)} is there twice; keep one.", line=parent.key_line)
    mapping[key] = value


def _plain(event: yaml.ScalarEvent) -> bool:
    return event.style in (None, "") and event.tag != _TEXT_TAG


def _tagged(tag: str | None, line: int) -> None:
    if tag and tag != "!" and tag not in _PLAIN_TAGS:
        raise Refused(f"the tag {shown(tag)} has no meaning here; leave it out.", line=line)
