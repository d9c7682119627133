"""F24: sockets without a beginning, from elsewhere, in another protocol, and whose token ends."""

import json
import time
from collections.abc import Generator
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.support import raw_flows
from tests.support.served import Served, events, run

pytestmark = [pytest.mark.fault, pytest.mark.server]

ALERTS = "subscription { alertRaised { cursor alert { target { name } } } }"
INIT = json.dumps({"type": "connection_init"})
SUBSCRIBE = json.dumps({"id": "1", "type": "subscribe", "payload": {"query": ALERTS}})
SHORT = 6.0
"""Seconds that a token lasts."""


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """Asks for a token on loopback too."""
    data = tmp_path_factory.mktemp("strict") / "data"
    with Served(data, TAPETUM_REQUIRE_TOKEN="true") as running:
        yield running


def token(served: Served, name: str, *options: str) -> str:
    made = run("token", "create", name, "--data", served.data, *options)
    assert made.returncode == 0, made.stderr
    return made.stdout.decode().strip()


def closing(socket: ClientConnection, *messages: str, within: float = 15) -> int | None:
    """The code with which the other side closes, whatever is said before."""
    until = time.monotonic() + within
    with suppress(ConnectionClosed):
        for message in messages:
            socket.send(message)
        while True:
            socket.recv(max(0.0, until - time.monotonic()))
    return socket.close_code


def denied(number: int) -> bytes:
    return raw_flows.line(int(time.time()) - 30, action="deny", dest_name_aggr=f"f24-{number}-*")


def test_a_socket_that_begins_in_another_way_is_closed(served: Served) -> None:
    for message, code in (
        (SUBSCRIBE, 4401),
        ('{"type":"complete","id":"1"}', 4401),
        ("no json", 4400),
        ('{"id":"1"}', 4400),
        ("[" * 50_000, 4400),
        ('{"type":"connection_init","payload":7}', 4400),
        ('{"type":"connection_init","payload":{"token":"tpt_no"}}', 4401),
    ):
        with served.socket() as socket:
            assert closing(socket, message) == code, message[:80]


def test_a_socket_that_says_nothing_is_closed(served: Served) -> None:
    with served.socket() as socket:
        assert closing(socket, within=20) == 4408


def test_a_socket_that_begins_twice_is_closed(served: Served) -> None:
    with served.socket() as socket:
        assert closing(socket, INIT, INIT) == 4429


@pytest.mark.parametrize("protocols", [("graphql-ws",), ("soap",), ()])
def test_another_protocol_is_closed(served: Served, protocols: tuple[str, ...]) -> None:
    with served.socket(protocols=protocols) as socket:
        assert closing(socket) == 4406


def test_a_page_from_elsewhere_is_closed(served: Served) -> None:
    for origin in ("http://evil.example", "https://127.0.0.1.evil.example", "null", "file://", "http://[::1"):
        with served.socket(origin=origin) as socket:
            assert closing(socket, INIT) == 4403, origin
    with served.socket(origin=served.url) as socket:
        socket.send(INIT)
        assert json.loads(socket.recv(5)) == {"type": "connection_ack"}


def test_a_name_that_was_made_to_lead_here_is_turned_away(served: Served) -> None:
    elsewhere = {"host": "rebound.example"}
    assert served.http.get("/healthz", headers=elsewhere).status_code == 421
    upgrade = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert served.http.get("/graphql", headers=upgrade | elsewhere).status_code == 403


def test_without_a_token_nothing_is_told(strict: Served) -> None:
    with strict.socket() as socket:
        assert closing(socket, INIT) == 4401
    assert strict.post("{ clusters { name } }").status_code == 401
    assert strict.send(denied(0), "c").status_code == 401
    assert strict.http.get("/metrics").status_code == 401


def test_nothing_is_delivered_after_a_token_has_expired(strict: Served) -> None:
    sender = token(strict, "sender", "--ingest")
    began = time.time()
    short = token(strict, "short", "--days", str(SHORT / 86_400))
    came = 0
    with strict.subscribed(ALERTS, token=short) as socket, suppress(ConnectionClosed):
        while came < 500:
            answer = strict.send(denied(came), "f24", authorization=f"Bearer {sender}")
            assert answer.status_code == 200, answer.text
            events(socket, 1)
            came += 1
    assert 0 < came < 500
    assert socket.close_code == 4401
    # The token began somewhere within the command that made it, so its end is not later than now.
    assert began + SHORT <= time.time()
    expired = strict.post("{ clusters { name } }", token=short)
    assert expired.status_code == 401
    assert "expired" in expired.json()["errors"][0]["message"]


def test_a_revoked_token_opens_nothing(strict: Served) -> None:
    """What it had opened is closed within half a minute; tests/api waits for that."""
    secret = token(strict, "revoked")
    listed = run("token", "list", "--data", strict.data).stdout.decode()
    token_id = next(line.split()[0] for line in listed.splitlines() if " revoked " in line)
    assert strict.post("{ clusters { name } }", token=secret).status_code == 200
    assert run("token", "revoke", token_id, "--data", strict.data).returncode == 0
    assert strict.post("{ clusters { name } }", token=secret).status_code == 401
    with strict.socket() as socket:
        assert closing(socket, json.dumps({"type": "connection_init", "payload": {"token": secret}})) == 4401


def test_server_sent_events_follow_the_same_rules(strict: Served) -> None:
    secret, sender = token(strict, "streamer"), token(strict, "stream-sender", "--ingest")
    headers: dict[str, Any] = {"accept": "text/event-stream"}
    refused = strict.http.post("/graphql", json={"query": ALERTS}, headers=headers)
    assert refused.status_code == 401
    headers["authorization"] = f"Bearer {secret}"
    with strict.http.stream("POST", "/graphql", json={"query": ALERTS}, headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        time.sleep(1)
        assert strict.send(denied(999), "f24-sse", authorization=f"Bearer {sender}").status_code == 200
        raised = (
            json.loads(line[6:])["data"]["alertRaised"]["alert"]
            for line in lines
            if line.startswith("data: {")
        )
        # Rules over what earlier tests sent may raise theirs meanwhile.
        next(alert for alert in raised if alert["target"] == {"name": "f24-999-*"})
