"""An empty world for each test."""

from collections.abc import Generator

import pytest

from tests.api.world import World, opened


@pytest.fixture
def world() -> Generator[World]:
    with opened() as one:
        yield one
