"""The logs page as a person uses it, in a real browser, over the live demo."""

import csv
import io
import json
import re
from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.products import every_demo
from tests.support.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.server, every_demo]

_SLOW = 60_000


def frozen(demo: Served, minutes: int = 20) -> dict[str, str]:
    """A range that no record is added to any more, even where records are a while on their way."""
    asked = {"from": f"now-{minutes + 3}m", "to": "now-3m"}
    told = demo.ask("query($r: TimeRangeInput!) { histogram(range: $r) { range { from to } } }", {"r": asked})
    within: dict[str, str] = told["histogram"]["range"]
    return within


def range_of(page: Page) -> dict[str, str]:
    """As the address has it."""
    asked = parse_qs(urlsplit(page.url).query)
    return {"from": asked["from"][0], "to": asked["to"][0]}


def total(demo: Served, within: dict[str, str], kql: str | None = None) -> int:
    data = demo.ask(
        "query($r: TimeRangeInput!, $f: KQL) { flows(range: $r, filter: $f, first: 1) { totalCount } }",
        {"r": within, "f": kql},
    )
    return int(data["flows"]["totalCount"])


def rows(page: Page) -> Locator:
    return page.get_by_test_id("log-row")


def cell(page: Page, row: int, field: str) -> Locator:
    return rows(page).nth(row).locator(f"td[data-field='{field}']")


def open_record(page: Page, row: int) -> None:
    """At the edge of a cell, where nothing covers it however long the pointer rests."""
    cell(page, row, "action").click(position={"x": 4, "y": 6})


def matching(page: Page) -> int:
    """As soon as the present question is answered."""
    count = page.get_by_test_id("match-count").locator(".num")
    count.wait_for(timeout=_SLOW)
    return int(count.inner_text().replace(",", ""))


def fewer(page: Page, than: int) -> None:
    """Waits until fewer match."""
    page.wait_for_function(
        """than => {
          const shown = document.querySelector('[data-testid=match-count] .num');
          return shown !== null && Number(shown.textContent.replace(/,/g, '')) < than;
        }""",
        arg=than,
    )


