"""An engine in a container: a service of the project's compose.yaml, with tests' settings laid over it."""

import os
import subprocess
import time
from pathlib import Path
from typing import Self

from tests.engines.engine import Engine
from tests.engines.errors import EngineError
from tests.engines.keeping import keeping
from tests.engines.ports import free_ports
from tests.engines.server import Server

ROOT = Path(__file__).parents[2]
START = 300


class Composed(Engine):
    """A Compose project of its own, so that two names share neither container nor volume."""

    def __init__(
        self, server: Server, name: str, *, project: str | None = None, port: int | None = None
    ) -> None:
        self.port = port or free_ports()[0]
        super().__init__(server, name, server.url(self.port))
        self._outlives = project is not None
        self.project = project or f"tapetum-tests-{os.getpid()}-{server.kind}-{name}"

    @property
    def running(self) -> bool:
        return self.kind in self._compose("ps", "--services", "--status", "running").split()

    def start(self) -> Self:
        with self._lock:
            if not self._outlives:
                keeping.at_end(
                    self.project, command=self._command("down", "--volumes"), environment=self._environment
                )
            self._compose("up", "--detach", "--no-deps", self.kind)
            until = time.monotonic() + START
            while not self.ready():
                if time.monotonic() > until:
                    raise EngineError(f"{self} was not ready after {START} s; `docker logs` says why.")
                time.sleep(0.1)
        return self

    def stop(self) -> None:
        self._compose("stop", "--timeout", "90", self.kind)

    def kill(self) -> None:
        self._compose("kill", "--signal", "SIGKILL", self.kind)

    def pause(self) -> None:
        self._compose("pause", self.kind)

    def resume(self) -> None:
        self._compose("unpause", self.kind)

    @property
    def _environment(self) -> dict[str, str]:
        """The project's file asks for passwords; the services that tests use take none of these."""
        unused = dict.fromkeys(
            ("TAPETUM_NEO4J_PASSWORD", "TAPETUM_ELASTICSEARCH_PASSWORD", "TAPETUM_REDIS_PASSWORD"),
            "unused-by-tests",
        )
        auth = "/".join(self.auth) if self.auth else "none"
        return {
            **os.environ,
            **unused,
            "TAPETUM_TESTS_PORT": str(self.port),
            "TAPETUM_TESTS_NEO4J_AUTH": auth,
        }

    def _command(self, *words: str) -> list[str]:
        files = [str(ROOT / "compose.yaml"), str(ROOT / "tests" / "engines" / "compose.yaml")]
        return ["docker", "compose", "-p", self.project, *(f"--file={file}" for file in files), *words]

    def _compose(self, *words: str) -> str:
        done = subprocess.run(
            self._command(*words),
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        if done.returncode:
            raise EngineError(
                f"`docker compose {' '.join(words)}` failed for {self}: {done.stderr.strip()[-1000:]}"
            )
        return done.stdout
