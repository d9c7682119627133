"""The bar completes what is typed, by keys, and stays right while the server's answers are late."""

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.e2e.conftest import keep, violations
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]


def bar(page: Page) -> Locator:
    return page.get_by_test_id("kql-input")


def options(page: Page) -> Locator:
    return page.get_by_test_id("kql-option")


class Held:
    """From its making on, questions for completions wait until `let_go`; then the last is answered."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._held: list[Route] = []
        self._holding = True
        self.called_off: list[str] = []
        page.on("requestfailed", lambda request: self.called_off.append(text_of(request)))
        page.route("**/graphql", self._hold)

    def _hold(self, route: Route) -> None:
        if self._holding and "query Completions" in (route.request.post_data or ""):
            self._held.append(route)
        else:
            route.fallback()

    def wait_for(self, text: str) -> None:
        """Until it is asked what can follow the text."""
        for _ in range(100):
            if self._held and text_of(self._held[-1].request) == text:
                return
            self._page.wait_for_timeout(50)
        raise AssertionError([text_of(route.request) for route in self._held])

    def let_go(self) -> None:
        self._holding = False
        self._held[-1].continue_()


def text_of(request: Request) -> str:
    return str((request.post_data_json or {})["variables"]["text"])


def test_a_query_is_put_together_by_keys(page: Page, demo: Served) -> None:
    page.keyboard.press("/")
    page.keyboard.type("dest_namesp")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Tab")
    expect(bar(page)).to_have_value("dest_namespace ")
    expect(options(page).first).to_have_text(":Equals, or lies in a network or on a day.")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(bar(page)).to_have_value("dest_namespace : ")
    expect(options(page).filter(has_text="data").first).to_contain_text("flows")
    keep(page, demo, "completion-dark")
    assert violations(page) == []
    page.keyboard.type("da")
    page.keyboard.press("Tab")
    expect(bar(page)).to_have_value("dest_namespace : data ")
    expect(options(page).first).to_have_text("andBoth must hold.")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_function("() => location.search.includes('dest_namespace')")
    expect(bar(page)).to_have_value("dest_namespace : data")


def test_arrows_go_round_and_a_click_takes(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("action: ")
    expect(options(page)).to_have_count(2)
    names = options(page).locator(".mono").all_inner_texts()
    page.keyboard.press("ArrowUp")
    expect(options(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    options(page).nth(1).click()
    expect(bar(page)).to_have_value(f"action: {names[1]} ")
    expect(bar(page)).to_be_focused()


def test_tab_waits_for_an_answer_that_is_late(page: Page) -> None:
    held = Held(page)
    bar(page).fill("dest_p")
    page.keyboard.press("Tab")
    expect(bar(page)).to_be_focused()
    held.wait_for("dest_p")
    expect(bar(page)).to_have_value("dest_p")
    held.let_go()
    expect(bar(page)).to_have_value("dest_port ")
    page.keyboard.type(": 5432")
    expect(bar(page)).to_have_value("dest_port : 5432")


def test_a_second_tab_does_not_wait(page: Page) -> None:
    held = Held(page)
    bar(page).fill("dest_p")
    held.wait_for("dest_p")
    page.keyboard.press("Tab")
    expect(bar(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(bar(page)).not_to_be_focused()
    expect(bar(page)).to_have_value("dest_p")


def test_what_typing_overtakes_is_called_off_and_changes_nothing(page: Page) -> None:
    held = Held(page)
    bar(page).fill("action: al")
    held.wait_for("action: al")
    bar(page).fill("action: allow and dest_po")
    held.wait_for("action: allow and dest_po")
    assert "action: al" in held.called_off
    expect(options(page)).to_have_count(0)
    held.let_go()
    expect(options(page).first).to_contain_text("dest_port")
    page.keyboard.press("Tab")
    expect(bar(page)).to_have_value("action: allow and dest_port ")


def test_options_follow_what_is_typed_before_the_next_answer(page: Page) -> None:
    """A word typed on narrows what was offered for its beginning, and taking one replaces all of it."""
    bar(page).fill("source_")
    expect(options(page).filter(has_text="source_namespace")).to_have_count(1)
    held = Held(page)
    bar(page).fill("source_namesp")
    expect(options(page)).to_have_count(1)
    held.wait_for("source_namesp")
    page.keyboard.press("Tab")
    expect(bar(page)).to_have_value("source_namespace ")
