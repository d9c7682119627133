"""One process owns a directory; others wait for it, or talk to it where it serves."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.service import ownership
from tapetum.service.ownership import Owner, leave_note, owned, read_note, remove_note

OWNER = Owner("http://127.0.0.1:8080", "secret", 1)
HOLD = """
import sys, time
from pathlib import Path
from tapetum.service.ownership import Owner, leave_note, owned
data = Path(sys.argv[1])
with owned(data, print) as owner:
    assert owner is None
    if sys.argv[2] == "serve":
        leave_note(data, Owner("http://127.0.0.1:1", "s", 1))
    print("held", flush=True)
    time.sleep(60)
"""


def silent(_: str) -> None:
    pass


def holder(data: Path, how: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data), how], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str], how: Callable[[subprocess.Popen[str]], None]) -> None:
    how(process)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_free_directory_is_made_and_held(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    for _ in range(2):
        with owned(data, silent) as owner:
            assert owner is None
            assert data.is_dir()


def test_who_serves_is_found_by_its_note_alone(tmp_path: Path) -> None:
    process = holder(tmp_path, "serve")
    try:
        with owned(tmp_path, silent) as owner:
            assert owner == Owner("http://127.0.0.1:1", "s", 1)
    finally:
        end(process, lambda one: one.send_signal(signal.SIGKILL))
    # A killed owner leaves its note behind, and nobody believes it.
    assert read_note(tmp_path) is not None
    with owned(tmp_path, silent) as owner:
        assert owner is None
        assert read_note(tmp_path) is None


def test_who_does_not_serve_is_waited_for(tmp_path: Path) -> None:
    process = holder(tmp_path, "work")
    told: list[str] = []
    got: list[float] = []

    def wait() -> None:
        with owned(tmp_path, told.append) as owner:
            assert owner is None
            got.append(time.monotonic())

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.5)
    assert not got
    ended = time.monotonic()
    end(process, lambda one: one.terminate())
    waiting.join(10)
    assert got[0] >= ended
    assert told == [f"Waiting for another tapetum command that uses {tmp_path}."]


def test_waiting_ends_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "_PATIENCE", 0.1)
    with (
        owned(tmp_path, silent),
        pytest.raises(UnavailableError, match="stayed in use"),
        owned(tmp_path, silent),
    ):
        pass


def test_the_directory_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), owned(tmp_path, silent):
        raise ZeroDivisionError
    with owned(tmp_path, silent) as owner:
        assert owner is None


def test_a_directory_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError, match="give another with --data"), owned(tmp_path / "file", silent):
        pass
    with pytest.raises(BadInputError, match="cannot be used"), owned(tmp_path / "file" / "inside", silent):
        pass


def test_a_note_is_for_its_user_alone(tmp_path: Path) -> None:
    assert read_note(tmp_path) is None
    leave_note(tmp_path, Owner("http://x", "old", 2))
    leave_note(tmp_path, OWNER)
    assert read_note(tmp_path) == OWNER
    (note,) = tmp_path.iterdir()
    assert note.stat().st_mode & 0o777 == 0o600
    remove_note(tmp_path)
    remove_note(tmp_path)
    assert read_note(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"url": 1}', b"\xff", b"[]"])
def test_a_note_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    leave_note(tmp_path, OWNER)
    next(tmp_path.iterdir()).write_bytes(content)
    assert read_note(tmp_path) is None
