"""Sources as they are: they send a delivery until it is acknowledged, and then the next."""

import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from random import Random
from typing import Self

import httpx

from tests.faults.deliveries import Delivery, assert_stored
from tests.support.fleet import Fleet
from tests.support.served import Served

_LATER = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE)


class Sender(threading.Thread):
    """Sends to any of the replicas. `refused` counts answers that told it to come later."""

    def __init__(
        self,
        replicas: Sequence[Served],
        cluster: str,
        waiting: Sequence[Delivery],
        chance: Random,
        within: float,
    ) -> None:
        super().__init__()
        self.acknowledged: list[Delivery] = []
        self.refused = 0
        self.longest = 0.0
        self.error: Exception | None = None
        self._replicas, self._cluster, self._waiting = replicas, cluster, waiting
        self._chance = chance
        self._until = time.monotonic() + within

    def run(self) -> None:
        try:
            for each in self._waiting:
                while not self._sent(each):
                    assert time.monotonic() < self._until, "a delivery found nobody who would take it"
                    time.sleep(0.2)
                self.acknowledged.append(each)
        except Exception as error:  # noqa: BLE001 - raised again where the test can see it
            self.error = error

    def _sent(self, delivery: Delivery) -> bool:
        began = time.monotonic()
        try:
            answer = httpx.post(
                f"{self._chance.choice(self._replicas).url}/ingest/v1/flows",
                params={"cluster": self._cluster},
                content=delivery.body,
                timeout=30,
            )
        except httpx.TransportError:
            return False  # nobody knows whether it is there; sending it again must not matter
        self.longest = max(self.longest, time.monotonic() - began)
        if answer.status_code in _LATER:
            assert float(answer.headers["retry-after"]) > 0
            self.refused += 1
            return False
        assert answer.status_code == httpx.codes.OK, answer.text
        counts = answer.json()
        assert counts["lines"] == len(delivery.lines)
        assert counts["lines"] == counts["accepted"] + counts["duplicates"] + counts["rejected"]
        return True


class Traffic:
    """Several senders at once, given as (cluster, what it sends); use as a context around the fault."""

    def __init__(
        self,
        fleet: Fleet,
        chance: Random,
        sent: Sequence[tuple[str, list[Delivery]]],
        within: float = 120,
    ) -> None:
        self._fleet = fleet
        self.senders = [
            (cluster, Sender(fleet.apis, cluster, batches, Random(chance.random()), within))
            for cluster, batches in sent
        ]

    def __enter__(self) -> Self:
        for _, sender in self.senders:
            sender.start()
        return self

    def __exit__(self, *_: object) -> None:
        for _, sender in self.senders:
            sender.join()

    def assert_exact(self, *, drained_within: float = 90) -> float:
        """I1 to I3, from the first acknowledged line to the last edge; how long it took to catch up."""
        acknowledged: dict[str, list[Delivery]] = defaultdict(list)
        for cluster, sender in self.senders:
            if sender.error is not None:
                raise sender.error
            acknowledged[cluster] += sender.acknowledged
        took = self._fleet.drained(drained_within)
        for replica in self._fleet.apis:
            for cluster, sent in acknowledged.items():
                assert_stored(replica, cluster, sent)
        verified = self._fleet.api.command("verify")
        assert verified.returncode == 0, verified.stderr.decode()
        return took
