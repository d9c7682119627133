"""What-if as a person uses it: an object goes, a draft is written, flips are read and followed."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.e2e.logs_page import SLOW, matching
from tests.support.served import Served

pytestmark = pytest.mark.server

_DNS_ONLY = "GlobalNetworkPolicy:/security.egress-dns-only"
_SIMULATE = """query($c: [PolicyChangeInput!]!, $r: TimeRangeInput!) {
  simulatePolicies(changes: $c, range: $r) { totals { effect paths traffic { connections } } }
}"""

Opening = Callable[..., Page]


@pytest.fixture
def what_if(opener: Opening) -> Opening:
    return partial(opener, "/policies/what-if")


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def replayed(page: Page) -> None:
    """The numbers answer what is asked now."""
    page.locator("[data-testid=flip-numbers][data-current=true]").wait_for(timeout=SLOW)


def total(page: Page, effect: str) -> int:
    return int(page.get_by_test_id(f"total-{effect}").locator(".big").inner_text().replace(",", ""))


def test_deleting_a_policy_shows_what_flips_and_why(what_if: Opening, demo: Served) -> None:
    page = what_if()
    page.get_by_test_id("find-object").fill("egress-dns global")
    page.get_by_test_id("object").first.click()
    expect(page.get_by_test_id("whatif-untouched")).to_be_visible()
    page.get_by_test_id("change-menu").click()
    page.get_by_test_id("change-delete").click()
    replayed(page)

    within = {"from": asked(page)["from"][0], "to": asked(page)["to"][0]}
    change = {"delete": {"kind": "GlobalNetworkPolicy", "name": "security.egress-dns-only"}}
    told = demo.ask(_SIMULATE, {"c": [change], "r": within})["simulatePolicies"]["totals"]
    for each in told:
        assert total(page, each["effect"]) == int(each["traffic"]["connections"])
    assert total(page, "NEWLY_DENIED") > 0, "the demo's resolvers are not allowed by anything else"

    rows = page.get_by_test_id("flip-row")
    assert rows.count() == sum(each["paths"] for each in told if each["effect"] != "UNCHANGED")
    rows.first.click()
    expect(page.get_by_test_id("flip-trace")).to_be_visible()
    before = page.get_by_test_id("way-before").get_by_test_id("trace-step")
    expect(before.first).to_contain_text("egress-dns-only, rule 0")
    after = page.get_by_test_id("way-after").get_by_test_id("trace-step")
    expect(after.last).to_contain_text("Deny at end of tier")
    assert page.locator("[data-testid=trace-step][data-differs]").count() > 0
    expect(page.locator("[data-testid=flip-edge][data-lit]")).to_have_count(1)
    keep(page, demo, "what-if-delete")
    assert violations(page) == []


def test_changes_are_tried_together_and_leave_one_by_one(what_if: Opening, demo: Served) -> None:
    page = what_if(f"object={_DNS_ONLY}&change=delete")
    replayed(page)
    alone = total(page, "NEWLY_DENIED")
    page.get_by_test_id("keep-change").click()
    kept = page.get_by_test_id("kept-change")
    expect(kept).to_have_text("Delete security.egress-dns-onlyGlobalNetworkPolicy")
    replayed(page)
    assert total(page, "NEWLY_DENIED") == alone, "the kept change alone"
    page.get_by_test_id("find-object").fill("storefront-mesh")
    page.get_by_test_id("object").first.click()
    page.get_by_test_id("change-menu").click()
    page.get_by_test_id("change-delete").click()
    replayed(page)
    within = {"from": asked(page)["from"][0], "to": asked(page)["to"][0]}
    changes = [
        {"delete": {"kind": "GlobalNetworkPolicy", "name": "security.egress-dns-only"}},
        {
            "delete": {
                "kind": "CalicoNetworkPolicy",
                "namespace": "storefront",
                "name": "default.storefront-mesh",
            }
        },
    ]
    for each in demo.ask(_SIMULATE, {"c": changes, "r": within})["simulatePolicies"]["totals"]:
        assert total(page, each["effect"]) == int(each["traffic"]["connections"])
    keep(page, demo, "what-if-together")
    assert violations(page) == []
    kept.press("Enter")  # the other one is kept instead
    expect(kept).to_contain_text("Delete default.storefront-mesh")
    page.get_by_test_id("kept-remove").click()
    expect(page.get_by_test_id("kept")).to_have_count(0)
    replayed(page)
    assert total(page, "NEWLY_DENIED") == alone


def test_a_flip_leads_to_its_records_and_its_edge(what_if: Opening) -> None:
    page = what_if(f"object={_DNS_ONLY}&change=delete")
    replayed(page)
    page.get_by_test_id("flip-row").first.click()
    page.get_by_test_id("flip-logs").click()
    page.wait_for_url("**/logs?**")
    assert matching(page) > 0
    page.go_back()
    replayed(page)
    expect(page.get_by_test_id("flip-trace")).to_be_visible()
    page.get_by_test_id("open-in-graph").click()
    page.get_by_test_id("graph-node").first.wait_for(timeout=SLOW)
    assert asked(page)["sel"][0].startswith("edge:")


def test_a_draft_is_checked_at_its_line_and_replayed(what_if: Opening, demo: Served) -> None:
    page = what_if(f"object={_DNS_ONLY}")
    editor = page.get_by_test_id("yaml-editor")
    editor.wait_for(timeout=SLOW)
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  ingr")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("ingress")
    page.keyboard.press("Escape")
    page.keyboard.type("ezz: 1")
    problem = page.get_by_test_id("draft-problem")
    expect(problem).to_contain_text("spec.ingrezz")
    line = re.search(r"Line (\d+)\.", problem.inner_text())
    assert line is not None
    marked = page.locator(".cm-line", has=page.locator(".cm-lintRange-error"))
    expect(marked).to_contain_text("ingrezz")
    assert page.locator(".cm-lineNumbers .cm-gutterElement", has_text=re.compile(f"^{line[1]}$")).count() == 1
    expect(page.get_by_test_id("whatif-wrong")).to_be_visible()
    keep(page, demo, "what-if-problem")
    assert violations(page) == []

    page.get_by_test_id("discard").click()
    expect(page.get_by_test_id("draft-counts")).to_contain_text("+0")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  order: 41\n")
    expect(problem).to_contain_text("order")
    page.get_by_test_id("discard").click()
    page.get_by_test_id("draft-edit").click()
    text = page.get_by_test_id("yaml-editor").inner_text()
    page.get_by_test_id("yaml-editor").fill(re.sub(r"selector: all\(\)", "selector: app == 'no-such'", text))
    replayed(page)
    expect(page.get_by_test_id("draft-valid")).to_be_visible()
    assert total(page, "NEWLY_DENIED") > 0
    page.reload()
    replayed(page)
    expect(page.get_by_test_id("yaml-editor")).to_contain_text("no-such")
    page.get_by_test_id("copy-yaml").click()
    expect(page.get_by_test_id("copy-yaml")).to_contain_text("Copied")
    assert "no-such" in page.evaluate("navigator.clipboard.readText()")


def test_other_changes_are_replayed_as_they_are_set(what_if: Opening) -> None:
    page = what_if("object=Tier:/default&change=default")
    page.get_by_test_id("default-PASS").click()
    replayed(page)
    assert asked(page)["value"] == ["PASS"]
    assert total(page, "NEWLY_ALLOWED") > 0, "what no policy of the demo allows is denied by the last tier"
    page.get_by_test_id("back").click()
    page.get_by_test_id("promote-all").click()
    replayed(page)
    assert total(page, "NEWLY_DENIED") > 0
    with page.expect_download() as saved:
        page.get_by_test_id("flip-csv").click()
    lines = saved.value.path().read_text().splitlines()
    assert lines[0].startswith("Effect,Source,Destination")
    assert len(lines) == page.get_by_test_id("flip-row").count() + 1
    page.get_by_test_id("back").click()
    page.get_by_test_id("new-tier").click()
    replayed(page)
    expect(page.get_by_test_id("whatif-no-flips")).to_be_visible()


def test_flips_are_walked_by_the_keyboard(what_if: Opening) -> None:
    page = what_if(f"object={_DNS_ONLY}&change=delete")
    replayed(page)
    first, second = (page.get_by_test_id("flip-row").nth(at) for at in (0, 1))
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("flip-trace")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    page.get_by_test_id("trace-ingress").press("Enter")
    expect(page.get_by_test_id("trace-ingress")).to_have_attribute("aria-pressed", "true")


def test_tab_leaves_the_editor(what_if: Opening) -> None:
    page = what_if(f"object={_DNS_ONLY}")
    editor = page.get_by_test_id("yaml-editor")
    editor.wait_for(timeout=SLOW)
    editor.focus()
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    expect(page.get_by_test_id("draft-counts")).to_contain_text("+0")


def test_a_link_brings_a_short_draft_along(what_if: Opening) -> None:
    page = what_if("value=tier")
    editor = page.get_by_test_id("yaml-editor")
    editor.wait_for(timeout=SLOW)
    editor.fill(editor.inner_text().replace("order: 300", "order: 317"))
    replayed(page)
    page.get_by_test_id("copy-link").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = what_if(urlsplit(link).query)
    expect(other.get_by_test_id("yaml-editor")).to_contain_text("order: 317")


def test_an_answer_that_fails_keeps_the_last_good_one(what_if: Opening) -> None:
    page = what_if("object=Tier:/default&change=default&value=PASS")
    replayed(page)
    known = total(page, "NEWLY_ALLOWED")

    def refuse(route: Any) -> None:
        if "Simulate" in (route.request.post_data or ""):
            route.fulfill(
                status=200,
                content_type="application/json",
                body=json.dumps({"data": None, "errors": [{"message": "The store is busy."}]}),
            )
        else:
            route.continue_()

    page.route("**/graphql", refuse)
    page.get_by_test_id("default-DENY").click()
    expect(page.get_by_test_id("whatif-failed")).to_contain_text("The store is busy.")
    assert total(page, "NEWLY_ALLOWED") == known
    page.unroute("**/graphql")
    page.get_by_test_id("whatif-failed").get_by_role("button").click()
    replayed(page)
    expect(page.get_by_test_id("whatif-failed")).to_have_count(0)


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1280, 800, "light"), (900, 700, "dark"), (700, 800, "light")]
)
def test_it_is_whole_on_smaller_screens(
    what_if: Opening, demo: Served, width: int, height: int, scheme: str
) -> None:
    page = what_if(f"object={_DNS_ONLY}&change=delete", scheme, width, height)
    replayed(page)
    page.get_by_test_id("flip-row").first.click()
    page.get_by_test_id("flip-trace").scroll_into_view_if_needed()
    assert page.locator(".whatif").evaluate("each => each.scrollWidth <= each.clientWidth")
    keep(page, demo, f"what-if-{width}")
    assert violations(page) == []
