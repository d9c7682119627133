"""What the blocks need over time: merging those of a bucket, and retention. Safe to run in many places."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from tapetum.domain.moments import HOUR, MINUTE, Micros
from tapetum.graphdb.neo4j import Neo4j, Transaction
from tapetum.graphdb.statements import statements
from tapetum.graphstore.buckets import keeps_minutes
from tapetum.graphstore.neo4j import cypher
from tapetum.graphstore.neo4j.blocks import Packed, added, pack
from tapetum.graphstore.rollups import Codes, Counts

ASK = statements(cypher.__name__)

_LATE = 2 * MINUTE
"""After its end a bucket is closed: what still comes is merged again."""
_GRACE = MINUTE
"""How long blocks outlive their merging; a reader takes milliseconds."""
_MANY = 64
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class HourSums:
    """The sums of one hour, by flow key."""

    bucket: int
    flow_key: npt.NDArray[np.uint64]
    counts: Counts


class Upkeep:
    def __init__(self, database: Neo4j) -> None:
        self._database = database

    def tidy(self, now: Micros) -> int:
        """Merge blocks, remove those merged before, and minutes no longer kept; returns how many buckets."""
        self._drain("sweep", {"before": now - _GRACE})
        self._drain("drop_minutes", {"unit": MINUTE, "first": keeps_minutes(now)})
        values = {"many": _MANY, "closed": now - _LATE, "most": _AT_ONCE}
        buckets = self._database.write(lambda tx: tx.run(ASK["untidy"], values))
        for unit, bucket in buckets:
            self._database.write(_merging(unit, bucket, now))
        return len(buckets)

    def expire(self, cluster: str, hours: Iterable[int]) -> None:
        """Remove whole hours of a cluster."""
        self._database.write(_expiring(cluster, sorted(hours)))

    def forget_batches(self, before: Micros) -> None:
        """Forget the ids of batches applied, and of alerts raised, before; they would be so again."""
        self._drain("forget_batches", {"before": before})
        self._drain("forget_raised", {"before": before})

    def hour_sums(self) -> Iterator[HourSums]:
        """Every hour as the database holds it, in order; nothing of it comes from memory."""
        flow_key = np.empty(0, np.int64)
        for (bucket,) in self._database.write(lambda tx: tx.run(ASK["hours"], {"unit": HOUR})):
            ask = partial(_sums, unit=HOUR, bucket=bucket, question="whole_bucket")
            _, (codes, counts) = self._database.write(ask)
            if len(codes) and codes[-1] >= len(flow_key):
                flow_key = self._flow_keys()
            yield HourSums(bucket, flow_key[codes].view(np.uint64), counts)

    def _flow_keys(self) -> npt.NDArray[np.int64]:
        """By code."""
        rows = np.array(self._database.write(lambda tx: tx.run(ASK["flow_keys"])), np.int64).reshape(-1, 2)
        found = np.zeros(int(rows[:, 0].max(initial=-1)) + 1, np.int64)
        found[rows[:, 0]] = rows[:, 1]
        return found

    def _drain(self, question: str, values: dict[str, Any]) -> None:
        """In small transactions, as nobody waits for it."""
        while True:
            ((gone,),) = self._database.write(lambda tx: tx.run(ASK[question], values | {"most": _AT_ONCE}))
            if gone < _AT_ONCE:
                return


def _sums(tx: Transaction, unit: int, bucket: int, question: str) -> tuple[int, tuple[Codes, Counts]]:
    """A bucket's sums, and the number of the last block that they hold."""
    blocks = tx.run(ASK[question], {"unit": unit, "bucket": bucket})
    merged = max((upto for _, upto, *_ in blocks if upto is not None), default=0)
    last = max([merged, *(number for number, *_ in blocks if number is not None)])
    parts = [
        Packed(*packed).unpacked()
        for number, upto, *packed in blocks
        if (upto == merged if number is None else number > merged)
    ]
    return last, added(parts)


def _merging(unit: int, bucket: int, now: Micros):  # noqa: ANN202 - said once, by write
    def work(tx: Transaction) -> None:
        upto, sums = _sums(tx, unit, bucket, "bucket")
        values = {"unit": unit, "bucket": bucket, "upto": upto, "now": now}
        tx.run(ASK["merge"], values | pack(*sums).properties)

    return work


def _expiring(cluster: str, hours: list[int]):  # noqa: ANN202 - said once, by write
    per_hour = HOUR // MINUTE
    minutes = [minute for hour in hours for minute in range(hour * per_hour, (hour + 1) * per_hour)]

    def work(tx: Transaction) -> None:
        tx.run(ASK["take_turn"])
        ((codes,),) = tx.run(ASK["codes_of"], {"cluster": cluster})
        for unit, buckets in ((HOUR, hours), (MINUTE, minutes)):
            kept: list[dict[str, Any]] = []
            gone: list[str] = []
            for block, *packed in tx.run(ASK["blocks_of"], {"unit": unit, "buckets": buckets}):
                held, counts = Packed(*packed).unpacked()
                keep = ~np.isin(held, codes)
                if not keep.any():
                    gone.append(block)
                elif not keep.all():
                    kept.append({"id": block, "sums": pack(held[keep], counts[keep]).properties})
            tx.run(ASK["rewrite"], {"rows": kept})
            tx.run(ASK["remove"], {"ids": gone})
        tx.run(ASK["next_epoch"])

    return work
