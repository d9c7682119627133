"""Gets servers by Maven and apt, once a machine: built beside its place, renamed into it, one run at once."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path

from tests.engines.errors import EngineError
from tests.engines.group import Group
from tests.engines.machine import Machine, cache_folder, look
from tests.engines.neo4j_server import Neo4j
from tests.engines.plan import Plan
from tests.engines.ports import free_ports

VERSIONS = {"neo4j": "5.26.20", "elasticsearch": "9.4.3"}
_POMS = Path(__file__).parent


def machine() -> Machine:
    return look(frozenset(kind for kind in VERSIONS if home(kind).is_dir()))


def home(kind: str) -> Path:
    return cache_folder() / f"{kind}-{VERSIONS[kind]}"


def install(plan: Plan, kinds: Collection[str]) -> None:
    """What the plan needs as processes here; says what it downloads, since that takes a minute or two."""
    if "redis" in kinds and shutil.which("redis-server") is None:
        _install_redis()
    for kind in sorted(set(kinds) & set(VERSIONS)):
        cache_folder().mkdir(parents=True, exist_ok=True)
        with _alone(kind):
            if not home(kind).is_dir():
                print(
                    f"Downloading {kind} {VERSIONS[kind]} into {cache_folder()}.", file=sys.stderr, flush=True
                )
                _download(kind)
            if kind == "neo4j":
                _archive(Neo4j(plan.javas[kind], home(kind)))


@contextmanager
def _alone(kind: str) -> Generator[None]:
    with (cache_folder() / f".{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download(kind: str) -> None:
    goal = {"neo4j": "dependency:copy-dependencies", "elasticsearch": "dependency:unpack"}[kind]
    with tempfile.TemporaryDirectory(prefix=f".{kind}-", dir=cache_folder()) as name:
        build = Path(name)
        # A repository of its own: Maven's is not made for two runs at once, and would keep 900 MB for good.
        options = ["-q", "-B", "--no-transfer-progress", "-Dstyle.color=never"]
        folders = [f"-Dmaven.repo.local={build}/repository", f"-Dinto={build}/got"]
        done = subprocess.run(
            ["mvn", *options, *folders, "-f", _POMS / f"{kind}.pom.xml", goal],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = f"{done.stdout[-2000:]}{done.stderr[-500:]}"
            raise EngineError(f"Maven could not download {kind} {VERSIONS[kind]}:\n{said}")
        ready = build / "ready"
        if kind == "neo4j":
            ready.mkdir()
            (build / "got").rename(ready / "lib")
        else:
            (found,) = (build / "got").glob("*/elasticsearch")
            found.rename(ready)
            (found.parent / "bin" / "elasticsearch").rename(ready / "bin" / "elasticsearch")
            (ready / "bin" / "elasticsearch").chmod(0o755)
            (ready / "plugins").mkdir(exist_ok=True)
        ready.chmod(0o755)
        ready.rename(home(kind))


def _archive(server: Neo4j) -> None:
    """One start that ends in good order, so that later ones need not load each class anew."""
    if server.archive.exists():
        return
    print("Preparing Neo4j to start faster.", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="tapetum-neo4j-") as name:
        folder = Path(name)
        (port,) = free_ports()
        server.launch(folder, port, quick=True)
        made = folder / "classes.jsa"
        command = server.server(
            folder, "-Xmx1g", "-XX:TieredStopAtLevel=1", f"-XX:ArchiveClassesAtExit={made}"
        )
        group = Group.launch(command, folder, folder / "out.log")
        try:
            until = time.monotonic() + 180
            while not server.ready(server.url(port)):
                if not group.running or time.monotonic() > until:
                    raise EngineError(f"Neo4j did not start:\n{(folder / 'out.log').read_text()[-2000:]}")
                time.sleep(0.2)
            group.stop(180)
        finally:
            group.send(signal.SIGKILL)
        if made.exists():  # a Java without this feature starts slower, and that is all
            beside = server.archive.with_suffix(".part")
            shutil.copyfile(made, beside)
            beside.rename(server.archive)


def _install_redis() -> None:
    print("Installing redis-server, which this machine lacks.", file=sys.stderr, flush=True)
    # In this run level the package starts no service.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for words in ("update -qq", "install -y -qq redis-server"):
        done = subprocess.run(
            ["apt-get", *words.split()], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise EngineError(f"apt-get {words} failed: {done.stderr.strip()[-500:]}")
