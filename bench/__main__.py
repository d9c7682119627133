"""`python -m bench [ROW...]`: run rows and print their figures."""

import argparse
import importlib
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import table
from bench.figures import Figure
from bench.setting import ROOT, Setting

ROWS = (
    "ingest", "graph", "scrub", "reach", "columns", "subscribers", "alerts", "kql", "aggregate", "export",
    "whatif", "feeds", "detectors", "simulate", "memory", "page", "frames",
)  # fmt: skip
ON_ENGINES = tuple(f"engines.{name}" for name in ("ingest", "graph", "kql", "alerts", "reach", "export"))
_CHOICE = f"{', '.join((*ROWS, *ON_ENGINES))}, or engines for all of these"


def main() -> int:
    asked = _arguments()
    rows = [row for name in asked.rows or ROWS for row in (ON_ENGINES if name == "engines" else (name,))]
    unknown = set(rows) - {*ROWS, *ON_ENGINES}
    if unknown:
        print(f"There is no row {', '.join(sorted(unknown))}; choose from {_CHOICE}.", file=sys.stderr)
        return 2
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    _say(f"{machine}, {_now()}, {_load()}")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="tapetum-bench-") as scratch:
        setting = Setting(Path(scratch), asked.cache, asked.scale, asked.rounds)
        setting.cache.mkdir(parents=True, exist_ok=True)
        try:
            for name in rows:
                began = time.monotonic()
                figures += importlib.import_module(f"bench.rows.{name}").run(setting)
                _say(f"{name}: {time.monotonic() - began:.0f} s, {_load()}")
        finally:  # a row that fails takes no other's figures with it
            _tell(figures, asked.json)
    return 0


def _tell(figures: list[Figure], file: Path | None) -> None:
    print("\n".join(table.lines(figures)))
    if file:
        file.write_bytes(msgspec.json.format(msgspec.json.encode([_as_json(each) for each in figures])))
    missed = [figure for figure in figures if figure.met is False]
    _say(f"{len(missed)} of {sum(figure.met is not None for figure in figures)} targets missed.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"of {_CHOICE}; those without engines when left out"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the sizes; 0.1 for a quick look")
    parser.add_argument("--rounds", type=int, default=3, help="how often each side is measured")
    parser.add_argument("--json", type=Path, help="a file to write the figures to")
    parser.add_argument(
        "--cache",
        type=Path,
        default=ROOT / ".cache/bench",
        help="where built stores are kept for the next run",
    )
    return parser.parse_args()


def _as_json(figure: Figure) -> dict[str, object]:
    return {
        **{name: getattr(figure, name) for name in figure.__dataclass_fields__},
        "target": None if figure.target is None else str(figure.target),
        "met": figure.met,
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    sys.exit(main())
