"""From a POST of flows to the alert on a WebSocket, while 5,000 flows a second come in."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench import inputs, served
from bench.audience import audience
from bench.figures import Figure, Of, Target
from bench.listeners import Heard
from bench.rows.subscribers import denied
from bench.setting import Setting

ROW = "alerts"
_A_SECOND = 5_000
BODIES_A_SECOND = 4
"""Posts a second: the flows come in four bodies, each with one flow that was never denied before."""

_SENDERS = 4
_SECONDS = 20
_QUICK = Target(2000, at_least=False, of=Of.VALUE, unit="ms")


def run(setting: Setting) -> list[Figure]:
    flows = setting.sized(_A_SECOND, 100)
    seconds = max(1, round(_SECONDS * min(1.0, setting.scale * 5)))
    with setting.directory() as files, setting.directory() as data:
        sending = bodies(files / "flows.ndjson", flows, seconds, setting.scale)
        with served.product(data) as server:
            (heard,), sent = measure([server], sending)
    raised, wanted = heard.messages[0], len(sending)
    if raised != wanted:
        raise AssertionError(f"{raised} of {wanted} alerts were heard.")
    return [
        Figure(ROW, f"{flows:,} flows/s: from POST to alert, p95", heard.p95, "ms", target=_QUICK),
        Figure(ROW, "p50", heard.p50, "ms"),
        Figure(ROW, "flows sent", flows * seconds / sent, "flows/s"),
    ]


def bodies(path: Path, flows: int, seconds: int, scale: float) -> list[bytes]:
    """Flow logs of the simulated cluster, cut into so many bodies."""
    file = inputs.clean(path, flows * seconds, scale)
    lines = file.path.read_bytes().splitlines(keepends=True)
    size = len(lines) // (seconds * BODIES_A_SECOND)
    return [b"".join(lines[at : at + size]) for at in range(0, size * seconds * BODIES_A_SECOND, size)]


def measure(
    servers: Sequence[served.Served], bodies: list[bytes], settle: Callable[[], object] = lambda: None
) -> tuple[list[Heard], float]:
    """What was heard of each server while the first was sent to, and how many seconds that took."""
    with ExitStack() as stack:
        ends = [stack.enter_context(audience(server.port, 1)) for server in servers]
        began = time.monotonic()

        def send(number: int) -> None:
            time.sleep(max(0.0, began + number / BODIES_A_SECOND - time.monotonic()))
            post(servers[0], bodies[number] + denied())

        with ThreadPoolExecutor(_SENDERS) as senders:
            list(senders.map(send, range(len(bodies))))
        took = time.monotonic() - began
        settle()
        return [end() for end in ends], took


def post(server: served.Served, body: bytes) -> None:
    connection = server.connect()
    try:
        connection.request("POST", "/ingest/v1/flows?cluster=bench", body)
        answer = connection.getresponse()
        told = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise AssertionError(f"Ingest answered {answer.status}: {told[:200]!r}")
