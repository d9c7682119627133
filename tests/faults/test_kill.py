"""F1: the process is killed at a random moment while it takes deliveries."""

import threading
import time
from collections.abc import Generator
from random import Random

import httpx
import pytest

from tests.faults.deliveries import Delivery, Tally, assert_exact, assert_whole, deliveries
from tests.support.served import Served, assert_back, run

pytestmark = [pytest.mark.fault, pytest.mark.server]


class Sender(threading.Thread):
    """Sends deliveries one after the other until there are none, or nobody answers."""

    def __init__(self, url: str, cluster: str, waiting: list[Delivery]) -> None:
        super().__init__()
        self.acknowledged: set[str] = set()
        self.tally = Tally()
        self._url, self._cluster, self._waiting = url, cluster, waiting

    def run(self) -> None:
        with httpx.Client(base_url=self._url, timeout=30) as http:
            for each in self._waiting:
                try:
                    answer = http.post(
                        "/ingest/v1/flows", params={"cluster": self._cluster}, content=each.body
                    )
                except httpx.TransportError:
                    return
                assert answer.status_code == httpx.codes.OK, answer.text
                self.tally.add(answer.json())
                self.acknowledged.add(each.name)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """One directory for all runs, so that it is killed and reopened over and over."""
    with Served(tmp_path_factory.mktemp("killed") / "data") as running:
        yield running
        assert run("verify", "--data", running.data).returncode == 0


def test_what_was_acknowledged_survives_and_the_rest_is_there_whole_or_not_at_all(
    killed: Served, fault_seed: int
) -> None:
    chance = Random(fault_seed)
    start = int(time.time()) // 3600 * 3600 - 10_800
    sent = {
        f"{side}-{fault_seed}": deliveries(chance, start, count=10, most=1500) for side in ("east", "west")
    }
    senders = {cluster: Sender(killed.url, cluster, batches) for cluster, batches in sent.items()}
    for sender in senders.values():
        sender.start()
    time.sleep(chance.uniform(0.0, 2.0))
    killed.kill()
    for sender in senders.values():
        sender.join()
    began = time.monotonic()
    killed.start()
    assert_back(began)
    for cluster, sender in senders.items():
        unheard = assert_whole(killed, cluster, sender.acknowledged, sent[cluster])
        assert len(unheard) <= 1, "a sender that waits for its answers has one delivery under way"
        for each in sent[cluster]:
            counts = killed.ingest(each.body, cluster)
            if each.name in sender.acknowledged:
                assert counts["duplicates"] == counts["lines"], "an acknowledged delivery was new again"
            sender.tally.add(counts)
        assert_exact(killed, cluster, sent[cluster], sender.tally, sum(unheard.values()))
