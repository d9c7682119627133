"""Names and numbers that look as Kubernetes makes them, each a pure function of the seed.

Knows nothing of workloads or time; whoever asks says what the name is for.
"""

from hashlib import blake2b

_SUFFIX = "bcdfghjklmnpqrstvwxz2456789"  # no vowels: Kubernetes avoids words by accident
_HASH = "456789bcdf"  # what a pod-template-hash is made of: the digits of a 32-bit number, recoded


def digest(*parts: object) -> int:
    """64 bits that depend on every part and on nothing else (Python's own hash is salted)."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def share(*parts: object) -> float:
    """A number in [0, 1) that depends on every part."""
    return (digest(*parts) >> 11) / (1 << 53)


def pod_suffix(*parts: object) -> str:
    return _spell(digest("pod", *parts), _SUFFIX, 5)


def template_hash(*parts: object) -> str:
    number = digest("template", *parts)
    return _spell(number, _HASH, 9 + number % 2)


def uid(*parts: object) -> str:
    text = f"{digest('uid', *parts):016x}{digest('uid', 'low', *parts):016x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def _spell(number: int, alphabet: str, length: int) -> str:
    letters: list[str] = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        letters.append(alphabet[place])
    return "".join(letters)
