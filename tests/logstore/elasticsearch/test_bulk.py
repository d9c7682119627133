"""F4: of a bulk request only what failed is sent again or becomes a dead letter."""

import asyncio
import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.batches import Receipt
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.logstore.elasticsearch import ElasticsearchLogStore, bulk
from tapetum.logstore.elasticsearch.bulk import Fate, Sender
from tapetum.logstore.elasticsearch.documents import entry, lines_of
from tapetum.logstore.port import LetterSearch
from tests.support import on_elasticsearch
from tests.support.factory import DAY, NOW, Bad, Flow, batch
from tests.support.stores import Clock


@dataclass
class Fake:
    """An engine that takes documents, and tells of each as the script says."""

    status: Callable[[str, int], int]
    place: str = "http://engine"
    taken: list[str] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)
    tries: dict[str, int] = field(default_factory=dict)

    def do(self, method: str, path: str, body: bytes, **told: Any) -> tuple[int, Any]:
        ids = [msgspec.json.decode(line)["create"]["_id"] for line in body.split(b"\n")[:-1:2]]
        self.asked.append(ids)
        statuses = []
        for name in ids:
            self.tries[name] = self.tries.get(name, 0) + 1
            statuses.append(self.status(name, self.tries[name]))
            if statuses[-1] == 201:
                self.taken.append(name)
        if 0 in statuses:
            raise UnavailableError("it went away in the middle")
        kinds = {400: "document_parsing_exception", 418: "validation_exception"}
        items = [
            {"create": {"status": min(status, 400 if status == 418 else status)}
             | ({"error": {"type": kinds[status], "reason": "no room for 1."}} if status in kinds else {})}
            for status in statuses
        ]  # fmt: skip
        return 200, {"errors": any(status != 201 for status in statuses), "items": items}


def sender(fake: Fake, patience: float = 60.0) -> Sender:
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Sender(fake, patience, sleep, lambda: now[0], at_once=1)  # pyright: ignore[reportArgumentType] - as much of a server as it needs


def lines(count: int) -> Any:
    return lines_of([entry("i", str(at), {"at": at}) for at in range(count)])


@given(
    statuses=st.lists(st.sampled_from([201, 409, 400, 429, 503, 418]), min_size=1, max_size=30),
    busy=st.integers(1, 5),
)
def test_each_document_has_one_fate_and_only_busy_ones_are_sent_again(statuses: list[int], busy: int) -> None:
    def status(name: str, tried: int) -> int:
        told = statuses[int(name)]
        return told if told in (201, 409, 400) or tried <= busy else 201

    fake = Fake(status)
    fates = sender(fake).create(lines(len(statuses)))
    expected = {409: Fate.THERE, 400: Fate.WRONG}
    assert fates.tolist() == [expected.get(told, Fate.NEW) for told in statuses]
    for name, tried in fake.tries.items():
        assert tried == (1 if statuses[int(name)] in (201, 409, 400) else busy + 1)
    assert len(set(fake.taken)) == len(fake.taken)


def test_a_request_that_was_lost_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What went through before the connection broke is found to be there: whose it is must be looked up."""
    monkeypatch.setattr(bulk, "CHUNK", 100)
    fake = Fake(lambda name, tried: (0 if tried == 1 else 201) if name == "3" else 201 if tried == 1 else 409)
    fates = sender(fake).create(lines(6))
    assert sorted(fake.taken) == list("012345")
    lost = next(asked for asked in fake.asked if "3" in asked)
    assert len(lost) < 6
    expected = [Fate.THERE if str(at) in lost and at != 3 else Fate.NEW for at in range(6)]
    assert fates.tolist() == expected


def test_an_engine_that_stays_busy_is_given_up_in_one_sentence() -> None:
    fake = Fake(lambda name, _: 429 if name in "36" else 201)
    with pytest.raises(UnavailableError, match=r"2 of 8 documents within 5 s"):
        sender(fake, patience=5.0).create(lines(8))
    assert sorted(fake.taken) == list("012457")


def test_an_engine_without_room_for_another_index_is_told_as_it_says_it() -> None:
    fake = Fake(lambda name, _: 418 if name == "1" else 201)
    with pytest.raises(UnavailableError, match=r"1 of 3 .* because no room for 1; try again later\.$"):
        sender(fake, patience=1.0).create(lines(3))


def test_a_full_disk_is_no_reason_to_reject_lines() -> None:
    fake = Fake(lambda _name, _tried: 403)
    with pytest.raises(UnavailableError):
        sender(fake, patience=1.0).create(lines(3))


def test_chunks_hold_every_entry_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 200)
    sizes = [random.Random(at).randrange(1, 400) for at in range(50)]
    fake = Fake(lambda _name, _tried: 201)
    given = lines_of([entry("i", str(at), {"t": "x" * size}) for at, size in enumerate(sizes)])
    assert (sender(fake).create(given) == Fate.NEW).all()
    assert [name for asked in fake.asked for name in asked] == [str(at) for at in range(50)]
    assert np.diff(given.offsets).max() > 200  # one larger than a chunk goes alone


@pytest.fixture
def store() -> Generator[ElasticsearchLogStore]:
    with on_elasticsearch.log_store(Clock()) as opened:
        yield opened


@pytest.mark.engine
def test_what_the_engine_cannot_hold_becomes_a_dead_letter_and_its_neighbours_stay(
    store: ElasticsearchLogStore,
) -> None:
    huge = Flow(mark=2, fields=(("process_name", "x" * 40_000),))
    long = Flow(mark=3, fields=(("process_args", ["a", "ä" * 20_000]),))
    given = [Flow(mark=1), huge, Bad(b"{"), long, Flow(mark=4)]
    for _ in range(2):
        with store.transaction("d") as attempt:
            appended = store.append(attempt, batch(given))
        assert appended.receipt == Receipt(lines=5, accepted=2, duplicates=0, rejected=3)
        assert appended.fresh.column("id").to_pylist() == [Flow(mark=1).id, Flow(mark=4).id]
    store.refresh()
    search = LetterSearch(TimeRange(0, NOW + DAY))
    letters, more = asyncio.run(store.dead_letters(EVERYTHING, search, 9, None))
    told = {letter.line_no: (letter.reason, letter.line) for letter in letters}
    assert not more
    assert told[1][0] == "process_name holds a value of 40000 bytes; the log store can find at most 32766"
    assert told[3][0] == "process_args holds a value of 40000 bytes; the log store can find at most 32766"
    assert told[3][1] == long.line.decode()
    assert set(told) == {1, 2, 3}
