"""One record on the logs page: what it says, filters by its values, and what belongs to it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW, fewer, matching, open_record, range_of
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]

TO_DOMAINS = "reporter : src and dest_domain : *"
ANSWERED = """query($r: TimeRangeInput!, $f: KQL) {
  flows(range: $r, filter: $f, first: 15) { nodes { dnsAnswers(limit: 1) { id } } } }"""


def test_a_record_opens_and_its_values_filter(opened: Callable[..., Page], demo: Served) -> None:
    page = opened()
    open_record(page, 2)
    panel = page.get_by_test_id("record-panel")
    fact = panel.locator("[data-testid=fact][data-field=source_namespace]")
    if not fact.count():
        page.goto(f"{page.url}&q=source_namespace : *")
        fact.wait_for(timeout=SLOW)
    name = fact.locator(".long-text").inner_text()
    assert "rec=" in page.url
    panel.get_by_test_id("record-json").click()
    expect(panel.get_by_test_id("raw-line")).to_contain_text(f'"source_namespace": "{name}"')
    panel.get_by_test_id("copy-raw").click()
    assert f'"source_namespace":"{name}"' in page.evaluate("navigator.clipboard.readText()").replace(
        ": ", ":"
    )
    keep(page, demo, "logs-json-dark")
    panel.get_by_test_id("record-policies").click()
    decided = panel.get_by_test_id("decided")
    expect(decided.get_by_test_id("decided-step").first).to_be_visible()
    expect(decided).to_contain_text("The policies of that time")
    panel.get_by_test_id("record-linked").click()
    expect(panel.get_by_test_id("lead").first).to_be_visible()
    panel.get_by_test_id("record-structured").click()
    before = matching(page)
    fact.hover()
    fact.get_by_test_id("value-exclude").click()
    expect(page.get_by_test_id("query-chip").last).to_have_text(f"not source_namespace : {name}")
    fewer(page, before)
    page.get_by_test_id("query-chip").last.click()
    expect(page.locator("[data-testid=match-count] .num")).to_have_text(f"{before:,}")


def answered(demo: Served, within: dict[str, str]) -> int:
    """Which of the first flows has its name told by DNS records, which come a while after the flows."""
    found = demo.ask(ANSWERED, {"r": within, "f": TO_DOMAINS})["flows"]["nodes"]
    return next(place for place, flow in enumerate(found) if flow["dnsAnswers"])


def test_a_flow_leads_to_the_dns_answer_that_named_its_destination(
    opened: Callable[..., Page], demo: Served
) -> None:
    page = opened(f"q={TO_DOMAINS}")
    open_record(page, answered(demo, range_of(page)))
    page.get_by_test_id("record-linked").click()
    answers = page.locator("[data-testid=link-list][data-field=dnsAnswers]")
    expect(answers.get_by_test_id("linked-record").first).to_be_visible()
    keep(page, demo, "logs-linked-dark")
    assert violations(page) == []
    words = answers.get_by_test_id("linked-record").first.inner_text()
    answers.get_by_test_id("linked-record").first.click()
    expect(page.get_by_test_id("tab-dns")).to_have_attribute("aria-selected", "true")
    name = page.locator("[data-testid=fact][data-field=qname] .long-text")
    expect(name).to_be_visible()
    assert name.inner_text() in words
