"""Texts of a column told apart once, for however many feeds they are matched with: addresses and names.

Knows nothing of indicators.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from socket import AF_INET, AF_INET6, inet_pton
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tapetum.domain.arrow import compute as pc

Places = npt.NDArray[np.intp]
FOUR: np.dtype[Any] = np.dtype(">u4")
SIX: np.dtype[Any] = np.dtype("S16")
"""Both sort as addresses do: an IPv6 address by its bytes, where numpy pads what ends in zeros."""
_MAPPED = bytes(10) + b"\xff\xff"


@dataclass(frozen=True, slots=True)
class Probe:
    """`fours` stand at `four_places` of the texts, and so on; other texts are in none of them."""

    size: int
    four_places: Places
    fours: npt.NDArray[np.uint32]
    six_places: Places
    sixes: npt.NDArray[np.bytes_]
    name_places: Places
    names: Sequence[str]

    @classmethod
    def of(cls, texts: pa.Array) -> "Probe":
        """Of texts without nulls; each once, if it is to be quick."""
        dotted = np.asarray(pc.match_substring_regex(texts, r"^[0-9.]+$"))
        colons = np.asarray(pc.match_substring(texts, ":"))
        four_places, fours = _parsed(texts, dotted, AF_INET, FOUR)
        six_places, sixes = _parsed(texts, colons, AF_INET6, SIX)
        mapped = np.asarray([each.startswith(_MAPPED) for each in sixes.tolist()], bool)
        if mapped.any():  # an IPv4 address in another dress
            plain = np.frombuffer(
                b"".join(each[12:].ljust(4, b"\0") for each in sixes[mapped].tolist()), FOUR
            )
            four_places = np.concatenate([four_places, six_places[mapped]])
            fours = np.concatenate([fours, plain])
            six_places, sixes = six_places[~mapped], sixes[~mapped]
        rest = ~(dotted | colons)
        names = pc.utf8_lower(pc.utf8_rtrim(texts.filter(pa.array(rest)), "."))
        return cls(len(texts), four_places, fours, six_places, sixes, np.flatnonzero(rest), names.to_pylist())


def _parsed(
    texts: pa.Array, which: npt.NDArray[np.bool_], family: int, form: np.dtype[Any]
) -> tuple[Places, npt.NDArray[Any]]:
    """The places of those that are addresses of a family, and their bytes in the machine's order."""
    places = np.flatnonzero(which)
    given: list[str] = texts.take(pa.array(places)).to_pylist()
    try:
        return places, np.frombuffer(b"".join(map(partial(inet_pton, family), given)), form).astype(
            form.newbyteorder("=")
        )
    except (OSError, UnicodeEncodeError, ValueError):  # hardly ever: one at a time, then
        read = [_address(text, family) for text in given]
        there = np.asarray([one is not None for one in read], bool)
        return places[there], np.frombuffer(b"".join(one for one in read if one is not None), form).astype(
            form.newbyteorder("=")
        )


def _address(text: str, family: int) -> bytes | None:
    try:
        return inet_pton(family, text)
    except (OSError, UnicodeEncodeError, ValueError):
        return None
