"""Generated log files: a cluster of the simulator, clean or with bad lines whose number is known."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from tapetum import simulate

_SPAN = 7200
EPOCH = int(time.time()) // 300 * 300 - _SPAN
"""The files end now, so that every roll-up is kept of them."""

WORKLOADS, NAMESPACES, EDGES = 2_000, 60, 40_000
LINES = 300_000


@dataclass(frozen=True, slots=True)
class LogFile:
    path: Path
    lines: int
    bad: int = 0


@cache
def world(scale: float, epoch: int = EPOCH) -> simulate.World:
    share = min(1.0, scale)
    return simulate.build(
        simulate.WorldSpec(
            workloads=max(60, int(WORKLOADS * share)),
            namespaces=max(8, int(NAMESPACES * share)),
            edges=max(400, int(EDGES * share)),
            epoch=epoch,
        )
    )


def clean(path: Path, lines: int, scale: float, epoch: int = EPOCH, span: int = _SPAN) -> LogFile:
    """Flow logs of so many seconds of a cluster, five minutes a flush."""
    written = 0
    with path.open("wb") as file:
        for chunk in simulate.flow_lines(
            world(scale, epoch), epoch, epoch + span, per_second=Fraction(lines, span)
        ):
            file.write(chunk)
            written += chunk.count(b"\n")
    return LogFile(path, written)


def spoiled(origin: LogFile, path: Path, *, one_in: int, batch: int = 0, of: int = 1) -> LogFile:
    """A copy with one bad line in so many, only within the first of each `of` batches of so many bytes."""
    dice, bad, read = random.Random(7), 0, 0
    with origin.path.open("rb") as good, path.open("wb") as file:
        for line in good:
            if (not batch or read // batch % of == 0) and dice.randrange(one_in) == 0:
                file.write(_BREAKS[bad % len(_BREAKS)](line.rstrip(b"\n")) + b"\n")
                bad += 1
            else:
                file.write(line)
            read += len(line)
    return LogFile(path, origin.lines, bad)


def _replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda line: line.replace(old, new, 1)


# Each is refused whatever the line: a file's count of them is its count of rejections.
_BREAKS: tuple[Callable[[bytes], bytes], ...] = (
    lambda line: line[: len(line) // 2],
    lambda line: line + line,
    lambda line: line[:-1] + b',"bytes_in":1.5}',
    _replaced(b'"num_flows":', b'"num_flows":NaN,"was":'),
    _replaced(b'"packets_in":', b'"packets_in":18446744073709551616,"was":'),
    _replaced(b'"packets_out":', b'"packets_out":-3,"was":'),
    _replaced(b'"dest_port":', b'"dest_port":"http","was":'),
    _replaced(b'"host":"', b'"host":"\xff\xfe'),
    _replaced(b'"reporter":"', b'"reporter":"nobody'),
    _replaced(b'"start_time":', b'"start_time":"yesterday","was":'),
    lambda _: b"not a log line",
    lambda line: line[:-1] + b',"deep":' + b"[" * 2000 + b"]" * 2000 + b"}",
)
