"""What tests of the logs page share: where things stand on it, and what the API counts in its range."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page

from tests.support.served import Served

SLOW = 60_000


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
    count.wait_for(timeout=SLOW)
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


def pick(page: Page, title: str) -> None:
    page.get_by_test_id("presets").click()
    page.locator(f'[data-testid=preset][data-title="{title}"]').click()
