"""The parent's side of `keeper`: what this process must not leave behind."""

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

_KEEPER = Path(__file__).with_name("keeper.py")


class Keeping:
    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0

    def at_end(self, name: str, **what: Any) -> None:
        """Do this when we end: kill a process `group`, run a `command`, remove a `folder`."""
        self._say(name, what)

    def forget(self, name: str) -> None:
        self._say(name, None)

    def close(self) -> None:
        """Do all of it now, and wait for it. A forked child must not: the servers are its parent's."""
        with self._lock:
            process, self._process = self._process, None
            if process and process.stdin and self._owner == os.getpid():
                with suppress(BrokenPipeError):
                    process.stdin.close()
                process.wait(120)

    def _say(self, name: str, what: dict[str, Any] | None) -> None:
        with self._lock:
            if self._process is None:
                self._owner = os.getpid()
                self._process = subprocess.Popen(
                    [sys.executable, "-I", _KEEPER], stdin=subprocess.PIPE, text=True, start_new_session=True
                )
                atexit.register(self.close)
            assert self._process.stdin
            print(json.dumps([name, what]), file=self._process.stdin, flush=True)


keeping = Keeping()
