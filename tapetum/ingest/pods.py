"""Names of pods as Calico aggregates them, for sources that do not aggregate."""

import re

# The suffix that Kubernetes gives pods of a controller: five letters without vowels, or an ordinal.
_GENERATED = re.compile(r"(.+-)[bcdfghjklmnpqrstvwxz2456789]{5}\Z")
_ORDINAL = re.compile(r"(.+-)[0-9]{1,6}\Z")


def aggregated(pod: str) -> str:
    """`web-6b687c8dcb-zn5s2` to `web-6b687c8dcb-*`, `db-0` to `db-*`; any other name is its own."""
    match = _GENERATED.match(pod) or _ORDINAL.match(pod)
    return f"{match[1]}*" if match else pod
