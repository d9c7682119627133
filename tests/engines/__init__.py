"""Real Neo4j, Elasticsearch and Redis for tests.

`engines.redis("orders")` is a running server, started at its first use, the same one at each further use
in this process, and gone when the process ends. Two names are two servers, unless their URL was given
(TAPETUM_NEO4J_URL and so on): then every name is that one, and a test that kills asks for `engines.own`.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from tests.engines.engine import Engine
from tests.engines.errors import EngineError, MissingError
from tests.engines.machine import KINDS
from tests.engines.making import make, prepare

__all__ = [
    "KINDS",
    "Engine",
    "EngineError",
    "MissingError",
    "elasticsearch",
    "neo4j",
    "own",
    "prepare",
    "redis",
    "start_all",
]

_Key = tuple[str, str, bool, str | None, bool]
_engines: dict[_Key, Engine] = {}
_lock = Lock()


def neo4j(name: str = "contract", *, password: str | None = None) -> Engine:
    """A running Neo4j; `password` (at least 8 characters) makes it ask for that of the user neo4j."""
    return _started("neo4j", name, password=password)


def elasticsearch(name: str = "contract") -> Engine:
    return _started("elasticsearch", name)


def redis(name: str = "contract") -> Engine:
    return _started("redis", name)


def own(kind: str, name: str, *, password: str | None = None, quick: bool = True) -> Engine:
    """One that only this process knows, so that it may be killed; `quick=False` is for benchmarks: a server
    as it runs in production, which takes twice as long to start."""
    return _started(kind, name, own=True, password=password, quick=quick)


def start_all(name: str = "contract", kinds: Collection[str] = KINDS) -> dict[str, Engine]:
    """Those of one name, started side by side; by kind."""
    with ThreadPoolExecutor(len(kinds)) as pool:
        return dict(zip(kinds, pool.map(lambda kind: _started(kind, name), kinds), strict=True))


def _started(
    kind: str, name: str, *, own: bool = False, password: str | None = None, quick: bool = True
) -> Engine:
    key = (kind, name, own, password, quick)
    with _lock:
        engine = _engines.get(key)
        if engine is None:
            engine = _engines[key] = make(kind, name, own=own, password=password, quick=quick)
    return engine.start()
