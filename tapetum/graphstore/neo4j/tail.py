"""Keeps memory level with the database: flow keys and blocks that were appended, and spans when asked for.

Neo4j has no snapshots, and a reader may see a commit in parts. So what is read is only believed where it is
whole: keys and blocks come without gaps, and spans count what was there before the last batch (`settled`), to
which the blocks since are added from here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import anyio.to_thread

from tapetum.domain.errors import DamagedStoreError, UnavailableError
from tapetum.domain.moments import HOUR, MINUTE, TimeRange
from tapetum.graphdb.neo4j import Neo4j
from tapetum.graphdb.statements import statements
from tapetum.graphstore.memory import GraphMemory
from tapetum.graphstore.neo4j import cypher
from tapetum.graphstore.neo4j.apply import AT_ONCE, KEYS, Done
from tapetum.graphstore.neo4j.blocks import Packed, added, by_bucket
from tapetum.graphstore.neo4j.keys import to_table
from tapetum.graphstore.plans import Plans
from tapetum.graphstore.rollups import Codes, Counts, Load, Span, make_block, spans

T = TypeVar("T")
ASK = statements(cypher.__name__)

_FIRST = 20_000
"""Flow keys that are read first: who gives up early leaves these done, and the next goes on from there."""
_REMEMBERED = 8
_TORN = 8
_PAUSE = 0.005


@dataclass(frozen=True, slots=True)
class Appended:
    """A block as a batch appended it."""

    number: int
    unit: int
    bucket: int
    codes: Codes
    counts: Counts


class Tail:
    def __init__(self, database: Neo4j, memory: GraphMemory, patience: float) -> None:
        self._database = database
        self._patience = patience
        self._memory = memory
        # All of these under the memory's lock.
        self._epoch: int | None = None  # changes where upkeep took something away
        self._starts = 0
        self._number = 0  # blocks up to this one are in the cached spans
        self._settled = 0
        self._recent: list[Appended] = []  # those after `settled`, or after that of a load under way
        self._loading: list[int] = []
        self._asked: list[TimeRange] = []  # that could be answered, the last one at the end

    @property
    def began(self) -> bool:
        return self._epoch is not None

    async def level(self) -> bool:
        """Bring memory up to date; False where the database is away and memory has to do."""
        try:
            await self._follow()
        except UnavailableError:
            if not self.began:
                raise
            return False
        return True

    async def learn_keys(self) -> None:
        """Flow keys alone, as of now. Raises UnavailableError where the database is away."""
        for attempt in range(_TORN):
            found = await self._database.read(ASK["state"], within=self._patience)
            if not found or await self._follow_keys(self._memory.keys, found[0][0]):
                return
            await asyncio.sleep(_PAUSE * attempt)
        raise UnavailableError("The graph's flow keys are being changed just now; ask again in some seconds.")

    def committed(self, done: Done) -> None:
        """Follow a batch of our own, unless readers did already or something before it is missing."""
        if done.change is None:
            return
        with self._memory.lock:
            change = done.change
            if not change.keys.num_rows or change.keys.column("code")[0].as_py() <= self._memory.keys:
                self._memory.enter(change.keys, change.ends)
                self._memory.learn(done.decided)
                self._memory.decisions.places.add(done.places)
                if self.began and self._number == done.settled:
                    appended = (
                        (unit, bucket)
                        for unit, sums in ((MINUTE, change.minutes), (HOUR, change.hours))
                        for bucket in by_bucket(sums)
                    )
                    self._append(
                        [
                            Appended(number, unit, bucket.number, bucket.codes, bucket.counts)
                            for number, (unit, bucket) in enumerate(appended, done.settled + 1)
                        ]
                    )
                    self._settle(done.settled)

    async def of_range(self, within: TimeRange, ask: Callable[[list[Span], int, Load], T]) -> tuple[Plans, T]:
        """What the sums of a range say, with the topology that goes with it."""
        wanted = spans(within)

        def told() -> tuple[Plans, T] | None:
            with self._memory.lock:
                if self._memory.rollups.missing(wanted):
                    return None
                plans = self._memory.plans()
                self._asked = [*(one for one in self._asked if one != within), within][-_REMEMBERED:]
                return plans, ask(wanted, len(plans.view.edge), _loaded)

        for _ in range(_TORN):
            found = await anyio.to_thread.run_sync(told)
            if found is not None:
                return found
            with self._memory.lock:
                missing = self._memory.rollups.missing(wanted)
                started, settled = self._starts, self._settled
                self._loading.append(settled)
            try:
                rows = await self._database.read(ASK["spans"], {"spans": _asked(missing)})
                whole = await anyio.to_thread.run_sync(self._put, missing, rows, started, settled)
            finally:
                with self._memory.lock:
                    self._loading.remove(settled)
            if not whole:
                await self._follow()
        raise UnavailableError("The graph's roll-ups are being changed just now; ask again in some seconds.")

    def held(self, like: TimeRange) -> TimeRange | None:
        """The range most like this one that needs nothing from the database."""
        with self._memory.lock:
            held = [one for one in self._asked if self._memory.rollups.holds(spans(one))]
        return min(held, key=lambda one: abs(one.start - like.start) + abs(one.end - like.end), default=None)

    async def _follow(self) -> None:
        for attempt in range(_TORN):
            found = await self._database.read(ASK["state"], within=self._patience)
            keys, blocks, settled, epoch = found[0] if found else (0, 0, 0, 0)
            with self._memory.lock:
                idle = not (self._memory.rollups.cached or self._loading)
                # A gap that stays is no commit seen in parts: what we missed was merged and is gone.
                if epoch != self._epoch or attempt == _TORN // 2 or (idle and self._number < settled):
                    self._restart(epoch, settled)
                known, number = self._memory.keys, self._number
            if await self._follow_keys(known, keys) and await self._follow_blocks(number, blocks):
                with self._memory.lock:
                    self._settle(settled)
                return
            await asyncio.sleep(_PAUSE * attempt)
        raise DamagedStoreError(
            "The graph database has gaps among its flow keys or blocks; run `tapetum verify`, "
            "then restore it from a copy."
        )

    async def _follow_keys(self, known: int, keys: int) -> bool:
        size = _FIRST
        while known < keys:
            last = min(known + size, keys)
            (columns,) = await self._database.read(KEYS, {"first": known, "last": last})
            if len(columns[0]) != last - known:
                return False
            await anyio.to_thread.run_sync(lambda columns=columns: self._memory.enter(to_table(columns)))
            known, size = last, min(2 * size, AT_ONCE)
        return True

    async def _follow_blocks(self, number: int, last: int) -> bool:
        if number >= last:
            return True
        rows = await self._database.read(ASK["appended"], {"after": number, "last": last})
        if len(rows) != last - number:
            return False
        blocks = [
            Appended(number, unit, bucket, *Packed(*packed).unpacked())
            for number, unit, bucket, *packed in rows
        ]
        with self._memory.lock:
            self._append(blocks)
        return True

    def _restart(self, epoch: int, settled: int) -> None:
        """What is settled is all there; what came after it is followed, whatever is cached is loaded anew."""
        self._memory.forget()
        self._starts += 1
        self._epoch, self._number, self._settled, self._recent = epoch, settled, settled, []

    def _append(self, blocks: list[Appended]) -> None:
        """Those that follow; others were followed already."""
        for block in blocks:
            if block.number == self._number + 1:
                self._number = block.number
                self._recent.append(block)
                buckets = block.codes * 0 + block.bucket
                self._memory.rollups.follow(block.unit, buckets, block.codes, block.counts)

    def _settle(self, settled: int) -> None:
        self._settled = max(self._settled, min(settled, self._number))
        needed = min([self._settled, *self._loading])
        self._recent = [block for block in self._recent if block.number > needed]

    def _put(self, spans: list[Span], rows: list[list[Any]], started: int, settled: int) -> bool:
        """Keep loaded spans as of all that was followed; False where they are of another moment."""
        found: dict[int, dict[int, list[list[Any]]]] = {place: {} for place in range(len(spans))}
        for place, bucket, *block in rows:
            found[place].setdefault(bucket, []).append(block)
        loaded: list[tuple[Codes, Counts]] = []
        for buckets in found.values():
            parts: list[tuple[Codes, Counts]] = []
            for blocks in buckets.values():
                merged = max((upto for _, upto, *_ in blocks if upto is not None), default=0)
                if merged > settled:
                    return False
                parts += [
                    Packed(*packed).unpacked()
                    for number, upto, *packed in blocks
                    if (upto == merged if number is None else merged < number <= settled)
                ]
            loaded.append(added(parts))
        with self._memory.lock:
            if self._starts != started:
                return False
            since = [block for block in self._recent if block.number > settled]
            for span, sums in zip(spans, loaded, strict=True):
                recent = [
                    (block.codes, block.counts)
                    for block in since
                    if block.unit == span.unit and span.first <= block.bucket < span.last
                ]
                self._memory.rollups.put(span, make_block(*(added([sums, *recent]) if recent else sums)))
        return True


def _asked(spans: list[Span]) -> list[list[int]]:
    return [[span.unit, span.first, span.last] for span in spans]


def _loaded(span: Span) -> Any:
    raise AssertionError(span)  # all were there when the lock was taken
