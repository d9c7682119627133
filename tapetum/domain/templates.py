"""Text with places that are filled from a record: `${dest_port}`, `${objectRef.name}`.

Knows no record: values come by name, and whether the names exist is asked elsewhere.
"""

import re
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

Template = Annotated[str, Meta(max_length=2000)]

NOTHING = "-"
"""What stands for a value that is missing, as in the logs."""
_PLACE = re.compile(r"\$\{([^${}\s]{1,100})\}")
_BEGUN = re.compile(r"\$\{")


def places(template: str) -> tuple[str, ...]:
    """What its places are called, each once, in their order."""
    return tuple(dict.fromkeys(_PLACE.findall(template)))


def fill(template: str, values: Mapping[str, str | None]) -> str:
    """In one pass: a value that looks like a place stays what it is."""
    return _PLACE.sub(lambda place: values.get(place[1]) or NOTHING, template)


def whole(what: str, template: str) -> None:
    """Raises ValueError where a place is begun and not ended, or its name is none."""
    if len(_BEGUN.findall(template)) > len(_PLACE.findall(template)):
        raise ValueError(f"{what} has a ${{ without a name and a }} behind it; write ${{dest_port}}")
