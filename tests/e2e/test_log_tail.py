"""The live tail of the logs page."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep
from tests.e2e.logs_page import SLOW, rows
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]


def test_the_tail_shows_what_arrives_and_holds_still_when_paused(page: Page, demo: Served) -> None:
    page.goto(f"{demo.url}/logs")
    rows(page).first.wait_for(timeout=SLOW)
    page.get_by_test_id("tail").click()
    first = rows(page).first.get_attribute("data-id")
    page.wait_for_function(
        "was => document.querySelector('[data-testid=log-row]').dataset.id !== was", arg=first, timeout=60_000
    )
    assert "tail=on" in page.url
    page.get_by_test_id("tail-pause").click()
    held = rows(page).first.get_attribute("data-id")
    expect(page.get_by_test_id("tail-pause")).to_contain_text("waiting")
    assert rows(page).first.get_attribute("data-id") == held
    keep(page, demo, "logs-tail-dark")
    page.get_by_test_id("tail-pause").click()
    page.wait_for_function(
        "was => document.querySelector('[data-testid=log-row]').dataset.id !== was", arg=held, timeout=60_000
    )
    page.locator(".log-scroll").evaluate("box => box.scrollBy(0, 600)")
    expect(page.get_by_test_id("gap-row")).to_contain_text("more arrived here")
    page.get_by_test_id("tail").click()
    expect(page.get_by_test_id("gap-row")).to_have_count(0)
