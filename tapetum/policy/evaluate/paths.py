"""Paths of requests as a server resolves them, so that `/public/../admin` is no part of `/public`.

So does Calico compare them since April 2026; it compared bare texts before.
"""

import re
from functools import lru_cache
from urllib.parse import unquote

_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")
_STILL_ENCODED = re.compile(r"%(2e|2f|5c)|\0", re.IGNORECASE)
"""After decoding once: servers that decode again, or end a path at a NUL, would see another one."""


def matches_path(path: str, wanted: str, *, prefix: bool) -> bool:
    """A prefix ends where a segment does. What has no one meaning matches nothing."""
    found, text = resolved(path), resolved(wanted)
    if found is None or text is None:
        return False
    return found == text or (prefix and found.startswith(text if text == "/" else f"{text}/"))


@lru_cache(maxsize=4096)
def resolved(path: str) -> str | None:
    """Without query, fragment, parameters (`;…`), empty and dot segments. None: servers differ about it."""
    plain = path.partition("?")[0].partition("#")[0]
    if _BROKEN.search(plain):
        return None
    decoded = unquote(plain, errors="surrogateescape").replace("\\", "/")
    if not decoded.startswith("/") or _STILL_ENCODED.search(decoded):
        return None
    kept: list[str] = []
    for each in decoded.split("/"):
        segment = each.partition(";")[0]
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(kept)
