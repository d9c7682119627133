"""Subscriptions that are shared: exactly once, in order, encoded once, and nobody waits for another."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.api import ApiSettings, Limits, Pace, issue
from tapetum.api.live import alerts as live_alerts
from tapetum.api.live.alerts import raised_cursor
from tapetum.bus.port import AlertsRaised
from tapetum.domain.scope import Scope
from tests.api.sockets import Socket, connected
from tests.api.test_sockets import RAISED, until_followed
from tests.api.world import OPEN, World, eventually, opened, some_alert


def title(message: dict[str, Any]) -> str:
    return message["payload"]["data"]["alertRaised"]["alert"]["title"]


async def titles(socket: Socket, count: int) -> list[str]:
    return [title(await socket.next()) for _ in range(count)]


async def test_a_subscriber_without_a_cursor_gets_new_alerts_only(world: World) -> None:
    world.alert(some_alert(1))
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(RAISED)
        await until_followed(world)
        world.alert(some_alert(2), some_alert(3))
        assert await titles(socket, 2) == ["Alert 2", "Alert 3"]


async def test_who_comes_back_misses_none_and_sees_none_twice(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(RAISED)
        await until_followed(world)
        world.alert(some_alert(1), some_alert(2))
        await titles(socket, 1)
        cursor = (await socket.next())["payload"]["data"]["alertRaised"]["cursor"]
    world.alert(*(some_alert(mark) for mark in range(3, 8)))
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(RAISED, {"after": cursor})
        assert await titles(socket, 5) == [f"Alert {mark}" for mark in range(3, 8)]
        world.alert(some_alert(8))
        assert await titles(socket, 1) == ["Alert 8"]
        assert socket.nothing_waits()


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_alerts_raised_while_many_come_back_reach_each_exactly_once(data: st.DataObject) -> None:
    """Clients connect with random cursors while alerts are raised in random bursts."""
    before = data.draw(st.integers(0, 30))
    bursts = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=8))
    cursors = data.draw(st.lists(st.integers(0, before), min_size=1, max_size=5))
    pauses = data.draw(st.lists(st.integers(0, 3), min_size=len(bursts), max_size=len(bursts)))

    async def run() -> None:
        with opened() as world:
            world.alert(*(some_alert(mark) for mark in range(before)))
            total = before + sum(bursts)
            async with AsyncExitStack() as stack:
                sockets = [await stack.enter_async_context(connected(world.app)) for _ in cursors]
                for socket, cursor in zip(sockets, cursors, strict=True):
                    await socket.init()
                    socket.subscribe(RAISED, {"after": raised_cursor(cursor)})
                mark = before
                for burst, pause in zip(bursts, pauses, strict=True):
                    for _ in range(pause):
                        await asyncio.sleep(0.001)
                    world.alert(*(some_alert(mark + offset) for offset in range(burst)))
                    mark += burst
                for socket, cursor in zip(sockets, cursors, strict=True):
                    # The alert with mark m has the number m + 1.
                    wanted = [f"Alert {each}" for each in range(cursor, total)]
                    assert await titles(socket, len(wanted)) == wanted

    asyncio.run(run())


async def test_a_cursor_too_old_tells_its_gap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_alerts, "REPLAYED", 3)
    world.alert(*(some_alert(mark) for mark in range(10)))
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(RAISED, {"after": raised_cursor(2)})
        answers = [(await socket.next())["payload"]["data"]["alertRaised"] for _ in range(3)]
    assert [(each["alert"]["title"], each["gap"]) for each in answers] == [
        ("Alert 7", 5),
        ("Alert 8", 0),
        ("Alert 9", 0),
    ]


async def test_a_cursor_of_another_store_is_followed_from_now_on(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(RAISED, {"after": raised_cursor(10_000)})
        await until_followed(world)
        world.alert(some_alert(1))
        assert await titles(socket, 1) == ["Alert 1"]


async def test_alerts_that_the_bus_dropped_come_from_the_store(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(RAISED)
        await until_followed(world)
        with world.engine.transaction() as tx:
            raised = world.context.logs.append_alerts(tx, [some_alert(mark) for mark in range(600)])
        for numbered in raised:  # more than the bus holds, before the loop runs once
            world.context.bus.publish(AlertsRaised((numbered,)))
        assert await titles(socket, 600) == [f"Alert {mark}" for mark in range(600)]


async def test_filters_and_clusters_choose_alerts(world: World) -> None:
    query = (
        """subscription { alertRaised(clusters: ["west"], filter: "severity >= 50") { alert { title } } }"""
    )
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(query)
        await until_followed(world)
        world.alert(
            some_alert(1, severity=90),
            some_alert(2, cluster="west", severity=49),
            some_alert(3, cluster="west", severity=50),
        )
        assert await titles(socket, 1) == ["Alert 3"]


async def test_scopes_hide_the_alerts_of_others_live_and_missed() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        scope = Scope(namespaces=frozenset({("east", "mine")}))
        token, secret = issue("mine", scope, ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
        await world.context.catalog.add_token(token)
        world.alert(some_alert(1, namespace="theirs"), some_alert(2, namespace="mine"))
        async with connected(world.app) as socket:
            await socket.init(token=secret)
            socket.subscribe(RAISED, {"after": raised_cursor(0)})
            assert await titles(socket, 1) == ["Alert 2"]
            world.alert(some_alert(3, namespace="theirs"), some_alert(4, namespace="mine"))
            assert await titles(socket, 1) == ["Alert 4"]


async def test_the_same_operation_runs_once_for_all(world: World) -> None:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(connected(world.app)) for _ in range(20)]
        for place, socket in enumerate(sockets):
            await socket.init()
            socket.subscribe(RAISED, operation=f"op{place}")
        await until_followed(world, 20)
        assert world.context.metrics.streams._value.get() == 1
        world.alert(some_alert(1))
        for place, socket in enumerate(sockets):
            message = await socket.next()
            assert message["id"] == f"op{place}"
            assert title(message) == "Alert 1"
    assert world.context.metrics.streams._value.get() == 0
    assert world.context.metrics.subscribers._value.get() == 0


async def test_other_scopes_variables_and_documents_run_apart() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        secrets = []
        for namespace in ("mine", "theirs"):
            scope = Scope(namespaces=frozenset({("east", namespace)}))
            token, secret = issue(
                namespace, scope, ingest=False, lifetime=timedelta(hours=1), clock=world.clock
            )
            await world.context.catalog.add_token(token)
            secrets.append(secret)
        async with AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(connected(world.app)) for _ in secrets]
            for socket, secret in zip(sockets, secrets, strict=True):
                await socket.init(token=secret)
                socket.subscribe(RAISED)
            await until_followed(world, 2)
            assert world.context.metrics.streams._value.get() == 2
            world.alert(some_alert(1, namespace="mine"), some_alert(2, namespace="theirs"))
            assert [await titles(socket, 1) for socket in sockets] == [["Alert 1"], ["Alert 2"]]


async def test_one_that_stops_reading_is_closed_and_the_others_lose_nothing() -> None:
    """F18 in one process: the slow one is closed with a code, and misses nothing when it comes back."""
    with opened(replace(OPEN, pace=Pace(queue=16))) as world:
        async with AsyncExitStack() as stack:
            sockets = [await stack.enter_async_context(connected(world.app)) for _ in range(30)]
            for socket in sockets:
                await socket.init()
                socket.subscribe(RAISED)
            await until_followed(world, 30)
            slow, others = sockets[0], sockets[1:]
            world.alert(some_alert(0))
            cursor = (await slow.next())["payload"]["data"]["alertRaised"]["cursor"]
            slow.stall()
            taken = slow.sent_frames
            for mark in range(1, 100):
                world.alert(some_alert(mark))
                await asyncio.sleep(0)
            for socket in others:
                assert await titles(socket, 100) == [f"Alert {mark}" for mark in range(100)]
            await eventually(lambda: world.context.metrics.closed.labels("4503")._value.get() == 1)
            assert slow.sent_frames <= taken + 1  # nothing piles up behind a socket that takes nothing
        async with connected(world.app) as back:
            await back.init()
            back.subscribe(RAISED, {"after": cursor})
            assert await titles(back, 99) == [f"Alert {mark}" for mark in range(1, 100)]


async def test_a_socket_that_takes_nothing_for_long_is_closed() -> None:
    with opened(replace(OPEN, pace=Pace(stalled=timedelta(milliseconds=10)))) as world:
        async with connected(world.app) as socket:
            await socket.init()
            socket.subscribe(RAISED)
            await until_followed(world)
            socket.stall()
            world.alert(some_alert(1))
            await eventually(lambda: world.context.metrics.closed.labels("4503")._value.get() == 1)


async def test_too_many_different_subscriptions_are_refused() -> None:
    with opened(replace(OPEN, limits=Limits(streams=1))) as world:
        async with connected(world.app) as socket:
            await socket.init()
            socket.subscribe(RAISED, operation="1")
            await until_followed(world)
            socket.subscribe("subscription { flowsIngested { dropped } }", operation="2")
            answer = await socket.next()
            assert (answer["id"], answer["type"]) == ("2", "error")
            assert answer["payload"][0]["extensions"]["code"] == "REFUSED"


async def test_a_run_that_breaks_is_told_once_in_the_log_and_masked(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(connected(world.app)) for _ in range(3)]
        for socket in sockets:
            await socket.init()
            socket.subscribe(RAISED)
        await until_followed(world, 3)
        world.context.bus.publish(AlertsRaised((None,)))  # type: ignore[arg-type] # what no store raises
        for socket in sockets:
            answer = await socket.next()
            assert answer["type"] == "error"
            assert answer["payload"][0]["message"].startswith("Internal error")
    assert capsys.readouterr().out.count("internal_error") == 1
