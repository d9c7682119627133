"""The security posture as a person uses it: read, followed to its flows, and told when it does not answer."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW, rows
from tests.support.served import Served

pytestmark = pytest.mark.server

_LOADS = 60
"""How often the page is opened, a second apart, until the demo's history has come in."""


def loaded(page: Page) -> Page:
    for _ in range(_LOADS):
        page.locator("[data-testid=posture-basis], [data-testid=posture-empty]").first.wait_for(timeout=SLOW)
        if page.get_by_role("button", name=re.compile("^Show flows: Cleartext")).count():
            return page
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(page.locator(".posture-page").inner_text())


def test_an_action_is_dismissed_and_leads_to_its_flows(opener: Callable[..., Page], demo: Served) -> None:
    page = loaded(opener("/posture"))
    expect(page.get_by_test_id("posture-score")).to_have_text(re.compile(r"^\d+/100$"))
    expect(page.get_by_test_id("posture-basis")).to_contain_text(re.compile(r"\d+ % of the data"))
    expect(page.get_by_test_id("part-IMAGES")).to_contain_text("unknown")
    assert violations(page) == []
    keep(page, demo, "posture")
    page.get_by_test_id("view-table").click()
    expect(page.get_by_test_id("trend-table").locator("tbody tr").first).to_be_visible()
    first = page.get_by_test_id("posture-namespace").first.get_by_role("button")
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", name=f"Posture of {name}")).to_be_visible()
    expect(page.get_by_test_id("posture-namespace")).to_have_count(1)
    page.go_back()
    actions = page.get_by_test_id("posture-action")
    text = actions.first.locator(".action-text").inner_text()
    page.get_by_test_id("action-dismiss").first.click()
    page.get_by_test_id("dismiss-note").fill("known and accepted")
    page.get_by_test_id("dismiss-note").press("Enter")
    dismissed = page.get_by_test_id("posture-dismissed")
    dismissed.get_by_text("Dismissed").click(timeout=SLOW)
    expect(dismissed.locator(".action-text")).to_have_text(text, use_inner_text=True)
    expect(dismissed).to_contain_text("known and accepted")
    keep(page, demo, "posture-dismissed")
    assert violations(page) == []
    page.get_by_test_id("action-reopen").click()
    expect(dismissed).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Show all")).click(timeout=SLOW)
    page.get_by_role("button", name=re.compile("^Show flows: Cleartext")).first.click()
    page.wait_for_url("**/logs?**")
    rows(page).first.wait_for(timeout=SLOW)


def test_what_does_not_answer_is_said(opener: Callable[..., Page], demo: Served) -> None:
    page = loaded(opener("/posture", scheme="light"))
    assert violations(page) == []
    keep(page, demo, "posture-light")

    def fail(route: Route) -> None:
        if "securityPosture" not in (route.request.post_data or ""):
            route.fallback()
            return
        route.fulfill(json={"errors": [{"message": "Away.", "extensions": {"code": "UNAVAILABLE"}}]})

    page.route("**/graphql", fail)
    page.get_by_test_id("view-table").click()
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("The posture did not answer: Away.")
    page.unroute("**/graphql", fail)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("posture-score")).to_have_text(re.compile(r"^\d+/100$"))


def test_files_of_scans_are_imported_each_with_its_word(opener: Callable[..., Page], demo: Served) -> None:
    """Of an image that nothing runs, so that the demo's posture stays what other tests read."""
    page = opener("/posture", scheme="light")
    flaws = [{"VulnerabilityID": f"CVE-{n}", "Severity": "HIGH"} for n in range(3000)]
    results = [{"Target": "app", "Vulnerabilities": flaws}]
    trivy = {"ArtifactName": "unused:1", "ArtifactType": "container_image", "Results": results}
    files = [("trivy.json", json.dumps(trivy)), ("notes.json", "no JSON")]
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": "application/json", "buffer": text.encode()} for name, text in files
    ]
    page.get_by_test_id("scan-files").set_input_files(payloads)
    outcomes = page.get_by_test_id("scan-outcome")
    expect(outcomes.first).to_contain_text("1 image, 1 with critical or high flaws.")
    expect(outcomes.last).to_contain_text("The report cannot be read")
    keep(page, demo, "posture-scans")
    assert violations(page) == []
