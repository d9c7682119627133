"""Where each server comes from on machines that have this and lack that."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.engines.errors import MissingError
from tests.engines.machine import KINDS, Java, Machine
from tests.engines.plan import Source, choose


def java(version: str, *, full: bool = True) -> Java:
    return Java(Path(f"java-{version}"), version, full)


BARE = Machine(
    urls={}, compose=False, javas=(), maven=False, redis=False, packages=False, installed=frozenset()
)
USUAL = replace(BARE, javas=(java("17.0.15"), java("25.0.3")), maven=True, packages=True)


def test_given_servers_come_first_then_compose_then_processes() -> None:
    urls = {"redis": "redis://example.test"}
    assert set(choose(USUAL).sources.values()) == {Source.PROCESS}
    assert set(choose(replace(USUAL, compose=True)).sources.values()) == {Source.COMPOSE}
    assert choose(replace(USUAL, compose=True, urls=urls)).sources == {
        "neo4j": Source.COMPOSE,
        "elasticsearch": Source.COMPOSE,
        "redis": Source.GIVEN,
    }


def test_a_server_of_our_own_is_never_a_given_one() -> None:
    machine = replace(USUAL, urls=dict.fromkeys(KINDS, "x://example.test"))
    assert set(choose(machine, own=True).sources.values()) == {Source.PROCESS}


@pytest.mark.parametrize(
    ("versions", "neo4j", "elasticsearch"),
    [
        (["17.0.15", "25.0.3"], "17.0.15", "25.0.3"),
        (["17.0.15", "21.0.9", "25.0.3"], "21.0.9", "25.0.3"),
        (["25.0.3", "21"], "21", "25.0.3"),
        (["25.0.3"], "25.0.3", "25.0.3"),
    ],
)
def test_each_server_runs_on_the_java_that_it_is_made_for(
    versions: list[str], neo4j: str, elasticsearch: str
) -> None:
    javas = choose(replace(USUAL, javas=tuple(java(version) for version in versions))).javas
    assert {kind: each.version for kind, each in javas.items()} == {
        "neo4j": neo4j,
        "elasticsearch": elasticsearch,
    }


def test_all_that_is_missing_is_one_sentence() -> None:
    with pytest.raises(MissingError) as raised:
        choose(BARE)
    assert str(raised.value) == (
        "The tests' servers cannot be had on this machine: "
        "Neo4j needs a JDK 17 or newer (found: none) and Maven (mvn) for its download; "
        "Elasticsearch needs a full JDK 21 or newer (found: none) and Maven (mvn) for its download; "
        "Redis needs redis-server on the PATH; install that, or start a Docker engine with Compose, "
        "or set TAPETUM_NEO4J_URL and TAPETUM_ELASTICSEARCH_URL and TAPETUM_REDIS_URL to servers that "
        "tests may empty."
    )


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (
            replace(USUAL, javas=(java("17.0.15"),)),
            "Elasticsearch needs a full JDK 21 or newer (found: 17.0.15)",
        ),
        (
            replace(USUAL, javas=(java("17.0.15"), java("21.0.9", full=False))),
            "Elasticsearch needs a full JDK 21 or newer (found: 17.0.15, 21.0.9)",
        ),
        (
            replace(USUAL, javas=(java("11.0.2"),), installed=frozenset(KINDS)),
            "Neo4j needs a JDK 17 or newer",
        ),
        (replace(USUAL, packages=False), "Redis needs redis-server on the PATH;"),
        (replace(USUAL, maven=False, installed=frozenset({"neo4j"})), ": Elasticsearch needs Maven (mvn)"),
    ],
)
def test_only_what_is_missing_is_said(machine: Machine, said: str) -> None:
    with pytest.raises(MissingError) as raised:
        choose(machine)
    assert said in str(raised.value)


def test_what_was_downloaded_needs_no_maven() -> None:
    machine = replace(USUAL, maven=False, installed=frozenset({"neo4j", "elasticsearch"}))
    assert choose(machine).sources["neo4j"] is Source.PROCESS


def test_only_the_asked_kinds_must_be_there() -> None:
    assert choose(replace(BARE, redis=True), ["redis"]).sources == {"redis": Source.PROCESS}
