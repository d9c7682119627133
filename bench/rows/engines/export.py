"""Flows exported and paged through while others arrive, from Elasticsearch."""

import itertools
from collections.abc import Callable, Iterator

from bench import exporting, inputs
from bench.figures import Figure
from bench.prepared import decoded
from bench.servers import stores
from bench.setting import Setting
from bench.stores import NOW
from tapetum.bus.port import Delivery
from tapetum.domain.batches import Batch
from tapetum.domain.moments import HOUR, SECOND, TimeRange
from tapetum.ingest.forms import Form
from tapetum.ingest.sources.files import file_bodies

ROW = "engines.export"
_HOURS = 6
_LINES = 1_000_000
_AT_ONCE = 4 << 20


def run(setting: Setting) -> list[Figure]:
    epoch = NOW // SECOND // 300 * 300 - _HOURS * 3600
    within = TimeRange(epoch * SECOND, epoch * SECOND + _HOURS * HOUR)
    names = itertools.count()
    with stores(lambda: NOW, empty=True) as opened, setting.directory() as files:

        def append(batch: Batch) -> int:
            with opened.logs.transaction(batch.id) as attempt:
                return opened.logs.append(attempt, batch).receipt.accepted

        def made(name: str, lines: int) -> inputs.LogFile:
            return inputs.clean(files / name, lines, setting.scale, epoch, _HOURS * 3600)

        there = 0
        file = made("there.ndjson", setting.sized(_LINES, 2_000))
        for place, body in enumerate(file_bodies(file.path, _AT_ONCE)):
            there += append(decoded(Delivery(str(place), "bench", Form.CALICO, body.source, NOW, body.data)))
        opened.logs.refresh()
        more = made("more.ndjson", there // 20)

        def arrive() -> Iterator[Callable[[], list[str]]]:
            """Anywhere in the range."""
            opened.logs.refresh()
            return exporting.batches(more.path, f"arriving-{next(names)}", NOW, append)

        api = exporting.context(opened, lambda: NOW)
        return exporting.figures(ROW, f"{there:,} flows", api, within, arrive, there)
