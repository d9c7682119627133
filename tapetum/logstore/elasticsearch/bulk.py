"""Bulk requests, item by item: what was busy is sent again alone, what is wrong is told, the rest counts.

Knows nothing of what documents mean.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from tapetum.domain.errors import UnavailableError
from tapetum.logstore.elasticsearch.documents import Lines
from tapetum.logstore.elasticsearch.json_columns import encode
from tapetum.logstore.elasticsearch.server import Server

CHUNK = 6 << 20
"""Bytes in a request: larger ones take no less time a document, and more memory at both ends."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_WRONG = frozenset({"document_parsing_exception", "mapper_parsing_exception", "illegal_argument_exception"})
_ASKED = "errors,items.*.status,items.*.error.type,items.*.error.reason"
_REASON = 300


class Fate(IntEnum):
    BUSY = 0
    NEW = 1
    THERE = 2  # a document of this id exists
    WRONG = 3  # the engine cannot take this document, now or ever


@dataclass(frozen=True, slots=True)
class Sender:
    """How bulk requests are sent; `patience` is how many seconds a busy engine is asked again.

    `at_once` requests are under way together: an index is written by as many threads of the engine.
    """

    server: Server
    patience: float
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    at_once: int = 2

    def create(self, lines: Lines, *, refresh: bool = False) -> npt.NDArray[np.int8]:
        """Create each document that is not there, and tell each one's fate; THERE may be our own doing.

        Raises UnavailableError where some were never taken.
        """
        chunks = _chunks(lines)
        if len(chunks) < 2:  # noqa: PLR2004 - one or none needs no threads
            fates = [self._taken(lines, chunk, refresh=refresh) for chunk in chunks]
        else:
            with ThreadPoolExecutor(min(self.at_once, len(chunks))) as pool:
                fates = list(pool.map(lambda chunk: self._taken(lines, chunk, refresh=refresh), chunks))
        return np.concatenate(fates) if fates else np.zeros(0, np.int8)

    def _taken(self, lines: Lines, chunk: tuple[int, int], *, refresh: bool) -> npt.NDArray[np.int8]:
        start, end = chunk
        fates = np.zeros(end - start, np.int8)
        waiting = np.arange(start, end)
        until, pause = self.clock() + self.patience, _FIRST_PAUSE
        while True:
            told, reason = self._ask(lines, waiting, refresh=refresh)
            fates[waiting - start] = told
            waiting = waiting[told == Fate.BUSY]
            if not len(waiting):
                return fates
            if self.clock() + pause > until:
                raise UnavailableError(
                    f"Elasticsearch at {self.server.place} did not take {len(waiting)} of {end - start} "
                    f"documents within {self.patience:g} s, because {reason}; try again later."
                )
            self.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _ask(
        self, lines: Lines, which: npt.NDArray[np.intp], *, refresh: bool
    ) -> tuple[npt.NDArray[np.int8], str]:
        """The fate of each, and why the first of them was not taken that may be later."""
        whole = len(which) == which[-1] - which[0] + 1
        body = (
            lines.slice(int(which[0]), int(which[-1]) + 1)
            if whole
            else b"".join(lines.slice(int(at), int(at) + 1) for at in which)
        )
        told = {"refresh": "true"} if refresh else {}
        try:
            answer = self.server.do("POST", "/_bulk", body, parameters={"filter_path": _ASKED, **told})[1]
        except UnavailableError as away:
            # Whether it arrived is not known; asking again tells, as creating twice does nothing.
            return np.full(len(which), Fate.BUSY, np.int8), away.message.rstrip(".")
        if not answer["errors"]:
            return np.full(len(which), Fate.NEW, np.int8), ""
        items = [item["create"] for item in answer["items"]]
        fates = np.array([_fate(item) for item in items], np.int8)
        busy = np.flatnonzero(fates == Fate.BUSY)
        return fates, _reason(items[busy[0]]) if len(busy) else ""


def delete(server: Server, places: Sequence[tuple[str, str]]) -> None:
    """Remove documents by index and id; they are gone for readers when this returns."""
    if places:
        heads = [{"delete": {"_index": index, "_id": identity}} for index, identity in places]
        body = b"".join(encode(head) + b"\n" for head in heads)
        server.do("POST", "/_bulk", body, parameters={"filter_path": "errors", "refresh": "true"})


def _chunks(lines: Lines) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(lines):
        end = int(np.searchsorted(lines.offsets, lines.offsets[start] + CHUNK, "right")) - 1
        found.append((start, max(start + 1, end)))
        start = found[-1][1]
    return found


def _reason(item: dict[str, Any]) -> str:
    """As the engine gives it: a full disk, no room for another index, a queue that is full."""
    error = item.get("error", {})
    told = error.get("reason") or error.get("type") or f"it answered {item['status']}"
    return str(told)[:_REASON].rstrip(".")


def _fate(item: dict[str, Any]) -> Fate:
    match item["status"]:
        case 201:
            return Fate.NEW
        case 409:
            return Fate.THERE
        case 400 if item.get("error", {}).get("type") in _WRONG:
            return Fate.WRONG
        case _:
            return Fate.BUSY
