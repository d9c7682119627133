"""Questions on the logs page, those of the product and saved ones."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW, matching, pick, range_of, rows
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]


def test_a_preset_explains_itself_and_its_groups_lead_to_records(
    opened: Callable[..., Page], demo: Served
) -> None:
    """Who was denied to whom, with the numbers of `aggregate`, down to the records behind the first row."""
    page = opened()
    pick(page, "Who was denied to whom")
    expect(page.get_by_test_id("preset-note")).to_contain_text("connections denied?")
    expect(page.get_by_test_id("kql-input")).to_have_value("action: deny")
    row = page.get_by_test_id("group-row").first
    expect(row).to_be_visible()
    keep(page, demo, "logs-preset-dark")
    assert violations(page) == []
    connections = int(row.locator("td.figure").first.inner_text().replace(",", ""))
    part = row.get_attribute("data-part")
    row.click()
    rows(page).first.wait_for(timeout=SLOW)
    expect(page.get_by_test_id("kql-input")).to_have_value(f"action: deny and {part}")
    told = demo.ask(
        "query($r: TimeRangeInput!, $f: KQL) { flows(range: $r, filter: $f, first: 500) {"
        " nodes { numFlowsStarted reporter } } }",
        {"r": range_of(page), "f": f"action: deny and {part}"},
    )
    assert connections == sum(int(flow["numFlowsStarted"]) for flow in told["flows"]["nodes"])


def test_a_search_is_saved_shared_by_its_link_and_deleted(
    opened: Callable[..., Page], browser: Browser
) -> None:
    page = opened("q=reporter : src and dest_port : 443&col=start_time&col=bytes_out&sort=-bytes_out")
    title = f"Uploads over TLS {page.evaluate('Math.random()')}"
    page.get_by_test_id("save-search").click()
    page.get_by_test_id("save-title").fill(title)
    page.get_by_test_id("save-submit").click()
    expect(page.get_by_test_id("preset-note")).to_contain_text(title)
    page.get_by_test_id("preset-link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    pick(page, "Denied flows")
    expect(page.get_by_test_id("kql-input")).to_have_value("action: deny")
    pick(page, title)
    expect(page.get_by_test_id("kql-input")).to_have_value("reporter : src and dest_port : 443")
    expect(page.get_by_test_id("log-head")).to_have_count(2)
    other = browser.new_page()
    other.goto(link)
    expect(other.get_by_test_id("preset-note")).to_contain_text(title)
    other.close()
    page.get_by_test_id("preset-delete").click()
    page.get_by_test_id("preset-delete").click()
    expect(page.get_by_test_id("preset-note")).to_have_count(0)
    page.get_by_test_id("presets").click()
    expect(page.locator(f'[data-testid=preset][data-title="{title}"]')).to_have_count(0)


def test_each_unanswered_path_has_its_cause_and_leads_to_its_records(
    opened: Callable[..., Page], demo: Served
) -> None:
    page = opened()
    pick(page, "Who was denied to whom")
    expect(page.get_by_test_id("group-row").first).to_be_visible()
    pick(page, "Allowed but never answered")
    path = page.get_by_test_id("unanswered-row").first
    expect(path).to_be_visible()
    expect(page.get_by_test_id("preset-note")).to_have_count(1)
    told = demo.ask(
        "query($r: TimeRangeInput!) { unanswered(range: $r, limit: 200) { edges { cause } } }",
        {"r": range_of(page)},
    )
    shown = [each.get_attribute("data-cause") for each in page.get_by_test_id("unanswered-row").all()]
    assert sorted(map(str, shown)) == sorted(edge["cause"] for edge in told["unanswered"]["edges"])
    keep(page, demo, "logs-unanswered-dark")
    assert violations(page) == []
    path.focus()
    page.keyboard.press("Enter")
    expect(rows(page).first).to_be_visible()
    assert matching(page) > 0


def test_load_is_set_beside_the_range_before(opened: Callable[..., Page], demo: Served) -> None:
    page = opened()
    pick(page, "Load higher than normal")
    expect(page.get_by_test_id("compare-row").first).to_be_visible()
    now = page.get_by_test_id("compare-row").first.locator("td.figure").first.inner_text()
    told = demo.ask(
        "query($r: TimeRangeInput!) { compareLoad(range: $r, limit: 100,"
        ' groupBy: ["dest_namespace", "dest_name_aggr"]) { groups { now } } }',
        {"r": range_of(page)},
    )
    assert int(now.replace(",", "")) == int(told["compareLoad"]["groups"][0]["now"])
    keep(page, demo, "logs-compare-dark")
    assert violations(page) == []
