"""Indicator feeds as a person uses them: added, corrected, uploaded, switched off, deleted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.served import Served

pytestmark = pytest.mark.server

FEEDS = "{ feeds { title enabled networks domains } }"
LIST = b"198.18.0.1\n198.18.4.0/24\nbad.example\n(a+)+\n"


def test_a_feed_is_added_uploaded_switched_and_deleted(opener: Callable[..., Page], demo: Served) -> None:
    page = opener("/alerts")
    page.get_by_test_id("to-feeds").click()
    expect(page.get_by_text("Nothing is matched with lists of what is bad.")).to_be_visible()
    keep(page, demo, "feeds-empty")
    page.get_by_test_id("add-feed").press("Enter")
    page.get_by_test_id("feed-title").fill("Our list")
    page.get_by_test_id("feed-url").fill("https://me:secret@feeds.example/")
    page.get_by_test_id("feed-save").click()
    wrong = page.get_by_test_id("field-problem")
    expect(wrong).to_contain_text("The address holds a user or a password")
    expect(page.get_by_test_id("feed-url")).to_have_attribute("aria-invalid", "true")
    keep(page, demo, "feeds-problem")
    assert violations(page) == []
    page.get_by_test_id("feed-url").fill("")
    page.get_by_test_id("feed-title").press("Enter")
    feed = page.get_by_test_id("feed")
    expect(feed).to_contain_text("Nothing uploaded yet")
    page.get_by_test_id("feed-upload").set_input_files(
        {"name": "list.txt", "mimeType": "text/plain", "buffer": LIST}
    )
    expect(feed).to_contain_text("In force")
    page.get_by_test_id("feed-left-out").get_by_text("1 entry left out").click()
    expect(page.get_by_test_id("feed-left-out")).to_contain_text("Line 4: a pattern")
    page.get_by_test_id("feed-indicators").get_by_text("What it lists").click()
    expect(page.get_by_test_id("feed-indicators")).to_contain_text("198.18.4.0/24")
    keep(page, demo, "feeds")
    assert violations(page) == []
    page.get_by_test_id("feed-switch").focus()
    page.keyboard.press("Space")
    expect(feed).to_contain_text("Off")
    assert demo.ask(FEEDS)["feeds"] == [{"title": "Our list", "enabled": False, "networks": 2, "domains": 1}]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 900, "height": 700})
    keep(page, demo, "feeds-light-narrow")
    assert violations(page) == []
    page.get_by_test_id("feed-delete").click()
    page.get_by_test_id("feed-confirm-delete").click()
    expect(feed).to_have_count(0)
    assert demo.ask(FEEDS)["feeds"] == []
    page.get_by_test_id("to-alerts").click()
    page.get_by_test_id("alerts-filter").fill('rule : "Our list"')
    page.get_by_test_id("alerts-filter").press("Enter")
    expect(page.get_by_text("No alerts match in the last 7 days.")).to_be_visible()
    page.get_by_test_id("alerts-unfilter").click()
    expect(page.get_by_test_id("alert-row").first).to_be_visible()
