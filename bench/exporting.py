"""All records of a range read while others arrive in it: as one export, and page by page in another order.

Whoever reads checks that each record that was there at the start came once, and what the process grew by
beyond what taking in the same records alone has made of it.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bench.figures import Figure, Of, Target
from bench.prepared import decoded
from bench.timing import percentile
from tapetum.api import ApiContext, ApiSettings, create_app
from tapetum.api.context import Asked
from tapetum.api.use.records import Ordering, read_page
from tapetum.bus.port import Delivery
from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.moments import Micros, TimeRange, iso
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.forms import Form
from tapetum.ingest.sources.files import file_bodies

FIRST = 500
_PAGES = 40
_ARRIVING = 1 << 20
"""Bytes of a batch that arrives: some 550 flows."""
_ROOM = 100_000
_GROWTH = Target(200, at_least=False, of=Of.VALUE, unit="MB")
_EVERY = 0.25
"""Seconds between two batches that arrive."""


class _Identified(msgspec.Struct):
    id: str


_read_id = msgspec.json.Decoder(_Identified).decode


@dataclass(frozen=True, slots=True)
class Passed:
    """In MB: `growth` is the most that the process held beyond what it held before, `own` the most of it
    beside the data that an engine in this process keeps at hand: an export does not hold these.
    """

    records: int
    seconds: float
    growth: float
    own: float


class Seen:
    """Ids as numbers, in room made beforehand, and how large the process got meanwhile."""

    def __init__(self, most: int, kept: Callable[[], float]) -> None:
        self._ids = np.zeros(most, np.uint64)
        self._ids[:] = 1  # takes the room now, as it would count as growth later
        self._size = 0
        self._kept = kept
        self._began = time.monotonic()
        self._before = self._most = self._held()

    def add(self, identity: str) -> None:
        self._ids[self._size] = hash(identity) & (2**64 - 1)
        self._size += 1

    def look(self) -> None:
        self._most = np.maximum(self._most, self._held())

    def _held(self) -> npt.NDArray[np.float64]:
        held = resident()
        return np.array([held, held - self._kept()])

    def refuse_repeats(self) -> None:
        found = np.sort(self._ids[: self._size])
        if (found[1:] == found[:-1]).any():
            raise AssertionError("A record came twice.")

    def passed(self, there: int, arrived: set[str]) -> Passed:
        """Raises where a record that was there at the start is missing, or any came twice."""
        took = time.monotonic() - self._began
        growth, own = (self._most - self._before).tolist()
        found = self._ids[: self._size]
        others = np.array([hash(identity) & (2**64 - 1) for identity in arrived], np.uint64)
        first = self._size - int(np.isin(found, others).sum())
        self.refuse_repeats()
        if first != there:
            raise AssertionError(f"{first} of {there} records came.")
        return Passed(self._size, took, growth, own)


def resident() -> float:
    """MB of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


@contextmanager
def arriving(batches: Iterator[Callable[[], list[str]]]) -> Generator[set[str]]:
    """Commits one after the other meanwhile; gives the ids of what arrived."""
    arrived: set[str] = set()
    over = threading.Event()

    def commit() -> None:
        for batch in batches:
            arrived.update(batch())
            if over.wait(_EVERY):
                return

    thread = threading.Thread(target=commit)
    thread.start()
    try:
        yield arrived
    finally:
        over.set()
        thread.join()


async def export(api: ApiContext, within: TimeRange, order: str, seen: Seen) -> None:
    """Through the application, as a server runs it."""
    rest = b""

    async def send(message: Any) -> None:
        nonlocal rest
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise AssertionError(message)
        *lines, rest = (rest + message.get("body", b"")).split(b"\n")
        for line in lines:
            seen.add(_read_id(line).id)
        seen.look()

    query = f"from={iso(within.start)}&to={iso(within.end)}&order={order}"
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
        "method": "GET", "path": "/export/v1/flows.ndjson", "raw_path": b"/export/v1/flows.ndjson",
        "root_path": "", "scheme": "http", "query_string": query.encode(),
        "headers": [(b"host", b"localhost")],
    }  # fmt: skip
    await create_app(api)(scope, _stays, send)


