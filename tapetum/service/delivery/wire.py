"""A line to a syslog server over UDP, TCP or TLS, at an address that was checked."""

import asyncio
from contextlib import suppress
from ssl import SSLContext
from typing import Any

from tapetum.domain.deliveries import Answer, Outcome
from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.receivers import Syslog
from tapetum.service.delivery.message import one_line
from tapetum.service.delivery.posting import PATIENCE
from tapetum.service.outbound.certificates import certificates, distrust
from tapetum.service.outbound.transport import Guard


async def written(
    guard: Guard,
    receiver: Syslog,
    line: bytes,
    trusted: SSLContext | None = None,
    patience: float = PATIENCE,
) -> Answer:
    """Delivered once it is written: syslog has no answer. `trusted` is for TLS; None: the public."""
    try:
        async with asyncio.timeout(patience):
            address = await guard.address(receiver.host, receiver.port)
            if receiver.transport == "udp":
                await _datagram(address, receiver.port, line)
                return Answer(Outcome.DELIVERED, "It was sent over UDP, which tells nobody if it arrived.")
            await _stream(address, receiver, line, trusted or certificates())
    except TimeoutError:
        return Answer(Outcome.PUT_OFF, f"The receiver had not taken it after {patience:g} s.")
    except (BadInputError, UnavailableError) as error:  # of the guard
        return Answer(Outcome.PUT_OFF, error.message)
    except OSError as error:  # those of TLS too
        if said := distrust(error):
            return Answer(Outcome.PUT_OFF, said)
        reason = one_line(error.strerror or str(error), 160) or type(error).__name__
        return Answer(Outcome.PUT_OFF, f"The receiver cannot be reached ({reason}).")
    return Answer(Outcome.DELIVERED, f"It was written over {receiver.transport.upper()}.")


async def _stream(address: str, receiver: Syslog, line: bytes, trusted: SSLContext) -> None:
    secured: dict[str, Any] = {}
    framed = line + b"\n"
    if receiver.transport == "tls":
        secured = {"ssl": trusted, "server_hostname": receiver.host}
        framed = b"%d %b" % (len(line), line)  # RFC 5425
    _, writer = await asyncio.open_connection(address, receiver.port, **secured)
    try:
        writer.write(framed)
        await writer.drain()
    finally:
        writer.close()
    with suppress(OSError, TimeoutError):  # it was written: how the other end closes says nothing of that
        async with asyncio.timeout(1):
            await writer.wait_closed()


async def _datagram(address: str, port: int, line: bytes) -> None:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=(address, port))
    transport.sendto(line)
    transport.close()
    await asyncio.sleep(0)
