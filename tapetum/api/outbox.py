"""Messages on their way to one client: in order, bounded, written by one task.

What is shared between clients stays shared until it is written: a message is a head of this client's
own and a payload of everyone's.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable


class Outbox:
    def __init__(self, send: Callable[[str], Awaitable[None]], capacity: int, tail: str) -> None:
        self._send = send
        self._tail = tail
        self._capacity = capacity
        self._waiting: deque[tuple[str, str]] = deque()
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._empty = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._sending_since: float | None = None

    def push(self, head: str, payload: str) -> bool:
        """At once; False where the queue is full and the message is not taken."""
        if len(self._waiting) >= self._capacity:
            return False
        self._waiting.append((head, payload))
        self._some.set()
        self._empty.clear()
        return True

    async def put(self, head: str, payload: str) -> None:
        """As soon as there is room."""
        while len(self._waiting) >= self._capacity:
            self._room.clear()
            await self._room.wait()
        self.push(head, payload)

    async def emptied(self) -> None:
        """When all that was taken has left."""
        await self._empty.wait()

    def stalled(self) -> float:
        """For how many seconds the current message has been trying to leave."""
        return 0.0 if self._sending_since is None else self._loop.time() - self._sending_since

    async def run(self, may_send: Callable[[], bool]) -> None:
        """Write until `may_send` says no; a whole message either leaves before that, or not at all."""
        waiting, tail = self._waiting, self._tail
        while True:
            while waiting:
                head, payload = waiting.popleft()
                if not may_send():
                    return
                self._sending_since = self._loop.time()
                await self._send(f"{head}{payload}{tail}")
                self._sending_since = None
                if not self._room.is_set():
                    self._room.set()
            self._some.clear()
            self._empty.set()
            await self._some.wait()
