"""GraphQL over HTTP: what is answered, with which status, and what a browser may not do."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx
import msgspec
import pytest

from tapetum.api import LOOPBACK_HOSTS, ApiSettings, HostGuard, Limits, issue
from tapetum.domain.scope import Scope
from tests.api.fakes import AwayLogs, BrokenLogs, HangingLogs, MemoryCatalog
from tests.api.world import OPEN, World, eventually, opened

QUERY = {"query": "{ __typename }"}
GRAPHQL_JSON = "application/graphql-response+json"


async def test_a_query_is_answered(world: World) -> None:
    async with world.client() as client:
        response = await client.post("/graphql", json=QUERY)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_operation_names_and_variables_are_used(world: World) -> None:
    query = "query A { a: __typename } query B($limit: Int!) { namespaces(limit: $limit) { id } }"
    async with world.client() as client:
        named = await client.post(
            "/graphql", json={"query": query, "operationName": "B", "variables": {"limit": 3}}
        )
        unnamed = await client.post("/graphql", json={"query": query})
        unknown = await client.post("/graphql", json={"query": query, "operationName": "C"})
    assert named.json() == {"data": {"namespaces": []}}
    assert "several operations" in unnamed.json()["errors"][0]["message"]
    assert "no operation named 'C'" in unknown.json()["errors"][0]["message"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_only_posts_are_answered(world: World, method: str) -> None:
    async with world.client() as client:
        response = await client.request(method, "/graphql?query={__typename}")
    assert response.status_code == 405


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
async def test_bodies_are_json(world: World, kind: str, status: int) -> None:
    async with world.client() as client:
        response = await client.post(
            "/graphql", content=msgspec.json.encode(QUERY), headers={"content-type": kind}
        )
    assert response.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"5",
        b'"{ __typename }"',
        b'{"query": 5}',
        b"{}",
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": "x"}',
        b'{"query": "\\ud800"}',
        b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
        b"\xff\xfe",
    ],
)
async def test_a_body_that_cannot_be_read_is_one_sentence(world: World, body: bytes) -> None:
    async with world.client() as client:
        response = await client.post(
            "/graphql", content=body, headers={"content-type": "application/json", "accept": GRAPHQL_JSON}
        )
    assert response.status_code == 400
    assert response.headers["content-type"] == GRAPHQL_JSON
    message = response.json()["errors"][0]["message"]
    assert "\n" not in message
    assert "Traceback" not in message


async def test_batches_are_refused(world: World) -> None:
    async with world.client() as client:
        response = await client.post("/graphql", json=[QUERY, QUERY])
    assert "Batches" in response.json()["errors"][0]["message"]


async def test_long_requests_are_refused_whether_or_not_they_say_so(world: World) -> None:
    body = msgspec.json.encode({"query": "#" * 70_000 + "\n{ __typename }"})

    async def chunks() -> Any:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    async with world.client() as client:
        for content in (body, chunks()):
            response = await client.post(
                "/graphql", content=content, headers={"content-type": "application/json"}
            )
            assert response.status_code == 413
            assert response.json()["errors"][0]["extensions"]["code"] == "TOO_LARGE"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://localhost"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 403),
        ({"origin": "http://localhost", "x-requested-with": "tapetum"}, 200),
    ],
)
async def test_a_browser_shows_that_it_was_not_tricked(
    world: World, headers: dict[str, str], status: int
) -> None:
    async with world.client(**headers) as client:
        response = await client.post("/graphql", json=QUERY)
    assert response.status_code == status


async def test_requests_to_foreign_names_are_not_answered() -> None:
    with opened(replace(OPEN, hosts=LOOPBACK_HOSTS)) as world:
        transport = httpx.ASGITransport(world.app)
        for host, status in (
            ("localhost", 200),
            ("localhost:8080", 200),
            ("127.0.0.1:1", 200),
            ("[::1]:8080", 200),
            ("[::1]", 200),
            ("evil.example", 421),
            ("localhost.evil.example:80", 421),
        ):
            async with httpx.AsyncClient(
                transport=transport, base_url="http://x", headers={"host": host}
            ) as client:
                response = await client.post("/graphql", json=QUERY)
            assert response.status_code == status, host


def test_the_guard_lets_everything_through_where_any_name_is_known() -> None:
    assert HostGuard(None, None)._hosts is None  # type: ignore[arg-type] # never called


async def test_tokens_are_needed_where_they_are_required() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        token, secret = issue("t", Scope(), ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
        await world.context.catalog.add_token(token)
        async with world.client() as client:
            for path in ("/healthz", "/readyz"):
                assert (await client.get(path)).status_code == 200
            refused = await client.post("/graphql", json=QUERY)
            assert (await client.get("/metrics")).status_code == 401
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHORIZED"
        async with world.client(secret) as client:
            assert (await client.post("/graphql", json=QUERY)).status_code == 200
            assert (await client.get("/metrics")).status_code == 200
        async with world.client(secret + "x") as client:
            assert (await client.post("/graphql", json=QUERY)).status_code == 401


async def test_statuses_say_more_where_the_media_type_lets_them(world: World) -> None:
    async with world.client(accept=GRAPHQL_JSON) as client:
        for query, status in (
            ("{ __typename }", 200),
            ("{ nothing }", 400),
            ("{", 400),
            ("{ node(id: 1) { id } }", 200),
        ):
            assert (await client.post("/graphql", json={"query": query})).status_code == status
    async with world.client() as client:
        assert (await client.post("/graphql", json={"query": "{ nothing }"})).status_code == 200


async def test_a_subscription_is_told_where_to_go(world: World) -> None:
    code, message = await world.refusal("subscription { alertRaised { gap } }")
    assert code == "REFUSED"
    assert "text/event-stream" in message


async def test_introspection_can_be_switched_off() -> None:
    with opened(replace(OPEN, introspection=False)) as world:
        for query in ("{ __schema { types { name } } }", '{ a: __type(name: "Flow") { name } }'):
            assert (await world.refusal(query))[0] == "REFUSED"
        assert await world.ask("{ __typename }") == {"__typename": "Query"}


async def test_only_trusted_documents_run_where_they_are_given() -> None:
    with opened(replace(OPEN, trusted=frozenset({"0" * 64}))) as world:
        assert (await world.refusal("{ __typename }"))[0] == "REFUSED"
    digest = sha256(b"{ __typename }").hexdigest()
    with opened(replace(OPEN, trusted=frozenset({digest}))) as world:
        assert await world.ask("{ __typename }")


async def test_past_the_deadline_the_store_is_cancelled_too() -> None:
    """F21."""
    logs = HangingLogs()
    with opened(replace(OPEN, deadline=timedelta(milliseconds=50)), logs=logs) as world:
        code, message = await world.refusal("{ a: clusters { id } b: clusters { id } }")
    assert code == "DEADLINE"
    assert "0.05 s" in message
    assert (logs.asked, logs.cancelled) == (2, 2)


class SlowCatalog(MemoryCatalog):
    """Takes its time to save."""

    async def save_document(self, scope: object, caller: object, draft: object) -> Any:
        await asyncio.sleep(60)


async def test_past_the_deadline_a_change_may_have_been_made() -> None:
    settings = replace(OPEN, deadline=timedelta(milliseconds=50))
    with opened(settings, catalog=SlowCatalog()) as world:
        code, message = await world.refusal(
            'mutation { saveDashboard(document: {format: 1, title: "t", widgets: []}) { problems { code } } }'
        )
    assert code == "DEADLINE"
    assert "may have been made all the same" in message


async def test_a_client_that_leaves_cancels_its_query() -> None:
    logs = HangingLogs()
    with opened(logs=logs) as world:
        asking = asyncio.create_task(world.answer("{ clusters { id } }"))
        await eventually(lambda: logs.asked > 0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert logs.cancelled == 1


HOSTILE = "line\nbreak\r\x1b[31mred\x00\u202e\u2028 " + "<script>" * 500


async def test_what_nobody_foresaw_is_masked_and_logged_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with opened(logs=BrokenLogs(HOSTILE)) as world:
        code, message = await world.refusal("{ clusters { id } }")
    assert code == "INTERNAL"
    logged = capsys.readouterr().out
    assert message.split()[-1].rstrip(".") in logged
    assert logged.count("\n") == 1
    for char in "\r\x00\u202e\u2028":
        assert char not in logged
    assert "RuntimeError: line\\\\x0abreak" in logged or "RuntimeError: line\\x0abreak" in logged
    assert len(logged) < 2500


async def test_a_store_that_is_away_says_so() -> None:
    with opened(logs=AwayLogs()) as world:
        assert await world.refusal("{ clusters { id } }") == (
            "UNAVAILABLE",
            "The log store cannot be reached; try again in a minute.",
        )
        async with world.client() as client:
            response = await client.get("/readyz")
            assert (response.status_code, response.text) == (
                503,
                "The log store cannot be reached; try again in a minute.\n",
            )
            assert (await client.get("/healthz")).status_code == 200


async def test_metrics_have_bounded_labels(world: World) -> None:
    for query in (
        "{ __typename }",
        "{ x }",
        "{ hostile: nothing }",
        '{ suggest(field: "x", range: {from: "now"}) { value } }',
    ):
        await world.answer(query)
    async with world.client() as client:
        page = (await client.get("/metrics")).text
    assert 'tapetum_graphql_operations_total{field="__typename",outcome="ok"} 1.0' in page
    assert 'tapetum_graphql_operations_total{field="unknown",outcome="INVALID_DOCUMENT"} 2.0' in page
    assert 'tapetum_graphql_operations_total{field="suggest",outcome="BAD_INPUT"} 1.0' in page
    assert "hostile" not in page


async def test_limits_are_settings() -> None:
    with opened(replace(OPEN, limits=Limits(root_fields=1))) as world:
        assert (await world.refusal("{ a: __typename b: __typename }"))[0] == "REFUSED"


async def test_a_query_is_answered_as_json_where_the_client_takes_both(world: World) -> None:
    accept = "application/graphql-response+json, application/json, text/event-stream"
    async with world.client(accept=accept) as client:
        answer = await client.post("/graphql", json=QUERY)
    assert answer.headers["content-type"].startswith(GRAPHQL_JSON)
    assert answer.json() == {"data": {"__typename": "Query"}}
