"""Registrations as they may be written, and what a lag comes to."""

import msgspec
import pytest

from tapetum.domain.clusters import (
    LATE_AFTER,
    PALETTE,
    SILENT_AFTER,
    Receiving,
    Registration,
    lag_of,
    receiving,
)
from tapetum.domain.documents import read_body
from tapetum.domain.errors import BadInputError


def read(**told: object) -> Registration:
    return read_body(msgspec.json.encode({"format": 1, "title": "Production", **told}), Registration)


@pytest.mark.parametrize("colour", ["", *PALETTE, "#00ff7F"])
def test_a_colour_is_of_the_palette_or_written(colour: str) -> None:
    assert read(colour=colour).colour == colour


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g", "#123456;x", "url(x)", "#123456\n", "Blue"])
def test_any_other_colour_is_refused(colour: str) -> None:
    with pytest.raises(BadInputError, match=r"neither one of blue, .* nor written as #rrggbb"):
        read(colour=colour)


@pytest.mark.parametrize("told", [{"title": " "}, {"title": "a\nb"}, {"title": "x" * 121}, {"name": "x"}])
def test_what_cannot_be_shown_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(BadInputError):
        read(**told)


@pytest.mark.parametrize(
    ("lag", "state"),
    [
        (None, Receiving.NEVER),
        (0, Receiving.RECEIVING),
        (LATE_AFTER, Receiving.RECEIVING),
        (LATE_AFTER + 1, Receiving.LATE),
        (SILENT_AFTER, Receiving.LATE),
        (SILENT_AFTER + 1, Receiving.SILENT),
    ],
)
def test_a_lag_is_a_state(lag: int | None, state: Receiving) -> None:
    assert receiving(lag) is state


def test_a_clock_that_is_ahead_is_not_behind() -> None:
    assert (lag_of(10, 7), lag_of(7, 10), lag_of(None, 7)) == (0, 3, None)
