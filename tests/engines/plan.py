"""Where each server comes from: given by URL, Docker Compose, or a process of our own. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from tests.engines.errors import MissingError
from tests.engines.machine import KINDS, URLS, Java, Machine

NEO4J_JAVA = 17
ELASTICSEARCH_JAVA = 21
TITLES = {"neo4j": "Neo4j", "elasticsearch": "Elasticsearch", "redis": "Redis"}


class Source(Enum):
    GIVEN = "given by URL"
    COMPOSE = "Docker Compose"
    PROCESS = "a process here"


@dataclass(frozen=True, slots=True)
class Plan:
    sources: dict[str, Source]
    javas: dict[str, Java]
    """For each kind that runs as a process on a JVM."""


def choose(machine: Machine, kinds: Collection[str] = KINDS, *, own: bool = False) -> Plan:
    """A source for each kind (`own`: no given one). Raises one sentence with all that is missing."""
    sources: dict[str, Source] = {}
    javas: dict[str, Java] = {}
    missing: list[str] = []
    for kind in kinds:
        if kind in machine.urls and not own:
            sources[kind] = Source.GIVEN
        elif machine.compose:
            sources[kind] = Source.COMPOSE
        else:
            sources[kind] = Source.PROCESS
            java = java_for(kind, machine.javas)
            if java:
                javas[kind] = java
            missing += lacks(kind, machine, java)
    if missing:
        variables = " and ".join(URLS[kind] for kind in kinds if sources[kind] is Source.PROCESS)
        raise MissingError(
            f"The tests' servers cannot be had on this machine: {'; '.join(missing)}; install that, "
            f"or start a Docker engine with Compose, or set {variables} to servers that tests may empty."
        )
    return Plan(sources, javas)


def lacks(kind: str, machine: Machine, java: Java | None) -> list[str]:
    if kind == "redis":
        return [] if machine.redis or machine.packages else ["Redis needs redis-server on the PATH"]
    needs: list[str] = []
    if java is None:
        found = ", ".join(sorted({each.version for each in machine.javas})) or "none"
        asked = (
            f"a JDK {NEO4J_JAVA} or newer" if kind == "neo4j" else f"a full JDK {ELASTICSEARCH_JAVA} or newer"
        )
        needs.append(f"{asked} (found: {found})")
    if kind not in machine.installed and not machine.maven:
        needs.append("Maven (mvn) for its download")
    return [f"{TITLES[kind]} needs {' and '.join(needs)}"] if needs else []


def java_for(kind: str, javas: Collection[Java]) -> Java | None:
    """Neo4j 5.26 is made for 17 and 21, and warns on newer ones; Elasticsearch takes the newest."""
    if kind == "neo4j":
        fit = [java for java in javas if java.major >= NEO4J_JAVA]
        return min(
            fit, key=lambda java: (21, 17).index(java.major) if java.major in (21, 17) else 2, default=None
        )
    if kind == "elasticsearch":
        fit = [java for java in javas if java.major >= ELASTICSEARCH_JAVA and java.full]
        return max(fit, key=lambda java: java.major, default=None)
    return None
