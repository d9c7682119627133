"""Subscriptions, run once for all who ask the same.

Operations with the same document, variables, name and scope share one execution, whose events are
encoded once. A cursor is no part of that: each newcomer gets what it missed, then joins the others.
"""

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
from graphql import (
    ExecutionResult,
    Executor,
    GraphQLSchema,
    StringValueNode,
    VariableNode,
    create_source_event_stream,
    execute_subscription_event,
)

from tapetum.api.admission import Admitted
from tapetum.api.context import ApiContext, Asked, LiveEvent
from tapetum.api.errors import RefusedError, code_of, shown
from tapetum.api.execute import answer_of, encoded, live_executor, settled
from tapetum.domain.errors import BadInputError
from tapetum.domain.scope import Scope

_CURSOR = "after"


class Sink(Protocol):
    """Where one client's events go. None of its methods may raise."""

    def push(self, payload: bytes) -> None:
        """At once; a client whose queue is full is let go."""
        ...

    async def put(self, payload: bytes) -> None:
        """When there is room."""
        ...

    def fall_behind(self) -> None:
        """Let the client go: it cannot be told all."""
        ...


@dataclass(eq=False, slots=True)
class _Member:
    """While its prelude is on the way, live events are held back."""

    sink: Sink
    held: list[tuple[int, bytes]] | None = field(default_factory=list[tuple[int, bytes]])


class _Group:
    """One running subscription and its members."""

    def __init__(self, schema: GraphQLSchema, api: ApiContext, admitted: Admitted, scope: Scope) -> None:
        self.members: set[_Member] = set()
        self.errors: list[dict[str, Any]] | None = None
        self._api = api
        self._admitted = admitted
        self._opened = asyncio.Event()
        self._asked = Asked(api, scope, api.clock(), opened=self._opened.set)
        self._executor: Executor[Any] | None = None
        self._schema = schema
        self.running = asyncio.create_task(self._run())

    async def join(self, member: _Member, after: str | None) -> None:
        """Send the member what it missed, then let it go on with the others."""
        await self._opened.wait()
        feed = self._asked.feed
        base = -1
        if feed is not None and self.errors is None:
            prelude = await feed.prelude(after)
            base = prelude.base
            for event in prelude.events:
                await member.sink.put(await self._rendered(event))
        held, member.held = member.held or [], None
        for position, payload in held:
            if position > base:
                member.sink.push(payload)

    async def _run(self) -> None:
        try:
            await self._follow()
        except Exception as error:  # noqa: BLE001 - shown masks what is not ours
            self.errors = shown(error, self._api, self._admitted.field)
        finally:
            self._opened.set()

    async def _follow(self) -> None:
        self._executor = live_executor(self._schema, self._admitted, self._asked)
        stream: Any = create_source_event_stream(self._executor)
        if asyncio.iscoroutine(stream):
            stream = await stream
        if isinstance(stream, ExecutionResult):
            raise (stream.errors or [RefusedError("The subscription could not be started.")])[0]
        try:
            async for event in stream:
                payload = await self._rendered(event)
                self._deliver(event.position, payload)
        finally:
            await stream.aclose()

    def _deliver(self, position: int, payload: bytes) -> None:
        most = self._api.settings.pace.queue
        for member in tuple(self.members):
            if member.held is None:
                member.sink.push(payload)
            elif len(member.held) < most:
                member.held.append((position, payload))
            else:
                member.sink.fall_behind()
        self._api.metrics.sent.inc(len(self.members))

    async def _rendered(self, event: LiveEvent) -> bytes:
        if event.payload is None:
            if self._executor is None:
                raise RuntimeError("an event before its run")
            result = await settled(execute_subscription_event(self._executor.build_per_event_executor(event)))
            event.payload = encoded(answer_of(result, self._api, self._admitted))
        return event.payload


class Broadcast:
    """All running subscriptions of this process."""

    def __init__(self, schema: GraphQLSchema, api: ApiContext) -> None:
        self._schema = schema
        self._api = api
        self._groups: dict[Hashable, _Group] = {}

    async def follow(self, admitted: Admitted, scope: Scope, sink: Sink) -> list[dict[str, Any]] | None:
        """Until the subscription ends by itself: then its errors, None for none. Cancel to leave."""
        after, key = _read_cursor(admitted)
        group_key = (admitted.document.text, key, admitted.name, scope)
        group = self._groups.get(group_key) or self._start(group_key, admitted, scope)
        member = _Member(sink)
        group.members.add(member)
        self._api.metrics.subscribers.inc()
        errors: list[dict[str, Any]] | None
        try:
            await group.join(member, after)
            await asyncio.shield(group.running)
            errors = group.errors
        except Exception as error:  # noqa: BLE001 - shown masks what is not ours
            errors = shown(error, self._api, admitted.field)
        finally:
            group.members.discard(member)
            self._api.metrics.subscribers.dec()
            if not group.members:
                self._end(group_key, group)
                group.running.cancel()
        self._api.metrics.count(admitted.field, code_of(errors))
        return errors

    def _start(self, key: Hashable, admitted: Admitted, scope: Scope) -> _Group:
        if len(self._groups) >= self._api.settings.limits.streams:
            raise RefusedError(
                "Too many different subscriptions run here; try again, or ask what others ask."
            )
        group = self._groups[key] = _Group(self._schema, self._api, admitted, scope)
        self._api.metrics.streams.inc()
        group.running.add_done_callback(lambda _: self._end(key, group))
        return group

    def _end(self, key: Hashable, group: _Group) -> None:
        if self._groups.get(key) is group:
            del self._groups[key]
            self._api.metrics.streams.dec()

    async def aclose(self) -> None:
        running = [group.running for group in self._groups.values()]
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _read_cursor(admitted: Admitted) -> tuple[str | None, bytes]:
    """The cursor that the root field is given, and the variables without it."""
    variables = dict(admitted.variables)
    given = next((each.value for each in admitted.root.arguments or () if each.name.value == _CURSOR), None)
    after: Any = None
    if isinstance(given, VariableNode):
        name = given.name.value
        declared = next(
            (
                each
                for each in admitted.operation.variable_definitions or ()
                if each.variable.name.value == name
            ),
            None,
        )
        default = declared.default_value if declared is not None else None
        after = variables.pop(name) if name in variables else getattr(default, "value", None)
    elif isinstance(given, StringValueNode):
        after = given.value
    if after is not None and not isinstance(after, str):
        raise BadInputError("`after` is a cursor, which is a string.", path=_CURSOR)
    return after, msgspec.json.encode(variables, order="deterministic")
