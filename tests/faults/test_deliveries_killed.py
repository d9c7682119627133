"""The process is killed between raising and delivering: every alert still comes, in order, under one key."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.support import raw_flows
from tests.support.receiver import Reply, receiver
from tests.support.served import Served

pytestmark = [pytest.mark.fault, pytest.mark.server]

BURSTS, EACH = 2, 8
SAVE = """mutation($document: JSON!) { saveDeliveryTarget(document: $document) {
  target { id } problems { message } } }"""
STANDS = "{ deliveryTargets { waiting delivered failed problem } }"


def until(holds: Callable[[], bool], told: str, within: float = 60) -> None:
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, told
        time.sleep(0.05)


def test_a_killed_process_delivers_all_that_it_raised(tmp_path: Path, fault_seed: int) -> None:
    chance = Random(fault_seed)
    allowed = '["127.0.0.1/32"]'
    with (
        receiver() as server,
        Served(tmp_path / "data", TAPETUM_OUTBOUND_ALLOWED=allowed) as served,
    ):
        server.reply = lambda _: Reply(503) if chance.random() < 0.08 else Reply()
        document = {
            "format": 1,
            "title": "SOC",
            # Rules of the product raise alerts of their own, whenever their minute comes.
            "filter": "rule: first-denied",
            "receiver": {"kind": "webhook", "url": server.url(), "secret": "Bearer t0p-s3cret"},
        }
        assert served.ask(SAVE, {"document": document})["saveDeliveryTarget"]["problems"] == []
        for burst in range(BURSTS):
            start = int(time.time()) - 60
            lines = [
                raw_flows.line(start, action="deny", dest_name_aggr=f"db-{burst}-{place}-*")
                for place in range(EACH)
            ]
            served.ingest(lines, "east")
            if burst % 2:
                time.sleep(chance.uniform(0, 1.5))
                served.kill()
                assert b"t0p-s3cret" not in served.said.encode()
                served.start()

        def came() -> list[str]:
            return list(dict.fromkeys(one.key for one in server.sent))

        until(lambda: len(came()) == BURSTS * EACH, "not all alerts came")
        server.reply = lambda _: Reply()
        until(lambda: _stands(served)["waiting"] == 0, "deliveries did not come to rest")
        stands = _stands(served)
        assert (stands["delivered"], stands["failed"], stands["problem"]) == (BURSTS * EACH, 0, None)
        assert all(one.told["key"] == one.key for one in server.sent)
        by_key = {one.key: one.told["alert"] for one in server.sent}
        assert len({alert["id"] for alert in by_key.values()}) == BURSTS * EACH, "one key for each alert"
        bursts = [int(alert["target"]["name"].split("-")[1]) for alert in by_key.values()]
        assert bursts == sorted(bursts), "in the order in which they were raised"


def _stands(served: Served) -> dict[str, object]:
    (one,) = served.ask(STANDS)["deliveryTargets"]
    return one
