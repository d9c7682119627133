"""The policy board as a person uses it: read, followed to the records, by mouse and by keys."""

import re
from collections.abc import Generator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import keep, violations
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]

_SLOW = 60_000
_LOADS = 60
"""How often the board is opened, a second apart, until the demo's history has come in."""


@pytest.fixture
def page(browser: Browser, demo: Served) -> Generator[Page]:
    """The board over a range that stands still; fails on any console error or refused script."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="dark")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    loaded(opened, demo)
    yield opened
    context.close()
    assert complaints == []


def loaded(page: Page, demo: Served) -> None:
    """With what policies did: in the beginning none of them is used."""
    for _ in range(_LOADS):
        page.goto(f"{demo.url}/policies?from=now-1h&to=now-1m")
        page.get_by_test_id("policy-card").first.wait_for(timeout=_SLOW)
        if page.locator(".policy-card[data-unused]").count() == 1:
            return
        page.wait_for_timeout(1000)
    raise AssertionError(page.get_by_test_id("only-unused").inner_text())


def opened_policy(page: Page, name: str) -> None:
    page.get_by_test_id("policy-card").filter(has_text=name).first.click()
    expect(page.get_by_test_id("policy-panel").get_by_role("heading", level=2)).to_have_text(name)
    page.get_by_test_id("rule").first.wait_for(timeout=_SLOW)


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_tiers_stand_in_order_with_their_policies(page: Page, demo: Served) -> None:
    heads = [each.inner_text().split()[0] for each in page.get_by_test_id("tier").locator("h2").all()]
    assert heads == ["security", "platform", "default"]
    first = page.get_by_test_id("tier").first.locator(".card-order").all_inner_texts()
    assert first == sorted(first, key=int)
    expect(page.get_by_test_id("tier-end").last).to_contain_text("Deny the rest")
    expect(page.get_by_test_id("only-unused")).to_contain_text(re.compile(r"[1-9]"))
    assert violations(page) == []
    keep(page, demo, "policy-board")
    page.get_by_test_id("only-unused").click()
    expect(page.get_by_test_id("policy-card")).to_have_count(1)
    expect(page.get_by_test_id("policy-card")).to_contain_text("Unused: selects nobody")
    assert asked(page)["only"] == ["unused"]


def test_a_rule_leads_to_the_flows_that_it_decided(page: Page, demo: Served) -> None:
    opened_policy(page, "ingress-gateway")
    assert violations(page) == []
    keep(page, demo, "policy-board-panel")
    rule = page.get_by_test_id("rule").filter(has_text="Deny")
    counted = rule.locator(".rule-count").inner_text()
    assert int(counted.replace(",", "")) > 0
    rule.locator(".rule-count").click()
    page.wait_for_url("**/logs?**")
    assert 'name : "ingress-gateway"' in asked(page)["q"][0]
    page.get_by_test_id("log-row").first.wait_for(timeout=_SLOW)
    page.go_back()
    page.get_by_test_id("denied-logs").click(timeout=_SLOW)
    page.wait_for_url("**/logs?**")
    assert 'action : "deny"' in asked(page)["q"][0]


def test_a_policy_tells_why_a_rule_does_nothing_and_what_it_was(page: Page, demo: Served) -> None:
    opened_policy(page, "db-isolation")
    expect(page.get_by_test_id("finding")).to_contain_text("Matches nothing")
    for view, told in (
        ("endpoints", "data/"),
        ("yaml", "kind: NetworkPolicy"),
        ("history", "rules from 4 to 5"),
    ):
        page.get_by_test_id(f"policy-{view}").click()
        expect(page.get_by_test_id("policy-panel").locator(".policy-body")).to_contain_text(told)
        assert violations(page) == []
        keep(page, demo, f"policy-board-{view}")


def test_keys_walk_the_board_and_the_table_says_the_same(page: Page, demo: Served) -> None:
    names = page.locator(".card-name").all_inner_texts()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    focused = page.evaluate("document.activeElement.querySelector('.card-name').innerText")
    assert focused == "db-isolation"
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("policy-panel").get_by_role("heading", level=2)).to_have_text(focused)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("policy-panel")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("restrict")
    expect(page.get_by_test_id("policy-card")).to_have_count(1)
    page.get_by_test_id("find-policy").fill("nothing is called so")
    expect(page.get_by_test_id("none-match")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    page.locator("#main").focus()
    page.keyboard.press("t")
    rows = page.get_by_test_id("policy-row").locator(".link-button").all_inner_texts()
    assert [row.rpartition("/")[2] for row in rows] == names
    assert violations(page) == []
    keep(page, demo, "policy-board-table")


@pytest.mark.parametrize(("width", "height", "scheme"), [(1280, 800, "light"), (900, 700, "dark")])
def test_it_fits_small_windows(browser: Browser, demo: Served, width: int, height: int, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    loaded(page, demo)
    assert violations(page) == []
    keep(page, demo, f"policy-board-{width}")
    opened_policy(page, "quarantine")
    panel = page.get_by_test_id("policy-panel").bounding_box()
    assert panel is not None
    assert panel["x"] + panel["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    keep(page, demo, f"policy-board-{width}-panel")
    context.close()


def test_a_failing_answer_keeps_what_was_there(page: Page) -> None:
    def answer(route: Route) -> None:
        if "PolicyBoard" in (route.request.post_data or ""):
            route.fulfill(json={"errors": [{"message": "The logs are slow to answer."}]})
        else:
            route.continue_()

    page.route("**/graphql", answer)
    page.get_by_test_id("range-picker").click()
    page.get_by_test_id("range-now-6h").click()
    expect(page.get_by_role("alert")).to_contain_text("The policies did not answer")
    expect(page.get_by_test_id("policy-card").first).to_be_visible()


def test_a_change_of_a_policy_is_tried_from_here(page: Page) -> None:
    opened_policy(page, "ingress-gateway")
    page.get_by_test_id("policy-try").click()
    page.wait_for_url("**/policies/what-if**")
    assert asked(page)["object"] == ["GlobalNetworkPolicy:/platform.ingress-gateway"]
    expect(page.get_by_text("platform.ingress-gateway").first).to_be_visible()
    expect(page.locator(".cm-content")).to_contain_text("ingress-nginx-controller")
