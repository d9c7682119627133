"""An empty world for each test, and exports of few records a page."""

from collections.abc import Generator

import pytest

from tapetum.api.use import export
from tests.api.world import World, opened


@pytest.fixture
def world() -> Generator[World]:
    with opened() as one:
        yield one


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "PAGE", 7)
