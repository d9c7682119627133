"""A server's processes as one group: started, asked to end, killed, frozen. Knows nothing of servers."""

import atexit
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.engines.errors import EngineError

_children: list[subprocess.Popen[bytes]] = []


@atexit.register
def _bury() -> None:
    """Python complains of children that nobody saw die. Runs after `keeping`, which registers later."""
    for child in _children:
        child.poll()


@dataclass(frozen=True, slots=True)
class Launch:
    """How a server is started; `user` is whom root becomes for it."""

    command: Sequence[str | Path]
    environment: Mapping[str, str]
    user: int | None = None


class Group:
    """Of one that an earlier process launched, only the id of its first process is known."""

    def __init__(self, first: int, own: subprocess.Popen[bytes] | None = None) -> None:
        self.id = first
        self._own = own

    @classmethod
    def launch(cls, launch: Launch, folder: Path, log: Path) -> Self:
        with log.open("ab") as output:
            own = subprocess.Popen(
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
        _children.append(own)
        return cls(own.pid, own)

    @property
    def running(self) -> bool:
        return self._own.poll() is None if self._own else self.id in members(self.id)

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
            running = self.running  # which also buries our child
            if not running and not members(self.id):
                return True
            time.sleep(0.02)
        return False


def birth(process: int) -> str | None:
    """When the process began, in ticks since this machine did: its id may be another's by now."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    return None


def members(group: int) -> list[int]:
    """Processes of the group that still run; the dead that nobody has buried yet do not count."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, owner = stat.read_text().rpartition(")")[2].split()[:3]
            if int(owner) == group and state not in "ZX":
                found.append(int(stat.parent.name))
    return found
