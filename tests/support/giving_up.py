"""`tapetum up` whose engine gives its file up at SIGUSR1: a checkpoint fails for real, as on a full disk."""

import signal
import sys
import threading
from contextlib import suppress
from typing import Any

from tapetum.domain.errors import TapetumError
from tapetum.embedded.duckdb import Connection
from tapetum.service import command, embedded

_open = embedded.open_embedded


def _opened(*arguments: Any, **options: Any) -> embedded.Embedded:
    opened = _open(*arguments, **options)

    def fail() -> None:
        with suppress(TapetumError):
            opened.engine.read_now(_fail)

    signal.signal(signal.SIGUSR1, lambda *_: threading.Thread(target=fail).start())
    return opened


def _fail(connection: Connection) -> None:
    connection.execute("CREATE OR REPLACE TABLE something_to_fold AS SELECT 1 AS n")
    connection.execute("PRAGMA debug_checkpoint_abort='before_truncate'")
    connection.execute("FORCE CHECKPOINT")


if __name__ == "__main__":
    embedded.open_embedded = _opened
    sys.argv[0] = "tapetum"
    command.main()
