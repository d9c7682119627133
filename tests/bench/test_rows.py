"""Every row of the benchmarks runs at a tiny size and gives finite figures; none judges speed here."""

import math
from collections.abc import Generator
from importlib import import_module
from pathlib import Path

import pytest

from bench import servers
from bench.__main__ import ON_ENGINES, ROWS
from bench.figures import Figure
from bench.setting import Setting
from tests import engines
from tests.support.fleet import Engines

SERVED = ("subscribers", "alerts", "memory")
IN_A_BROWSER = ("page", "frames")
WITHOUT_TARGETS = ("frames",)


@pytest.fixture(scope="module")
def shared_engines() -> Generator[None]:
    """Those of the contract tests, as each of these empties them too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(servers, "INSTEAD", Engines(**engines.start_all()))
        yield
    for kept in (servers.servers, servers._stats):
        kept.cache_clear()


def figures(row: str, tmp_path: Path) -> list[Figure]:
    cache = tmp_path / "cache"
    cache.mkdir()
    found: list[Figure] = import_module(f"bench.rows.{row}").run(Setting(tmp_path, cache, 0.002, rounds=1))
    return found


def check(row: str, found: list[Figure]) -> None:
    assert found
    for figure in found:
        assert figure.row == row
        assert math.isfinite(figure.value)
        assert figure.floor is None or math.isfinite(figure.floor)
        assert figure.ratio is None or figure.ratio > 0
    assert any(figure.target is not None for figure in found) is (row not in WITHOUT_TARGETS)


@pytest.mark.parametrize("row", [row for row in ROWS if row not in SERVED + IN_A_BROWSER])
def test_a_row_gives_figures(row: str, tmp_path: Path) -> None:
    check(row, figures(row, tmp_path))


@pytest.mark.server
@pytest.mark.parametrize("row", SERVED)
def test_a_served_row_gives_figures(row: str, tmp_path: Path) -> None:
    check(row, figures(row, tmp_path))


@pytest.mark.engine
@pytest.mark.server
@pytest.mark.usefixtures("shared_engines")
@pytest.mark.parametrize("row", ON_ENGINES)
def test_a_row_over_engines_gives_figures(row: str, tmp_path: Path) -> None:
    check(row, figures(row, tmp_path))


@pytest.mark.server
@pytest.mark.browser
@pytest.mark.parametrize("row", IN_A_BROWSER)
def test_a_row_in_a_browser_gives_figures(row: str, tmp_path: Path) -> None:
    check(row, figures(row, tmp_path))


def test_what_was_built_is_found_again(tmp_path: Path) -> None:
    figures("reach", tmp_path)
    (kept,) = (tmp_path / "cache").iterdir()
    before = (kept / "tapetum.duckdb").stat().st_mtime_ns
    run = import_module("bench.rows.reach").run
    assert run(Setting(tmp_path, tmp_path / "cache", 0.002, rounds=1))
    assert [each.name for each in (tmp_path / "cache").iterdir()] == [kept.name]
    assert (kept / "tapetum.duckdb").stat().st_mtime_ns >= before
