"""What can be typed next in a filter."""

import strawberry
from strawberry import field

from tapetum.api.schema.enums import CompletionKind
from tapetum.api.schema.scalars import BigInt
from tapetum.api.use import completions


@strawberry.type(
    description="What can be typed at a cursor: `text` replaces the characters from `start` to `end`."
)
class Completion:
    kind: CompletionKind = field(description="What it is.")
    text: str = field(description="What to put in, written as the query language reads it.")
    description: str = field(description="What it says or does.")
    start: int = field(description="Characters of the text before what it replaces.")
    end: int = field(description="Characters of the text before what follows it.")
    field_: str | None = field(
        name="field", description="The field that it is, or whose value or operator it is."
    )
    count: BigInt | None = field(description="Records that have it; of values only.")

    @classmethod
    def of(cls, completion: completions.Completion) -> "Completion":
        found, count = completion.suggestion, completion.count
        return cls(
            kind=CompletionKind(found.kind.value),
            text=found.text,
            description=found.description,
            start=found.start,
            end=found.end,
            field_=found.field,
            count=None if count is None else BigInt(count),
        )
