"""Headers of IP counted before dpkt takes them apart.

It believes a frame that says to have ever more headers, and copies the rest of the frame for each.
"""

from struct import unpack_from

_MOST_HEADERS = 8
"""Extension headers of one packet; RFC 8200 knows of seven in order."""
_MOST_PACKETS = 5
"""Of IP in IP; nobody nests deeper."""
_IP, _IP6 = 0x0800, 0x86DD
_TAGS = frozenset((0x8100, 0x88A8, 0x9100, 0x9200))
_SIX = 41
_FRAGMENT, _ESP, _AH = 44, 50, 51
_EXTENSIONS = frozenset((0, 43, _FRAGMENT, _AH, 60))
_TYPED = {113: (14, 16), 276: (0, 20)}
"""Of Linux cooked frames: where the type of what they hold stands, and where that begins."""
_FAMILIES = {2: 4, 24: _SIX, 28: _SIX, 30: _SIX}


class EndlessError(ValueError):
    """A packet with more headers than anybody sends, or with one that cannot be."""


def hold_few_headers(link: int, data: bytes, *, raw: bool) -> None:
    """Raises EndlessError. What breaks off is for whoever reads it. `raw`: the frame begins with IP."""
    number, at = (_version(data), 0) if raw else _start(link, data)
    packets = 0
    while number in (4, _SIX):
        packets += 1
        if packets > _MOST_PACKETS:
            raise EndlessError(number)
        number, at = _behind_six(data, at) if number == _SIX else _behind_four(data, at)


def _version(data: bytes) -> int | None:
    return (_SIX if data[0] >> 4 == 6 else 4) if data else None  # noqa: PLR2004 - the version


def _start(link: int, data: bytes) -> tuple[int | None, int]:
    """Which IP a frame holds, and where that begins; None: none, or within what is not walked here."""
    if len(data) < 22:  # noqa: PLR2004 - the longest head of a link, and nothing behind it
        return None, 0
    if link == 1:
        return _tagged(data, 12)
    if link in _TYPED:
        told, begin = _TYPED[link]
        return _held(unpack_from(">H", data, told)[0]), begin
    if link in (0, 108):
        family = max(data[0], data[3])  # in the byte order of whoever captured
        return (_FAMILIES[family], 4) if family in _FAMILIES else _tagged(data, 16)
    return None, 0


def _tagged(data: bytes, at: int) -> tuple[int | None, int]:
    for _ in range(3):
        if at + 2 > len(data):
            break
        (kind,) = unpack_from(">H", data, at)
        if kind not in _TAGS:
            return _held(kind), at + 2
        at += 4
    return None, at


def _held(kind: int) -> int | None:
    return {_IP: 4, _IP6: _SIX}.get(kind)


def _behind_four(data: bytes, at: int) -> tuple[int | None, int]:
    if at + 20 > len(data):
        return None, at
    later_fragment = unpack_from(">H", data, at + 6)[0] & 0x1FFF
    number = data[at + 9] or 4  # as dpkt takes 0
    return (None if later_fragment else number), at + 4 * (data[at] & 0x0F)


def _behind_six(data: bytes, at: int) -> tuple[int | None, int]:
    """What follows the extension headers."""
    if at + 40 > len(data):
        return None, at
    number, at, headers = data[at + 6], at + 40, 0
    while number in _EXTENSIONS:
        headers += 1
        if headers > _MOST_HEADERS:
            raise EndlessError(number)
        if at + 8 > len(data):
            return None, at
        following, length = data[at], data[at + 1]
        if number == _AH and length < 1:
            raise EndlessError(number)
        at += 8 if number == _FRAGMENT else 4 * (length + 2) if number == _AH else 8 * (length + 1)
        number = following
    return (None if number == _ESP else number), at
