"""Log stores on the tests' Elasticsearch, each under a prefix of its own that later ones use again.

Making and dropping indices takes the server a tenth of a second each: documents are wiped instead, and
the indices go when the process ends.
"""

import atexit
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from tapetum.domain.errors import TapetumError
from tapetum.domain.moments import Clock
from tapetum.logstore.elasticsearch import ElasticsearchLogStore, Indexing
from tests import engines
from tests.support.factory import NOW

_free: list[str] = []
_all: list[str] = []


def url() -> str:
    return engines.elasticsearch().url


def opened(clock: Clock, prefix: str, **options: Any) -> ElasticsearchLogStore:
    return ElasticsearchLogStore(url(), clock, prefix=prefix, **options)


@contextmanager
def log_store(clock: Clock, **options: Any) -> Generator[ElasticsearchLogStore]:
    """An empty one, with its templates."""
    prefix = _free.pop() if _free else _made()
    store = opened(clock, prefix, **options)
    try:
        yield store
    finally:
        _wipe(store, prefix)
        store.close()
        _free.append(prefix)


def _made() -> str:
    prefix = f"test-{uuid4().hex[:12]}"
    store = opened(lambda: NOW, prefix, indexing=Indexing(refresh="-1"))
    store.migrate()
    store.close()
    if not _all:
        atexit.register(_remove)
    _all.append(prefix)
    return prefix


def _wipe(store: ElasticsearchLogStore, prefix: str) -> None:
    """Until nothing was passed over: a busy server counts what it was writing still as a conflict."""
    passed_over = 1
    while passed_over:
        store.refresh()
        _, answer = store._server.do(
            "POST",
            f"/{prefix}-*/_delete_by_query",
            {"query": {"match_all": {}}},
            parameters={"refresh": "true", "conflicts": "proceed"},
        )
        passed_over = answer.get("version_conflicts", 0)


def _remove() -> None:
    """The server may be gone by then, and everything with it."""
    for prefix in _all:
        store = opened(lambda: NOW, prefix, patience=5.0)
        with suppress(TapetumError):
            store.remove()
        store.close()
