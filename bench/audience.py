"""Subscribers in a process of their own, so that they do not slow the server down from within."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from bench.listeners import Heard

_PATIENCE = 60


@contextmanager
def audience(port: int, clients: int, stalled: int = 0) -> Iterator[Callable[[], Heard]]:
    """All subscribed; calling what is given ends it, once it is quiet, and tells what was heard."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.listeners", str(port), str(clients), str(stalled)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise AssertionError("The subscribers could not connect.")

            def end() -> Heard:
                told, _ = process.communicate("end\n", timeout=_PATIENCE)
                return msgspec.json.decode(told, type=Heard)

            yield end
        finally:
            process.kill()
