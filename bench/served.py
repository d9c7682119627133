"""The product in a process of its own, as its users run it; ended by its process id."""

import http.client
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

_PATIENCE = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A child that listens on a port of the loopback address."""

    port: int
    pid: int

    @property
    def cpu(self) -> float:
        """Seconds so far, of all its threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, name: str = "VmRSS") -> float:
        """MB that are resident now; VmHWM is the most that ever were."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024 / 1e6
        raise AssertionError(f"The kernel does not tell {name}.")

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


def many_files() -> None:
    """Let this process and its children open as many sockets as they may."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def product(data: Path, *options: str) -> Iterator[Served]:
    """`tapetum up` over a data directory, once it answers."""
    command = [
        str(Path(sys.executable).parent / "tapetum"),
        "up",
        "--data",
        str(data),
        "--port",
        "0",
        *options,
    ]
    with tempfile.TemporaryFile() as said, _child(command, stderr=said) as child:
        until = time.monotonic() + _PATIENCE
        served = None
        while served is None and child.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
            served = _answering(data, child.pid)
        if served is None:
            said.seek(0)
            raise AssertionError(f"tapetum up did not come up: {said.read().decode(errors='replace')}")
        yield served


def _answering(data: Path, pid: int) -> Served | None:
    """Where a child listens, from the note that it leaves, once it answers there."""
    with suppress(OSError, ValueError):
        note = msgspec.json.decode((data / "owner.json").read_bytes())
        served = Served(int(note["url"].rpartition(":")[2]), pid)
        connection = served.connect()
        try:
            connection.request("GET", "/healthz")
            return served if connection.getresponse().status == 200 else None
        finally:
            connection.close()
    return None


@contextmanager
def module(name: str, *options: str) -> Iterator[Served]:
    """A Python module of ours that prints the port that it listens on."""
    with _child([sys.executable, "-m", name, *options]) as child:
        if child.stdout is None:
            raise AssertionError("A child without output.")
        yield Served(int(child.stdout.readline()), child.pid)


@contextmanager
def _child(
    command: list[str], stderr: IO[bytes] | int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()
