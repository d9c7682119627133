"""What this machine offers to run servers with. Only looks; the choice is made in `plan`."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.engines.errors import EngineError

URLS = {
    "neo4j": "TAPETUM_NEO4J_URL",
    "elasticsearch": "TAPETUM_ELASTICSEARCH_URL",
    "redis": "TAPETUM_REDIS_URL",
}
KINDS = tuple(URLS)


@dataclass(frozen=True, slots=True)
class Java:
    home: Path
    version: str
    full: bool
    """Whether it can compile: a runtime alone lacks modules that Elasticsearch asks for."""

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    @property
    def command(self) -> Path:
        return self.home / "bin" / "java"


@dataclass(frozen=True, slots=True)
class Machine:
    urls: Mapping[str, str]
    """Servers that run already, by kind."""

    compose: bool
    javas: tuple[Java, ...]
    maven: bool
    redis: bool
    packages: bool
    """Whether Debian packages may be installed."""

    installed: frozenset[str]
    """Kinds that an earlier run downloaded."""


@cache
def cache_folder() -> Path:
    """Shared by all clones. Root's lies where others may read: Elasticsearch refuses to run as root."""
    chosen = os.environ.get("TAPETUM_ENGINES_CACHE")
    if chosen:
        return Path(chosen).absolute()
    if os.geteuid() == 0:
        return Path("/var/cache/tapetum-engines")
    return Path.home() / ".cache" / "tapetum-engines"


@cache
def look(installed: frozenset[str]) -> Machine:
    only = os.environ.get("TAPETUM_ENGINES", "")
    if only not in ("", "compose", "local"):
        raise EngineError(f"TAPETUM_ENGINES is {only!r}; set it to compose or local, or unset it.")
    return Machine(
        urls={kind: os.environ[name] for kind, name in URLS.items() if os.environ.get(name)},
        compose=only != "local" and _answers("docker", "info") and _answers("docker", "compose", "version"),
        javas=() if only == "compose" else tuple(_javas(_java_homes())),
        maven=shutil.which("mvn") is not None,
        redis=only != "compose" and shutil.which("redis-server") is not None,
        packages=only != "compose" and os.geteuid() == 0 and shutil.which("apt-get") is not None,
        installed=installed,
    )


def _answers(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    try:
        return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _java_homes() -> list[Path]:
    named = [Path(value) for name, value in os.environ.items() if name.startswith("JAVA") and "HOME" in name]
    usual = [home for root in ("/usr/lib/jvm", "/usr/java", "/opt/java") for home in Path(root).glob("*")]
    found = shutil.which("java")
    return [*named, *usual, *([Path(found).resolve().parents[1]] if found else [])]


def _javas(homes: Iterable[Path]) -> list[Java]:
    """Each once, as its `release` file describes it; a folder without one is no Java."""
    found: dict[Path, Java] = {}
    for home in homes:
        release = home / "release"
        if not release.is_file() or not (home / "bin" / "java").is_file():
            continue
        version = re.search(r'^JAVA_VERSION="(\d[\d.]*)', release.read_text(), re.MULTILINE)
        if version:
            found[home.resolve()] = Java(home.resolve(), version[1], (home / "bin" / "javac").is_file())
    return list(found.values())
