"""A server's processes as one group: started, asked to end, killed, frozen. Knows nothing of servers."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.engines.errors import EngineError


@dataclass(frozen=True, slots=True)
class Launch:
    """How a server is started; `user` is whom root becomes for it."""

    command: Sequence[str | Path]
    environment: Mapping[str, str]
    user: int | None = None


class Group:
    def __init__(self, launch: Launch, folder: Path, log: Path) -> None:
        with log.open("ab") as output:
            self._first = subprocess.Popen(
                launch.command,
                env=dict(launch.environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=launch.user,
                group=launch.user,
                extra_groups=None if launch.user is None else [],
            )
        self.id = self._first.pid

    @property
    def running(self) -> bool:
        return self._first.poll() is None

    def stop(self, within: float) -> None:
        self.send(signal.SIGTERM)
        self.send(signal.SIGCONT)  # the frozen would not hear it
        if not self._ended(within):
            self.kill()
            raise EngineError(
                f"The server's processes had not ended {within:.0f} s after SIGTERM; killed them."
            )

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        if not self._ended(30):
            raise EngineError(f"Processes of group {self.id} outlived SIGKILL by 30 s.")

    def send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.id, number)

    def _ended(self, within: float) -> bool:
        until = time.monotonic() + within
        while time.monotonic() < until:
            self._first.poll()
            if not members(self.id):
                return True
            time.sleep(0.02)
        return False


def members(group: int) -> list[int]:
    """Processes of the group that still run; the dead that nobody has buried yet do not count."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, owner = stat.read_text().rpartition(")")[2].split()[:3]
            if int(owner) == group and state not in "ZX":
                found.append(int(stat.parent.name))
    return found
