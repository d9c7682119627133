"""The spool: what it took is there, whole and in order, until it is removed; a loss is never silent."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tapetum.bus.port import Delivery
from tapetum.domain.errors import BadInputError, DamagedStoreError, TapetumError, UnavailableError
from tapetum.ingest.spool import Spool
from tapetum.ingest.spool_note import Note
from tests.ingest.spools import assert_holds, delivery, spool


def test_what_was_put_is_there_again_byte_for_byte(tmp_path: Path) -> None:
    odd = Delivery("é'\"; --", "c", "f", "http ::1 \x00\n", 2**53, b"\x00\xff" * 70_000)
    held = [delivery("a"), odd, delivery("empty", 0), delivery("long", 300_000)]
    with spool(tmp_path / "new" / "directory") as one:
        assert_holds(one, [])
        for each in held:
            one.put(each)
            one.put(each)  # it is there
        assert_holds(one, held)
        assert one.get("other") is None
        assert one.find("other") is None
    with spool(tmp_path / "new" / "directory") as again:
        assert_holds(again, held)


def test_what_was_removed_is_gone_for_good(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        for name in "abcd":
            one.put(delivery(name))
        one.remove(["b", "d", "b", "nothing"])
        one.remove([])
        assert_holds(one, [delivery("a"), delivery("c")])
        one.put(delivery("b"))
        one.remove(["a"])
    with spool(tmp_path) as again:
        assert_holds(again, [delivery("c"), delivery("b")])


def test_pending_are_the_oldest_that_were_not_offered_lately(tmp_path: Path) -> None:
    def names(one: Spool, limit: int, since: int, besides: set[str] | None = None) -> str:
        return "".join(each.id for each in one.pending(limit, since, besides or ()))

    with spool(tmp_path) as one:
        for name in "abcde":
            one.put(delivery(name))
        one.offered("a", 100)
        one.offered("c", 200)
        one.offered("nothing", 200)
        assert names(one, 9, 0) == "bde"
        assert names(one, 9, 100) == "bde"
        assert names(one, 9, 101) == "abde"
        assert names(one, 2, 101) == "ab"
        assert names(one, 2, 201, {"a", "c"}) == "bd"
        assert names(one, 9, 201) == "abcde"
    with spool(tmp_path) as again:
        assert names(again, 9, 0) == "abcde"


def test_a_full_spool_refuses_with_a_sentence_and_takes_again_once_there_is_room(tmp_path: Path) -> None:
    with spool(tmp_path, most_bytes=10_000) as one:
        one.put(delivery("a", 4000))
        one.put(delivery("b", 4000))
        with pytest.raises(UnavailableError, match=r"The spool \S+ is full \(8\d+ of 10000 bytes wait"):
            one.put(delivery("c", 4000))
        one.put(delivery("small", 400_000, compressible=True))  # what counts is what it takes
        one.remove(["a"])
        one.put(delivery("c", 4000))
    with spool(tmp_path, most_bytes=10_000) as again:
        assert_holds(
            again, [delivery("b", 4000), delivery("small", 400_000, compressible=True), delivery("c", 4000)]
        )


def test_room_is_left_on_the_volume(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    with spool(tmp_path, reserve=2 * free) as one:
        with pytest.raises(
            UnavailableError, match=r"volume of the spool .* is nearly full \(\d+ bytes are free\)"
        ):
            one.put(delivery("a"))
        assert_holds(one, [])


@contextmanager
def room_for(size: int) -> Generator[None]:
    """No file of this process grows beyond so many bytes; what does not fit is cut, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 4096, 30_000, 100_001, 262_144, 1_000_000])
