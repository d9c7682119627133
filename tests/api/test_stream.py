"""Server-sent events, as graphql-sse's distinct connections have them."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from tapetum.api import ApiSettings, Pace, issue
from tapetum.api.live.alerts import raised_cursor
from tapetum.domain.scope import Scope
from tests.api.sockets import EventStream, streamed
from tests.api.test_sockets import RAISED, until_followed
from tests.api.world import OPEN, World, eventually, opened, some_alert


async def title(stream: EventStream) -> str:
    kind, data = await stream.event()
    assert kind == "next"
    return msgspec.json.decode(data)["data"]["alertRaised"]["alert"]["title"]


async def test_a_query_is_one_event_and_the_end(world: World) -> None:
    async with streamed(world.app, "{ __typename }") as stream:
        assert await stream.event() == ("next", '{"data":{"__typename":"Query"}}')
        assert await stream.event() == ("complete", "")
        with pytest.raises(EOFError):
            await stream.event()
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.headers["cache-control"] == "no-store"


async def test_missed_alerts_come_first_then_live_ones(world: World) -> None:
    world.alert(some_alert(1), some_alert(2), some_alert(3))
    async with streamed(world.app, RAISED, {"after": raised_cursor(1)}) as stream:
        assert [await title(stream) for _ in range(2)] == ["Alert 2", "Alert 3"]
        world.alert(some_alert(4))
        assert await title(stream) == "Alert 4"


async def test_a_refusal_is_an_event(world: World) -> None:
    for query in ("{ nothing }", 'subscription { alertRaised(after: "x") { gap } }'):
        async with streamed(world.app, query) as stream:
            kind, data = await stream.event()
            assert kind == "next"
            assert msgspec.json.decode(data)["errors"][0]["message"]
            assert (await stream.event())[0] == "complete"


async def test_a_client_that_leaves_ends_its_subscription(world: World) -> None:
    async with streamed(world.app, RAISED) as stream:
        await until_followed(world)
        stream.leave()
        await eventually(lambda: not world.context.bus._queues)


async def test_silence_is_kept_alive_by_comments() -> None:
    with opened(replace(OPEN, pace=Pace(keep_alive=timedelta(milliseconds=10)))) as world:
        async with streamed(world.app, RAISED) as stream:
            await stream._take()
            for _ in range(3):
                await stream._take()
            assert stream._body == ":\n\n" * 3


async def test_nothing_is_sent_after_a_token_has_expired() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        token, secret = issue("t", Scope(), ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
        await world.context.catalog.add_token(token)
        async with streamed(world.app, RAISED, headers={"authorization": f"Bearer {secret}"}) as stream:
            await until_followed(world)
            world.alert(some_alert(1))
            assert await title(stream) == "Alert 1"
            world.clock.now = token.expires_at
            world.alert(some_alert(2))
            with pytest.raises(EOFError):
                await stream.event()


async def test_one_that_stops_reading_is_let_go() -> None:
    with opened(replace(OPEN, pace=Pace(queue=4))) as world:
        async with streamed(world.app, RAISED) as stream:
            await until_followed(world)
            stream.stall()
            for mark in range(20):
                world.alert(some_alert(mark))
                await asyncio.sleep(0)
            await eventually(lambda: not world.context.bus._queues)


async def test_tokens_and_browsers_are_checked_before_the_stream() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        async with streamed(world.app, RAISED) as stream:
            await stream._take()
            assert stream.status == 401
    with opened() as world:
        async with streamed(world.app, RAISED, headers={"origin": "http://evil.example"}) as stream:
            await stream._take()
            assert stream.status == 403
