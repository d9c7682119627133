"""Messages on their way to one client: in order and bounded.

What is shared between clients stays shared until it is written: a message is a head of this client's
own and a payload of everyone's.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable


class Outbox:
    """A message leaves at once where `direct` takes it, else by the task that `run`s.

    `may_send` is asked before each message; after it said no, nothing leaves any more.
    """

    def __init__(
        self,
        send: Callable[[bytes], Awaitable[None]],
        tail: bytes,
        capacity: int,
        may_send: Callable[[], bool],
        direct: Callable[[bytes], bool] | None = None,
    ) -> None:
        self._send = send
        self._tail = tail
        self._capacity = capacity
        self._may_send = may_send
        self._direct = direct
        self._waiting: deque[tuple[bytes, bytes]] = deque()
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._loop = asyncio.get_running_loop()
        self._sending_since: float | None = None

    def push(self, head: bytes, payload: bytes) -> bool:
        """At once; False where the queue is full and the message is not taken."""
        if self._direct is not None and self._empty.is_set():
            if self._may_send() and self._direct(b"%b%b%b" % (head, payload, self._tail)):
                return True
        elif len(self._waiting) >= self._capacity:
            return False
        self._waiting.append((head, payload))
        self._empty.clear()
        self._some.set()
        return True

    async def put(self, head: bytes, payload: bytes) -> None:
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

    async def run(self) -> None:
        """Send what waits, until `may_send` says no."""
        waiting = self._waiting
        while True:
            await self._some.wait()
            while waiting:
                if not self._may_send():
                    return
                head, payload = waiting.popleft()
                self._sending_since = self._loop.time()
                await self._send(b"%b%b%b" % (head, payload, self._tail))
                self._sending_since = None
                self._room.set()
            self._some.clear()
            self._empty.set()
