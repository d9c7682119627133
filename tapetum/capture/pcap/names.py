"""Names that packets tell: what DNS was asked for, and which server a TLS client wants."""

import struct
from typing import Any, NamedTuple

from dpkt import dns, dpkt, ssl

_TYPES = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV", 64: "SVCB",
    65: "HTTPS", 255: "ANY",
}  # fmt: skip
_CODES = {1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
_HEAD = 12
_ANSWER, _CODE = 0x8000, 0x0F
_SERVER_NAME = 0
"""The number of the TLS extension, and of host names in it."""
_NAME_AT = 5
_RECORD = 5
HELLO = b"\x16\x03"
"""How a TLS record of a handshake begins."""


class Asked(NamedTuple):
    """A question of DNS. `code` None: a question; "" is an answer without error, else what went wrong."""

    name: str
    type: str
    code: str | None


def asked_name(payload: bytes) -> Asked | None:
    """None: no message of DNS with a question."""
    if len(payload) <= _HEAD:
        return None
    _, flags, questions = struct.unpack_from(">HHH", payload)
    if questions == 0:
        return None
    try:
        name, at = dns.unpack_name(payload, _HEAD)
        (kind,) = struct.unpack_from(">H", payload, at)
    except (dpkt.UnpackError, struct.error, UnicodeDecodeError):
        return None
    code = flags & _CODE
    told = None if not flags & _ANSWER else _CODES.get(code, f"RCODE{code}") if code else ""
    return Asked(name, _TYPES.get(kind, f"TYPE{kind}"), told)


def hello_length(start: bytes) -> int | None:
    """How many bytes the first record of a TLS client has; None where it is none."""
    if len(start) <= _RECORD or start[:2] != HELLO or start[_RECORD] != 1:
        return None
    return _RECORD + int.from_bytes(start[3:5], "big")


def server_name(hello: bytes) -> str | None:
    """The name that a whole record asks for; None where it names none."""
    try:
        record: Any = ssl.TLSRecord(hello)
        found: Any = ssl.TLSHandshake(record.data).data
        for kind, data in getattr(found, "extensions", ()):
            if kind == _SERVER_NAME and data[2] == _SERVER_NAME:
                return data[_NAME_AT : _NAME_AT + int.from_bytes(data[3:5], "big")].decode("ascii")
    except (dpkt.UnpackError, ssl.SSL3Exception, struct.error, LookupError, UnicodeDecodeError):
        return None
    return None