async def paged(api: ApiContext, within: TimeRange, field: str, pages: int, seen: Seen) -> list[float]:
    """Behind cursors, as a page of records does; returns how long each page took."""
    asked, after, took = Asked(api, EVERYTHING, api.clock()), None, []
    last: Any = None
    for _ in range(pages):
        began = time.monotonic()
        page = await read_page(
            asked, RecordKind.FLOWS, within, None, None, FIRST, after, Ordering(field, descending=True)
        )
        took.append(time.monotonic() - began)
        for record in page.records:
            value = record[field]
            if last is not None and value is not None and value > last:
                raise AssertionError(f"{field} is {value} behind {last}.")
            last = value
            seen.add(record["id"])
        seen.look()
        if not page.more:
            break
        after = page.cursors()[-1]
    seen.refuse_repeats()
    return took


async def _stays() -> Any:
    """A client that never leaves."""
    await asyncio.Event().wait()


def batches(
    file: Path, cluster: str, now: Micros, commit: Callable[[Batch], object]
) -> Iterator[Callable[[], list[str]]]:
    """Of a cluster of their own, so that each of their records is new."""
    for place, body in enumerate(file_bodies(file, _ARRIVING)):
        batch = decoded(Delivery(str(place), cluster, Form.CALICO, body.source, now, body.data))

        def arrive(batch: Batch = batch) -> list[str]:
            commit(batch)
            ids: list[str] = batch.records.column("id").to_pylist()
            return ids

        yield arrive


def figures(
    row: str,
    what: str,
    api: ApiContext,
    within: TimeRange,
    arrive: Callable[[], Iterator[Any]],
    lines: int,
    kept: Callable[[], float] = float,
) -> list[Figure]:
    """An export in each order, alone and while records arrive anew, then pages of a screen. What an export
    holds is judged alone: what arrives is taken in by the same process, and holds its own.

    `arrive` is called when the next records are to come: what came before must be found by then.
    `kept` tells how many MB of data an engine in this process has at hand.
    """
    found: list[Figure] = []
    before = resident()
    lines += _alone(arrive())
    found.append(Figure(row, f"{what}, the same arriving alone: growth", resident() - before, "MB"))
    for order in ("start_time:desc", "bytes_in:desc"):
        for alone in (True, False):
            come = arrive()  # what came before is found from here on
            with arriving(iter(()) if alone else come) as arrived:
                seen = Seen(3 * lines + _ROOM, kept)
                asyncio.run(export(api, within, order, seen))
            passed = seen.passed(lines, arrived)
            named = f"{what}, {order}, {len(arrived):,} arriving"
            target = _GROWTH if alone else None
            found += [
                Figure(row, named, passed.records / passed.seconds, "flows/s"),
                Figure(row, f"{named}: growth", passed.growth, "MB"),
                Figure(row, f"{named}: growth beside the engine's data", passed.own, "MB", target=target),
            ]
            lines += len(arrived)
    with arriving(arrive()) as arrived:
        took = asyncio.run(paged(api, within, "bytes_in", _PAGES, Seen(_PAGES * FIRST, kept)))
    named = f"{what}, pages of {FIRST} by bytes_in, {len(arrived):,} arriving"
    found += [
        Figure(row, f"{named}, p50", percentile(took, 0.5) * 1e3, "ms"),
        Figure(row, f"{named}, slowest of {len(took)}", max(took) * 1e3, "ms"),
    ]
    return found


def _alone(batches: Iterator[Callable[[], list[str]]]) -> int:
    return sum(len(batch()) for batch in batches)


def context(store: Any, clock: Callable[[], int]) -> ApiContext:
    return ApiContext(
        store.logs, store.graph, store.catalog, store.bus, clock, settings=ApiSettings(require_token=False)
    )
