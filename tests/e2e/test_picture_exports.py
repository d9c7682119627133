"""The graph and the ring as files: pictures of what is drawn, DOT, and the API's answer."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.files import exported, texts
from tests.e2e.logs_page import SLOW, range_of
from tests.support.served import Served

pytestmark = pytest.mark.server

_TRIES = 30
"""A second apart, until the demo's history has come in."""
_COLUMNS = "query($r: TimeRangeInput!, $l: GraphLevel!) { serviceGraph(range: $r, level: $l) { columns } }"
_PAGES = (("/", "graph-node", "NAMESPACE"), ("/flows", "ring-arc", "WORKLOAD"))


@pytest.mark.parametrize(("path", "drawn", "level"), _PAGES, ids=["graph", "ring"])
def test_what_is_shown_comes_as_files(
    opener: Callable[..., Page], demo: Served, path: str, drawn: str, level: str
) -> None:
    page = opener(path)
    page.get_by_test_id(drawn).first.wait_for(timeout=SLOW)
    variables = {"r": range_of(page), "l": level}
    told, asked = answer(page), demo.ask(_COLUMNS, variables)["serviceGraph"]["columns"]
    for _ in range(_TRIES):
        if told == asked:
            break
        page.wait_for_timeout(1000)
        told, asked = answer(page), demo.ask(_COLUMNS, variables)["serviceGraph"]["columns"]
    assert told == asked
    page.reload()  # now that all of it has come in
    page.get_by_test_id(drawn).first.wait_for(timeout=SLOW)
    dot = exported(page, "dot").read_text()
    assert len(re.findall(r"^  n\d+ -> n\d+ \[", dot, re.MULTILINE)) == len(told["edges"]["id"])
    assert {"payments", "data"} <= set(texts(exported(page, "svg")))
    png = exported(page, "png").read_bytes()
    assert png.startswith(b"\x89PNG\r\n")
    assert len(png) > 20_000


def answer(page: Page) -> Any:
    return json.loads(exported(page, "json").read_text())["serviceGraph"]["columns"]
