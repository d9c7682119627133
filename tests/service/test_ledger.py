"""The ledger: a note is binding once made, a torn one never was, and notes of many threads add up."""

import os
import resource
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.errors import UnavailableError
from tapetum.service.ledger import Ledger, Totals


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "acknowledged.ledger"


def reread(path: Path) -> Totals:
    ledger = Ledger(path)
    ledger.close()
    return ledger.totals


def test_notes_add_up_and_outlive_the_process(path: Path) -> None:
    assert reread(path) == Totals(0, 0, 0)
    ledger = Ledger(path)
    ledger.enter(10, 2)
    ledger.enter(0, 0)
    ledger.enter(5, 1)
    assert ledger.totals == reread(path) == Totals(3, 15, 3)
    ledger.close()


def test_notes_of_many_threads_add_up(path: Path) -> None:
    ledger = Ledger(path)
    threads = [threading.Thread(target=lambda: [ledger.enter(2, 1) for _ in range(20)]) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()
    assert reread(path) == Totals(100, 200, 100)


RUBBISH = [b"", b"\x00" * 40, b"\n9 9 9 00000000", b"\n", b"99 99 99 12345678"]


@settings(max_examples=60)
@given(notes=st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 9)), max_size=6), data=st.data())
def test_whatever_is_cut_off_the_notes_before_count(
    tmp_path_factory: pytest.TempPathFactory, notes: list[tuple[int, int]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "ledger"
    ledger = Ledger(path)
    sizes, totals = [0], [Totals()]
    for note in notes:
        ledger.enter(*note)
        sizes.append(path.stat().st_size)
        totals.append(ledger.totals)
    ledger.close()
    whole = path.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    rubbish = data.draw(st.sampled_from(RUBBISH))
    path.write_bytes(whole[:cut] + rubbish)
    expected = max((place for place, size in enumerate(sizes) if size <= cut), default=0)
    # Rubbish straight behind a whole note spoils it, as a torn write may: never more than that one.
    spoiled = rubbish and not rubbish.startswith(b"\n") and cut == sizes[expected]
    assert reread(path) == totals[max(expected - 1, 0) if spoiled else expected]
    ledger = Ledger(path)
    before = ledger.totals
    ledger.enter(1, 1)
    ledger.close()
    assert reread(path) == Totals(before.batches + 1, before.accepted + 1, before.rejected + 1)


def test_many_notes_are_read_from_their_end(path: Path) -> None:
    ledger = Ledger(path)
    for _ in range(400):
        ledger.enter(10**9, 0)
    assert path.stat().st_size > 2 * 4096
    assert reread(path) == Totals(400, 400 * 10**9, 0)
    ledger.close()


def test_beginning_anew_leaves_one_line_and_no_trace(path: Path) -> None:
    ledger = Ledger(path)
    ledger.enter(10, 2)
    ledger.restart(Totals(7, 8, 9))
    assert len(path.read_bytes().split(b"\n")) == 2
    ledger.enter(1, 1)
    ledger.close()
    assert reread(path) == Totals(8, 9, 10)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@contextmanager
def room_for(size: int) -> Generator[None]:
    """No file of this process grows beyond so many bytes; what does not fit is cut, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("left", [0, 1, 9])
def test_a_note_that_does_not_fit_is_no_acknowledgement(path: Path, left: int) -> None:
    ledger = Ledger(path)
    ledger.enter(1, 0)
    with room_for(path.stat().st_size + left):
        with pytest.raises(UnavailableError, match=r"ledger .* cannot be written"):
            ledger.enter(5, 0)
        with pytest.raises(UnavailableError, match="free space"):
            ledger.settle()
    assert reread(path) == Totals(1, 1, 0)
    ledger.settle()
    assert reread(path) == Totals(2, 6, 0)
    size = path.stat().st_size
    ledger.settle()
    assert path.stat().st_size == size
    ledger.enter(1, 1)
    assert reread(path) == Totals(3, 7, 1)
    ledger.close()


def test_a_note_is_on_the_disk_before_it_counts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    sync = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda number: (synced.append(path.stat().st_size), sync(number))[1])
    ledger = Ledger(path)
    ledger.enter(1, 0)
    assert synced == [path.stat().st_size]
    ledger.close()
