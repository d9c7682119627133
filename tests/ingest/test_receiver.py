"""The receiver: an answer means that the spool has it, and it is handed over until it is settled."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from tapetum.bus.inprocess_queue import InProcessQueue
from tapetum.bus.port import Backlog, Delivery, Handed
from tapetum.domain.batches import Receipt
from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.moments import SECOND
from tapetum.ingest.forms import Form
from tapetum.ingest.receiver import Pace, Receiver
from tapetum.ingest.sources.http import ingest_routes
from tapetum.ingest.spool import Spool
from tests.ingest.previews import Previews
from tests.ingest.spools import spool as opened
from tests.ingest.waiting import until

JUDGED = Receipt(5, 4, 0, 1)
APPLIED = Receipt(5, 2, 2, 1)
PACE = Pace(patience=0.8, offer_again=0.2, round=0.02)


class FlakyQueue(InProcessQueue):
    """`away`: the engine does not answer. `deaf`: announcements are lost."""

    away = deaf = False

    async def offer(self, delivery: Delivery) -> bool:
        self._check()
        return await super().offer(delivery)

    async def missing(self, delivery_ids: Sequence[str]) -> set[str]:
        self._check()
        return await super().missing(delivery_ids)

    async def settle(self, handed: Handed, receipt: Receipt) -> None:
        if self.deaf:
            listeners, self._listeners = self._listeners, []
            await super().settle(handed, receipt)
            self._listeners = listeners
        else:
            await super().settle(handed, receipt)

    def lose(self) -> None:
        self._entries.clear()
        self._bytes = 0

    def _check(self) -> None:
        if self.away:
            raise UnavailableError("Redis gives no answer; try again later.")


@dataclass
class Rig:
    """A receiver on its own, and what stands for the log store: receipts by delivery id."""

    directory: Path
    queue: FlakyQueue = field(default_factory=FlakyQueue)
    most_bytes: int = 1 << 20
    stored: dict[str, Receipt] = field(default_factory=dict)
    store_away: bool = False
    asked: list[list[str]] = field(default_factory=list)
    numbered: int = 0
    previews: Previews = field(default_factory=lambda: Previews(JUDGED))

    def __post_init__(self) -> None:
        self.spool: Spool | None = None

    @asynccontextmanager
    async def receiver(self, pace: Pace = PACE) -> AsyncGenerator[Receiver]:
        with opened(self.directory, self.most_bytes) as self.spool:
            async with Receiver(
                self.spool,
                self.queue,
                receipts=self._receipts,
                preview=self.previews.of,
                clock=lambda: int(time.time() * SECOND),
                pace=pace,
                new_id=self._new_id,
            ) as receiver:
                yield receiver

    @asynccontextmanager
    async def worker(self, *, applied: list[Delivery] | None = None) -> AsyncGenerator[None]:
        """Applies everything at once."""

        async def work() -> None:
            async with aclosing(self.queue.deliveries("w")) as deliveries:
                async for handed in deliveries:
                    if applied is not None:
                        applied.append(handed.delivery)
                    self.stored[handed.delivery.id] = APPLIED
                    await self.queue.settle(handed, APPLIED)

        working = asyncio.create_task(work())
        try:
            yield
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working

    async def emptied(self) -> None:
        await until(lambda: self.spool is not None and not self.spool.count)

    async def _receipts(self, delivery_ids: Sequence[str]) -> Mapping[str, Receipt]:
        if self.store_away:
            raise UnavailableError("the log store is away")
        self.asked.append(list(delivery_ids))
        return {each: self.stored[each] for each in delivery_ids if each in self.stored}

    def _new_id(self) -> str:
        self.numbered += 1
        return f"d{self.numbered}"


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path / "spool")


async def push(receiver: Receiver, body: bytes = b"{}\n", within: float = 5) -> tuple[Receipt, float]:
    """What was answered, and after how many seconds."""
    clock = asyncio.get_running_loop().time
    began = clock()
    async with asyncio.timeout(within):
        receipt = await receiver.submit(body, Form.CALICO, "prod", "http ::1")
    return receipt, clock() - began


async def test_the_answer_is_the_workers_receipt_and_the_spool_is_emptied(rig: Rig) -> None:
    applied: list[Delivery] = []
    async with rig.receiver() as receiver, rig.worker(applied=applied):
        receipt, took = await push(receiver, b"one\n")
        assert receipt == APPLIED
        assert took < PACE.patience
        await rig.emptied()
    (delivery,) = applied
    assert (delivery.id, delivery.cluster, delivery.form, delivery.source, delivery.body) == (
        "d1",
        "prod",
        "calico",
        "http ::1",
        b"one\n",
    )


async def test_without_a_worker_the_answer_comes_from_the_body_alone_and_only_the_first_waits(
    rig: Rig,
) -> None:
    async with rig.receiver() as receiver:
        receipt, took = await push(receiver)
        assert receipt == JUDGED
        assert took >= PACE.patience
        for _ in range(3):
            receipt, took = await push(receiver)
            assert receipt == JUDGED
            assert took < PACE.patience / 2
        assert rig.spool is not None
        assert rig.spool.count == 4
        async with rig.worker():
            await rig.emptied()
            assert (await push(receiver))[0] == APPLIED  # and it is worth waiting again
        assert sorted(rig.stored) == ["d1", "d2", "d3", "d4", "d5"]


async def test_what_waits_is_announced_once_and_at_once_where_nothing_is_applied(rig: Rig) -> None:
    async with rig.receiver(replace(PACE, announce=0.1)) as receiver:
        await push(receiver)
        assert rig.previews.announced == ["d1"]
        for _ in range(3):
            _, took = await push(receiver)
            assert took < PACE.patience / 2
        await until(lambda: rig.previews.announced == ["d1", "d2", "d3", "d4"])
        async with rig.worker():
            await rig.emptied()
            await push(receiver)
        await asyncio.sleep(0.2)
    assert rig.previews.announced == ["d1", "d2", "d3", "d4"], "the last was applied soon"


async def test_a_bad_cluster_and_a_full_spool_leave_no_trace(rig: Rig) -> None:
    rig.most_bytes = 1000
    async with rig.receiver() as receiver:
        with pytest.raises(BadInputError, match="not a cluster's name"):
            await receiver.submit(b"{}", Form.CALICO, "a b", "http")
        with pytest.raises(UnavailableError, match="is full"):
            await push(receiver, Random(1).randbytes(2000))
        assert rig.spool is not None
        assert rig.spool.count == 0
        assert await rig.queue.backlog() == Backlog(0, 0, 0)


@pytest.mark.parametrize("trouble", ["away", "full"])
async def test_what_the_queue_cannot_take_now_is_answered_at_once_and_offered_later(
    rig: Rig, trouble: str
) -> None:
    if trouble == "full":
        rig.queue = FlakyQueue(most_entries=1)
        await rig.queue.offer(Delivery("other", "c", "calico", "s", 0, b""))
    rig.queue.away = trouble == "away"
    with capture_logs() as logged:
        async with rig.receiver() as receiver:
            for _ in range(3):
                receipt, took = await push(receiver)
                assert receipt == JUDGED
                assert took < PACE.patience
            await asyncio.sleep(5 * PACE.round)
            rig.queue.away = False
            async with rig.worker():
                await rig.emptied()
    assert {"d1", "d2", "d3"} <= set(rig.stored)
    said = [entry["doing"] for entry in logged if entry["event"] == "receiver_waits"]
    assert said == (["offering"] if trouble == "away" else [])  # once an outage


async def test_what_the_queue_lost_is_offered_again(rig: Rig) -> None:
    async with rig.receiver() as receiver:
        await push(receiver)
        await push(receiver)
        rig.queue.lose()
        await asyncio.sleep(PACE.offer_again / 2)
        rig.queue.lose()
        async with rig.worker():
            await rig.emptied()
    assert sorted(rig.stored) == ["d1", "d2"]


async def test_what_is_held_is_not_offered_again(rig: Rig) -> None:
    async with rig.receiver() as receiver:
        await push(receiver)
        await asyncio.sleep(3 * PACE.offer_again)
        assert (await rig.queue.backlog()).length == 1
        assert 2 <= len(rig.asked) <= 8  # looked after now and then, not at each round


async def test_a_lost_announcement_leaks_nothing(rig: Rig) -> None:
    rig.queue.deaf = True
    applied: list[Delivery] = []
    async with rig.receiver() as receiver, rig.worker(applied=applied):
        assert (await push(receiver))[0] == JUDGED
        await rig.emptied()
    assert len(applied) == 1
    assert ["d1"] in rig.asked


async def test_while_the_log_store_is_away_deliveries_are_handed_over(rig: Rig) -> None:
    rig.store_away = True
    async with rig.receiver() as receiver:
        await push(receiver)
        rig.queue.lose()
        async with rig.worker():
            await rig.emptied()


async def test_after_a_restart_everything_left_is_handed_over(rig: Rig) -> None:
    async with rig.receiver() as receiver:
        for _ in range(250):
            await push(receiver)
    rig.queue = FlakyQueue()
    rig.stored["d7"] = APPLIED  # applied, although nobody heard of it
    applied: list[Delivery] = []
    rig.numbered = 1000
    async with rig.receiver() as receiver, rig.worker(applied=applied):
        await rig.emptied()
        assert (await push(receiver))[0] == APPLIED
    names = [each.id for each in applied]
    assert sorted(names) == sorted({f"d{number}" for number in (*range(1, 251), 1001)} - {"d7"})


async def test_stopping_refuses_what_is_new_and_answers_what_waits(rig: Rig) -> None:
    async with rig.receiver(Pace(patience=60)) as receiver:
        waiting = asyncio.create_task(push(receiver))
        await until(lambda: bool(rig.queue._entries))
        receiver.stop()
        assert (await waiting)[0] == JUDGED
        with pytest.raises(UnavailableError, match="is stopping"):
            await push(receiver)
        assert rig.spool is not None
        assert rig.spool.count == 1
    async with rig.receiver(), rig.worker():
        await rig.emptied()


async def test_a_sender_that_leaves_is_served_all_the_same(rig: Rig) -> None:
    async with rig.receiver() as receiver:
        sending = asyncio.create_task(push(receiver))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        async with rig.worker():
            await until(lambda: rig.stored == {"d1": APPLIED})
        await rig.emptied()


async def test_one_damaged_delivery_holds_up_no_other_and_is_told(rig: Rig) -> None:
    with capture_logs() as logged:
        async with rig.receiver() as receiver:
            rig.queue.away = True
            for _ in range(3):
                await push(receiver)
            assert rig.spool is not None
            rig.spool._database.execute("UPDATE delivery SET body = x'00' WHERE id = 'd2'")
            rig.queue.away = False
            async with rig.worker():
                await until(lambda: sorted(rig.stored) == ["d1", "d3"])
            assert rig.spool.find("d2") is not None
    assert any(entry["event"] == "delivery_damaged" and entry["log_level"] == "error" for entry in logged)


async def test_removals_that_the_disk_refuses_are_repeated(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = 0

    def refuse(_: object) -> None:
        nonlocal refusals
        refusals += 1
        raise UnavailableError("the disk is full")

    async with rig.receiver() as receiver, rig.worker():
        assert rig.spool is not None
        with monkeypatch.context() as patch:
            patch.setattr(rig.spool, "remove", refuse)
            for _ in range(3):
                assert (await push(receiver))[0] == APPLIED
            await asyncio.sleep(0.1)
            assert refusals
            assert rig.spool.count == 3
        await rig.emptied()


async def test_over_http_200_after_the_spool_has_it_and_503_where_it_cannot(rig: Rig) -> None:
    async def anybody(*_: object) -> None:
        return None

    rig.most_bytes = 3000
    async with AsyncExitStack() as stack:
        receiver = await stack.enter_async_context(rig.receiver())
        await stack.enter_async_context(rig.worker())
        app = Starlette(routes=ingest_routes(receiver.submit, anybody))
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
        )
        answer = await client.post("/ingest/v1/flows?cluster=prod", content=b"{}\n")
        assert (answer.status_code, answer.json()) == (
            200,
            {"lines": 5, "accepted": 2, "duplicates": 2, "rejected": 1},
        )
        refused = await client.post("/ingest/v1/flows?cluster=prod", content=Random(1).randbytes(6000))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert "is full" in refused.json()["error"]
