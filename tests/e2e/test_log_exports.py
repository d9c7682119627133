"""What the logs page exports."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.logs_page import matching, range_of, total
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]


def test_the_exported_file_holds_what_matches(opened: Callable[..., Page], demo: Served) -> None:
    """As many records as the page and the API count, with the columns shown, in the order shown."""
    page = opened("q=action : deny&col=start_time&col=bytes_out&col=action&sort=-bytes_out")
    wanted = matching(page)
    assert wanted == total(demo, range_of(page), "action: deny")
    found: dict[str, list[dict[str, Any]]] = {}
    for form in ("csv", "ndjson"):
        page.get_by_test_id("export").click()
        with page.expect_download() as downloading:
            page.get_by_test_id(f"export-{form}").click()
        text = downloading.value.path().read_text("utf-8")
        found[form] = (
            list(csv.DictReader(io.StringIO(text)))
            if form == "csv"
            else [json.loads(line) for line in text.splitlines()]
        )
        page.keyboard.press("Escape")
    for records in found.values():
        assert len(records) == wanted
        assert list(records[0]) == ["start_time", "bytes_out", "action"]
        assert {record["action"] for record in records} == {"deny"}
        sent = [int(record["bytes_out"]) for record in records]
        assert sent == sorted(sent, reverse=True)
