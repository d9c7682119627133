"""Clusters as a person looks after them: whether logs arrive, one registered, shown, and removed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.served import Served

pytestmark = pytest.mark.server

CLUSTERS = "{ clusters { name title colour registered } }"


def test_a_cluster_is_registered_shown_in_the_switcher_and_removed(
    opener: Callable[..., Page], demo: Served
) -> None:
    before = demo.ask(CLUSTERS)["clusters"]
    page = opener("/posture")
    page.get_by_test_id("rail-clusters").click()
    rows = page.get_by_test_id("cluster")
    expect(rows).to_have_count(len(before))
    expect(rows.first).to_contain_text("Receiving")
    page.get_by_test_id("add-cluster").press("Enter")
    page.get_by_test_id("cluster-name").fill("prod eu")
    page.get_by_test_id("cluster-title-field").fill("Production, Europe")
    page.get_by_test_id("colour-violet").check(force=True)
    page.get_by_test_id("cluster-save").click()
    expect(page.get_by_test_id("field-problem")).to_contain_text("not a cluster's name")
    keep(page, demo, "clusters-problem")
    page.get_by_test_id("cluster-name").fill("prod-eu")
    page.get_by_test_id("cluster-name").press("Enter")
    added = rows.filter(has_text="Production, Europe")
    expect(added).to_contain_text("Nothing yet")
    assert violations(page) == []
    rows.first.get_by_test_id("cluster-title").click()
    expect(page.get_by_test_id("cluster-health")).to_contain_text("allowed")
    keep(page, demo, "clusters")
    assert violations(page) == []
    added.get_by_test_id("cluster-title").click()
    page.reload()
    pane = page.get_by_test_id("cluster-pane")
    expect(pane).to_have_accessible_name("Cluster: Production, Europe")
    page.go_back()
    expect(pane).not_to_have_accessible_name("Cluster: Production, Europe")
    page.get_by_test_id("cluster-switcher").click()
    choice = page.get_by_role("menuitem", name="Production, Europe")
    expect(choice).to_contain_text("prod-eu")
    keep(page, demo, "clusters-switcher")
    page.keyboard.press("Escape")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 900, "height": 700})
    added.get_by_test_id("cluster-title").click()
    keep(page, demo, "clusters-light-narrow")
    assert violations(page) == []
    page.get_by_test_id("colour-own-colour").check(force=True)
    page.get_by_test_id("colour-picker").fill("#102030")
    page.get_by_test_id("cluster-save").click()
    expect(page.get_by_test_id("clusters-said")).to_have_text("Saved.")
    assert {each["colour"] for each in demo.ask(CLUSTERS)["clusters"]} == {None, "#102030"}
    page.get_by_test_id("cluster-remove").click()
    keep(page, demo, "clusters-remove")
    page.get_by_test_id("cluster-confirm-remove").click()
    expect(rows).to_have_count(len(before))
    assert demo.ask(CLUSTERS)["clusters"] == before
