"""A small process that ends what its parent started, however the parent ends.

Its parent writes what is to be done on its input; at the end of input (it was closed, or its writer died)
that is done.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any


def main() -> None:
    due: dict[str, dict[str, Any]] = {}
    for line in sys.stdin:
        name, what = json.loads(line)
        due.pop(name, None)
        if what is not None:
            due[name] = what
    for what in due.values():
        if "group" in what:
            with suppress(ProcessLookupError):
                os.killpg(what["group"], signal.SIGKILL)
        if "command" in what:
            subprocess.run(what["command"], env=what["environment"], capture_output=True, check=False)
    for what in due.values():
        if "folder" in what:
            shutil.rmtree(what["folder"], ignore_errors=True)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    main()
