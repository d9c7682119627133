"""What a log of any kind says is text, on the logs page and on every dashboard."""

import json
import time
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import keep
from tests.e2e.test_hostile import MARKUP, TEXTS
from tests.support.served import Served

pytestmark = [pytest.mark.server, pytest.mark.fault]

_SLOW = 60_000
LONG = "<b>long</b>" + "x" * 10_000
SAYS = {"flows": "host", "dns": "qname", "l7": "method", "audit": "verb", "bgp": "host", "events": "rule"}
"""A field of each kind that may hold any text."""
_TALLEST = 60
"""Pixels of a row, however much a record says."""


def moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


def told(kind: str, text: str, at: int) -> dict[str, Any]:
    """A record that says the text wherever it may say anything."""
    span = {"start_time": at, "end_time": at + 30}
    match kind:
        case "flows":
            ends = {"source_namespace": text, "source_name": text, "source_name_aggr": text}
            what = {"action": "allow", "reporter": "src", "source_type": "wep", "dest_type": "net",
                    "dest_name_aggr": "pub", "dest_domains": [text], "proto": "tcp", "dest_port": 80,
                    "num_flows_started": 1, "bytes_in": 5, "bytes_out": 5}  # fmt: skip
            return {**span, **ends, **what, "process_name": text, "process_args": [text], "host": text}
        case "dns":
            ends = {"client_namespace": text, "client_name": text, "client_name_aggr": text}
            answer = [{"name": text, "class": "IN", "type": "A", "rdata": [text]}]
            what = {"type": "LOG", "count": 1, "qname": text, "qtype": text, "rcode": text, "rrsets": answer}
            return {**span, **ends, **what, "client_labels": [text], "host": text}
        case "l7":
            ends = {"src_namespace": text, "src_name_aggr": text, "dest_namespace": text}
            what = {"type": "html/1.1", "method": text, "response_code": text, "url": text, "count": 1}
            return {**span, **ends, **what, "dest_service_name": text, "user_agent": text, "tls_sni": text}
        case "audit":
            target = {"resource": text, "name": text, "namespace": text}
            what = {"kind": "Event", "stage": "ResponseComplete", "verb": text, "auditID": text}
            who = {"user": {"username": text, "groups": [text]}, "userAgent": text, "sourceIPs": ["10.0.0.1"]}
            return {
                **what,
                **who,
                "requestReceivedTimestamp": moment(at),
                "objectRef": target,
                "requestURI": text,
            }
        case "bgp":
            return {"logtime": moment(at), "host": text, "ip_version": "IPv4", "message": f"bird: {text}"}
        case _:
            end = {"kind": "wep", "namespace": text, "name": text, "ip": "10.0.0.1", "port": 1}
            what = {
                "time": moment(at),
                "id": text,
                "kind": "waf",
                "rule": text,
                "title": text,
                "severity": 80,
            }
            return {**what, "description": text, "source": end, "destination": end, "status": "open"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    with Served(tmp_path_factory.mktemp("hostile-kinds") / "data") as served:
        at = int(time.time()) - 600
        for kind in SAYS:
            lines = [told(kind, text, at) for text in (*TEXTS, LONG)]
            body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
            answer = served.ingest(body, "hostile", kind)
            assert (answer["accepted"], answer["rejected"]) == (len(lines), 0), (kind, answer)
        yield served


@pytest.fixture
def page(browser: Browser, hostile: Served) -> Generator[Page]:
    """Fails where anything of a log became markup, ran, or turned what stands beside it."""
    context = browser.new_context(viewport={"width": 1600, "height": 1600}, color_scheme="dark")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(f"{hostile.url}/dashboards?cluster=hostile&from=now-30m&to=now")
    yield opened
    context.close()
    assert complaints == []


def harmless(page: Page) -> None:
    said = page.locator("body").inner_text()
    for mark in ("\u202e", "\x1b", "\x00"):
        assert mark not in said, "a value turns or hides what stands beside it"
    assert "owned" not in page.title()
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("script:not([src])").count() == 0
    assert page.locator("b").filter(has_text="long").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page grew sideways"


@pytest.mark.parametrize("kind", SAYS)
def test_on_the_logs_page(page: Page, hostile: Served, kind: str) -> None:
    page.goto(f"{hostile.url}/logs?cluster=hostile&from=now-30m&to=now&kind={kind}")
    rows = page.get_by_test_id("log-row")
    expect(rows).to_have_count(len(TEXTS) + 1)
    assert MARKUP in page.locator("body").inner_text()
    assert "\\u202egnp.exe" in page.locator("body").inner_text()
    heights = [box["height"] for row in rows.all() if (box := row.bounding_box())]
    assert len(heights) == len(TEXTS) + 1
    assert max(heights) < _TALLEST
    harmless(page)
    for place in range(len(TEXTS) + 1):
        rows.nth(place).locator("td").first.click()
        expect(page.get_by_test_id("fact").first).to_be_visible()
        harmless(page)
    page.get_by_test_id("record-json").click()
    expect(page.get_by_test_id("raw-line")).to_be_visible()
    harmless(page)
    keep(page, hostile, f"hostile-logs-{kind}")
    for item in page.get_by_test_id("field-item").all()[:6]:
        item.locator(".field-name").click()
    expect(page.get_by_test_id("field-value").first).to_be_visible()
    harmless(page)
    page.get_by_test_id("kql-input").fill(f"{SAYS[kind]}: ")
    expect(page.get_by_test_id("kql-option").first).to_be_visible()
    harmless(page)


def test_on_every_dashboard(page: Page, hostile: Served) -> None:
    cards = page.get_by_test_id("dashboard-card")
    cards.first.wait_for(timeout=_SLOW)
    addresses = [card.get_attribute("href") or "" for card in cards.all()]
    shown = 0
    for address in addresses:
        page.goto(f"{hostile.url}{address.partition('?')[0]}?cluster=hostile&from=now-30m&to=now")
        page.get_by_test_id("widget").first.wait_for(timeout=_SLOW)
        for _ in range(3):
            page.wait_for_function(
                """() => [...document.querySelectorAll('[data-testid=widget-waiting]')]
                  .every((each) => each.getBoundingClientRect().top > innerHeight)""",
                timeout=_SLOW,
            )
            expect(page.get_by_test_id("widget-problem")).to_have_count(0)
            shown += MARKUP in page.locator("body").inner_text()
            harmless(page)
            page.mouse.move(800, 800)
            page.mouse.wheel(0, 1200)
            page.wait_for_timeout(300)
        keep(page, hostile, f"hostile-{page.get_by_test_id('dashboard-title').inner_text().lower()}")
    assert shown >= len(SAYS)
