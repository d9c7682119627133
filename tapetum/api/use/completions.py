"""What can be typed next in a filter: what the language offers, and values that the caller may see."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tapetum.api.context import Asked
from tapetum.api.use.aggregates import MOST, count_by_value
from tapetum.api.use.arguments import read_limit
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import TimeRange
from tapetum.kql import Completes, Suggestion, complete
from tapetum.kql.literals import write_quoted
from tapetum.kql.parser import MAX_BYTES

_PLAIN = re.compile(r"(?!(?:and|or|not)\Z)[\w.=/@+-]+", re.IGNORECASE)
"""Values that need no quotes to stand for themselves."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A suggestion that can be put in; `count` is how many records have a value of the store's."""

    suggestion: Suggestion
    count: int | None = None


async def completions(
    asked: Asked,
    kind: RecordKind,
    text: str,
    cursor: int,
    within: TimeRange,
    clusters: Sequence[str] | None,
    limit: int,
) -> list[Completion]:
    """At most `limit`, best first; none where the text up to the cursor cannot be read."""
    read_limit("limit", limit, MOST)
    if len(text) > MAX_BYTES:
        raise BadInputError(f"The text is longer than {MAX_BYTES} characters; shorten it.", path="text")
    read_limit("cursor", cursor, len(text), least=0)
    found: list[Completion] = []
    for suggestion in complete(text, cursor, kind.value):
        if suggestion.kind is Completes.VALUES:
            found += await _values(asked, kind, suggestion, text, within, clusters, limit)
        else:
            found.append(Completion(suggestion))
    return found[:limit]


async def _values(
    asked: Asked,
    kind: RecordKind,
    suggestion: Suggestion,
    text: str,
    within: TimeRange,
    clusters: Sequence[str] | None,
    limit: int,
) -> list[Completion]:
    """Values of the field that begin like what is typed, as the language writes them."""
    assert suggestion.field is not None  # noqa: S101 - VALUES names its field
    quoted = text[suggestion.start : suggestion.start + 1] == '"'
    prefix = suggestion.prefix
    try:
        top = await count_by_value(asked, kind, suggestion.field, within, clusters, None, limit, prefix)
    except BadInputError:
        return []  # a field whose values are not counted, or a prefix that no value has
    return [
        Completion(
            replace(
                suggestion,
                kind=Completes.VALUE,
                text=value if _PLAIN.fullmatch(value) and not quoted else write_quoted(value),
            ),
            count,
        )
        for value, count in top.values
    ]
