"""Receivers over TLS: one that nobody trusts is told in a sentence, a private authority can be trusted."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest

from tapetum.domain.deliveries import Answer, Outcome
from tapetum.domain.receivers import Receiver, Syslog, Webhook
from tapetum.service.delivery.sender import Sender
from tapetum.service.outbound.certificates import certificates
from tapetum.service.outbound.targets import Targets
from tapetum.service.outbound.transport import Guard, guarded_client
from tapetum.service.settings import Settings
from tests.api.world import some_alert
from tests.support.factory import NOW
from tests.support.receiver import AUTHORITY, private_tls, receiver
from tests.support.receiver import Receiver as Server

TOLD = (
    "The receiver's certificate is not trusted (unable to get local issuer certificate); let a known "
    "authority sign it, or name its own in TAPETUM_OUTBOUND_AUTHORITIES."
)


@pytest.fixture
def server() -> Generator[Server]:
    with receiver(private_tls()) as one:
        yield one


async def sent(where: Receiver, authorities: Path | None = None) -> Answer:
    async def resolving(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    targets, trusted = Targets(["127.0.0.1/32"]), certificates(authorities)
    one = Sender(
        lambda: guarded_client(targets, timeout=5, redirects=0, resolving=resolving, verify=trusted),
        Guard(targets, resolving),
        lambda: NOW,
        "1.0",
        trusted=trusted,
    )
    return await one.send("t1", where, some_alert(1))


async def test_a_receiver_that_nobody_trusts_is_told_nothing(server: Server) -> None:
    answer = await sent(Webhook(url=server.secure_url(), secret="Bearer t0p-s3cret"))
    assert answer == Answer(Outcome.PUT_OFF, TOLD)
    assert server.sent == []


async def test_a_private_authority_is_trusted_where_the_settings_name_it(server: Server) -> None:
    answer = await sent(Webhook(url=server.secure_url()), AUTHORITY)
    assert answer.outcome is Outcome.DELIVERED
    assert [one.headers["host"] for one in server.sent] == [f"soc.test:{server.port}"]


async def test_its_word_for_another_name_does_not_count(server: Server) -> None:
    answer = await sent(Webhook(url=server.secure_url("other.test")), AUTHORITY)
    assert answer.outcome is Outcome.PUT_OFF
    assert "certificate is not trusted (Hostname mismatch" in answer.said
    assert server.sent == []


async def test_syslog_over_tls_goes_by_the_same() -> None:
    came = asyncio.get_running_loop().create_future()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.set_result(await reader.read(9))
        writer.close()

    listening = await asyncio.start_server(take, "127.0.0.1", 0, ssl=private_tls())
    async with listening:
        where = Syslog(host="soc.test", port=listening.sockets[0].getsockname()[1], transport="tls")
        assert await sent(where) == Answer(Outcome.PUT_OFF, TOLD)
        assert (await sent(where, AUTHORITY)).outcome is Outcome.DELIVERED
        assert b"<" in await came


@pytest.mark.parametrize(
    ("file", "told"), [("none.pem", "No such file"), ("plain.pem", "no certificate in PEM")]
)
def test_a_file_without_authorities_is_told_at_the_start(tmp_path: Path, file: str, told: str) -> None:
    (tmp_path / "plain.pem").write_text("not a certificate")
    with pytest.raises(ValueError, match=f"cannot be read: {told}"):
        Settings.model_validate({"outbound_authorities": tmp_path / file})
