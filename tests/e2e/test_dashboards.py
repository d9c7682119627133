"""Dashboards as a person uses them: read, followed to the records, copied, edited, exchanged."""

import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.server, every_demo]

_SLOW = 60_000
_BUILTIN = 11
_MOSTLY_EMPTY = {"BGP", "Alerts", "Tor and VPN"}
"""What the demo writes little or nothing of in half an hour."""


@pytest.fixture
def page(browser: Browser, demo: Served) -> Generator[Page]:
    """The list of dashboards, dark, at 1600 x 1000; fails on any console error or refused script."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="dark")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(f"{demo.url}/dashboards")
    opened.get_by_test_id("dashboard-card").first.wait_for(timeout=_SLOW)
    yield opened
    context.close()
    assert complaints == []


def settled(page: Page) -> None:
    """Every widget in sight has its answer."""
    page.get_by_test_id("widget").first.wait_for(timeout=_SLOW)
    page.wait_for_function(
        """() => [...document.querySelectorAll('[data-testid=widget-waiting]')]
          .every((each) => each.getBoundingClientRect().top > innerHeight)""",
        timeout=_SLOW,
    )


def open_list(page: Page) -> None:
    page.get_by_test_id("rail-dashboards").click()
    page.get_by_test_id("dashboard-card").first.wait_for(timeout=_SLOW)


def open_dashboard(page: Page, title: str) -> None:
    open_list(page)
    page.get_by_test_id("dashboard-card").filter(has=page.get_by_text(title, exact=True)).first.click()
    expect(page.get_by_test_id("dashboard-title")).to_have_text(title)
    settled(page)


def copied(page: Page, title: str) -> None:
    """A copy of a built-in dashboard, open for editing."""
    open_dashboard(page, title)
    page.get_by_test_id("copy-dashboard").click()
    expect(page.get_by_test_id("title-field")).to_have_value(f"Copy of {title}")


def saved(page: Page) -> None:
    page.get_by_test_id("save-dashboard").click()
    expect(page.get_by_test_id("edit-dashboard")).to_be_visible()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def place_of(page: Page, widget: str) -> tuple[int, int, int, int]:
    box = page.locator(f"[data-testid=edit-widget][data-widget={widget}]").bounding_box()
    assert box is not None
    return round(box["x"]), round(box["y"]), round(box["width"]), round(box["height"])


def test_every_builtin_dashboard_shows_numbers_and_no_errors(page: Page, demo: Served) -> None:
    open_list(page)
    titles = [each.inner_text() for each in page.locator(".dash-card-title").all()]
    builtin = [title for title in titles if not title.startswith("Copy of")]
    assert len(builtin) >= _BUILTIN
    keep(page, demo, "dashboards-list")
    page.set_viewport_size({"width": 1600, "height": 2400})
    for title in builtin:
        open_dashboard(page, title)
        expect(page.get_by_test_id("widget-problem")).to_have_count(0)
        if title not in _MOSTLY_EMPTY:
            numbers = [each.inner_text() for each in page.get_by_test_id("number").all()]
            assert any(re.search(r"[1-9]", each) for each in numbers), (title, numbers)
        keep(page, demo, f"dashboard-{title.lower().replace(' ', '-')}")


def test_a_dashboard_asks_in_few_operations(page: Page) -> None:
    """No storm: six questions in each, two at a time, only for what is in sight."""
    operations: list[Any] = []
    page.on(
        "request",
        lambda request: (
            operations.append(request.post_data_json) if "Aggregates" in (request.post_data or "") else None
        ),
    )
    open_dashboard(page, "Traffic volume")
    first = [len([name for name in each["variables"] if name.startswith("kind")]) for each in operations]
    assert 1 <= len(first) <= 6
    assert max(first) <= 6
    page.locator(".dash-scroll").evaluate("each => each.scrollTo(0, 9999)")
    settled(page)
    assert len(operations) > len(first), "what came into sight was not asked for"


def test_marks_lead_to_their_records(page: Page) -> None:
    open_dashboard(page, "DNS")
    page.locator("[data-kind=pie]").get_by_test_id("mark").filter(has_text="NXDomain").first.click()
    page.wait_for_url("**/logs?**")
    query = asked(page)
    assert query["kind"] == ["dns"]
    assert 'rcode : "NXDomain"' in query["q"][0]
    assert query["from"][0].endswith("Z")
    page.go_back()
    settled(page)
    page.locator("[data-kind=pie]").get_by_test_id("mark").filter(has_text="unlogged").first.click()
    page.wait_for_url("**/logs?**")
    assert re.search(r"not (rcode|qtype) : \*", asked(page)["q"][0])


def test_a_plot_leads_to_a_bucket_and_a_brush_sets_the_range(page: Page) -> None:
    open_dashboard(page, "Flows")
    plot = page.get_by_test_id("plot").first.locator(".u-over")
    box = plot.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5, steps=5)
    page.mouse.up()
    page.wait_for_url(lambda url: "to=2" in url)
    expect(page.get_by_test_id("live-chip")).to_have_attribute("data-state", "paused")
    settled(page)
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.55)
    page.wait_for_url("**/logs?**")
    assert "action" in asked(page)["q"][0]


def test_an_hour_of_a_calendar_leads_to_its_records(page: Page, demo: Served) -> None:
    open_dashboard(page, "Audit")
    calendar = page.locator("[data-widget=by_hour]")
    calendar.scroll_into_view_if_needed()
    hour = calendar.locator("[data-testid=heat-cell]:not([data-none], [data-outside])").first
    expect(hour).to_be_visible()
    keep(page, demo, "dashboard-calendar")
    told = re.fullmatch(r"\w{3} \d\d-\d\d, \d\d:00: ([\d,]+)", hour.get_attribute("aria-label") or "")
    assert told is not None
    hour.click()
    page.wait_for_url("**/logs?**")
    expect(page.locator("[data-testid=match-count] .num")).to_have_text(told[1])


def test_the_scope_reaches_every_widget(page: Page) -> None:
    asked_of: list[str] = []
    page.on("request", lambda request: asked_of.append(request.post_data or ""))
    open_dashboard(page, "DNS")
    asked_of.clear()
    page.get_by_test_id("namespace-scope").click()
    page.get_by_label("payments").check()
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    settled(page)
    assert any("client_namespace : payments" in each for each in asked_of)
    assert asked(page)["ns"] == ["payments"]


def test_each_picture_has_its_table_and_its_csv(page: Page) -> None:
    open_dashboard(page, "DNS")
    pie = page.locator("[data-testid=widget][data-kind=pie]").first
    pie.get_by_test_id("widget-table").click()
    expect(pie.get_by_test_id("table-row").first).to_be_visible()
    domains = page.locator("[data-testid=widget][data-kind=table]").first
    domains.scroll_into_view_if_needed()
    expect(domains.get_by_test_id("table-row").first).to_be_visible()
    domains.get_by_test_id("widget-menu").click()
    with page.expect_download() as caught:
        page.get_by_test_id("widget-csv").click()
    lines = Path(caught.value.path()).read_text().splitlines()
    assert lines[0].startswith("qname,")
    assert len(lines) > 2


def test_a_copy_is_edited_saved_and_opened_again(page: Page, demo: Served) -> None:
    copied(page, "Traffic volume")
    page.get_by_test_id("title-field").fill("Shop traffic")
    page.get_by_test_id("add-widget").click()
    page.get_by_test_id("add-bars").click()
    editor = page.get_by_test_id("editor")
    editor.get_by_test_id("widget-title").fill("Denied by port")
    editor.get_by_test_id("group-0").fill("dest_port")
    filter_field = editor.get_by_test_id("kql-input")
    filter_field.fill("action : deny")
    filter_field.press("Escape")
    filter_field.press("Enter")
    added = page.locator("[data-testid=edit-widget]").filter(has_text="Denied by port")
    added.scroll_into_view_if_needed()
    expect(added.locator(".bar-list li").first).to_be_visible()
    keep(page, demo, "dashboard-edit")

    page.locator("[data-widget=sampled]").get_by_test_id("widget-remove").click()
    expect(page.get_by_test_id("undo-toast")).to_contain_text("Sampled records")
    page.get_by_test_id("undo-removal").click()
    expect(page.locator("[data-testid=edit-widget][data-widget=sampled]")).to_be_visible()
    page.locator("[data-widget=packets]").get_by_test_id("widget-remove").click()
    saved(page)
    page.reload()
    expect(page.get_by_test_id("dashboard-title")).to_have_text("Shop traffic")
    settled(page)
    titles = page.locator(".widget-head h3").all_inner_texts()
    assert "Denied by port" in titles
    assert "Packets over time" not in titles

    page.get_by_test_id("dashboard-menu").click()
    page.get_by_test_id("delete-dashboard").click()
    page.get_by_test_id("confirm-delete").click()
    page.get_by_test_id("dashboard-card").first.wait_for()
    expect(page.get_by_text("Shop traffic", exact=True)).to_have_count(0)


def test_the_filter_of_a_widget_over_alerts_completes_their_own_fields(page: Page) -> None:
    copied(page, "Alerts")
    page.get_by_test_id("widget-edit").first.click()
    editor = page.get_by_test_id("editor")
    expect(editor.get_by_test_id("record-kind")).to_have_value("alerts")
    editor.get_by_test_id("kql-input").fill("techn")
    expect(editor.get_by_test_id("kql-option").locator(".mono")).to_have_text(["technique"])
    page.keyboard.press("Tab")
    expect(editor.get_by_test_id("kql-input")).to_have_value("technique ")


def test_widgets_are_dragged_and_sized(page: Page) -> None:
    copied(page, "Traffic volume")
    before = place_of(page, "to_target")
    grip = page.locator("[data-widget=to_target]").get_by_test_id("widget-grip").bounding_box()
    assert grip is not None
    page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8 + before[2] * 1.1, grip["y"] + 8, steps=8)
    page.mouse.up()
    moved = place_of(page, "to_target")
    assert moved[0] > before[0]
    corner = page.locator("[data-testid=edit-widget][data-widget=to_target]").get_by_test_id("widget-resize")
    edge = corner.bounding_box()
    assert edge is not None
    page.mouse.move(edge["x"] + 6, edge["y"] + 6)
    page.mouse.down()
    page.mouse.move(edge["x"] + 6, edge["y"] + 120, steps=5)
    page.mouse.up()
    assert place_of(page, "to_target")[3] > moved[3]
    page.get_by_test_id("discard").click()


def test_a_dashboard_is_edited_by_keys_alone(page: Page) -> None:
    copied(page, "Traffic volume")
    widget = page.locator("[data-testid=edit-widget][data-widget=to_target]")
    widget.focus()
    before = place_of(page, "to_target")
    page.keyboard.press("Shift+ArrowRight")
    assert place_of(page, "to_target")[2] > before[2]
    page.keyboard.press("ArrowDown")
    assert place_of(page, "to_target")[1] > before[1]
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert place_of(page, "to_target") == before
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("widget-title")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("To servers")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("editor")).to_have_count(0)
    page.locator("[data-testid=edit-widget][data-widget=sampled]").focus()
    page.keyboard.press("Delete")
    expect(page.locator("[data-testid=edit-widget][data-widget=sampled]")).to_have_count(0)
    page.keyboard.press("Control+s")
    expect(page.get_by_test_id("edit-dashboard")).to_be_visible()
    expect(page.locator(".widget-head h3").filter(has_text="To servers")).to_have_count(1)


def test_nothing_unsaved_is_lost_without_a_question(page: Page) -> None:
    copied(page, "Audit")
    page.get_by_test_id("title-field").fill("Changed")
    page.get_by_test_id("rail-alerts").click()
    expect(page.get_by_test_id("leaving")).to_be_visible()
    page.get_by_test_id("stay").click()
    expect(page.get_by_test_id("title-field")).to_have_value("Changed")
    page.get_by_test_id("rail-alerts").click()
    page.get_by_test_id("leave").click()
    page.wait_for_url("**/alerts**")


def test_what_is_exported_comes_in_again_and_what_is_wrong_is_said(page: Page, tmp_path: Path) -> None:
    open_dashboard(page, "Audit")
    page.get_by_test_id("dashboard-menu").click()
    with page.expect_download() as caught:
        page.get_by_test_id("export-dashboard").click()
    text = Path(caught.value.path()).read_text()
    document = json.loads(text)
    assert document["format"] == 1

    open_list(page)
    page.get_by_test_id("import-dashboard").click()
    for wrong, sentence in (
        ("{", r"no JSON"),
        (text.replace('"format": 1', '"format": 2'), r"document\.format"),
        (
            text.replace('"kind": "audit"', '"kind": "letters"', 1),
            r"document\.widgets\[0\]\.query\.kind.*audit",
        ),
    ):
        page.get_by_test_id("import-text").fill(wrong)
        page.get_by_test_id("import-submit").click()
        expect(page.get_by_test_id("problems")).to_contain_text(re.compile(sentence, re.DOTALL))
    document["title"] = "Brought in"
    file = tmp_path / "audit.json"
    file.write_text(json.dumps(document))
    page.get_by_test_id("import-file").set_input_files(file)
    expect(page.get_by_test_id("import-text")).to_have_value(re.compile("Brought in"))
    page.get_by_test_id("import-submit").click()
    expect(page.get_by_test_id("dashboard-title")).to_have_text("Brought in")
    settled(page)
    page.get_by_test_id("share-dashboard").click()
    page.get_by_test_id("shared").check()
    expect(page.locator(".dash-bar .chip")).to_have_text("Shared")


def test_a_widget_that_is_refused_says_why_and_spoils_no_other(page: Page) -> None:
    copied(page, "Traffic volume")
    page.locator("[data-widget=by_source]").get_by_test_id("widget-edit").click()
    page.get_by_test_id("group-0").fill("no_such_field")
    broken = page.locator("[data-testid=widget][data-widget=by_source]")
    expect(broken.get_by_test_id("widget-problem")).to_contain_text("no_such_field")
    settled(page)
    expect(page.get_by_test_id("widget-problem")).to_have_count(1)
    page.get_by_test_id("save-dashboard").click()
    expect(page.get_by_test_id("problems")).to_contain_text("no_such_field")
    page.get_by_test_id("discard").click()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_dashboards_are_accessible(browser: Browser, demo: Served, scheme: Any) -> None:
    context = browser.new_context(viewport={"width": 1600, "height": 1400}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{demo.url}/dashboards")
    page.get_by_test_id("dashboard-card").first.wait_for(timeout=_SLOW)
    assert violations(page) == []
    for title in ("DNS", "Flows", "Traffic volume"):
        open_dashboard(page, title)
        page.wait_for_timeout(400)
        assert violations(page) == [], title
        keep(page, demo, f"dashboard-{title.lower().replace(' ', '-')}-{scheme}")
    page.get_by_test_id("copy-dashboard").click()
    page.get_by_test_id("title-field").wait_for(timeout=_SLOW)
    page.locator("[data-widget=by_source]").get_by_test_id("widget-edit").click()
    page.get_by_test_id("editor").wait_for()
    settled(page)
    assert violations(page) == []
    keep(page, demo, f"dashboard-edit-{scheme}")
    context.close()


@pytest.mark.parametrize("width", [1280, 900])
def test_narrow_windows_hide_nothing(page: Page, demo: Served, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_dashboard(page, "HTTP")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".dash-scroll").evaluate("each => each.scrollWidth <= each.clientWidth")
    keep(page, demo, f"dashboard-http-{width}")
