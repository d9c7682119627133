"""The matrix of ATT&CK as a person uses it: techniques that rules look for, and the alerts of one."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.served import Served

pytestmark = pytest.mark.server


def test_a_technique_filters_the_alerts(opener: Callable[..., Page], demo: Served) -> None:
    page = opener("/alerts")
    page.get_by_test_id("to-matrix").press("Enter")
    # Nobody executes anything in the demo's pods: a rule looks for it, and no alert names it.
    cell = page.locator("[data-technique=T1609]")
    expect(cell).to_contain_text("1 rule")
    table = page.get_by_role("table", name="Alerts by tactic and technique of MITRE ATT&CK")
    expect(table.get_by_role("columnheader", name="Execution")).to_be_visible()
    cell.press("Enter")
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("alerts-filter")).to_have_value("technique : T1609")
    expect(page.get_by_text("No alerts match in the range.")).to_be_visible()
    keep(page, demo, "attack-matrix")
    assert violations(page) == []
    cell.press("Enter")
    expect(page.get_by_test_id("alerts-filter")).to_have_value("")
