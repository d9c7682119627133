"""What the page alone decides, whatever serves it: so on one composition only."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.served import Served

pytestmark = pytest.mark.server


def test_pausing_holds_everything_still(page: Page) -> None:
    page.get_by_test_id("live-chip").click()
    expect(page.get_by_test_id("live-chip")).to_have_attribute("data-state", "paused")
    page.wait_for_timeout(10_000)  # what was on its way has arrived, on a busy machine too
    shown = page.get_by_test_id("graph-canvas").inner_text()
    page.wait_for_timeout(8000)
    assert page.get_by_test_id("graph-canvas").inner_text() == shown


@pytest.mark.parametrize(
    ("scheme", "width", "height"), [("light", 1600, 1000), ("light", 1280, 800), ("dark", 900, 700)]
)
def test_it_is_legible_and_accessible_at_every_size(
    browser: Browser, demo: Served, scheme: Any, width: int, height: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(demo.url)
    opened.locator("[data-testid=graph-node], [data-testid=twin-row]").first.wait_for()
    opened.wait_for_timeout(1500)
    keep(opened, demo, f"graph-{scheme}-{width}")
    assert violations(opened) == []
    context.close()
