"""An engine: one named server that a test starts, stops, kills, freezes and empties, wherever it runs."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from threading import RLock
from typing import Self

from tests.engines.errors import EngineError
from tests.engines.server import Server


class Engine(ABC):
    def __init__(self, server: Server, name: str, url: str) -> None:
        self.server = server
        self.kind = server.kind
        self.name = name
        self.url = url
        self._lock = RLock()

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name!r} at {self.url}>"

    @property
    def settings(self) -> Mapping[str, str]:
        """The product's settings (TAPETUM_...) that point at this server."""
        return self.server.settings(self.url)

    @property
    def auth(self) -> tuple[str, str] | None:
        """User and password of Neo4j; none of a server that asks for neither."""
        return getattr(self.server, "auth", None)

    def ready(self) -> bool:
        return self.server.ready(self.url)

    def wipe(self) -> None:
        """Empty the running server."""
        self.server.wipe(self.url)

    def restart(self) -> Self:
        self.stop()
        return self.start()

    @property
    @abstractmethod
    def running(self) -> bool: ...
    @abstractmethod
    def start(self) -> Self:
        """Return when it answers; at once where it runs already."""

    @abstractmethod
    def stop(self) -> None:
        """End it in good order, and wait; its data stay."""

    @abstractmethod
    def kill(self) -> None:
        """SIGKILL; its data stay as that leaves them."""

    @abstractmethod
    def pause(self) -> None:
        """Freeze it: connections stay open, nothing is answered."""

    @abstractmethod
    def resume(self) -> None: ...


class Given(Engine):
    """A server that somebody else runs. Tests empty it, so it must be empty or theirs when they come."""

    def __init__(self, server: Server, name: str, url: str) -> None:
        super().__init__(server, name, url)
        self._claimed = False

    @property
    def running(self) -> bool:
        return self.ready()

    def start(self) -> Self:
        with self._lock:
            if not self._claimed:
                if not self.ready():
                    raise EngineError(
                        f"The {self.kind} given at {self.url} does not answer; start it, or unset its URL."
                    )
                if not self.server.is_empty(self.url):
                    raise EngineError(
                        f"The {self.kind} given at {self.url} holds data that no test made, and tests would "
                        "empty it; give an empty one, or unset its URL."
                    )
                self.server.mark(self.url)
                self._claimed = True
        return self

    def wipe(self) -> None:
        super().wipe()
        self.server.mark(self.url)

    def stop(self) -> None:
        raise self._not_ours("stopped")

    def kill(self) -> None:
        raise self._not_ours("killed")

    def pause(self) -> None:
        raise self._not_ours("paused")

    def resume(self) -> None:
        raise self._not_ours("resumed")

    def _not_ours(self, done: str) -> EngineError:
        return EngineError(
            f"The {self.kind} at {self.url} was given by URL and cannot be {done}; "
            f"a test that does so asks for engines.own({self.kind!r}, ...)."
        )
