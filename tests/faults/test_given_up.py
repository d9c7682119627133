"""The engine gives its file up while the process serves: it opens the file anew and nobody loses anything."""

import os
import signal
import sys
import threading
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from random import Random

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.faults.deliveries import assert_stored, deliveries
from tests.support import raw_flows
from tests.support.served import Served, assert_back, events, run

pytestmark = [pytest.mark.fault, pytest.mark.server]

FOLLOWED = 'subscription($after: String) { alertRaised(clusters: ["%s"], after: $after) { cursor gap } }'
RESTARTING = 1012


class Failing(Served):
    """Gives its file up when it is told to."""

    def _program(self) -> list[str | Path]:
        return [sys.executable, "-m", "tests.support.giving_up"]

    def give_up(self) -> None:
        os.kill(self.pid, signal.SIGUSR1)

    def until_reopened(self, times: int) -> None:
        """It has said so, and serves at the address where it did."""
        url, until = self.url, time.monotonic() + 120
        while self.said.count("Tapetum serves") <= times:
            assert time.monotonic() < until, self.said
            time.sleep(0.05)
        self.until_answering("/readyz")
        assert self.url == url


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Generator[Failing]:
    with Failing(tmp_path_factory.mktemp("given") / "data") as running:
        yield running
        running.stop()
        assert run("verify", "--data", running.data).returncode == 0


def deliver(served: Served, body: bytes, cluster: str) -> None:
    """Sent until it is acknowledged, as agents do."""
    until = time.monotonic() + 120
    while True:
        try:
            answer = served.send(body, cluster)
        except httpx.TransportError:  # cut off midway
            pass
        else:
            if answer.status_code == httpx.codes.OK:
                return
            assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
        assert time.monotonic() < until
        time.sleep(0.1)


def closed(socket: ClientConnection) -> int | None:
    """With which code, whatever comes before."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(60)
    return socket.close_code


def test_senders_get_everything_in_and_nothing_twice(failing: Failing, fault_seed: int) -> None:
    chance = Random(fault_seed)
    sent = deliveries(chance, int(time.time()) // 3600 * 3600 - 10_800, count=10, most=1500)
    cluster = f"given-{fault_seed}"
    times, pid, began = failing.said.count("Tapetum serves"), failing.pid, time.monotonic()
    moment = threading.Timer(chance.uniform(0.0, 1.5), failing.give_up)
    moment.start()
    for each in sent:
        deliver(failing, each.body, cluster)
    moment.join()
    failing.until_reopened(times)
    assert_back(began)
    assert failing.pid == pid
    assert "the data engine gave up" in failing.said
    assert_stored(failing, cluster, sent)
    for each in sent:
        counts = failing.ingest(each.body, cluster)
        assert counts["duplicates"] == counts["lines"], "an acknowledged delivery was new again"


def test_a_subscriber_is_told_to_come_back_and_misses_nothing(failing: Failing) -> None:
    times = failing.said.count("Tapetum serves")
    query = FOLLOWED % "followed"
    denied = [
        raw_flows.line(int(time.time()) - 60, action="deny", dest_name_aggr=f"db-{n}-*") for n in range(4)
    ]
    with failing.subscribed(query) as socket:
        time.sleep(0.5)
        failing.ingest(denied[:1], "followed")
        (known,) = events(socket, 1)
        failing.give_up()
        assert closed(socket) == RESTARTING
    failing.until_reopened(times)
    failing.ingest(denied[1:], "followed")
    with failing.subscribed(query, {"after": known["alertRaised"]["cursor"]}) as socket:
        missed = events(socket, 3)
    assert [event["alertRaised"]["gap"] for event in missed] == [0, 0, 0]
