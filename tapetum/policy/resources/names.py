"""What Kubernetes takes as names of objects, labels and ports."""

import re
from functools import lru_cache

_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_SIMPLE = re.compile(_LABEL)
_DOTTED = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_WORD = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?")
_PORT = re.compile(r"(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*")
_DOTTED_AT_MOST, _SIMPLE_AT_MOST, _PORT_AT_MOST = 253, 63, 15
_KEY_AT_MOST = _DOTTED_AT_MOST + 1 + _SIMPLE_AT_MOST


def is_simple(text: str) -> bool:
    """A label of DNS: no dots."""
    return len(text) <= _SIMPLE_AT_MOST and _SIMPLE.fullmatch(text) is not None


def is_dotted(text: str) -> bool:
    """A subdomain of DNS, as most objects are named."""
    return len(text) <= _DOTTED_AT_MOST and _DOTTED.fullmatch(text) is not None


def is_port(text: str) -> bool:
    """Letters in lower case (one at least), digits and single dashes between them."""
    return len(text) <= _PORT_AT_MOST and _PORT.fullmatch(text) is not None


def is_label_key(text: str) -> bool:
    """With a domain and a slash before it, or not."""
    return len(text) <= _KEY_AT_MOST and _is_key(text)


@lru_cache(maxsize=4096)
def _is_key(text: str) -> bool:
    """The objects of a cluster share a few keys."""
    domain, slash, name = text.rpartition("/")
    return (is_dotted(domain) or not slash) and name != "" and is_label_value(name)


def is_label_value(text: str) -> bool:
    return not text or (len(text) <= _SIMPLE_AT_MOST and _WORD.fullmatch(text) is not None)
