"""Matching of a text against the texts between asterisks, in linear time whatever the pattern."""


def meets(parts: tuple[str, ...], text: str) -> bool:
    """Whether the text is the parts in this order with anything between them; one part: equality."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return text == first
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in parts[1:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
