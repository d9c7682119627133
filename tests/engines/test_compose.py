"""What is asked of Docker Compose, told by a `docker` that writes it down: no engine runs here."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.engines.compose import ROOT, Composed
from tests.engines.errors import EngineError
from tests.engines.neo4j_server import Neo4j

DOCKER = """#!{python}
import json, os, sys
with open({log!r}, "a") as log:
    given = [os.environ["TAPETUM_TESTS_" + name] for name in ("PORT", "NEO4J_AUTH")]
    print(json.dumps([sys.argv[1:], *given]), file=log)
if "kill" in sys.argv:
    sys.exit("no such container")
"""


class Answering(Neo4j):
    def ready(self, url: str) -> bool:
        return url.startswith("bolt://127.0.0.1:")


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    log = tmp_path / "said"
    docker = tmp_path / "docker"
    docker.write_text(DOCKER.format(python=sys.executable, log=str(log)))
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return log


def test_a_container_is_of_the_projects_own_file_and_of_its_own_project(said: Path) -> None:
    engine = Composed(Answering(password="correct horse"), "guarded", project="apart").start()
    engine.pause()
    engine.resume()
    engine.stop()
    calls = [json.loads(line) for line in said.read_text().splitlines()]
    assert {tuple(words[:5]) for words, _, _ in calls} == {
        ("compose", "-p", "apart", f"--file={ROOT}/compose.yaml", f"--file={ROOT}/tests/engines/compose.yaml")
    }
    assert [words[5:] for words, _, _ in calls] == [
        ["up", "--detach", "--no-deps", "neo4j"],
        ["pause", "neo4j"],
        ["unpause", "neo4j"],
        ["stop", "--timeout", "90", "neo4j"],
    ]
    assert {(port, auth) for _, port, auth in calls} == {(str(engine.port), "neo4j/correct horse")}
    assert engine.url == f"bolt://127.0.0.1:{engine.port}"


def test_what_docker_refuses_is_said(said: Path) -> None:
    engine = Composed(Answering(), "any", project="apart")
    with pytest.raises(
        EngineError, match=r"`docker compose kill .*` failed for <neo4j .*: no such container"
    ):
        engine.kill()
