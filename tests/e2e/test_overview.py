"""More than cards can show: the overview where the browser has WebGL, else the table that tells the same."""

import json
import re
import time
from collections.abc import Generator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import keep
from tests.support.browsers import chromium
from tests.support.served import Served

pytestmark = pytest.mark.server

NAMESPACES = 40
CALLS = 17
_SOFTWARE = ("--no-sandbox", "--no-first-run", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")


@pytest.fixture(scope="module")
def crowded(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    start = int(time.time()) - 600
    lines = [
        {
            "start_time": start,
            "end_time": start + 30,
            "action": "deny" if step == CALLS else "allow",
            "reporter": "src",
            "source_type": "wep",
            "source_namespace": f"team-{place}",
            "source_name_aggr": f"app-{place}-*",
            "dest_type": "wep",
            "dest_namespace": f"team-{(place + step) % NAMESPACES}",
            "dest_name_aggr": f"api-{step}-*",
            "proto": "tcp",
            "dest_port": 443,
            "num_flows_started": step,
        }
        for place in range(NAMESPACES)
        for step in range(1, CALLS + 1)
    ]
    with Served(tmp_path_factory.mktemp("crowded") / "data") as served:
        served.ingest(b"".join(json.dumps(line).encode() + b"\n" for line in lines), "crowded")
        yield served


@pytest.fixture
def drawing(browser: Browser) -> Generator[Page]:
    """A page of a browser that draws with WebGL, in software."""
    other = browser.browser_type.launch(executable_path=chromium(), args=list(_SOFTWARE))
    yield other.new_page(viewport={"width": 1600, "height": 1000})
    other.close()


def test_what_cards_cannot_show_is_an_overview(drawing: Page, crowded: Served) -> None:
    complaints: list[str] = []
    drawing.on("pageerror", lambda error: complaints.append(str(error)))
    drawing.goto(f"{crowded.url}/")
    overview = drawing.get_by_test_id("graph-overview")
    expect(
        overview.get_by_role("img", name=f"{NAMESPACES} nodes and {NAMESPACES * CALLS} edges")
    ).to_be_visible()
    expect(overview).to_have_attribute("data-drawn", re.compile(r"\d+"))
    keep(drawing, crowded, "overview")
    drawing.keyboard.press("t")
    expect(drawing.get_by_test_id("twin-row").first).to_be_visible()
    assert complaints == []
