"""The flow visualizer as a person uses it: read, entered and left by mouse and keys, kept in the address."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW, range_of
from tests.support.served import Served

pytestmark = pytest.mark.server

_LOADS = 30
"""How often the ring is opened, a second apart, until the demo's history has come in."""
_TRAFFIC = "allowed { records connections } denied { records connections }"
_GRAPH = (
    "query($r: TimeRangeInput!) { serviceGraph(range: $r, level: WORKLOAD)"
    f" {{ range {{ from to }} truncated nodes {{ id }} edges {{ id {_TRAFFIC} }} }} }}"
)
_SCALES = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9}


def ring(page: Page) -> Locator:
    page.get_by_test_id("ring-arc").first.wait_for(timeout=SLOW)
    return page.get_by_test_id("ring-canvas")


def arc(page: Page, name: str) -> Locator:
    return page.locator(f'[data-testid=ring-arc][data-name="{name}"]')


def crumbs(page: Page) -> list[str]:
    return page.get_by_test_id("ring-crumbs").get_by_role("button").all_inner_texts()


def number(text: str) -> float:
    """`10.4k` as it was meant."""
    found = re.fullmatch(r"~?([\d.]+)([kMG]?)", text)
    assert found is not None, text
    return float(found[1]) * _SCALES[found[2]]


def told(page: Page) -> dict[str, Any]:
    links = page.get_by_test_id("ring-link")
    verdicts = links.evaluate_all("all => all.map((each) => [each.dataset.edgeId, each.dataset.verdict])")
    names = page.get_by_test_id("ring-arc").evaluate_all("all => all.map((each) => each.dataset.arcId)")
    return {"links": sorted(map(tuple, verdicts)), "arcs": sorted(names)}


def asked(page: Page, demo: Served) -> dict[str, Any]:
    graph: dict[str, Any] = demo.ask(_GRAPH, {"r": range_of(page)})["serviceGraph"]
    return graph


def answered(graph: dict[str, Any]) -> dict[str, Any]:
    links = [
        (edge["id"], verdict)
        for edge in graph["edges"]
        for verdict in ("allowed", "denied")
        if int(edge[verdict]["records"])
    ]
    return {"links": sorted(links), "arcs": sorted(node["id"] for node in graph["nodes"])}


def test_the_ring_says_what_the_api_says(opener: Callable[..., Page], demo: Served) -> None:
    page = opener("/flows")
    ring(page)
    graph = asked(page, demo)
    for _ in range(_LOADS):
        if told(page) == answered(graph):
            break
        page.wait_for_timeout(1000)
        page.reload()
        ring(page)
        graph = asked(page, demo)
    assert told(page) == answered(graph)
    assert not graph["truncated"]
    seconds = page.evaluate(
        "([a, b]) => (Date.parse(b) - Date.parse(a)) / 1000", [graph["range"]["from"], graph["range"]["to"]]
    )
    exact = sum(int(edge["allowed"]["connections"] or 0) for edge in graph["edges"]) / seconds
    shown = number(page.get_by_test_id("rate-connections").inner_text())
    assert shown == pytest.approx(exact, rel=0.05)
    page.get_by_test_id("status-denied").click()
    denied = [link for link in answered(graph)["links"] if link[1] == "denied"]
    expect(page.get_by_test_id("ring-link")).to_have_count(len(denied))
    assert told(page)["links"] == denied
    assert "status=denied" in page.url


def test_it_is_entered_and_left_by_keys_and_the_address_holds_it(
    opener: Callable[..., Page], demo: Served
) -> None:
    page = opener("/flows")
    ring(page)
    keep(page, demo, "flows-dark")
    assert violations(page) == []
    whole = page.get_by_test_id("ring-arc").count()
    arc(page, "ledger").focus()
    expect(page.get_by_test_id("ring-tooltip")).to_contain_text("payments/ledger")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("ring-crumbs").get_by_role("button")).to_have_count(3)
    assert crumbs(page)[0] == "Cluster"
    assert crumbs(page)[1] == "payments"
    page.wait_for_function(
        "before => document.querySelectorAll('[data-testid=ring-arc]').length < before", arg=whole
    )
    arc(page, "ledger").focus()
    page.keyboard.press("]")
    panel = page.get_by_test_id("edge-panel")
    expect(panel).to_be_visible()
    chosen = panel.get_attribute("data-edge-id")
    assert violations(page) == []
    page.get_by_test_id("ring-go-in").click()
    expect(page.locator('[data-testid=ring-arc][data-kind="PORT"]').first).to_be_visible()
    expect(panel).to_have_attribute("data-edge-id", str(chosen))
    page.reload()
    expect(page.locator('[data-testid=ring-arc][data-kind="PORT"]').first).to_be_visible()
    expect(page.get_by_test_id("ring-crumbs").get_by_role("button")).to_have_count(4)
    for left in (3, 2, 1):
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("ring-crumbs").get_by_role("button")).to_have_count(left)
    expect(arc(page, "frontend")).to_have_count(1)
    page.keyboard.press("t")
    expect(page.get_by_test_id("twin-row").first).to_be_visible()
    assert violations(page) == []
