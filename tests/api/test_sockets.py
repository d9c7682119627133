"""The protocol graphql-transport-ws, and how sockets are closed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tapetum.api import ApiSettings, Limits, Pace, issue
from tapetum.domain.scope import Scope
from tests.api.sockets import PROTOCOL, Closed, connected
from tests.api.world import OPEN, World, eventually, opened, some_alert
from tests.support.factory import SECOND

RAISED = "subscription($after: String) { alertRaised(after: $after) { cursor gap alert { title } } }"


async def until_followed(world: World, count: int = 1) -> None:
    """Until so many subscriptions have begun."""
    await eventually(lambda: world.context.metrics.subscribers._value.get() >= count and _queues(world) > 0)
    await asyncio.sleep(0.02)


def _queues(world: World) -> int:
    return len(world.context.bus._queues)


async def test_a_query_is_answered_and_completed(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        assert socket.subprotocol == PROTOCOL
        socket.subscribe("{ __typename }", operation='a b"c')
        assert await socket.next() == {
            "id": 'a b"c',
            "type": "next",
            "payload": {"data": {"__typename": "Query"}},
        }
        assert await socket.next() == {"id": 'a b"c', "type": "complete"}


async def test_ping_is_answered_before_and_after_init(world: World) -> None:
    async with connected(world.app) as socket:
        socket.send(type="ping")
        assert await socket.next() == {"type": "pong"}
        await socket.init()
        socket.send(type="ping", payload={"mark": 1})
        assert await socket.next() == {"type": "pong"}
        socket.send(type="pong")
        socket.send(type="ping")
        assert await socket.next() == {"type": "pong"}


async def test_an_invalid_operation_is_an_error_and_never_a_bare_complete(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        for query in (
            "{ nothing }",
            "subscription { alertRaised { nothing } }",
            'subscription { alertRaised(after: "no cursor") { gap } }',
            'subscription { alertRaised(filter: "nofield: 1") { gap } }',
            "subscription { serviceGraphChanged(last: 1) { asOf } }",
            "subscription($n: Int!) { serviceGraphChanged(last: $n) { asOf } }",
            "{",
        ):
            socket.subscribe(query)
            answer = await socket.next()
            assert answer["type"] == "error", answer
            assert answer["id"] == "1"
            assert answer["payload"][0]["message"]
            assert answer["payload"][0]["extensions"]["code"] in (
                "INVALID_DOCUMENT",
                "BAD_INPUT",
                "BAD_QUERY",
            )


async def test_a_mutation_is_told_to_come_by_post(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        save = (
            'mutation { saveDashboard(document: {format: 1, title: "t", widgets: []}) { problems { code } } }'
        )
        socket.subscribe(save)
        refused = await socket.next()
        assert refused["type"] == "error"
        assert refused["payload"][0]["extensions"]["code"] == "REFUSED"
        assert "by POST" in refused["payload"][0]["message"]
        found = (await world.ask("{ dashboards(limit: 1000) { builtin } }"))["dashboards"]
        assert all(each["builtin"] for each in found)
        assert (await world.ask(save))["saveDashboard"] == {"problems": []}


async def test_an_id_may_be_used_again_after_its_operation(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        for _ in range(3):
            socket.subscribe("{ __typename }")
            assert (await socket.next())["type"] == "next"
            assert (await socket.next())["type"] == "complete"


async def test_complete_ends_a_subscription(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(RAISED)
        await until_followed(world)
        socket.send(type="complete", id="1")
        await eventually(lambda: not _queues(world))
        world.alert(some_alert(1))
        socket.send(type="ping")
        assert await socket.next() == {"type": "pong"}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        (["nonsense"], 4400),
        (['{"type": "connection_init", "payload": 5}'], 4400),
        (['{"type": 5}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}'], 4401),
        (['{"type": "connection_init"}', '{"type": "connection_init"}'], 4429),
        (['{"type": "connection_init"}', '{"type": "other"}'], 4400),
        (['{"type": "connection_init"}', '{"type": "subscribe"}'], 4400),
        (['{"type": "connection_init"}', '{"type": "subscribe", "id": "' + "x" * 200 + '"}'], 4400),
        (['{"type": "connection_init", "payload": {"token": "tpt_nobody"}}'], 4401),
        (['{"type": "connection_init", "payload": {"token": 5}}'], 4401),
        (['{"type": "ping", "payload": "' + "x" * 70_000 + '"}'], 4400),
        (["[" * 30_000], 4400),
    ],
)
async def test_what_breaks_the_protocol_is_closed(world: World, messages: list[str], code: int) -> None:
    async with connected(world.app) as socket:
        for message in messages:
            socket.send_text(message)
        closed = await socket.closing()
        assert closed.code == code
        assert len(closed.reason.encode()) <= 123


async def test_the_same_id_twice_is_closed(world: World) -> None:
    async with connected(world.app) as socket:
        await socket.init()
        socket.subscribe(RAISED)
        socket.subscribe(RAISED)
        assert (await socket.closing()).code == 4409


async def test_binary_messages_are_closed(world: World) -> None:
    async with connected(world.app) as socket:
        socket.send_bytes(b"{}")
        assert (await socket.closing()).code == 4400


async def test_no_init_is_closed() -> None:
    settings = replace(OPEN, pace=Pace(init=timedelta(milliseconds=50)))
    with opened(settings) as world:
        async with connected(world.app) as socket:
            socket.send(type="ping")
            assert (await socket.closing()).code == 4408


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",), ("graphql-ws", "other")])
async def test_other_protocols_are_refused(world: World, protocols: tuple[str, ...]) -> None:
    async with connected(world.app, protocols=protocols) as socket:
        socket.send(type="connection_init")
        assert (await socket.closing()).code == 4406


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost", True),
        ("https://LOCALHOST", True),
        ("https://page.example", True),
        ("http://evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://localhost:81", False),
        ("http://[::1", False),
        ("null", False),
        ("", False),
    ],
)
async def test_origins_are_checked(origin: str, allowed: bool) -> None:
    settings = replace(OPEN, allowed_origins=frozenset({"https://page.example"}))
    with opened(settings) as world:
        async with connected(world.app, headers={"origin": origin}) as socket:
            if allowed:
                await socket.init()
            else:
                socket.send(type="connection_init")
                assert (await socket.closing()).code == 4403


async def test_at_most_so_many_operations_run_on_a_socket() -> None:
    settings = replace(OPEN, limits=Limits(operations_per_socket=2))
    with opened(settings) as world:
        async with connected(world.app) as socket:
            await socket.init()
            for operation in ("1", "2", "3"):
                socket.subscribe(RAISED, operation=operation)
            answer = await socket.next()
            assert (answer["id"], answer["type"]) == ("3", "error")
            assert "at most 2" in answer["payload"][0]["message"]


class TestTokens:
    """F24."""

    settings = ApiSettings(require_token=True)

    async def test_without_a_token_nothing_is_told(self) -> None:
        with opened(self.settings) as world:
            async with connected(world.app) as socket:
                socket.send(type="connection_init")
                assert (await socket.closing()).code == 4401

    async def test_a_token_comes_with_the_init_or_with_the_handshake(self) -> None:
        with opened(self.settings) as world:
            token, secret = issue(
                "test", Scope(), ingest=False, lifetime=timedelta(hours=1), clock=world.clock
            )
            await world.context.catalog.add_token(token)
            async with connected(world.app) as socket:
                await socket.init(token=secret)
            async with connected(world.app, headers={"authorization": f"Bearer {secret}"}) as socket:
                await socket.init()

    async def test_nothing_is_delivered_after_a_token_has_expired(self) -> None:
        with opened(self.settings) as world:
            token, secret = issue(
                "test", Scope(), ingest=False, lifetime=timedelta(hours=1), clock=world.clock
            )
            await world.context.catalog.add_token(token)
            async with connected(world.app) as socket:
                await socket.init(token=secret)
                socket.subscribe(RAISED)
                await until_followed(world)
                world.alert(some_alert(1))
                assert (await socket.next())["type"] == "next"
                world.clock.now = token.expires_at
                world.alert(some_alert(2))
                with pytest.raises(Closed) as ended:
                    await socket.text()
                assert ended.value.code == 4401

    async def test_an_idle_socket_is_closed_when_its_token_expires(self) -> None:
        with opened(self.settings) as world:
            token, secret = issue(
                "test", Scope(), ingest=False, lifetime=timedelta(hours=1), clock=world.clock
            )
            await world.context.catalog.add_token(token)
            async with connected(world.app) as socket:
                await socket.init(token=secret)
                world.clock.now = token.expires_at + SECOND
                assert (await socket.closing()).code == 4401

    async def test_a_revoked_token_loses_its_sockets(self) -> None:
        settings = replace(self.settings, pace=Pace(recheck=timedelta(0)))
        with opened(settings) as world:
            token, secret = issue(
                "test", Scope(), ingest=False, lifetime=timedelta(hours=1), clock=world.clock
            )
            await world.context.catalog.add_token(token)
            async with connected(world.app) as socket:
                await socket.init(token=secret)
                await world.context.catalog.revoke_token(token.id)
                assert (await socket.closing()).code == 4401
