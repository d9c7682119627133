"""Puts an engine together from where its kind comes from on this machine."""

import os
from collections.abc import Collection
from functools import cache

from tests.engines.compose import Composed
from tests.engines.elasticsearch_server import Elasticsearch
from tests.engines.engine import Engine, Given
from tests.engines.install import home, install, machine
from tests.engines.machine import KINDS
from tests.engines.neo4j_server import USER, Neo4j
from tests.engines.plan import Plan, Source, choose
from tests.engines.process import Process
from tests.engines.redis_server import Redis
from tests.engines.server import Server


def prepare(kinds: Collection[str] = KINDS, *, own: bool = False) -> Plan:
    """Get what is not here yet; raises one sentence with everything that this machine lacks."""
    plan = choose(machine(), kinds, own=own)
    install(plan, [kind for kind in kinds if plan.sources[kind] is Source.PROCESS])
    return plan


def make(kind: str, name: str, *, own: bool, password: str | None, quick: bool) -> Engine:
    # Another password than the given server's is another server.
    plan = _ready(kind, own=own or (password is not None))
    source = plan.sources[kind]
    if source is Source.GIVEN:
        return Given(_given(kind), name, machine().urls[kind])
    server = local(kind, plan, password=password)
    if source is Source.COMPOSE:
        return Composed(server, name)
    return Process(server, name, quick=quick)


def local(kind: str, plan: Plan, *, password: str | None = None) -> Server:
    match kind:
        case "neo4j":
            return Neo4j(plan.javas.get(kind), home(kind), password=password)
        case "elasticsearch":
            return Elasticsearch(plan.javas.get(kind), home(kind))
        case "redis":
            return Redis()
        case _:
            raise ValueError(f"There is no engine {kind!r}; there are {', '.join(KINDS)}.")


@cache
def _ready(kind: str, *, own: bool) -> Plan:
    plan = choose(machine(), [kind], own=own)
    if plan.sources[kind] is Source.PROCESS:
        install(plan, [kind])
    return plan


def _given(kind: str) -> Server:
    if kind == "neo4j":
        user = os.environ.get("TAPETUM_NEO4J_USER") or USER
        return Neo4j(user=user, password=os.environ.get("TAPETUM_NEO4J_PASSWORD") or None)
    return Elasticsearch() if kind == "elasticsearch" else Redis()
