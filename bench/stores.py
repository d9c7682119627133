"""Filled stores that are built once and found again under the cache. Time stands still in them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tapetum.domain.moments import SECOND, Micros
from tapetum.service import duckdb_upkeep
from tapetum.service.embedded import Embedded, open_embedded

NOW: Micros = int(datetime(2026, 11, 23, 14, 37, 21, tzinfo=UTC).timestamp()) * SECOND
"""What the clock of these stores says; not on a whole hour, as hours are what roll-ups like best."""


@contextmanager
def kept(place: Path, fill: Callable[[Embedded], None]) -> Iterator[Embedded]:
    """The store at a place, filled where it is not there yet."""
    if not place.exists():
        fresh = place.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        store = _open(fresh)
        fill(store)
        duckdb_upkeep.fold(store.engine, NOW)  # as `up` does every minute
        store.engine.checkpoint()
        store.close()
        fresh.rename(place)
    store = _open(place)
    try:
        yield store
    finally:
        store.close()


def _open(place: Path) -> Embedded:
    return open_embedded(place, clock=lambda: NOW, memory_limit="1GB", threads=2)
