"""Recommended policies as a person uses them: read with their proof, narrowed, taken along, tried."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW, frozen, matching, range_of
from tests.support.served import Served

pytestmark = pytest.mark.server

_RECOMMEND = """query($r: TimeRangeInput!, $u: TimePoint, $t: RecommendationTarget!, $x: [KQL!]) {
  recommendPolicies(target: $t, range: $r, learnUntil: $u, unwanted: $x, alerts: false) {
    total connections policies { namespace workload }
    test { legitimate { denied connections } unwanted { denied connections } } }
}"""

Opening = Callable[..., Page]


@pytest.fixture
def recommended(opener: Opening) -> Opening:
    return partial(opener, "/policies/recommended")


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def learnt(page: Page) -> None:
    """The numbers answer what is asked now."""
    page.locator("[data-testid=held-out][data-current=true]").wait_for(timeout=SLOW)


def figure(page: Page, of: str) -> int:
    return int(page.get_by_test_id(of).locator(".big").inner_text().replace(",", ""))


def test_policies_come_with_their_proof_and_a_test(recommended: Opening, demo: Served) -> None:
    page = recommended("learn=all")
    # Alerts go on coming, and would be left out by one of two questions.
    # The demo's records begin with a minute: cut to whole seconds, the range would hold others.
    within = {end: f"{moment[:17]}00.818264Z" for end, moment in range_of(page).items()}
    page.goto(f"{demo.url}/policies/recommended?{urlencode(within)}&learn=all&alerted=learn")
    learnt(page)
    expect(page.get_by_test_id("held-out")).to_contain_text("Nothing was held out")
    told = demo.ask(_RECOMMEND, {"r": within, "t": {}})["recommendPolicies"]
    assert figure(page, "learnt") == int(told["connections"]) > 0
    heads = page.get_by_test_id("recommended-head")
    names = [each.locator(".recommended-name").inner_text().strip() for each in heads.all()]
    assert names == [f"{each['namespace']}/{each['workload']}" for each in told["policies"]]

    until = page.get_by_test_id("learn")
    until.select_option("moment")
    learnt(page)
    moment = asked(page)["learn"][0]
    told = demo.ask(_RECOMMEND, {"r": within, "t": {}, "u": moment})["recommendPolicies"]
    assert figure(page, "legitimate") == int(told["test"]["legitimate"]["denied"])
    later = int(told["test"]["legitimate"]["connections"])
    assert f"of {later:,} later" in page.get_by_test_id("legitimate").inner_text()
    assert later > 0
    rule = page.get_by_test_id("recommended-rule").first
    one_or_two = re.compile(r"\b[12] days?\b")  # two around midnight
    for said in ("of what was learnt", "records", one_or_two, "Permits"):
        expect(rule).to_contain_text(said)
    keep(page, demo, "recommended")
    assert violations(page) == []


def test_a_rule_leads_to_its_flows_or_is_unwanted(recommended: Opening, demo: Served) -> None:
    page = recommended("recommended=data/recommended-postgres&learn=50%25")
    learnt(page)
    # Other tests may have raised alerts of the demo's flows.
    page.get_by_test_id("alerts-left-out").uncheck()
    page.wait_for_url("**alerted=learn**")
    learnt(page)
    opened = page.locator("[data-testid=recommended][data-open]")
    expect(opened).to_contain_text("data/postgres")
    rule = opened.get_by_test_id("recommended-rule").filter(has_text="5432").filter(has_text="ledger")
    expect(rule).to_have_count(1)
    rule.get_by_test_id("read-flows").click()
    page.wait_for_url("**/logs?**")
    assert matching(page) > 0
    assert "5432" in asked(page)["q"][0]
    page.go_back()
    learnt(page)
    expect(page.get_by_test_id("unwanted-denied").locator(".big")).to_have_text("0")
    rule.get_by_test_id("mark-unwanted").click()
    expect(page.get_by_test_id("unwanted")).to_have_count(1)
    expect(rule).to_have_count(0)
    expect(page.get_by_test_id("unwanted-denied").locator(".big")).not_to_have_text("0")
    learnt(page)
    page.get_by_test_id("told-left-out").click()
    edge = page.get_by_test_id("unlearnt").filter(has_text="ledger")
    expect(edge.first).to_contain_text("Left out as unwanted")
    keep(page, demo, "recommended-left-out")
    assert violations(page) == []
    page.get_by_test_id("unwanted").get_by_role("button").click()
    expect(page.get_by_test_id("unwanted")).to_have_count(0)
    learnt(page)
    page.get_by_test_id("told-policies").click()
    expect(rule).to_have_count(1)


def test_what_would_be_denied_is_read_or_unwanted(recommended: Opening, demo: Served) -> None:
    page = recommended("learn=5%25&told=denied")
    learnt(page)
    assert figure(page, "legitimate") > 0, "a minute does not show all that the demo does"
    first = page.get_by_test_id("lost").first
    expect(first).to_contain_text("recommended-")
    names = first.locator("td").first.inner_text()
    keep(page, demo, "recommended-denied")
    assert violations(page) == []
    first.get_by_test_id("read-flows").click()
    page.wait_for_url("**/logs?**")
    assert matching(page) > 0
    assert f'"{names.split("/")[0]}"' in asked(page)["q"][0]
    page.go_back()
    learnt(page)
    before = figure(page, "legitimate")
    first.get_by_test_id("mark-unwanted").click()
    expect(page.get_by_test_id("unwanted")).to_have_count(1)
    expect(page.get_by_test_id("unwanted-denied").locator(".big")).not_to_have_text("0")
    learnt(page)
    assert figure(page, "legitimate") < before


def test_filters_are_typed_and_checked(recommended: Opening) -> None:
    page = recommended()
    learnt(page)
    page.keyboard.press("/")
    field = page.get_by_test_id("kql-input")
    expect(field).to_be_focused()
    field.fill("no_such : 1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("unwanted-problem")).to_contain_text('no field "no_such"')
    expect(page.get_by_test_id("recommend-wrong")).to_be_visible()
    assert violations(page) == []
    page.get_by_test_id("unwanted").get_by_role("button").click()
    learnt(page)
    page.get_by_test_id("kql-input").fill("dest_port : 5432")
    page.keyboard.press("Enter")
    learnt(page)
    expect(page.get_by_test_id("kql-input")).to_be_focused()
    expect(page.get_by_test_id("kql-input")).to_have_value("")
    assert asked(page)["unwanted"] == ["dest_port : 5432"]
    page.get_by_test_id("learn").select_option("moment")
    page.get_by_test_id("learn-until").fill("2001-01-01T00:00:00Z")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("learn-wrong")).to_be_visible()


def test_for_some_workloads_in_each_form(recommended: Opening, demo: Served) -> None:
    page = recommended("ns=data")
    learnt(page)
    total = page.get_by_test_id("recommended").count()
    assert total > 1
    page.get_by_test_id("target-selector").fill("app == 'postgres'")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("recommended")).to_have_count(1)
    kinds = {"STAGED": "StagedNetworkPolicy", "CALICO": "NetworkPolicy", "KUBERNETES": "NetworkPolicy"}
    for style, kind in kinds.items():
        page.get_by_test_id(f"style-{style}").click()
        api = "networking.k8s.io/v1" if style == "KUBERNETES" else "projectcalico.org/v3"
        expect(page.get_by_test_id("yaml-editor")).to_contain_text(f"apiVersion: {api}")
        expect(page.get_by_test_id("yaml-editor")).to_contain_text(f"kind: {kind}")
        learnt(page)
        with page.expect_download() as saved:
            page.get_by_test_id("download-all").click()
        (document,) = filter(None, yaml.safe_load_all(saved.value.path().read_text()))
        assert (document["kind"], document["metadata"]["namespace"]) == (kind, "data")
        page.get_by_test_id("copy-yaml").click()
        expect(page.get_by_test_id("copy-yaml")).to_contain_text("Copied")
        assert yaml.safe_load(page.evaluate("navigator.clipboard.readText()")) == document
    keep(page, demo, "recommended-kubernetes")
    page.get_by_test_id("target-selector").fill("app == 'no-such'")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("recommend-nothing")).to_be_visible()
    assert violations(page) == []
    page.get_by_test_id("target-selector").fill("app ==")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("recommend-wrong")).to_be_visible()


def test_a_staged_policy_is_tried_as_in_force(recommended: Opening) -> None:
    page = recommended("ns=data&recommended=data/recommended-postgres")
    learnt(page)
    page.get_by_test_id("try-what-if").click()
    page.wait_for_url("**/policies/what-if?**")
    page.locator("[data-testid=flip-numbers][data-current=true]").wait_for(timeout=SLOW)
    expect(page.get_by_test_id("yaml-editor")).to_contain_text("recommended-postgres")
    text = page.get_by_test_id("yaml-editor").inner_text()
    assert "kind: NetworkPolicy" in text
    assert "stagedAction" not in text
    expect(page.get_by_test_id("draft-valid")).to_be_visible()


def test_policies_are_walked_by_the_keyboard(recommended: Opening) -> None:
    page = recommended()
    learnt(page)
    first, second = (page.get_by_test_id("recommended-head").nth(at) for at in (0, 1))
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-expanded", "true")
    expect(first).to_have_attribute("aria-expanded", "false")
    assert asked(page)["recommended"]
    name = second.locator(".recommended-name").inner_text().strip().split("/")[1]
    expect(page.get_by_test_id("yaml-editor")).to_contain_text(f"name: recommended-{name}")
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()


def test_it_is_reached_from_the_board_and_by_the_palette(recommended: Opening, demo: Served) -> None:
    page = recommended()
    page.goto(f"{demo.url}/policies")
    page.get_by_test_id("policy-card").first.wait_for(timeout=SLOW)
    keep(page, demo, "recommended-from-board")
    page.get_by_test_id("to-recommended").click()
    page.wait_for_url("**/policies/recommended**")
    page.goto(f"{demo.url}/policies")
    page.get_by_test_id("to-recommended").wait_for(timeout=SLOW)
    page.keyboard.press("Control+k")
    page.keyboard.type("recommended pol")
    page.get_by_text("Recommended Policies", exact=True).first.click()
    page.wait_for_url("**/policies/recommended**")


def answering(page: Page, body: dict[str, Any]) -> None:
    def answer(route: Any) -> None:
        if "RecommendPolicies" in (route.request.post_data or ""):
            route.fulfill(status=200, content_type="application/json", body=json.dumps(body))
        else:
            route.continue_()

    page.route("**/graphql", answer)


def test_what_fails_keeps_the_last_answer(recommended: Opening) -> None:
    page = recommended()
    learnt(page)
    known = figure(page, "learnt")
    answering(page, {"data": None, "errors": [{"message": "The store is busy."}]})
    page.get_by_test_id("again").click()
    page.get_by_test_id("style-CALICO").click()
    expect(page.get_by_test_id("whatif-failed")).to_contain_text("The store is busy.")
    assert figure(page, "learnt") == known
    page.unroute("**/graphql")
    page.get_by_test_id("whatif-failed").get_by_role("button").click()
    learnt(page)
    expect(page.get_by_test_id("whatif-failed")).to_have_count(0)


@pytest.mark.parametrize(
    ("code", "path", "shown"),
    [("NOT_ALLOWED", "target", "recommend-refused"), ("BAD_INPUT", "target.cluster", "no-manifests")],
)
def test_it_says_why_it_may_not(recommended: Opening, demo: Served, code: str, path: str, shown: str) -> None:
    """As the API answers a token of some namespaces, and a cluster without manifests (tests/api)."""
    within = frozen(demo)
    empty = {
        "problems": [{"code": code, "message": "As the API says it.", "path": path}],
        "cluster": None,
        "learnt": None,
        "connections": "0",
        "total": 0,
        "tier": None,
        "idle": [],
        "leftOut": "0",
        "policies": [],
        "unlearnt": [],
        "test": None,
    }
    page = recommended()
    learnt(page)
    answering(page, {"data": {"recommendPolicies": empty}})
    page.goto(f"{demo.url}/policies/recommended?from={within['from']}&to={within['to']}")
    expect(page.get_by_test_id(shown)).to_be_visible()
    keep(page, demo, shown)
    assert violations(page) == []


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1280, 800, "light"), (900, 700, "dark"), (700, 800, "light")]
)
def test_it_is_whole_on_smaller_screens(
    recommended: Opening, demo: Served, width: int, height: int, scheme: str
) -> None:
    page = recommended("unwanted=dest_port%20%3A%205432", scheme, width, height)
    learnt(page)
    for told in ("denied", "policies"):
        page.get_by_test_id(f"told-{told}").click()
        assert page.locator(".recommend").evaluate("each => each.scrollWidth <= each.clientWidth")
        keep(page, demo, f"recommended-{told}-{width}")
        assert violations(page) == []
    expect(page.get_by_test_id("yaml-editor")).to_be_attached()
