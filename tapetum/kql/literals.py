"""How values and field names are written: escapes read and written, wildcards split.

Owns the spelling only; what a value means is decided by its field's type (values.py).
"""

import re

from tapetum.kql.errors import KqlError

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|((?i:or|and)|(?i:not)(?!\w))|([trn])|([\\():<>\"*{}]))|(\*)")
_ESCAPE_IN_QUOTES = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([trn])|([\\\"]))")
_CONTROLS = {"t": "\t", "r": "\r", "n": "\n"}
_SURROGATE = re.compile("[\ud800-\udfff]")

_SPECIAL = re.compile(r'[\\():<>"*{}]')
_KEYWORD = re.compile(r"(?<!\S)(or|and|not)(?!\S)", re.IGNORECASE)
_UNPRINTED = re.compile(r"[^\S ]|\ufeff|\A\s|\s\Z")


def read_bare(raw: str, column: int) -> tuple[str, ...]:
    """The texts between the wildcards of an unquoted literal; one text means that there is none."""
    if "\\" not in raw:
        return tuple(raw.split("*")) if "*" in raw else (raw,)
    parts, start = [""], 0
    for match in _ESCAPE.finditer(raw):
        parts[-1] += raw[start : match.start()]
        start = match.end()
        code, keyword, control, special, star = match.groups()
        if star:
            parts.append("")
        else:
            parts[-1] += chr(int(code, 16)) if code else _CONTROLS.get(control) or keyword or special
    parts[-1] += raw[start:]
    return tuple(_joined(part, column) for part in parts)


def read_quoted(raw: str, column: int) -> str:
    """The text of a quoted literal; a backslash before anything that needs none stays."""
    inner = raw[1:-1]
    if "\\" not in inner:
        return inner
    return _joined(_ESCAPE_IN_QUOTES.sub(_quoted_escape, inner), column)


def write_bare(text: str) -> str:
    """An unquoted literal (or a piece of one between wildcards) that reads back as `text`."""
    escaped = _KEYWORD.sub(r"\\\1", _SPECIAL.sub(r"\\\g<0>", text))
    return _UNPRINTED.sub(lambda match: f"\\u{ord(match[0]):04x}", escaped)


def write_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _quoted_escape(match: re.Match[str]) -> str:
    code, control, special = match.groups()
    return chr(int(code, 16)) if code else _CONTROLS.get(control) or special


def _joined(text: str, column: int) -> str:
    """Escaped surrogate pairs become their character; half a pair is no text in any store."""
    if not _SURROGATE.search(text):
        return text
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise KqlError(
            f"The escape in the value at column {column} is half of a surrogate pair; write both halves.",
            column,
            ("value",),
        ) from None
