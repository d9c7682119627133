"""Alerts ahead of the stores: what a batch's records raise by themselves, raised before they are stored.

Whoever stores them finds it raised (docs/decisions/0022-alerts-ahead.md).
"""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

import anyio.to_thread
import pyarrow as pa

from tapetum.detect import first_denied
from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.errors import TapetumError
from tapetum.domain.moments import Micros
from tapetum.domain.shapes import SHAPES
from tapetum.domain.together import Together
from tapetum.graphstore.port import FirstDenied
from tapetum.service.distributed.composition import Distributed

_EVERY, _LONG = 1.0, 60.0
"""Seconds: how often keys are learnt while something comes in, and how old what is known of them may be."""


@dataclass(frozen=True, slots=True)
class _Coming:
    """Records that are to be stored, and the first denials that they will show."""

    batch: Batch
    records: pa.Table
    denied: Sequence[FirstDenied] = ()

    def without(self, known: Collection[str]) -> "_Coming":
        others = self.records.filter(pc.invert(_among(self.records, known)))
        return replace(
            self, records=others, denied=[each for each in self.denied if each.record_id not in known]
        )


class Announcer:
    """`retention`: how much older than the newest record one may be."""

    def __init__(self, stores: Distributed, retention: Micros) -> None:
        self._stores = stores
        self._retention = retention
        self._numbering = Together[_Coming, Sequence[NumberedAlert]](self._number)
        self._writing = Together[Sequence[NumberedAlert], None](self._write)
        self._expects = asyncio.Event()
        self._learnt: float | None = None
        self._learning = asyncio.Lock()

    def expect(self) -> None:
        """Something came in, and may have to be announced."""
        self._expects.set()

    async def keep_ready(self) -> None:
        """Follow what was denied so far while something comes in: after long it takes long. Endless."""
        while True:
            await self._expects.wait()
            self._expects.clear()
            with suppress(TapetumError):  # whoever announces is told
                await self._learn()
            await asyncio.sleep(_EVERY)

    async def announce(self, batch: Batch) -> None:
        """Raises UnavailableError where an engine is away."""
        while self._learnt is None or asyncio.get_running_loop().time() - self._learnt > _LONG:
            await self._learn()
        await anyio.to_thread.run_sync(self._announce, batch)

    async def _learn(self) -> None:
        """Once for all who ask meanwhile, as the first time may be long. What others denied since is no harm:
        whoever raised it first has its alert's id.
        """
        before = self._learnt
        async with self._learning:
            if self._learnt == before:
                await self._stores.graph.learn_keys()
                self._learnt = asyncio.get_running_loop().time()

    def _announce(self, batch: Batch) -> None:
        records = self._recent(batch)
        denied = self._stores.graph.foreseen(records) if batch.kind is RecordKind.FLOWS else ()
        raised = self._numbering.do(_Coming(batch, records, denied))
        if raised:
            self._writing.do(raised)
            self._stores.graph.written([one.number for one in raised])

    def _recent(self, batch: Batch) -> pa.Table:
        """The records that will not be refused for their age."""
        newest = self._stores.newest(batch.cluster, batch.kind)
        if newest is None:
            return batch.records
        times = batch.records.column(SHAPES[batch.kind].time).cast(pa.int64())
        return batch.records.filter(pc.greater_equal(times, min(newest, batch.received_at) - self._retention))

    def _number(self, some: Sequence[_Coming]) -> list[Sequence[NumberedAlert]]:
        """All that nobody raised before, for one of them to write."""
        self._stores.follow()
        told = [self._told(each) for each in some]
        known = self._stored(some, {record for alerts in told for one in alerts for record in one.evidence})
        if known:  # they came before, and raised then what they do
            told = [self._told(each.without(known)) for each in some]
        alerts = {one.id: one for each in reversed(told) for one in each}
        numbered = self._stores.numbered(list(alerts.values())) if alerts else ()
        return [numbered, *[()] * (len(some) - 1)]

    def _write(self, some: Sequence[Sequence[NumberedAlert]]) -> list[None]:
        self._stores.write([one for each in some for one in each])
        return [None] * len(some)

    def _told(self, coming: _Coming) -> list[Alert]:
        """As storing them tells it."""
        batch, records = coming.batch, coming.records
        said = self._stores.rulebook.say(batch, records, self._stores.clock())
        listed = self._stores.watchlist.see(batch, records)
        return [*first_denied.alerts_of(coming.denied, batch.traces), *said, *listed]

    def _stored(self, some: Sequence[_Coming], wanted: Collection[str]) -> frozenset[str]:
        """Which records of some ids are stored already."""
        known: set[str] = set()
        for kind, alike in groupby(sorted(some, key=_kind_of), _kind_of):
            shown = pa.concat_tables([each.records.filter(_among(each.records, wanted)) for each in alike])
            if shown.num_rows:
                there = shown.filter(pa.array(self._stores.logs.stored(kind, shown)))
                known.update(there.column("id").to_pylist())
        return frozenset(known)


def _kind_of(coming: _Coming) -> RecordKind:
    return coming.batch.kind


def _among(records: pa.Table, ids: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(records.column("id"), pa.array(sorted(ids), pa.string()))
