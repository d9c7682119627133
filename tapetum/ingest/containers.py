"""What container runtimes make of the lines that programs write, and the lines that were written."""

import re

import msgspec

TIMED = r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}) (?:std(?:out|err) [FP] )?)"
"""What `kubectl logs --timestamps` and runtimes put before each line."""

_BEFORE_OBJECT = re.compile(TIMED.encode() + rb"(?=\{)")
_DOCKER = b'{"log":"'
_WRAPPED = re.compile(rb"(?m)^(?:%s|%s)" % (_BEFORE_OBJECT.pattern, re.escape(_DOCKER)))
_LOOKED_AT = 1 << 16


class _DockerLine(msgspec.Struct):
    log: str
    stream: str
    time: str


def are_wrapped(body: bytes) -> bool:
    """Whether lines at the beginning of the body are a runtime's, with objects in them.

    Lines of text keep their times: they may have none of their own.
    """
    return _WRAPPED.search(body, 0, _LOOKED_AT) is not None


def written(line: bytes) -> bytes:
    """What the program wrote, behind a runtime's time or in Docker's object; else the line as it is."""
    if line.startswith(_DOCKER):
        try:
            found = msgspec.json.decode(line, type=_DockerLine).log.removesuffix("\n").encode()
        except (msgspec.DecodeError, UnicodeError):
            return line
        return line if b"\n" in found else found
    prefix = _BEFORE_OBJECT.match(line)
    return line[prefix.end() :] if prefix else line
