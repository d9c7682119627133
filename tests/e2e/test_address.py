"""The address of the page is the view: whoever opens it sees the same."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import keep
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]


def drawn(page: Page) -> set[str]:
    """Names of what is drawn, each with its kind."""
    return {
        f"{each.get_attribute('data-node-kind')} {each.get_attribute('data-node-name')}"
        for each in page.get_by_test_id("graph-node").all()
    }


def settled(page: Page) -> None:
    """What is drawn answers the present question, and rests."""
    page.get_by_test_id("graph-node").first.wait_for()
    page.wait_for_timeout(1500)
    expect(page.locator(".graph-stage[data-stale]")).to_have_count(0)


def test_a_reload_shows_the_same_view(page: Page, browser: Browser, demo: Served) -> None:
    """A filter, an open namespace, a selected edge, a range that stands still."""
    page.goto(f"{demo.url}/?from=now-1h&to=now")
    settled(page)
    page.keyboard.press("/")
    page.get_by_test_id("kql-input").fill("source_namespace : checkout or dest_namespace : checkout")
    page.keyboard.press("Enter")
    expect(page.locator('[data-testid=graph-node][data-node-name="ingress"]')).to_have_count(0)
    settled(page)
    page.locator('[data-testid=graph-node][data-node-name="checkout"]').first.dblclick()
    expect(page.locator('[data-testid=graph-node][data-node-name^="cart"]').first).to_be_visible()
    page.get_by_test_id("live-chip").click()
    expect(page.get_by_test_id("live-chip")).to_have_attribute("data-state", "paused")
    settled(page)
    badge = page.locator("[data-badge-for]:visible").first
    chosen = badge.get_attribute("data-badge-for")
    badge.click()
    expect(page.get_by_test_id("edge-panel")).to_be_visible()
    settled(page)
    seen, address = drawn(page), page.url
    keep(page, demo, "address-dark")
    page.reload()
    settled(page)
    again = browser.new_page(viewport={"width": 1600, "height": 1000})
    again.goto(address)
    settled(again)
    for each in (page, again):
        expect(each.get_by_test_id("edge-panel")).to_be_visible()
        assert each.url == address
        assert drawn(each) == seen
        assert each.get_by_test_id("kql-input").input_value().startswith("source_namespace : checkout")
        assert each.locator(f'[data-edge-id="{chosen}"][data-selected]').count() >= 1
        # How many depends on records that are still on their way to the engines.
        expect(each.get_by_test_id("flow-row").first).to_be_visible()
    again.close()


def test_going_back_goes_back(page: Page) -> None:
    settled(page)
    before = drawn(page)
    page.locator('[data-testid=graph-node][data-node-name="data"]').first.dblclick()
    expect(page.locator('[data-testid=graph-node][data-node-name="redis"]').first).to_be_visible()
    page.go_back()
    expect(page.locator('[data-testid=graph-node][data-node-name="redis"]')).to_have_count(0)
    settled(page)
    assert {name for name in drawn(page) if name.startswith("NAMESPACE")} == {
        name for name in before if name.startswith("NAMESPACE")
    }
