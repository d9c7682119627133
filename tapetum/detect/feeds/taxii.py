"""Pages of a TAXII 2.1 server's answer: which one follows, and all of them as one body.

Pure; knows nothing of requests.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from tapetum.domain.errors import BadInputError

_LONGEST = 2000


class _Page(msgspec.Struct):
    more: Any = False
    next: Any = None


class _Objects(msgspec.Struct):
    objects: list[msgspec.Raw] = []


def following(body: bytes) -> str | None:
    """The word by which a server is asked for the page after; None after the last, and of any other body.

    Raises BadInputError where there is one that cannot be asked for.
    """
    try:
        page = msgspec.json.decode(body, type=_Page)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None  # reading it says why
    if page.more is not True:
        return None
    if not isinstance(page.next, str) or not 0 < len(page.next) <= _LONGEST:
        raise BadInputError("The feed's server has more than it sent and does not say where (`next`).")
    return page.next


def joined(pages: Iterable[bytes]) -> bytes:
    """A body with the objects of all, in order. Raises BadInputError."""
    try:
        objects = [each for page in pages for each in msgspec.json.decode(page, type=_Objects).objects]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInputError(f"A page of the feed is no STIX ({str(error)[:120]}).") from None
    return msgspec.json.encode(_Objects(objects))
