"""The logs page as a person uses it, in a real browser, over the live demo."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW, cell, fewer, matching, open_record, range_of, rows, total
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]


def test_the_nav_leads_there_and_back_with_range_and_filter(page: Page) -> None:
    page.get_by_test_id("range-picker").click()
    page.get_by_test_id("range-now-15m").click()
    page.keyboard.press("/")
    page.get_by_test_id("kql-input").fill("dest_namespace : data")
    page.keyboard.press("Enter")
    page.get_by_test_id("rail-logs").click()
    rows(page).first.wait_for(timeout=SLOW)
    assert "/logs?" in page.url
    assert "from=now-15m" in page.url
    expect(page.get_by_test_id("kql-input")).to_have_value("dest_namespace : data")
    expect(page).to_have_title(re.compile("Logs"))
    page.get_by_role("link", name="Graph").click()
    expect(page.get_by_test_id("kql-input")).to_have_value("dest_namespace : data")


def test_counts_are_those_of_the_api(opened: Callable[..., Page], demo: Served) -> None:
    page = opened("q=action : deny")
    within = range_of(page)
    assert matching(page) == total(demo, within, "action: deny") > 0
    count = page.get_by_test_id("tab-flows").locator(".count")
    expect(count).to_have_text(f"{total(demo, within):,}")
    legend = page.locator(".band-legend").inner_text()
    assert re.sub(r"\D", "", legend) == str(matching(page))
    assert {each.inner_text() for each in page.locator("td[data-field=action]").all()} == {"Denied"}


@pytest.mark.parametrize(
    ("scheme", "width"), [("dark", 1600), ("light", 1600), ("light", 1280), ("dark", 900)]
)
def test_it_is_accessible_at_every_size(
    opened: Callable[..., Page], demo: Served, scheme: str, width: int
) -> None:
    page = opened(scheme=scheme, width=width, height=1000 if width == 1600 else 760)
    page.wait_for_timeout(1000)
    keep(page, demo, f"logs-{scheme}-{width}")
    assert violations(page) == []
    open_record(page, 3)
    expect(page.get_by_test_id("fact").first).to_be_visible()
    keep(page, demo, f"logs-record-{scheme}-{width}")
    assert violations(page) == []


def test_a_brush_is_the_next_range(opened: Callable[..., Page]) -> None:
    page = opened()
    before, address = matching(page), page.url
    plot = page.get_by_test_id("log-plot").bounding_box()
    assert plot is not None
    page.mouse.move(plot["x"] + plot["width"] * 0.25, plot["y"] + 40)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.5, plot["y"] + 40, steps=5)
    page.mouse.up()
    page.wait_for_function("was => location.href !== was", arg=address)
    fewer(page, before)
    assert 0.1 * before < matching(page) < 0.5 * before
    page.go_back()
    expect(page.locator("[data-testid=match-count] .num")).to_have_text(f"{before:,}")


def test_scrolling_pages_through_all_and_holds_few(opened: Callable[..., Page]) -> None:
    """Every record once, newest first, with a document that does not grow."""
    page = opened("q=action : deny or dest_port : 53")
    wanted, seen, times = matching(page), dict[str, str](), list[str]()
    assert wanted > 300
    for _ in range(600):
        for row in page.evaluate(
            """() => [...document.querySelectorAll('[data-testid=log-row]')].map((row) =>
              [row.getAttribute('aria-rowindex'), row.dataset.id, row.cells[0].firstChild.title])"""
        ):
            if row[0] not in seen:
                times.append(row[2])
            assert seen.setdefault(row[0], row[1]) == row[1]
        if len(seen) == wanted:
            break
        assert rows(page).count() < 80
        page.locator(".log-scroll").evaluate("box => box.scrollBy(0, 500)")
        page.wait_for_timeout(60)
    assert len(set(seen.values())) == len(seen) == wanted
    page.locator(".log-scroll").evaluate("box => box.scrollTo(0, 0)")
    expect(rows(page).first).to_have_attribute("data-id", seen["2"])
    assert times == sorted(times, reverse=True)


def test_everything_by_keyboard(opened: Callable[..., Page]) -> None:
    """From the bar to a record, a filter by its cell, and back, without a mouse."""
    page = opened()
    page.keyboard.press("/")
    expect(page.get_by_test_id("kql-input")).to_be_focused()
    page.keyboard.type("repor")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("kql-input")).to_have_value("reporter ")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("kql-input")).to_have_value("reporter : ")
    page.keyboard.type("src")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("query-chip")).to_have_text("reporter : src")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1000)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(cell(page, 1, "start_time")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("record-panel")).to_be_visible()
    expect(rows(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    expect(rows(page).nth(2)).to_have_attribute("aria-selected", "true")
    verdict = cell(page, 2, "action").inner_text()
    page.keyboard.press("f")
    action = "deny" if verdict == "Denied" else "allow"
    expect(page.get_by_test_id("query-chip").last).to_have_text(f"action : {action}")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("record-panel")).to_have_count(0)
    page.get_by_test_id("tab-flows").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("tab-dns")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("dropped-conditions")).to_contain_text("reporter : src, action")


def test_nothing_found_says_what_would_help(opened: Callable[..., Page], demo: Served) -> None:
    page = opened("q=reporter : src")
    page.keyboard.press("/")
    page.get_by_test_id("kql-input").fill("reporter : src and dest_port : 1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("logs-empty")).to_be_visible()
    keep(page, demo, "logs-empty-dark")
    assert violations(page) == []
    page.get_by_test_id("remove-last").click()
    expect(rows(page).first).to_be_visible()
    page.get_by_test_id("kql-input").fill("no_such_field : 1")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("kql-problem")).to_contain_text("no_such_field")
    expect(rows(page).first).to_be_visible()
