"""The `tapetum` command within the tests' own process: how it answers, and how it refuses."""

import sys
from pathlib import Path

import pytest

from tapetum.service.command import main


def answered(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str, code: int = 0
) -> tuple[str, str]:
    """What a command that ends with this code writes to standard output and error."""
    monkeypatch.setattr(sys, "argv", ["tapetum", *arguments])
    ended = 0
    try:
        main()
    except SystemExit as error:
        ended = error.code
    out, err = capfd.readouterr()
    assert ended == code, err
    assert "Traceback" not in err
    return out, err


def refused(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """The one sentence with which the command refuses, having done nothing where it stands."""
    before = _state(Path.cwd())
    out, err = answered(capfd, monkeypatch, *arguments, code=2)
    assert out == ""
    lines = err.splitlines()
    assert len(lines) == 1, err
    assert lines[0].startswith("tapetum: ")
    assert _state(Path.cwd()) == before, "something was done"
    return lines[0].removeprefix("tapetum: ")


def _state(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*"))
