"""Delivery targets as a person uses them: added, tried, changed, switched off, and deleted again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.served import Served

pytestmark = pytest.mark.server

TARGETS = "{ deliveryTargets { title enabled document } }"
MASK = "********"


def test_a_target_is_added_tried_changed_and_deleted(opener: Callable[..., Page], demo: Served) -> None:
    page = opener("/alerts")
    page.get_by_test_id("to-delivery").click()
    expect(page.get_by_text("Alerts are sent nowhere.")).to_be_visible()
    keep(page, demo, "delivery-empty")
    assert violations(page) == []
    page.get_by_test_id("add-target").press("Enter")
    page.get_by_test_id("target-name").fill("SOC")
    # Loopback, which nobody allowed here: the guard's own sentence is the answer to a test.
    page.get_by_test_id("target-url").fill("http://127.0.0.1:9/hook")
    page.get_by_test_id("target-secret").fill("Bearer t0p-s3cret")
    page.get_by_test_id("target-filter").fill("rule: ")
    page.get_by_test_id("target-save").click()
    expect(page.get_by_test_id("problems")).to_contain_text("document.filter")
    keep(page, demo, "delivery-problem")
    # No rule has this name, so that the demo's alerts change nothing meanwhile.
    page.get_by_test_id("target-filter").fill('rule: "no such rule"')
    page.get_by_test_id("target-filter").press("Enter")
    target = page.get_by_test_id("target")
    expect(target).to_contain_text("http://127.0.0.1:9")
    expect(page.get_by_test_id("target-secret")).to_have_value(MASK)
    page.get_by_test_id("target-test").click()
    answer = page.get_by_test_id("target-answer")
    expect(answer).to_contain_text("It did not take the test: 127.0.0.1 leads to 127.0.0.1")
    keep(page, demo, "delivery")
    assert violations(page) == []
    page.get_by_test_id("target-name").fill("SOC at night")
    page.get_by_test_id("target-save").click()
    expect(page.get_by_test_id("target-title")).to_have_text("SOC at night")
    switch = page.get_by_test_id("target-switch")
    switch.focus()
    page.keyboard.press("Space")
    expect(target).to_contain_text("Off")
    (kept,) = demo.ask(TARGETS)["deliveryTargets"]
    assert (kept["title"], kept["enabled"]) == ("SOC at night", False)
    assert kept["document"]["receiver"]["secret"] == MASK
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 900, "height": 700})
    keep(page, demo, "delivery-light-narrow")
    assert violations(page) == []
    page.get_by_test_id("target-delete").click()
    page.get_by_test_id("target-confirm-delete").click()
    expect(target).to_have_count(0)
    assert demo.ask(TARGETS)["deliveryTargets"] == []
