"""Saved views as a person uses them: saved, opened from menu and palette, saved over, deleted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW
from tests.support.served import Served

pytestmark = pytest.mark.server

VIEWS = "{ views { title page search shared version } }"


def entry(page: Page, title: str) -> Locator:
    return page.locator(f'[data-testid=saved-view][data-title="{title}"]')


def test_a_view_is_saved_opened_changed_shared_and_deleted(opener: Callable[..., Page], demo: Served) -> None:
    page = opener("/", "infra=hidden&width=packets")
    page.get_by_test_id("graph-node").first.wait_for(timeout=SLOW)
    button = page.get_by_test_id("views")
    page.keyboard.press("v")
    page.get_by_test_id("view-new").click()
    page.get_by_test_id("view-title").fill("Without <b>infra</b>")
    expect(page.get_by_role("dialog", name="Save this view")).to_have_css("opacity", "1")
    keep(page, demo, "views-save")
    assert violations(page) == []
    page.get_by_test_id("view-title").press("Enter")
    expect(button).to_contain_text("Without <b>infra</b>")
    (saved,) = demo.ask(VIEWS)["views"]
    search = saved.pop("search")
    assert saved == {"title": "Without <b>infra</b>", "page": "GRAPH", "shared": False, "version": 1}
    assert (search["infra"], search["width"]) == ("hidden", "packets")
    link = page.url
    page.keyboard.press("d")
    expect(button).to_contain_text("changed")
    button.click()
    keep(page, demo, "views-menu")
    page.get_by_test_id("view-over").click()
    expect(button).not_to_contain_text("changed")
    button.click()
    page.get_by_test_id("view-share").click()
    expect(page.get_by_test_id("view-share")).to_have_count(0)
    (saved,) = demo.ask(VIEWS)["views"]
    assert (saved["search"]["show"], saved["shared"], saved["version"]) == ("denied", True, 3)

    page.goto(f"{demo.url}/flows")
    page.get_by_test_id("ring-arc").first.wait_for(timeout=SLOW)
    page.keyboard.press("v")
    expect(entry(page, "Without <b>infra</b>")).to_contain_text("Service Graph")
    keep(page, demo, "views-ring")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("saved-view")).to_have_count(0)
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Search or run a command").fill("without")
    page.get_by_role("dialog", name="Commands").get_by_text("A saved view").click(timeout=SLOW)
    expect(page.get_by_test_id("menu-layers")).to_contain_text("hidden")
    expect(page.get_by_test_id("show-denied")).to_have_attribute("aria-pressed", "true")

    page.goto(link)
    expect(button).to_contain_text("changed")
    button.click()
    page.get_by_test_id("view-delete").press("Enter")
    page.get_by_test_id("view-delete").press("Enter")
    expect(button).to_have_text("View: Views")
    assert demo.ask(VIEWS)["views"] == []
