"""Text from outside as one harmless line: for logs and for sentences that quote it."""


def one_line(text: str, limit: int) -> str:
    """At most `limit` characters; controls, surrogates, line and direction marks become escapes."""
    line: list[str] = []
    left = limit
    for char in text:
        shown = char if char.isprintable() else _escape(ord(char))
        left -= len(shown)
        if left < 0:
            return "".join(line) + "…"
        line.append(shown)
    return "".join(line)


def _escape(code: int) -> str:
    if code <= 0xFF:  # noqa: PLR2004 - what two hexadecimal digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what four hold
