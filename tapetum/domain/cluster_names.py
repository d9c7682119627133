"""What a cluster may be called: the name is a key in every store and part of index names."""

import json
import re

from tapetum.domain.errors import BadInputError

_SHOWN = 40
_NAME = re.compile(r"[A-Za-z0-9._-]{1,63}\Z")


def checked_cluster(name: str) -> str:
    """The name as it is; raises BadInputError with what is allowed."""
    if not _NAME.match(name):
        shown = json.dumps(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…")
        raise BadInputError(
            f"{shown} is not a cluster's name; use 1 to 63 letters, digits, and . _ -",
            path="cluster",
        )
    return name
