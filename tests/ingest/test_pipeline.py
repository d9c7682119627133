"""Deliveries through a store that only remembers."""

import asyncio
import threading

import pytest

from tapetum.domain.batches import Batch, Receipt, RecordKind
from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.moments import DAY
from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.forms import Form
from tapetum.ingest.pipeline import Pipeline
from tapetum.ingest.refusals import Cause
from tests.ingest.calico_lines import NOW, NOW_SECONDS

GOOD = b'{"start_time":%d,"action":"allow","reporter":"src","bytes_in":%d}'
BODY = b"\n".join([GOOD % (NOW_SECONDS, 1), GOOD % (NOW_SECONDS, 1), b"bad", GOOD % (NOW_SECONDS + 7200, 2)])


class Remembering:
    """A store of ids; `down` makes it refuse."""

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.batches: list[Batch] = []
        self.latest: int | None = None
        self.asked: list[tuple[str, RecordKind]] = []
        self.down = False
        self.at_once = self.most = 0
        self.lock = threading.Lock()

    def newest(self, cluster: str, kind: RecordKind) -> int | None:
        self.asked.append((cluster, kind))
        return self.latest

    def commit(self, batch: Batch) -> Receipt:
        if self.down:
            raise UnavailableError("the store is away")
        with self.lock:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        ids = batch.records.column("id").to_pylist()
        fresh = set(ids) - self.known
        self.known |= fresh
        self.batches.append(batch)
        with self.lock:
            self.at_once -= 1
        return Receipt(len(batch.lines), len(fresh), len(ids) - len(fresh), len(batch.rejections))


def pipeline(store: Remembering, limits: Limits | None = None) -> Pipeline:
    return Pipeline(store, lambda: NOW, Networks(), limits or Limits())


def test_a_delivery_is_decoded_and_committed() -> None:
    store = Remembering()
    line = pipeline(store)
    assert line.submit(BODY, Form.CALICO, "prod", "a file") == Receipt(4, 1, 1, 2)
    assert line.submit(BODY, Form.CALICO, "prod", "a file") == Receipt(4, 0, 2, 2)
    assert store.batches[0].id == store.batches[1].id
    assert (store.batches[0].source, store.batches[0].received_at) == ("a file", NOW)
    counts = line.tally.counts()
    assert (counts.batches[Form.CALICO], counts.received[Form.CALICO]) == (2, 8)
    assert (counts.accepted[Form.CALICO], counts.duplicates[Form.CALICO]) == (1, 3)
    assert counts.rejected == {(Form.CALICO, Cause.JSON): 2, (Form.CALICO, Cause.TIME): 2}


def test_the_store_tells_the_newest_record() -> None:
    store = Remembering()
    old = GOOD % (NOW_SECONDS - 31 * 86_400, 1)
    assert pipeline(store).submit(old, Form.CALICO, "prod", "a").accepted == 1
    store.latest = NOW - DAY // 2
    assert pipeline(store).submit(old, Form.CALICO, "prod", "a").rejected == 1
    assert pipeline(store, Limits(retention=60 * DAY)).submit(old, Form.CALICO, "prod", "a").duplicates == 1


def test_what_is_not_committed_is_not_counted() -> None:
    store = Remembering()
    store.down = True
    line = pipeline(store)
    with pytest.raises(UnavailableError):
        line.submit(BODY, Form.CALICO, "prod", "a")
    assert not line.tally.counts().received


@pytest.mark.parametrize("name", ["", "a b", "a/b", "ü", "x" * 64, "prod\n", "{}"])
def test_a_cluster_has_a_plain_name(name: str) -> None:
    with pytest.raises(BadInputError, match="is not a cluster's name"):
        pipeline(Remembering()).submit(BODY, Form.CALICO, name, "a")


async def test_deliveries_run_beside_the_loop_a_few_at_a_time() -> None:
    store = Remembering()
    line = pipeline(store)
    bodies = [GOOD % (NOW_SECONDS, number) for number in range(20)]
    receipts = await asyncio.gather(*(line.deliver(body, Form.CALICO, "prod", "a") for body in bodies))
    assert sum(receipts, Receipt(0, 0, 0, 0)) == Receipt(20, 20, 0, 0)
    assert store.most <= 2


def test_retention_is_asked_for_the_kind_that_comes() -> None:
    store = Remembering()
    line = pipeline(store)
    line.submit(BODY, Form.HUBBLE, "prod", "a")
    line.submit(b"{}", Form.DNS, "prod", "a")
    assert store.asked == [("prod", RecordKind.FLOWS), ("prod", RecordKind.DNS)]
    assert [batch.kind for batch in store.batches] == [RecordKind.FLOWS, RecordKind.DNS]