@pytest.fixture
def opened(browser: Browser, demo: Served) -> Generator[Callable[..., Page]]:
    """Opens the page over a range that stands still; fails on any console error or refused script."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opening(query: str = "", scheme: Any = "dark", width: int = 1600, height: int = 1000) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        within = frozen(demo)
        page.goto(f"{demo.url}/logs?from={within['from']}&to={within['to']}&{query}")
        rows(page).first.wait_for(timeout=_SLOW)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert complaints == []


def test_the_nav_leads_there_and_back_with_range_and_filter(page: Page) -> None:
    page.get_by_test_id("range-picker").click()
    page.get_by_test_id("range-now-15m").click()
    page.keyboard.press("/")
    page.get_by_test_id("kql-input").fill("dest_namespace : data")
    page.keyboard.press("Enter")
    page.get_by_test_id("rail-logs").click()
    rows(page).first.wait_for(timeout=_SLOW)
    assert "/logs?" in page.url
    assert "from=now-15m" in page.url
    expect(page.get_by_test_id("kql-input")).to_have_value("dest_namespace : data")
    expect(page).to_have_title(re.compile("Logs"))
    page.get_by_role("link", name="Graph").click()
    expect(page.get_by_test_id("kql-input")).to_have_value("dest_namespace : data")


def test_counts_are_those_of_the_api(opened: Callable[..., Page], demo: Served) -> None:
    page = opened("q=action : deny")
    within = range_of(page)
    assert matching(page) == total(demo, within, "action: deny") > 0
    count = page.get_by_test_id("tab-flows").locator(".count")
    expect(count).to_have_text(f"{total(demo, within):,}", timeout=_SLOW)
    legend = page.locator(".band-legend").inner_text()
    assert re.sub(r"\D", "", legend) == str(matching(page))
    assert {each.inner_text() for each in page.locator("td[data-field=action]").all()} == {"Denied"}


@pytest.mark.parametrize(
    ("scheme", "width"), [("dark", 1600), ("light", 1600), ("light", 1280), ("dark", 900)]
)
def test_it_is_accessible_at_every_size(
    opened: Callable[..., Page], demo: Served, scheme: str, width: int
) -> None:
    page = opened(scheme=scheme, width=width, height=1000 if width == 1600 else 760)
    page.wait_for_timeout(1000)
    keep(page, demo, f"logs-{scheme}-{width}")
    assert violations(page) == []
    open_record(page, 3)
    expect(page.get_by_test_id("fact").first).to_be_visible()
    keep(page, demo, f"logs-record-{scheme}-{width}")
    assert violations(page) == []


def test_a_brush_is_the_next_range(opened: Callable[..., Page]) -> None:
    page = opened()
    before, address = matching(page), page.url
    plot = page.get_by_test_id("log-plot").bounding_box()
    assert plot is not None
    page.mouse.move(plot["x"] + plot["width"] * 0.25, plot["y"] + 40)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.5, plot["y"] + 40, steps=5)
    page.mouse.up()
    page.wait_for_function("was => location.href !== was", arg=address)
    fewer(page, before)
    assert 0.1 * before < matching(page) < 0.5 * before
    page.go_back()
    expect(page.locator("[data-testid=match-count] .num")).to_have_text(f"{before:,}", timeout=_SLOW)


def test_scrolling_pages_through_all_and_holds_few(opened: Callable[..., Page]) -> None:
    """Every record once, newest first, with a document that does not grow."""
    page = opened("q=action : deny or dest_port : 53")
    wanted, seen, times = matching(page), dict[str, str](), list[str]()
    assert wanted > 300
    for _ in range(600):
        for row in page.evaluate(
            """() => [...document.querySelectorAll('[data-testid=log-row]')].map((row) =>
              [row.getAttribute('aria-rowindex'), row.dataset.id, row.cells[0].firstChild.title])"""
        ):
            if row[0] not in seen:
                times.append(row[2])
            assert seen.setdefault(row[0], row[1]) == row[1]
        if len(seen) == wanted:
            break
        assert rows(page).count() < 80
        page.locator(".log-scroll").evaluate("box => box.scrollBy(0, 500)")
        page.wait_for_timeout(60)
    assert len(set(seen.values())) == len(seen) == wanted
    page.locator(".log-scroll").evaluate("box => box.scrollTo(0, 0)")
    expect(rows(page).first).to_have_attribute("data-id", seen["2"])
    assert times == sorted(times, reverse=True)


def test_a_record_opens_and_its_values_filter(opened: Callable[..., Page], demo: Served) -> None:
    page = opened()
    open_record(page, 2)
    panel = page.get_by_test_id("record-panel")
    fact = panel.locator("[data-testid=fact][data-field=source_namespace]")
    if not fact.count():
        page.goto(f"{page.url}&q=source_namespace : *")
        fact.wait_for(timeout=_SLOW)
    name = fact.locator(".long-text").inner_text()
    assert "rec=" in page.url
    panel.get_by_test_id("record-json").click()
    expect(panel.get_by_test_id("raw-line")).to_contain_text(f'"source_namespace": "{name}"')
    panel.get_by_test_id("copy-raw").click()
    assert f'"source_namespace":"{name}"' in page.evaluate("navigator.clipboard.readText()").replace(
        ": ", ":"
    )
    keep(page, demo, "logs-json-dark")
    panel.get_by_test_id("record-linked").click()
    expect(panel.get_by_test_id("lead").first).to_be_visible()
    panel.get_by_test_id("record-structured").click()
    before = matching(page)
    fact.hover()
    fact.get_by_test_id("value-exclude").click()
    expect(page.get_by_test_id("query-chip").last).to_have_text(f"not source_namespace : {name}")
    fewer(page, before)
    page.get_by_test_id("query-chip").last.click()
    expect(page.locator("[data-testid=match-count] .num")).to_have_text(f"{before:,}", timeout=_SLOW)


def test_fields_tell_their_values_and_become_columns(opened: Callable[..., Page], demo: Served) -> None:
    page = opened()
    page.get_by_test_id("field-find").fill("dest_namesp")
    item = page.locator("[data-testid=field-item][data-field=dest_namespace]")
    item.locator(".field-name").click()
    value = item.get_by_test_id("field-value").first
    expect(value).to_contain_text("%")
    name = value.locator(".mono").inner_text()
    keep(page, demo, "logs-values-dark")
    item.get_by_test_id("field-toggle").click()
    expect(page.locator("[data-testid=log-head][data-field=dest_namespace]")).to_be_visible()
    value.locator("button").first.click()
    expect(page.get_by_test_id("kql-input")).to_have_value(f"dest_namespace : {name}")
    page.reload()
    rows(page).first.wait_for(timeout=_SLOW)
    assert {each.inner_text() for each in page.locator("td[data-field=dest_namespace]").all()} == {name}


def heads(page: Page) -> list[str | None]:
    return [each.get_attribute("data-field") for each in page.get_by_test_id("log-head").all()]


def test_columns_move_resize_and_order(opened: Callable[..., Page]) -> None:
    page = opened("col=start_time&col=action&col=bytes_out")
    head = page.get_by_test_id("log-head")
    head.nth(2).drag_to(head.nth(0))
    expect(head.nth(0)).to_have_attribute("data-field", "bytes_out")
    head.nth(0).locator("button").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(head.nth(1)).to_have_attribute("data-field", "bytes_out")
    wide = head.nth(0).bounding_box()
    edge = head.nth(0).get_by_test_id("column-edge").bounding_box()
    assert wide is not None
    assert edge is not None
    page.mouse.move(edge["x"] + 4, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 104, edge["y"] + 10, steps=4)
    page.mouse.up()
    assert "start_time%3A" in page.url
    page.locator("[data-testid=log-head][data-field=bytes_out] button").click()
    expect(page.locator("[data-testid=log-head][data-field=bytes_out]")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.wait_for_timeout(1500)
    first = cell(page, 0, "bytes_out").inner_text()
    page.locator("[data-testid=log-head][data-field=bytes_out] button").click()
    page.wait_for_function(
        "was => document.querySelector('td[data-field=bytes_out]').innerText !== was", arg=first
    )
    assert cell(page, 0, "bytes_out").inner_text() == "0 B"
    order = heads(page)
    page.reload()
    rows(page).first.wait_for(timeout=_SLOW)
    assert heads(page) == order == ["start_time", "bytes_out", "action"]
    assert "sort=bytes_out" in page.url


def test_everything_by_keyboard(opened: Callable[..., Page]) -> None:
    """From the bar to a record, a filter by its cell, and back, without a mouse."""
    page = opened()
    page.keyboard.press("/")
    expect(page.get_by_test_id("kql-input")).to_be_focused()
    page.keyboard.type("repor")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("kql-input")).to_have_value("reporter ")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("kql-input")).to_have_value("reporter : ")
    page.keyboard.type("src")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("query-chip")).to_have_text("reporter : src")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1000)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(cell(page, 1, "start_time")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("record-panel")).to_be_visible()
    expect(rows(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    expect(rows(page).nth(2)).to_have_attribute("aria-selected", "true")
    verdict = cell(page, 2, "action").inner_text()
    page.keyboard.press("f")
    action = "deny" if verdict == "Denied" else "allow"
    expect(page.get_by_test_id("query-chip").last).to_have_text(f"action : {action}")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("record-panel")).to_have_count(0)
    page.get_by_test_id("tab-flows").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("tab-dns")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("dropped-conditions")).to_contain_text("reporter : src, action")


def test_nothing_found_says_what_would_help(opened: Callable[..., Page], demo: Served) -> None:
    page = opened("q=reporter : src")
    page.keyboard.press("/")
    page.get_by_test_id("kql-input").fill("reporter : src and dest_port : 1")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("logs-empty")).to_be_visible(timeout=_SLOW)
    keep(page, demo, "logs-empty-dark")
    assert violations(page) == []
    page.get_by_test_id("remove-last").click()
    expect(rows(page).first).to_be_visible(timeout=_SLOW)
    page.get_by_test_id("kql-input").fill("no_such_field : 1")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("kql-problem")).to_contain_text("no_such_field")
    expect(rows(page).first).to_be_visible()


def test_the_tail_shows_what_arrives_and_holds_still_when_paused(page: Page, demo: Served) -> None:
    page.goto(f"{demo.url}/logs")
    rows(page).first.wait_for(timeout=_SLOW)
    page.get_by_test_id("tail").click()
    first = rows(page).first.get_attribute("data-id")
    page.wait_for_function(
        "was => document.querySelector('[data-testid=log-row]').dataset.id !== was", arg=first, timeout=60_000
    )
    assert "tail=on" in page.url
    page.get_by_test_id("tail-pause").click()
    held = rows(page).first.get_attribute("data-id")
    expect(page.get_by_test_id("tail-pause")).to_contain_text("waiting", timeout=60_000)
    assert rows(page).first.get_attribute("data-id") == held
    keep(page, demo, "logs-tail-dark")
    page.get_by_test_id("tail-pause").click()
    page.wait_for_function(
        "was => document.querySelector('[data-testid=log-row]').dataset.id !== was", arg=held, timeout=60_000
    )
    page.locator(".log-scroll").evaluate("box => box.scrollBy(0, 600)")
    expect(page.get_by_test_id("gap-row")).to_contain_text("more arrived here", timeout=60_000)
    page.get_by_test_id("tail").click()
    expect(page.get_by_test_id("gap-row")).to_have_count(0)


def pick(page: Page, title: str) -> None:
    page.get_by_test_id("presets").click()
    page.locator(f'[data-testid=preset][data-title="{title}"]').click()


def test_a_preset_explains_itself_and_its_groups_lead_to_records(
    opened: Callable[..., Page], demo: Served
) -> None:
    """Who was denied to whom, with the numbers of `aggregate`, down to the records behind the first row."""
    page = opened()
    pick(page, "Who was denied to whom")
    expect(page.get_by_test_id("preset-note")).to_contain_text("connections denied?")
    expect(page.get_by_test_id("kql-input")).to_have_value("action: deny")
    row = page.get_by_test_id("group-row").first
    expect(row).to_be_visible(timeout=_SLOW)
    keep(page, demo, "logs-preset-dark")
    assert violations(page) == []
    connections = int(row.locator("td.figure").first.inner_text().replace(",", ""))
    part = row.get_attribute("data-part")
    row.click()
    rows(page).first.wait_for(timeout=_SLOW)
    expect(page.get_by_test_id("kql-input")).to_have_value(f"action: deny and {part}")
    told = demo.ask(
        "query($r: TimeRangeInput!, $f: KQL) { flows(range: $r, filter: $f, first: 500) {"
        " nodes { numFlowsStarted reporter } } }",
        {"r": range_of(page), "f": f"action: deny and {part}"},
    )
    assert connections == sum(int(flow["numFlowsStarted"]) for flow in told["flows"]["nodes"])


def test_a_search_is_saved_shared_by_its_link_and_deleted(
    opened: Callable[..., Page], browser: Browser
) -> None:
    page = opened("q=reporter : src and dest_port : 443&col=start_time&col=bytes_out&sort=-bytes_out")
    title = f"Uploads over TLS {page.evaluate('Math.random()')}"
    page.get_by_test_id("save-search").click()
    page.get_by_test_id("save-title").fill(title)
    page.get_by_test_id("save-submit").click()
    expect(page.get_by_test_id("preset-note")).to_contain_text(title)
    page.get_by_test_id("preset-link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    pick(page, "Denied flows")
    expect(page.get_by_test_id("kql-input")).to_have_value("action: deny")
    pick(page, title)
    expect(page.get_by_test_id("kql-input")).to_have_value("reporter : src and dest_port : 443")
    expect(page.get_by_test_id("log-head")).to_have_count(2)
    other = browser.new_page()
    other.goto(link)
    expect(other.get_by_test_id("preset-note")).to_contain_text(title, timeout=_SLOW)
    other.close()
    page.get_by_test_id("preset-delete").click()
    page.get_by_test_id("preset-delete").click()
    expect(page.get_by_test_id("preset-note")).to_have_count(0)
    page.get_by_test_id("presets").click()
    expect(page.locator(f'[data-testid=preset][data-title="{title}"]')).to_have_count(0)


def test_a_flow_leads_to_the_dns_answer_that_named_its_destination(
    opened: Callable[..., Page], demo: Served
) -> None:
    page = opened("q=reporter : src and dest_domain : *")
    open_record(page, 0)
    page.get_by_test_id("record-linked").click()
    answers = page.locator("[data-testid=link-list][data-field=dnsAnswers]")
    expect(answers.get_by_test_id("linked-record").first).to_be_visible(timeout=_SLOW)
    keep(page, demo, "logs-linked-dark")
    assert violations(page) == []
    words = answers.get_by_test_id("linked-record").first.inner_text()
    answers.get_by_test_id("linked-record").first.click()
    expect(page.get_by_test_id("tab-dns")).to_have_attribute("aria-selected", "true")
    name = page.locator("[data-testid=fact][data-field=qname] .long-text")
    expect(name).to_be_visible(timeout=_SLOW)
    assert name.inner_text() in words


def test_the_exported_file_holds_what_matches(opened: Callable[..., Page], demo: Served) -> None:
    """As many records as the page and the API count, with the columns shown, in the order shown."""
    page = opened("q=action : deny&col=start_time&col=bytes_out&col=action&sort=-bytes_out")
    wanted = matching(page)
    assert wanted == total(demo, range_of(page), "action: deny")
    found: dict[str, list[dict[str, Any]]] = {}
    for form in ("csv", "ndjson"):
        page.get_by_test_id("export").click()
        with page.expect_download() as downloading:
            page.get_by_test_id(f"export-{form}").click()
        text = downloading.value.path().read_text("utf-8")
        found[form] = (
            list(csv.DictReader(io.StringIO(text)))
            if form == "csv"
            else [json.loads(line) for line in text.splitlines()]
        )
        page.keyboard.press("Escape")
    for records in found.values():
        assert len(records) == wanted
        assert list(records[0]) == ["start_time", "bytes_out", "action"]
        assert {record["action"] for record in records} == {"deny"}
        sent = [int(record["bytes_out"]) for record in records]
        assert sent == sorted(sent, reverse=True)


def test_each_unanswered_path_has_its_cause_and_leads_to_its_records(
    opened: Callable[..., Page], demo: Served
) -> None:
    page = opened()
    pick(page, "Who was denied to whom")
    expect(page.get_by_test_id("group-row").first).to_be_visible(timeout=_SLOW)
    pick(page, "Allowed but never answered")
    path = page.get_by_test_id("unanswered-row").first
    expect(path).to_be_visible(timeout=_SLOW)
    expect(page.get_by_test_id("preset-note")).to_have_count(1)
    told = demo.ask(
        "query($r: TimeRangeInput!) { unanswered(range: $r, limit: 200) { edges { cause } } }",
        {"r": range_of(page)},
    )
    shown = [each.get_attribute("data-cause") for each in page.get_by_test_id("unanswered-row").all()]
    assert sorted(map(str, shown)) == sorted(edge["cause"] for edge in told["unanswered"]["edges"])
    keep(page, demo, "logs-unanswered-dark")
    assert violations(page) == []
    path.focus()
    page.keyboard.press("Enter")
    expect(rows(page).first).to_be_visible(timeout=_SLOW)
    assert matching(page) > 0


def test_load_is_set_beside_the_range_before(opened: Callable[..., Page], demo: Served) -> None:
    page = opened()
    pick(page, "Load higher than normal")
    expect(page.get_by_test_id("compare-row").first).to_be_visible(timeout=_SLOW)
    now = page.get_by_test_id("compare-row").first.locator("td.figure").first.inner_text()
    told = demo.ask(
        "query($r: TimeRangeInput!) { compareLoad(range: $r, limit: 100,"
        ' groupBy: ["dest_namespace", "dest_name_aggr"]) { groups { now } } }',
        {"r": range_of(page)},
    )
    assert int(now.replace(",", "")) == int(told["compareLoad"]["groups"][0]["now"])
    keep(page, demo, "logs-compare-dark")
    assert violations(page) == []
