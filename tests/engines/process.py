"""An engine that is a process here, on free loopback ports, with a data directory of its own."""

import signal
import tempfile
import time
from pathlib import Path
from typing import Self

from tests.engines.engine import Engine
from tests.engines.errors import EngineError
from tests.engines.group import Group
from tests.engines.keeping import keeping
from tests.engines.ports import free_ports
from tests.engines.server import Server

START = 300
STOP = 90


class Process(Engine):
    """Ends with this process, data and all, unless `folder` names where they stay: then both outlive it."""

    def __init__(
        self,
        server: Server,
        name: str,
        *,
        quick: bool = True,
        port: int | None = None,
        folder: Path | None = None,
        group: Group | None = None,
    ) -> None:
        self.port = port or free_ports(server.ports)[0]
        super().__init__(server, name, server.url(self.port))
        self._quick = quick
        self._outlives = folder is not None
        self._group = group
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix=f"tapetum-{server.kind}-{name}-"))
            keeping.at_end(str(folder), folder=str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    @property
    def log(self) -> Path:
        return self.folder / "out.log"

    @property
    def group(self) -> int:
        return self._running_group().id

    @property
    def running(self) -> bool:
        return self._group is not None and self._group.running

    def start(self) -> Self:
        with self._lock:
            if not self.running:
                launch = self.server.launch(self.folder, self.port, quick=self._quick)
                self._group = Group.launch(launch, self.folder, self.log)
                if not self._outlives:
                    keeping.at_end(self._mark, group=self._group.id)
                self._await()
        return self

    def stop(self) -> None:
        with self._lock:
            self._running_group().stop(STOP)
            self._gone()

    def kill(self) -> None:
        with self._lock:
            self._running_group().kill()
            self._gone()

    def pause(self) -> None:
        self._running_group().send(signal.SIGSTOP)

    def resume(self) -> None:
        self._running_group().send(signal.SIGCONT)

    @property
    def _mark(self) -> str:
        return f"{self.folder} runs"

    def _await(self) -> None:
        until = time.monotonic() + START
        while not self.ready():
            if not self.running or time.monotonic() > until:
                why = f"was not ready after {START} s" if self.running else "ended while it started"
                if self.running:
                    self.kill()
                raise EngineError(f"{self.kind} {self.name!r} {why}; its log ends:\n{self._last_words()}")
            time.sleep(0.05)

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def _running_group(self) -> Group:
        if self._group is None or not self._group.running:
            raise EngineError(f"{self.kind} {self.name!r} is not running.")
        return self._group

    def _gone(self) -> None:
        self._group = None
        if not self._outlives:
            keeping.forget(self._mark)
