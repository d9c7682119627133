"""Layers as a person uses them: nodes chosen and saved, dimmed, hidden, opened from a link, deleted."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import range_of
from tests.support.served import Served

pytestmark = pytest.mark.server

DNS_GRAPH = """query($r: TimeRangeInput!) {
  all: serviceGraph(range: $r, level: SERVICE, limit: 2000) { edges { id } }
  rest: serviceGraph(range: $r, level: SERVICE, limit: 2000,
    filter: "not (dest_port : 53 and not dest_type : (net or ns))") { edges { id } } }"""
LAYERS = "{ layers { title members { kind name namespace } filter shared version } }"


def node(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid=graph-node][data-node-name="{name}"]').first


def row(page: Page, title: str) -> Locator:
    return page.locator(f'[data-testid=layer][data-title="{title}"]')


def test_chosen_nodes_become_a_layer_that_a_link_carries(opener: Callable[..., Page], demo: Served) -> None:
    page = opener("/")
    node(page, "storefront").click(modifiers=["Shift"])
    node(page, "payments").click(modifiers=["Shift"])
    expect(node(page, "payments")).to_have_attribute("data-gathered", "true")
    button = page.get_by_test_id("menu-layers")
    button.click()
    page.get_by_test_id("layer-chosen").click()
    page.get_by_test_id("layer-title").fill("The <b>shop</b>")
    page.get_by_test_id("layer-add").fill("no-such-*")
    page.get_by_test_id("layer-add").press("Enter")
    expect(page.get_by_test_id("layer-member")).to_have_count(3)
    expect(page.get_by_role("dialog", name="New layer")).to_have_css("opacity", "1")
    keep(page, demo, "layers-new")
    assert violations(page) == []
    page.get_by_test_id("layer-save").click()
    expect(node(page, "payments")).not_to_have_attribute("data-gathered", "true")
    saved = demo.ask(LAYERS)["layers"][0]
    assert sorted(each["name"] for each in saved["members"]) == ["no-such-*", "payments", "storefront"]

    button.click()
    row(page, "The <b>shop</b>").get_by_test_id("layer-dimmed").click()
    expect(node(page, "storefront")).to_have_attribute("data-dimmed", "true")
    expect(page).to_have_url(re.compile("layer=dimmed"))
    keep(page, demo, "layers-menu")
    assert violations(page) == []
    row(page, "The <b>shop</b>").get_by_test_id("layer-hidden").click()
    expect(node(page, "storefront")).to_have_count(0)
    page.goto(page.url)
    expect(button).to_contain_text("1 dimmed, 1 hidden")
    expect(node(page, "kube-system")).to_be_visible()
    expect(node(page, "storefront")).to_have_count(0)
    keep(page, demo, "layers-hidden")

    button.click()
    page.get_by_test_id("layers-restore").click()
    expect(node(page, "storefront")).to_be_visible()
    row(page, "The <b>shop</b>").get_by_test_id("layer-edit").click()
    page.get_by_test_id("layer-delete").press("Enter")
    page.get_by_test_id("layer-delete").press("Enter")
    expect(page.get_by_test_id("layer-title")).to_have_count(0)
    assert demo.ask(LAYERS)["layers"] == []


def test_a_hidden_filter_is_asked_of_the_api(opener: Callable[..., Page], demo: Served) -> None:
    document = {"format": 1, "title": "DNS", "filter": "dest_port : 53"}
    saving = "mutation($document: JSON!) { saveLayer(document: $document) { layer { id } } }"
    layer = demo.ask(saving, {"document": document})["saveLayer"]["layer"]["id"]
    page = opener("/", f"layer=hidden:{layer}&infra=shown&view=table")
    page.get_by_test_id("twin-row").first.wait_for()
    within = {key: parse_qs(urlsplit(page.url).query)[key][0] for key in ("from", "to")}
    asked = """query($from: TimePoint!, $to: TimePoint!) {
      serviceGraph(range: {from: $from, to: $to}, filter: "not (dest_port : 53)") { edges { id } } }"""
    edges = demo.ask(asked, within)["serviceGraph"]["edges"]
    rows = page.locator("table[aria-label='Edges of the service graph']")
    expect(rows).to_have_attribute("aria-rowcount", str(len(edges) + 1))
    demo.ask("mutation($id: ID!) { deleteLayer(id: $id) { problems { message } } }", {"id": layer})


def test_lookups_are_a_layer_of_their_own(opener: Callable[..., Page], demo: Served) -> None:
    page = opener("/", "level=service&view=table&infra=shown")
    told = demo.ask(DNS_GRAPH, {"r": range_of(page)})
    assert 0 < len(told["rest"]["edges"]) < len(told["all"]["edges"])
    page.get_by_test_id("show-dns").click()
    expect(page).to_have_url(re.compile("show=dns"))
    rows = page.locator("tr[data-edge-id]")
    expect(rows.filter(has_text="kube-dns").first).to_be_visible()
    expect(rows.filter(has_not_text="kube-dns")).to_have_count(0)
    keep(page, demo, "dns-only")
    rows.first.click()
    expect(page.get_by_test_id("panel-dns")).to_contain_text(re.compile("lookup|No DNS log"))
    assert violations(page) == []
    page.goto(page.url.replace("show=dns", "layer=hidden%3Adns"))
    expect(page.get_by_test_id("menu-layers")).to_contain_text("Cluster DNS hidden")
    table = page.locator("table[aria-label='Edges of the service graph']")
    expect(table).to_have_attribute("aria-rowcount", str(len(told["rest"]["edges"]) + 1))
