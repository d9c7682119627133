"""F8: the data file can grow no further, as on a full disk, while deliveries come in."""

import resource
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import httpx
import pytest

from tests.faults.deliveries import assert_stored, deliveries
from tests.support.served import Served, run

pytestmark = [pytest.mark.fault, pytest.mark.server]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    with Served(tmp_path_factory.mktemp("full") / "data") as running:
        yield running
        running.kill()
        assert run("verify", "--data", running.data).returncode == 0


@contextmanager
def full(served: Served, room: int) -> Generator[None]:
    """None of its files may grow past the largest of them and so many bytes."""
    largest = max(path.stat().st_size for path in Path(served.data).iterdir())
    soft, hard = resource.prlimit(served.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (largest + room, hard))
    try:
        yield
    finally:
        resource.prlimit(served.pid, resource.RLIMIT_FSIZE, (soft, hard))


def test_what_does_not_fit_is_not_acknowledged_and_goes_in_once_there_is_room(
    served: Served, fault_seed: int
) -> None:
    chance = Random(fault_seed)
    cluster = f"full-{fault_seed}"
    sent = deliveries(chance, int(time.time()) // 3600 * 3600 - 10_800, count=12, most=1500)
    acknowledged: set[str] = set()
    refused = 0
    with full(served, chance.randint(1000, 2_000_000)):
        for each in sent:
            answer = served.send(each.body, cluster)
            if answer.status_code == httpx.codes.OK:
                acknowledged.add(each.name)
            else:
                refused += 1
                assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
                assert int(answer.headers["retry-after"]) > 0
                assert "did not take the write" in answer.json()["error"]
        assert refused, "there was room for everything"
        kept = [each for each in sent if each.name in acknowledged]
        if kept:
            assert_stored(served, cluster, kept)
        else:
            assert served.counts(cluster) == (0, 0)
    for each in sent:
        counts = served.ingest(each.body, cluster)
        if each.name in acknowledged:
            assert counts["duplicates"] == counts["lines"], "an acknowledged delivery was new again"
    assert_stored(served, cluster, sent)