def test_a_full_disk_is_an_error_and_no_acknowledgement_follows_it(tmp_path: Path, room: int) -> None:
    kept = [delivery("first")]
    refused: list[UnavailableError] = []
    with spool(tmp_path) as one:
        one.put(kept[0])
        with room_for(room):
            for number in range(40):
                sent = delivery(number, 1 + 7919 * number % 100_000)
                try:
                    one.put(sent)
                except UnavailableError as error:
                    refused.append(error)
                else:
                    kept.append(sent)
        assert refused
        assert all("cannot keep a delivery" in error.message for error in refused)
        assert_holds(one, kept)
        copy = shutil.copytree(tmp_path, tmp_path.with_name(f"{tmp_path.name} killed"))
        with room_for(room), spool(copy) as after:  # killed there, and opened with the disk still full
            assert_holds(after, kept)
        one.put(delivery("last"))
        one.remove(["first"])
    with spool(tmp_path) as again:
        assert_holds(again, [*kept[1:], delivery("last")])


def test_what_cannot_be_noted_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with spool(tmp_path) as one:
        one.put(delivery("a"))
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", lambda _: (_ for _ in ()).throw(OSError(5, "Input/output error")))
            with pytest.raises(UnavailableError, match=r"cannot keep a delivery \(Input/output error\)"):
                one.put(delivery("b"))
        assert_holds(one, [delivery("a")])
        one.put(delivery("c"))
    with spool(tmp_path) as again:
        assert_holds(again, [delivery("a"), delivery("c")])


def test_a_directory_serves_one_at_a_time(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        with pytest.raises(UnavailableError, match=r"spool directory \S+ is in use by another process"):
            spool(tmp_path)
        script = (
            f"from pathlib import Path; from tests.ingest.spools import spool; spool(Path({str(tmp_path)!r}))"
        )
        other = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
        assert "is in use by another process; give each receiver its own." in other.stderr
        one.put(delivery("a"))
    with spool(tmp_path) as again:
        assert_holds(again, [delivery("a")])


def test_a_directory_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInputError, match=r"spool directory \S+ cannot be used \(Not a directory\)"):
        spool(tmp_path / "file" / "below")


def test_another_versions_layout_is_refused(tmp_path: Path) -> None:
    with spool(tmp_path) as one:
        one.put(delivery("a"))
    database = sqlite3.connect(tmp_path / "spool.sqlite")
    database.execute("PRAGMA user_version = 7")
    database.close()
    with pytest.raises(BadInputError, match=r"written by another version \(layout 7\)"):
        spool(tmp_path)


def test_from_many_threads(tmp_path: Path) -> None:
    with spool(tmp_path) as one:

        def work(worker: int) -> None:
            for number in range(15):
                one.put(delivery(f"{worker}.{number}"))
                assert one.get(f"{worker}.{number}") == delivery(f"{worker}.{number}")
                if number % 3 == 0:
                    one.remove([f"{worker}.{number}"])

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expected = {f"{worker}.{number}" for worker in range(6) for number in range(15) if number % 3}
        assert {each.id for each in one.pending(1000, 0)} == expected
    with spool(tmp_path) as again:
        assert {each.id for each in again.pending(1000, 0)} == expected


def test_a_body_that_changed_while_open_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with spool(tmp_path) as one:
        one.put(delivery("a"))
        one.put(delivery("b"))
        one._database.execute("UPDATE delivery SET body = x'00' WHERE id = 'a'")
        with pytest.raises(DamagedStoreError, match="the delivery 'a' is not as it was written"):
            one.get("a")
        assert one.get("b") == delivery("b")


FILES = ("spool.sqlite", "spool.sqlite-wal", "spool.note")


