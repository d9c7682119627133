"""A million flows exported and paged through while others arrive, from the embedded store."""

import itertools
from collections.abc import Callable, Iterator

from bench import exporting, inputs
from bench.figures import Figure
from bench.setting import Setting
from bench.simulated import written_to
from bench.stores import NOW
from tapetum.domain.moments import SECOND
from tapetum.embedded.duckdb import Connection, first_row

ROW = "export"


def run(setting: Setting) -> list[Figure]:
    lines = setting.sized(1_000_000, 5_000)
    with written_to(setting, lines) as (store, within), setting.directory() as files:
        span, names = within.length // SECOND, itertools.count()
        more = inputs.clean(files / "more.ndjson", lines // 20, setting.scale, within.start // SECOND, span)

        def arrive() -> Iterator[Callable[[], list[str]]]:
            """Anywhere in the range."""
            return exporting.batches(more.path, f"arriving-{next(names)}", NOW, store.commit)

        api = exporting.context(store, lambda: NOW)
        return exporting.figures(
            ROW, f"{lines:,} flows", api, within, arrive, lines, lambda: store.engine.read_now(_kept)
        )


def _kept(connection: Connection) -> float:
    """Blocks of the file at hand, and what was committed and waits for its checkpoint."""
    tags = "'BASE_TABLE', 'METADATA', 'IN_MEMORY_TABLE', 'ART_INDEX', 'OVERFLOW_STRINGS'"
    statement = f"SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag IN ({tags})"
    return float(first_row(connection, statement)[0]) / 1e6
