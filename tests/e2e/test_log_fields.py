"""Fields of the logs page: their values, and the columns that they become."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep
from tests.e2e.logs_page import SLOW, cell, rows
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]


def test_fields_tell_their_values_and_become_columns(opened: Callable[..., Page], demo: Served) -> None:
    page = opened()
    page.get_by_test_id("field-find").fill("dest_namesp")
    item = page.locator("[data-testid=field-item][data-field=dest_namespace]")
    item.locator(".field-name").click()
    value = item.get_by_test_id("field-value").first
    expect(value).to_contain_text("%")
    name = value.locator(".mono").inner_text()
    keep(page, demo, "logs-values-dark")
    item.get_by_test_id("field-toggle").click()
    expect(page.locator("[data-testid=log-head][data-field=dest_namespace]")).to_be_visible()
    value.locator("button").first.click()
    expect(page.get_by_test_id("kql-input")).to_have_value(f"dest_namespace : {name}")
    page.reload()
    rows(page).first.wait_for(timeout=SLOW)
    assert {each.inner_text() for each in page.locator("td[data-field=dest_namespace]").all()} == {name}


def heads(page: Page) -> list[str | None]:
    return [each.get_attribute("data-field") for each in page.get_by_test_id("log-head").all()]


def test_columns_move_resize_and_order(opened: Callable[..., Page]) -> None:
    page = opened("col=start_time&col=action&col=bytes_out")
    head = page.get_by_test_id("log-head")
    head.nth(2).drag_to(head.nth(0))
    expect(head.nth(0)).to_have_attribute("data-field", "bytes_out")
    head.nth(0).locator("button").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(head.nth(1)).to_have_attribute("data-field", "bytes_out")
    wide = head.nth(0).bounding_box()
    edge = head.nth(0).get_by_test_id("column-edge").bounding_box()
    assert wide is not None
    assert edge is not None
    page.mouse.move(edge["x"] + 4, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 104, edge["y"] + 10, steps=4)
    page.mouse.up()
    page.wait_for_url("**start_time%3A*", timeout=SLOW)
    page.locator("[data-testid=log-head][data-field=bytes_out] button").click()
    expect(page.locator("[data-testid=log-head][data-field=bytes_out]")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.wait_for_timeout(1500)
    first = cell(page, 0, "bytes_out").inner_text()
    page.locator("[data-testid=log-head][data-field=bytes_out] button").click()
    page.wait_for_function(
        "was => document.querySelector('td[data-field=bytes_out]').innerText !== was", arg=first
    )
    assert cell(page, 0, "bytes_out").inner_text() == "0 B"
    order = heads(page)
    page.reload()
    rows(page).first.wait_for(timeout=SLOW)
    assert heads(page) == order == ["start_time", "bytes_out", "action"]
    assert "sort=bytes_out" in page.url
