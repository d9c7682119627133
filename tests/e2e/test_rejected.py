"""Rejected lines on a page of their own: each with its reason, hostile ones as text, narrowed and opened."""

import time
from collections.abc import Generator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import keep, violations
from tests.support import raw_flows
from tests.support.served import Served

pytestmark = pytest.mark.server

CLUSTER = "broken"
LINES = (
    b'{"start_time": <img src=x onerror=alert(1)>',
    b"\xff\xfe not text",
    b'{"end_time": 1, "action": "allow"}',
)


@pytest.fixture(scope="module")
def demo(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """One of its own: other tests count the clusters of theirs. A page waits for the first flow there is."""
    with Served(tmp_path_factory.mktemp("rejected") / "data") as served:
        served.ingest([raw_flows.line(int(time.time()) - 60)], "now")
        yield served


def test_each_line_is_there_with_its_reason(page: Page, demo: Served) -> None:
    assert demo.ingest(LINES, CLUSTER)["rejected"] == len(LINES)
    assert demo.ingest(b"[1]\n", CLUSTER, "dns")["rejected"] == 1
    page.goto(f"{demo.url}/settings/clusters")
    page.get_by_role("button", name=CLUSTER).click()
    page.get_by_test_id("to-rejected").click()
    rows = page.get_by_test_id("rejected-line")
    expect(rows).to_have_count(4)
    expect(page.get_by_role("status").first).to_contain_text("4 rejected lines")
    asked = demo.ask(
        '{ rejectedLines(range: {from: "now-1h"}, clusters: ["broken"], first: 9) { nodes { reason } } }'
    )
    told = page.get_by_test_id("rejected-line-title").all_inner_texts()
    assert sorted(told) == sorted(each["reason"] for each in asked["rejectedLines"]["nodes"])
    page.get_by_test_id("rejected-kind").select_option("flows")
    expect(rows).to_have_count(3)
    assert "var=kind%3Aflows" in page.url
    rows.filter(has_text="onerror").get_by_test_id("rejected-line-title").click()
    expect(page.get_by_test_id("rejected-text")).to_have_text(LINES[0].decode())
    assert violations(page) == []
    keep(page, demo, "rejected")
    page.get_by_test_id("rejected-kind").select_option("bgp")
    expect(page.get_by_test_id("none-rejected")).to_contain_text("No such line was rejected")
