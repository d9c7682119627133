"""The distributed composition over the tests' servers, empty, with a clock that stands still unless told."""

from collections.abc import Generator
from contextlib import closing, contextmanager, nullcontext

from tapetum.bus.redis import RedisBus
from tapetum.catalog.neo4j import Neo4jCatalog
from tapetum.domain.scope import EVERYTHING
from tapetum.service.distributed.composition import Distributed
from tests import engines
from tests.support import on_elasticsearch, on_neo4j
from tests.support.stores import Clock


@contextmanager
def stores(clock: Clock | None = None) -> Generator[Distributed]:
    clock = clock or Clock()
    with (
        on_elasticsearch.log_store(clock) as logs,
        on_neo4j.graph_store(engines.neo4j(), clock) as graph,
        closing(Neo4jCatalog(**on_neo4j.where(engines.neo4j()))) as catalog,
    ):
        bus = RedisBus(
            engines.redis().url,
            lambda number, limit: logs.alerts_after(EVERYTHING, number, limit),
            lambda: logs.last_alert(EVERYTHING),
        )
        yield Distributed(logs, graph, catalog, bus, clock, lambda _: nullcontext())
