"""Alert rules as a person uses them: switched, read, imported from Calico's, and deleted again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.served import Served

pytestmark = pytest.mark.server

RULES = "{ alertRules(limit: 1000) { title enabled builtin } }"
WATCHED = "A policy was deleted"
CALICO = """apiVersion: projectcalico.org/v3
kind: GlobalAlert
metadata: {name: lookups}
spec:
  description: Names that do not exist
  severity: 80
  dataSet: dns
  query: rcode = NXDomain AND qname NOTIN {"*.cluster.local"}
  aggregateBy: [client_namespace]
  metric: sum
  field: count
  condition: gte
  threshold: 100
"""


def row(page: Page, title: str) -> Locator:
    return page.get_by_test_id("rule").filter(has=page.get_by_role("button", name=title, exact=True))


def kept(demo: Served) -> list[tuple[str, bool, bool]]:
    return [tuple(each.values()) for each in demo.ask(RULES)["alertRules"]]


def test_a_rule_is_switched_off_and_brought_back(opener: Callable[..., Page], demo: Served) -> None:
    before = kept(demo)
    page = opener("/alerts/rules")
    watched = row(page, WATCHED)
    switch = watched.get_by_test_id("rule-switch")
    expect(switch).to_be_checked()
    keep(page, demo, "alert-rules")
    assert violations(page) == []
    switch.focus()
    page.keyboard.press("Space")
    expect(watched).to_contain_text("Built in, changed")
    expect(switch).not_to_be_checked()
    assert (WATCHED, False, False) in kept(demo)
    watched.get_by_test_id("rule-title").press("Enter")
    pane = page.get_by_test_id("rule-pane")
    expect(pane.get_by_test_id("rule-text")).to_have_value(re.compile('"enabled": false'))
    keep(page, demo, "alert-rules-pane")
    assert violations(page) == []
    pane.get_by_test_id("rule-delete").click()
    expect(switch).to_be_checked()
    expect(pane.get_by_test_id("rule-delete")).to_have_count(0)
    assert kept(demo) == before


def test_a_global_alert_is_imported_or_told_what_is_wrong(opener: Callable[..., Page], demo: Served) -> None:
    before = kept(demo)
    page = opener("/alerts/rules", scheme="light")
    page.get_by_test_id("import-rules").click()
    text = page.get_by_test_id("import-text")
    text.fill(f"{CALICO}---\n{CALICO.replace('rcode', 'rtype').replace('lookups', 'others')}")
    page.get_by_test_id("import-submit").click()
    told = page.get_by_test_id("problems").get_by_role("listitem")
    expect(told).to_have_count(1)
    expect(told).to_contain_text('GlobalAlert others: spec.query: There is no field "rtype" for dns')
    keep(page, demo, "alert-rules-import")
    assert violations(page) == []
    assert kept(demo) == before, "nothing of it was kept"
    text.fill(CALICO)
    page.get_by_test_id("import-submit").click()
    expect(page.get_by_test_id("rules-said")).to_contain_text("1 rule added")
    lookups = row(page, "lookups")
    expect(lookups).to_contain_text("sum of count ≥ 100 in 10 min, by client_namespace")
    keep(page, demo, "alert-rules-light")
    lookups.get_by_test_id("rule-title").click()
    page.get_by_test_id("rule-delete").click()
    expect(lookups).to_have_count(0)
    assert kept(demo) == before
