"""The level of services as a person uses it: chosen, opened, told by a link, as the API says."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.served import Served

pytestmark = pytest.mark.server

GRAPH = """{ serviceGraph(range: {from: "now-30m"}, level: SERVICE, limit: 500) {
  nodes { id name kind members services { name } workloads { name } } } }"""


def node(page: Page, identity: str) -> Locator:
    return page.locator(f'[data-testid=graph-node][data-node-id="{identity}"]').first


def test_services_are_nodes_that_open_to_their_workloads(opener: Callable[..., Page], demo: Served) -> None:
    page = opener("/")
    page.get_by_test_id("menu-group").click()
    page.get_by_role("menuitem", name="Services, with the workloads behind them").click()
    expect(page).to_have_url(re.compile("level=service"))
    told = demo.ask(GRAPH)["serviceGraph"]["nodes"]
    chosen = next(each for each in told if each["kind"] == "SERVICE" and each["members"])
    card = node(page, chosen["id"])
    expect(card).to_be_visible()
    expect(card).to_contain_text(re.compile(r"\d+ workloads?"))
    keep(page, demo, "service-level")
    assert violations(page) == []
    expect(card).to_be_visible()
    card.click()
    panel = page.get_by_test_id("node-panel")
    expect(panel).to_contain_text("Workloads behind it")
    panel.get_by_role("button", name="Open").click()
    expect(page).to_have_url(re.compile("open="))
    expect(card).to_have_count(0)
    page.goto(page.url)
    expect(page.get_by_test_id("menu-group")).to_contain_text("Service")
    expect(page.get_by_test_id("graph-node").first).to_be_visible()
    expect(card).to_have_count(0)
