"""The graph beside an earlier range: what changed is drawn, listed and told, with the policy that did it."""

import time
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW
from tests.support import raw_flows
from tests.support.served import Served

pytestmark = pytest.mark.server

CLUSTER = "travels"
COMPARED = """query($r: TimeRangeInput!, $b: TimeRangeInput!) {
  compareGraphs(range: $r, before: $b, clusters: ["travels"], level: WORKLOAD) {
    counts { change edges } edges { id change } } }"""
IMPORT = """mutation($m: [String!]!, $at: TimePoint!) {
  importManifests(cluster: "travels", manifests: $m, at: $at) { problems { message } } }"""
POLICY = """
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: default.db, namespace: shop}
spec: {selector: app == 'db', ingress: [{action: %s}]}"""


def iso(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


@pytest.fixture(scope="module")
def demo(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """One of its own: other tests count the clusters of theirs. A page waits for the first flow there is."""
    with Served(tmp_path_factory.mktemp("compare") / "data") as served:
        served.ingest([raw_flows.line(int(time.time()) - 60)], "now")
        yield served


@pytest.fixture(scope="module")
def told(demo: Served) -> dict[str, Any]:
    """Two half hours of a cluster of its own: one edge is as it was, each change is there once."""
    hour = int(time.time()) // 3600 * 3600 - 7200
    then, now = hour + 60, hour + 1860
    denied = {"policies": {"enforced_policies": ["0|default|shop/default.db|deny|0"]}, "action": "deny"}
    lines = [
        raw_flows.line(then, reporter="dst"),
        raw_flows.line(now, reporter="dst", **denied),
        *(raw_flows.line(at, dest_name_aggr="api-*", policies=None) for at in (then, now)),
        raw_flows.line(then, dest_name_aggr="old-*", policies=None),
        raw_flows.line(now, dest_name_aggr="new-*", policies=None),
    ]
    demo.ingest(lines, CLUSTER)
    for at, action in ((then - 600, "Allow"), (now - 30, "Deny")):
        answer = demo.ask(IMPORT, {"m": [POLICY % action], "at": iso(at)})
        assert answer["importManifests"]["problems"] == []
    ranges = {
        "r": {"from": iso(hour + 1800), "to": iso(hour + 3600)},
        "b": {"from": iso(hour), "to": iso(hour + 1800)},
    }
    return ranges | demo.ask(COMPARED, ranges)


def opened(page: Page, demo: Served, told: dict[str, Any], query: str = "") -> Page:
    within = told["r"]
    page.goto(f"{demo.url}/?cluster={CLUSTER}&level=workload&from={within['from']}&to={within['to']}{query}")
    return page


def test_the_picture_shows_what_changed_and_why(page: Page, demo: Served, told: dict[str, Any]) -> None:
    opened(page, demo, told)
    page.get_by_test_id("menu-compare").click()
    page.get_by_role("menuitem", name="The range before").click()
    note = page.get_by_test_id("compared-note")
    expect(note).to_contain_text("1 decided otherwise, 1 new, 1 gone, 1 edge as before")
    assert "compare=before" in page.url
    wanted = {each["id"]: each["change"] for each in told["compareGraphs"]["edges"]}
    drawn = page.locator("[data-testid=graph-edge]")
    expect(drawn).to_have_count(len(wanted))
    shown = drawn.evaluate_all("all => all.map((each) => [each.dataset.edgeId, each.dataset.change])")
    assert {id_: change or "SAME" for id_, change in shown} == wanted
    page.keyboard.press("c")
    expect(page.get_by_test_id("show-changed")).to_have_attribute("aria-pressed", "true")
    flipped = next(id_ for id_, change in wanted.items() if change == "VERDICT")
    page.locator(f'[data-badge-for="{flipped}"]').click()
    changes = page.get_by_test_id("panel-changes")
    expect(changes.get_by_test_id("policy-change")).to_contain_text("shop/default.db")
    expect(changes).to_contain_text("Policies that decided it changed")
    expect(changes.locator("[data-side=then]")).to_contain_text("1 conn")
    assert violations(page) == []
    keep(page, demo, "compared")
    page.get_by_role("button", name="Stop comparing").click()
    expect(note).to_have_count(0)
    assert "compare" not in page.url


def test_the_table_says_the_same_and_a_play_goes_on_from_the_range(
    page: Page, demo: Served, told: dict[str, Any]
) -> None:
    opened(page, demo, told, "&compare=before&view=table&show=changed")
    rows = page.get_by_test_id("twin-row")
    expect(rows).to_have_count(3)
    said = sorted(rows.locator("td:last-child").all_inner_texts())
    assert said == [
        "Not seen in the range that it is compared with",
        "Seen in the range that it is compared with, and no more",
        "Was allowed, is denied",
    ]
    page.keyboard.press("p")
    expect(page.get_by_test_id("scrubber-play")).to_have_attribute("aria-pressed", "true")
    page.wait_for_url(lambda url: told["r"]["from"].replace(":", "%3A") not in url, timeout=SLOW)
    page.keyboard.press("p")
    expect(page.get_by_test_id("scrubber-play")).to_have_attribute("aria-pressed", "false")


def test_a_play_from_now_begins_earlier_and_goes_on(page: Page) -> None:
    page.keyboard.press("p")
    play = page.get_by_test_id("scrubber-play")
    page.wait_for_url("**from=2*", timeout=SLOW)
    began = page.url
    page.wait_for_url(lambda url: url != began, timeout=SLOW)
    expect(play).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("p")
    expect(play).to_have_attribute("aria-pressed", "false")
