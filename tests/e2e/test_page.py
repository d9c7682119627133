"""The page as a person uses it, in a real browser, over the live demo."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from tests.e2e.conftest import keep, violations
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]

_ATTACK = 150_000  # milliseconds: the demo's attack begins 45 s after its first start


def node(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid=graph-node][data-node-name="{name}"]').first


def places(page: Page) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-testid=graph-node]')].map((each) => {
          const box = each.getBoundingClientRect();
          return [each.dataset.nodeId + each.dataset.role, [Math.round(box.x), Math.round(box.y)]];
        }))"""
    )
    return found


def test_the_graph_shows_namespaces_networks_and_denials(page: Page, demo: Served) -> None:
    for name in ("payments", "data", "storefront", "api.stripe.com"):
        expect(node(page, name)).to_be_visible()
    kinds = {each.get_attribute("data-node-kind") for each in page.get_by_test_id("graph-node").all()}
    assert {"NAMESPACE", "NETWORK", "NETWORK_SET", "FQDN", "HOST"} <= kinds
    verdicts = {each.get_attribute("data-verdict") for each in page.get_by_test_id("graph-edge").all()}
    assert {"allowed", "denied"} <= verdicts
    keep(page, demo, "graph-dark")


def test_it_follows_live_traffic_and_nothing_jumps(page: Page) -> None:
    """Changes come by subscription; what stays in the picture stays where it is."""
    changes: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda frame: changes.append(str(frame)) if "upsertedEdges" in str(frame) else None,
        )

    page.on("websocket", listen)
    page.reload()
    node(page, "payments").wait_for()
    expect(page.get_by_test_id("live-chip")).to_have_attribute("data-state", "live")
    page.wait_for_timeout(2000)
    before, seen = places(page), len(changes)
    deadline = 30
    while len(changes) < seen + 3 and deadline:
        page.wait_for_timeout(1000)
        deadline -= 1
    assert len(changes) >= seen + 3
    after = places(page)
    assert [name for name, place in before.items() if name in after and after[name] != place] == []


def test_the_attack_raises_its_alert_by_subscription(page: Page, demo: Served) -> None:
    """The page stays open from before the attack; nothing is reloaded."""
    page.evaluate("window.neverReloaded = true")
    page.get_by_test_id("rail-alerts").click()
    row = page.get_by_test_id("alert-row").filter(has_text=re.compile(r"payments/export.* data/postgres"))
    expect(row.first).to_be_visible(timeout=_ATTACK)
    assert page.evaluate("window.neverReloaded")
    keep(page, demo, "alerts-dark")
    assert violations(page) == []
    row.first.click()
    expect(row.first).to_have_attribute("aria-current", "true")
    page.get_by_test_id("open-in-graph").click()
    expect(page.get_by_test_id("edge-panel")).to_be_visible()
    keep(page, demo, "alert-in-graph-dark")


@pytest.mark.parametrize("by", ["double click", "keyboard"])
def test_a_namespace_opens_in_place(page: Page, demo: Served, by: str) -> None:
    page.wait_for_timeout(1000)  # the first layout and its fit have settled
    left_of_it = [name for name in ("ingress", "storefront") if node(page, name).is_visible()]
    before = {name: node(page, name).bounding_box() for name in left_of_it}
    if by == "double click":
        node(page, "payments").dblclick()
    else:
        node(page, "payments").focus()
        page.keyboard.press("Space")
    expect(node(page, "ledger")).to_be_visible()
    page.wait_for_timeout(1500)
    for name in left_of_it:
        then, now = before[name], node(page, name).bounding_box()
        assert then is not None
        assert now is not None
        assert abs(now["x"] - then["x"]) <= 0.02 * 1600
        assert abs(now["y"] - then["y"]) <= 0.02 * 1000
    keep(page, demo, f"open-{by.replace(' ', '-')}-dark")


def test_an_edge_tells_what_each_side_reported(page: Page, demo: Served) -> None:
    page.get_by_test_id("show-denied").click()
    edge = page.locator("[data-testid=graph-edge][data-verdict=denied]").first
    page.locator(f'[data-badge-for="{edge.get_attribute("data-edge-id")}"]').first.click()
    panel = page.get_by_test_id("edge-panel")
    expect(panel).to_be_visible()
    expect(panel.get_by_test_id("panel-reports").locator("[data-reporter]").first).to_be_visible()
    expect(panel.get_by_test_id("panel-ports")).to_contain_text(re.compile(r"tcp|udp|icmp"))
    expect(page.get_by_test_id("selection-chip")).to_be_visible()
    expect(page.get_by_test_id("flow-row").first).to_be_visible()
    assert "sel=" in page.url
    keep(page, demo, "edge-dark")
    assert violations(page) == []


def test_a_filter_narrows_the_graph_and_lives_in_the_address(page: Page, browser: Browser) -> None:
    whole = page.get_by_test_id("graph-edge").count()
    page.keyboard.press("/")
    page.get_by_test_id("kql-input").fill("dest_namespace : data and action : allow")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelectorAll('[data-testid=graph-edge]').length < before", arg=whole
    )
    assert "dest_namespace" in page.url
    again = browser.new_page()
    again.goto(page.url)
    expect(node(again, "data")).to_be_visible()
    assert again.get_by_test_id("graph-edge").count() < whole
    again.close()


def test_the_table_says_the_same_as_the_picture(page: Page, demo: Served) -> None:
    edges = page.get_by_test_id("graph-edge").count()
    page.get_by_test_id("show-table").click()
    expect(page.get_by_test_id("twin-row").first).to_be_visible()
    count = page.get_by_test_id("result-count").inner_text()
    shown = re.search(r"(\d+) edges", count)
    assert shown is not None
    assert int(shown[1]) >= edges - 2  # live traffic may have added one since
    keep(page, demo, "table-dark")
    assert violations(page) == []
