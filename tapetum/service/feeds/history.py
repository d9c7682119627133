"""What records that are kept already hold of a feed: the alerts that the stream would have raised.

The different values of each column are matched, which are far fewer than records; records are asked for only
of those that are listed.
"""

from collections import defaultdict
from typing import Any

import anyio.to_thread
import numpy as np
import pyarrow as pa
import structlog

from tapetum.detect.feeds.index import NONE
from tapetum.detect.feeds.matching import APART, READ, Watch, see
from tapetum.detect.feeds.texts import MATCHED, probe_of
from tapetum.detect.rules import MOST_EVIDENCE
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY, Micros, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.shapes import SHAPES
from tapetum.logstore.port import LogStore, Record, Search

log = structlog.get_logger()

MOST = 10_000
"""Records of one column that alerts are made of; beyond, the oldest are left out."""
_AT_ONCE = 100_000
"""Values that are looked up together: as Python's objects they take several times their room."""


async def past_alerts(logs: LogStore[Any], watch: Watch, now: Micros) -> list[Alert]:
    """Of all that is kept, oldest first; with the ids that the stream gives."""
    found: list[Alert] = []
    for kind in MATCHED:
        for cluster, records in (await _holding(logs, watch, kind, now)).items():
            rows = list(records.values())
            found += await anyio.to_thread.run_sync(_seen, watch, kind, cluster, rows)
    return sorted(found, key=lambda alert: (alert.time, alert.id))


def _seen(watch: Watch, kind: RecordKind, cluster: str, rows: list[Record]) -> list[Alert]:
    return see([watch], kind, cluster, pa.Table.from_pylist(rows, SHAPES[kind].record))


async def _holding(
    logs: LogStore[Any], watch: Watch, kind: RecordKind, now: Micros
) -> dict[str, dict[str, Record]]:
    """Records by cluster and id."""
    found: dict[str, dict[str, Record]] = defaultdict(dict)
    search = Search(kind, TimeRange(0, now + DAY))
    for column in MATCHED[kind]:
        values = await logs.values(EVERYTHING, search, column)
        listed = await anyio.to_thread.run_sync(_listed, watch, column, values)
        if not listed:
            continue
        records = await logs.holding(
            EVERYTHING, search, column, listed, APART[kind], MOST_EVIDENCE, MOST, ("cluster", *READ[kind])
        )
        if len(records) == MOST:
            log.warning("a feed's oldest matches are left out", feed=watch.feed.title, column=column)
        for record in records:
            found[record["cluster"]][record["id"]] = record
    return found


def _listed(watch: Watch, column: str, values: pa.Array) -> list[str]:
    found: list[str] = []
    for start in range(0, len(values), _AT_ONCE):
        some = values.slice(start, _AT_ONCE)
        places = np.flatnonzero(watch.index.find(probe_of(column, some)) != NONE)
        found += some.take(pa.array(places)).to_pylist()
    return found
