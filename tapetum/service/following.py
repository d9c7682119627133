"""Following what is saved and may change: looked at now and then, and kept while the store is away."""

from collections.abc import Callable
from threading import Lock

import structlog

from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import Micros

log = structlog.get_logger()


class Following:
    """Looks at most once `every` so long. Safe from any thread."""

    def __init__(self, what: str, every: Micros) -> None:
        self._what = what
        self._every = every
        self._asked: Micros | None = None
        self._lock = Lock()

    def follow(self, now: Micros, look: Callable[[], None]) -> None:
        """Raises UnavailableError where the store is away and was never asked."""
        with self._lock:
            if self._asked is not None and 0 <= now - self._asked < self._every:
                return
            try:
                look()
            except UnavailableError as error:
                if self._asked is None:
                    raise
                log.warning("what is known stays in force", of=self._what, reason=error.message)
            self._asked = now
