"""Sending to receivers on loopback: what their answers come to, what is guarded, and what is never told."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import suppress

import pytest

from tapetum.domain.deliveries import Answer, Outcome
from tapetum.domain.moments import SECOND
from tapetum.domain.receivers import Alertmanager, Jira, Receiver, Slack, Syslog, Webhook
from tapetum.service.delivery import webhook
from tapetum.service.delivery.message import message_of
from tapetum.service.delivery.posting import posted, retry_after
from tapetum.service.delivery.sender import Sender
from tapetum.service.outbound.targets import Targets
from tapetum.service.outbound.transport import Guard, guarded_client
from tests.api.world import some_alert
from tests.support.factory import NOW
from tests.support.receiver import Receiver as Server
from tests.support.receiver import Reply, receiver

LOOPBACK = ["127.0.0.1/32"]
SECRET = "Bearer t0p-s3cret"


def sender(*allowed: str) -> Sender:
    targets = Targets(allowed)
    return Sender(lambda: guarded_client(targets, timeout=5, redirects=0), Guard(targets), lambda: NOW, "1.0")


async def sent(where: Receiver, *allowed: str) -> Answer:
    return await sender(*(allowed or LOOPBACK)).send("t1", where, some_alert(1))


@pytest.fixture
def server() -> Generator[Server]:
    with receiver() as one:
        yield one


async def test_an_alert_is_sent_under_its_key(server: Server) -> None:
    answer = await sent(Webhook(url=server.url("a?b=c"), secret=SECRET))
    assert answer == Answer(Outcome.DELIVERED, "The receiver answered 200 OK: ok.")
    (one,) = server.sent
    assert (one.path, one.key, one.told["key"]) == ("/a?b=c", "t1-alert-east-shop-1", "t1-alert-east-shop-1")
    assert one.headers["authorization"] == SECRET
    assert one.headers["content-type"] == "application/json"
    assert one.headers["host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DELIVERED),
        (202, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (301, Outcome.PUT_OFF),
        (400, Outcome.REFUSED),
        (401, Outcome.REFUSED),
        (404, Outcome.REFUSED),
        (408, Outcome.PUT_OFF),
        (425, Outcome.PUT_OFF),
        (429, Outcome.PUT_OFF),
        (500, Outcome.PUT_OFF),
        (503, Outcome.PUT_OFF),
    ],
)
async def test_what_an_answer_comes_to(server: Server, status: int, outcome: Outcome) -> None:
    server.reply = lambda _: Reply(status, b"", {"retry-after": "7", "location": "/elsewhere"})
    answer = await sent(Webhook(url=server.url()))
    assert answer.outcome is outcome
    assert str(status) in answer.said
    assert answer.said.endswith(".")
    later = outcome is Outcome.PUT_OFF and status != 301
    assert answer.after == (7 * SECOND if later else None)


async def test_nobody_inside_is_reached_unless_allowed(server: Server) -> None:
    for where in (
        Webhook(url=server.url()),
        Webhook(url=f"http://localhost:{server.port}/"),
        Webhook(url="http://169.254.169.254/latest/meta-data"),
        Webhook(url="http://10.0.0.1/"),
        Jira(url=server.url(), project="SOC", secret="x"),
        Alertmanager(url=server.url()),
        Slack(url=server.url()),
        *(Syslog(host="127.0.0.1", port=server.port, transport=each) for each in ("tcp", "udp", "tls")),
    ):
        answer = await sent(where, "192.0.2.0/24")
        assert answer.outcome is Outcome.PUT_OFF
        assert "allow it with TAPETUM_OUTBOUND_ALLOWED" in answer.said
    assert server.sent == []


async def test_no_redirect_is_followed_with_what_is_secret(server: Server) -> None:
    with receiver() as inside:
        for status in (301, 302, 303, 307, 308):
            server.reply = lambda _, to=status: Reply(to, b"", {"location": inside.url()})
            answer = await sent(Webhook(url=server.url(), secret=SECRET))
            assert answer.outcome is Outcome.PUT_OFF
            assert "leads elsewhere" in answer.said
        assert inside.sent == []


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (lambda url: Webhook(url=url, secret=SECRET), (SECRET, "t0p-s3cret")),
        (lambda url: Slack(url=f"{url}/T0/B0/kept"), ("/hook/T0/B0/kept",)),
        (lambda url: Jira(url=url, project="SOC", user="me", secret="s3cret"), ("s3cret", "bWU6czNjcmV0")),
        (lambda url: Alertmanager(url=url, secret="s3cret"), ("s3cret",)),
    ],
    ids=["webhook", "slack", "jira", "alertmanager"],
)
async def test_an_answer_that_repeats_a_secret_is_told_without_it(
    server: Server, where: Callable[[str], Receiver], told: tuple[str, ...]
) -> None:
    server.reply = lambda sent: Reply(
        400, f"{sent[-1].headers.get('authorization', '')} {sent[-1].path}\r\n\x1b[2J".encode()
    )
    answer = await sent(where(server.url()))
    assert answer.outcome is Outcome.REFUSED
    assert answer.said.isprintable()
    assert len(answer.said) < 300
    assert "********" in answer.said
    for each in told:
        assert each not in answer.said


async def test_an_answer_that_never_ends_is_cut(server: Server) -> None:
    server.reply = lambda _: Reply(500, b"x" * 1_000_000)
    assert len((await sent(Webhook(url=server.url()))).said) < 300


async def test_a_receiver_that_says_nothing_is_given_up_for_now() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        post = Webhook(url=f"http://127.0.0.1:{port}/")
        told = webhook.post_of(post, message_of("t1", some_alert(1), None))
        answer = await posted(sender(*LOOPBACK).client, told, [], NOW, patience=0.2)
    assert answer == Answer(Outcome.PUT_OFF, "The receiver had not answered after 0.2 s.")
    gone = await sent(post)
    assert gone.outcome is Outcome.PUT_OFF
    assert "cannot be reached" in gone.said


@pytest.mark.parametrize("transport", ["tcp", "udp"])
async def test_syslog_gets_a_line(transport: str) -> None:
    got: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    if transport == "udp":

        class Heard(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: object) -> None:
                got.set_result(data + b"\n")

        loop = asyncio.get_running_loop()
        heard, _ = await loop.create_datagram_endpoint(Heard, local_addr=("127.0.0.1", 0))
        port = heard.get_extra_info("sockname")[1]
        answer = await sent(Syslog(host="127.0.0.1", port=port, transport="udp"))
        line = await asyncio.wait_for(got, 5)
        heard.close()
    else:

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            got.set_result(await reader.read())
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1") as server:
            port = server.sockets[0].getsockname()[1]
            answer = await sent(Syslog(host="127.0.0.1", port=port, transport="tcp"))
            line = await asyncio.wait_for(got, 5)
    assert answer.outcome is Outcome.DELIVERED
    assert line.startswith(b"<108>1 ")
    assert b" CEF:0|Tapetum|Tapetum|1.0|detector|Alert 1|5|" in line
    assert line.count(b"\n") == 1
    gone = await sent(Syslog(host="127.0.0.1", port=port, transport="tcp"))
    assert gone.outcome is Outcome.PUT_OFF


@pytest.mark.parametrize(
    ("told", "after"),
    [
        ("120", 120 * SECOND),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        ("9" * 30, None),
        (None, None),
    ],
)
def test_retry_after_is_read_in_both_forms(told: str | None, after: int | None) -> None:
    assert retry_after(told, NOW) == after