@pytest.mark.fault
@pytest.mark.parametrize("name", FILES)
def test_damage_is_refused_with_a_sentence_or_nothing_is_missing(
    tmp_path: Path, name: str, fault_seed: int
) -> None:
    """F9, at 30 places each."""
    chance = Random(f"{name} {fault_seed}")
    whole = tmp_path / "whole"
    kept = [delivery(number, chance.randrange(1, 20_000)) for number in range(12)]
    with spool(whole) as one:
        for each in kept[:6]:
            one.put(each)
    with spool(whole) as one:  # half of it in the file, half in the log of changes
        for each in kept[6:]:
            one.put(each)
        one.remove([kept[0].id])
        stopped = shutil.copytree(whole, tmp_path / "stopped")
    assert all((stopped / each).stat().st_size for each in FILES)
    refusals = 0
    for _ in range(30):
        directory = shutil.copytree(stopped, tmp_path / "damaged", dirs_exist_ok=True)
        what = damage(directory / name, chance)
        refusal = None
        try:
            opened = spool(directory)
        except TapetumError as error:
            refusal = error.message
        else:
            with opened:
                # A removal at the very end may be lost: that one is handed over again, and known there.
                there = [each.id for each in opened.pending(99, 0)]
                held = kept if kept[0].id in there else kept[1:]
                assert there == [each.id for each in held], what
                assert_holds(opened, held)
        if refusal is not None:
            refusals += 1
            assert refusal.startswith("The spool"), what
            assert "\n" not in refusal, what
            with pytest.raises(TapetumError):  # and again, as nothing has healed it
                spool(directory)
        shutil.rmtree(directory)
    assert refusals or name == "spool.note"


def damage(file: Path, chance: Random) -> str:
    whole = file.read_bytes()
    at = chance.randrange(len(whole))
    kind = chance.choice(("flip", "page", "cut", "tear", "gone"))
    if kind == "flip":
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
    elif kind == "page":
        file.write_bytes(whole[:at] + bytes(len(whole[at : at + 4096])) + whole[at + 4096 :])
    elif kind == "cut":
        file.write_bytes(whole[:at])
    elif kind == "tear":
        file.write_bytes(whole[:at] + bytes(len(whole) - at))
    else:
        file.unlink()
    return f"{kind} at {at} of {file.name}"


def test_a_torn_note_was_never_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "note"
    with Note(path) as note:
        for change in (1, 2, 5):
            note.enter(change)
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + b"?" + whole[at + 1 :])
        with Note(path) as note:
            assert note.last in {2, 5}
            note.enter(9)
        with Note(path) as note:
            assert note.last == 9


class Model(RuleBasedStateMachine):
    """Against a dict: after any puts, removals, closings and kills, the spool holds what the dict holds."""

    @initialize(directory=st.just(None))
    def begin(self, directory: None) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="spool"))
        self.at = self.root / "0"
        self.lives = 0
        self.held: dict[str, Delivery] = {}
        self.spool = spool(self.at, most_bytes=60_000)

    @rule(name=st.integers(0, 12), size=st.integers(0, 20_000))
    def put(self, name: int, size: int) -> None:
        sent = delivery(name, size)
        try:
            self.spool.put(sent)
        except UnavailableError:
            assert self.spool.bytes + size > 60_000 - 1000
        else:
            self.held.setdefault(sent.id, sent)

    @rule(names=st.lists(st.integers(0, 12), max_size=5))
    def remove(self, names: list[int]) -> None:
        self.spool.remove([f"{name}" for name in names])
        for name in names:
            self.held.pop(f"{name}", None)

    @rule(name=st.integers(0, 12), at=st.integers(1, 100))
    def offered(self, name: int, at: int) -> None:
        self.spool.offered(f"{name}", at)
        assert all(each.offered_at is None or each.offered_at < 50 for each in self.spool.pending(99, 50))
        for each in list(self.held):
            self.spool.offered(each, 0)

    @precondition(lambda self: self.lives < 6)
    @rule(kill=st.booleans())
    def reopen(self, kill: bool) -> None:
        self.lives += 1
        if kill:
            former, self.at = self.at, self.root / f"{self.lives}"
            shutil.copytree(former, self.at)
        self.spool.close()
        self.spool = spool(self.at, most_bytes=60_000)

    @invariant()
    def holds_what_it_should(self) -> None:
        if hasattr(self, "spool"):
            assert self.spool.count == len(self.held)
            found = [each.id for each in self.spool.pending(99, 1000)]
            assert [self.spool.get(each) for each in found] == [self.held[each] for each in found]
            assert len(found) == len(self.held)

    def teardown(self) -> None:
        if hasattr(self, "spool"):
            self.spool.close()
            shutil.rmtree(self.root)


TestModel = Model.TestCase
TestModel.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
