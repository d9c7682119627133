"""Whether it is worth waiting for a receipt."""


class Progress:
    """Of deliveries that wait to be applied. Times are of the event loop, in seconds."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._idle_since: float | None = None  # nothing was settled since, although something waits
        self._lag = 0.0  # of what was settled last, while something still waits

    def waiting(self, now: float) -> None:
        if self._idle_since is None:
            self._idle_since = now

    def settled(self, now: float, lag: float, more: bool) -> None:
        self._idle_since = now if more else None
        self._lag = lag if more else 0.0

    def behind(self, now: float, seconds: float) -> bool:
        """Whether what comes now will wait longer than that, as far as can be told."""
        idle = 0.0 if self._idle_since is None else now - self._idle_since
        return self._lag > seconds or idle >= seconds

    def stuck(self, now: float) -> bool:
        """Whether it will wait longer than anybody would for a receipt."""
        return self.behind(now, self._patience)
