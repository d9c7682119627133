"""Files to durable rows and roll-ups by `tapetum ingest`, against DuckDB's bare `read_json`."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import msgspec

from bench import inputs, peers
from bench.figures import Figure, Of, Target, rate
from bench.inputs import LogFile
from bench.setting import Setting
from bench.timing import alternately
from tapetum.domain.batches import Receipt
from tapetum.service.commands.ingest import ingest
from tapetum.service.settings import load

ROW = "ingest"
_PEER = "read_json into a file table, 1 thread"
_MUST = Target(0.35, at_least=True)
_MEMORY = Target(1500, at_least=False, of=Of.VALUE, unit="MB")


def run(setting: Setting) -> list[Figure]:
    lines = setting.sized(inputs.LINES, 2_000)
    with setting.directory() as files:
        clean = inputs.clean(files / "clean.ndjson", lines, setting.scale)
        spread = inputs.spoiled(clean, files / "spread.ndjson", one_in=1000)
        fourth = inputs.spoiled(clean, files / "fourth.ndjson", one_in=1000, batch=load().batch_bytes, of=4)
        return [
            _against(setting, clean, "clean lines", _MUST),
            _against(setting, spread, "1 bad line in 1,000"),
            _against(setting, fourth, "bad lines in 1 batch of 4"),
            _again(setting, clean),
            _memory(setting, clean),
        ]


def _against(setting: Setting, file: LogFile, what: str, target: Target | None = None) -> Figure:
    def ours() -> None:
        with setting.directory() as data:
            told = _ingest(file.path, data)
        if (told.accepted, told.rejected) != (file.lines - file.bad, file.bad):
            raise AssertionError(f"{file.bad} of {file.lines} lines were bad, but ingest answered {told}.")

    def floor() -> None:
        with setting.directory() as data:
            peers.read_json(file.path, data)

    mine, theirs = alternately(setting.rounds, ours, floor)
    return rate(ROW, what, file.lines, mine, theirs, _PEER, target)


def _again(setting: Setting, file: LogFile) -> Figure:
    """The same lines once more, cut into other batches: every one is a duplicate."""
    with setting.directory() as data:
        _ingest(file.path, data)
        other = data / "shifted.ndjson"
        with file.path.open("rb") as lines, other.open("wb") as shifted:
            first = lines.readline()
            for line in lines:
                shifted.write(line)
            shifted.write(first)
        told = _ingest(other, data)
    return Figure(
        ROW,
        "duplicates suppressed",
        100 * told.duplicates / told.lines,
        "%",
        target=Target(100, at_least=True, of=Of.VALUE, unit="%"),
    )


def _memory(setting: Setting, file: LogFile) -> Figure:
    with setting.directory() as data:
        command = [
            str(Path(sys.executable).parent / "tapetum"),
            "ingest",
            str(file.path),
            "--data",
            str(data),
        ]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            _, status, used = os.wait4(process.pid, 0)  # which tells more than waiting for it would
            process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise AssertionError(f"tapetum ingest ended with {process.returncode}.")
    size = file.path.stat().st_size / 1e6
    return Figure(ROW, f"peak memory, {size:.0f} MB file", used.ru_maxrss / 1e3, "MB", target=_MEMORY)


def _ingest(file: Path, data: Path) -> Receipt:
    """The command's own path: settings, files, two bodies under way, open to close."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        ingest([str(file)], data=data, cluster="bench", json=True)
    return msgspec.json.decode(out.getvalue(), type=Receipt)
