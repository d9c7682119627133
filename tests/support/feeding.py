"""`tapetum demo` beside a server, for as long as a block runs."""

import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.support.served import COMMAND, clean_environment


@contextmanager
def feeding(url: str, folder: Path, within: float = 240, **settings: str) -> Generator[None]:
    """From when the cluster's history is there; it ends as Ctrl+C ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "stderr"
    with told.open("wb") as said:
        process = subprocess.Popen(
            [COMMAND, "demo", "--url", url, "--data", folder],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env=clean_environment(**settings),
        )
    try:
        until = time.monotonic() + within
        while "flows to" not in told.read_text():
            assert process.poll() is None, told.read_text()
            assert time.monotonic() < until, told.read_text()
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(90)  # for what it sent the server answers first
        finally:
            process.kill()
            process.wait()
    assert code == 0, told.read_text()
    assert told.read_text().endswith("Stopped.\n")
