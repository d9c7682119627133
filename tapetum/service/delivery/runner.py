"""Sends what was raised to each target: in order, at least once, and by one process at a time.

A target's place moves once its receiver has answered, and not before: whoever comes after a crash begins
there. One that takes nothing keeps back its own alerts only.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

import structlog

from tapetum.catalog.port import Catalog
from tapetum.detect.wanting import wanted
from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.deliveries import HELD_FOR, Answer, DeliveryState, Outcome, answered
from tapetum.domain.delivery_targets import KnownTarget
from tapetum.domain.errors import TapetumError
from tapetum.domain.moments import Clock
from tapetum.domain.receivers import Receiver, kind_of
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.service.delivery.known import known_targets
from tapetum.service.delivery.tally import DeliveryTally
from tapetum.service.distributed.aside import waited_out

log = structlog.get_logger()

PAGE = 200
_ROUND = 1.0


class Raised(Protocol):
    """Of a log store: alerts in order of their numbers, without gaps."""

    async def alerts_after(self, scope: Scope, number: int, limit: int) -> list[NumberedAlert]: ...
    async def last_alert(self, scope: Scope) -> int: ...


Send = Callable[[str, Receiver, Alert], Awaitable[Answer]]


class Deliveries:
    """`holder` names the process: one that comes back under its name goes on at once."""

    def __init__(
        self,
        catalog: Catalog,
        raised: Raised,
        send: Send,
        clock: Clock,
        holder: str,
        *,
        chance: Callable[[], float] = random.random,
        tally: DeliveryTally | None = None,
        every: float = _ROUND,
    ) -> None:
        self._catalog = catalog
        self._raised = raised
        self._send = send
        self._clock = clock
        self._holder = holder
        self._chance = chance
        self._tally = tally or DeliveryTally()
        self._every = every
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._waits: str | None = None

    async def once(self) -> None:
        """Whatever is due now, to its end."""
        await asyncio.gather(*[self.drain(each) for each in await self._due()])

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Keep at it while the block runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            tasks = [task, *self._under_way.values()]
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def drain(self, known: KnownTarget) -> None:
        """Until nothing waits, or the receiver takes no more for now."""
        try:
            state: DeliveryState | None = await self._begun(known)
            while state is not None:
                page = await self._raised.alerts_after(EVERYTHING, state.number, PAGE)
                state = await self._take(known, state, page) if page else None
        except TapetumError as error:
            self._wait(error)
        except Exception:  # a fault of ours must not end it
            log.exception("deliveries failed", target=known.document.id)

    async def _run(self) -> None:
        while True:
            try:
                for each in await self._due():
                    target = each.document.id
                    task = self._under_way[target] = asyncio.create_task(self.drain(each))
                    task.add_done_callback(lambda _, target=target: self._under_way.pop(target))
            except TapetumError as error:
                self._wait(error)
            except Exception:  # a fault of ours must not end it
                log.exception("deliveries could not be looked after")
            await asyncio.sleep(self._every)

    async def _due(self) -> list[KnownTarget]:
        found = [each for each in await known_targets(self._catalog) if self._is_due(each)]
        last = await self._raised.last_alert(EVERYTHING) if found else 0
        return [each for each in found if each.state is None or each.state.number < last]

    def _is_due(self, each: KnownTarget) -> bool:
        state, now = each.state, self._clock()
        if not each.target.enabled or each.document.id in self._under_way:
            return False
        return state is None or (
            state.is_due(each.document.version, now) and state.is_open_to(self._holder, now)
        )

    async def _begun(self, known: KnownTarget) -> DeliveryState | None:
        """The target is ours from now on; None where somebody was before us. History is not sent."""
        state = known.state
        if state is None:
            number = await self._raised.last_alert(EVERYTHING)
            return await self._keep(known, None, DeliveryState(known.document.id, number))
        return await self._held(known, state)

    async def _held(self, known: KnownTarget, state: DeliveryState) -> DeliveryState | None:
        """Long enough for a try and what is to be written after."""
        now = self._clock()
        if state.holder == self._holder and 0 <= now - state.held_at < HELD_FOR // 2:
            return state
        return await self._keep(known, state, state)

    async def _take(
        self, known: KnownTarget, state: DeliveryState, page: list[NumberedAlert]
    ) -> DeliveryState | None:
        """None once it is to be left alone."""
        wants = wanted(known.target, self._clock())
        for numbered in page:
            if not wants(numbered.alert):
                continue
            held = await self._held(known, state)
            after = None if held is None else await self._try(known, held, numbered)
            if after is None or after.problem is not None:
                return None
            state = after
        if state.number == page[-1].number:
            return state
        return await self._keep(known, state, replace(state, number=page[-1].number))

    async def _try(
        self, known: KnownTarget, state: DeliveryState, numbered: NumberedAlert
    ) -> DeliveryState | None:
        answer = await self._send(known.document.id, known.target.receiver, numbered.alert)
        version = known.document.version
        after = answered(state, numbered, answer, version, self._clock(), self._chance())
        self._tell(known, state, after, answer)
        return await self._keep(known, state, after)

    def _tell(self, known: KnownTarget, before: DeliveryState, after: DeliveryState, answer: Answer) -> None:
        self._tally.count(kind_of(known.target.receiver), answer.outcome)
        if after.failed > before.failed:
            log.error("an alert was given up", target=known.document.id, reason=answer.said)
        elif answer.outcome is not Outcome.DELIVERED:
            log.warning("an alert waits", target=known.document.id, reason=answer.said, tries=after.tries)

    async def _keep(
        self, known: KnownTarget, before: DeliveryState | None, after: DeliveryState
    ) -> DeliveryState | None:
        """None where the target was changed, or is somebody else's by now: they go on."""
        held = after.held_by(self._holder, self._clock())
        version = known.document.version
        # What a receiver has answered is kept, also by a process that is told to stop meanwhile.
        kept = await waited_out(self._catalog.keep_delivery(EVERYTHING, version, before, held))
        self._waits = None
        return held if kept else None

    def _wait(self, error: TapetumError) -> None:
        """Told once, however long a store is away."""
        if error.message != self._waits:
            self._waits = error.message
            log.warning("deliveries wait", reason=error.message)
