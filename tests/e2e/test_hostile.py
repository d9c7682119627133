"""F23 in the browser: what a log line says is text, whatever it looks like."""

import json
import re
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import keep
from tests.e2e.files import exported, texts
from tests.support.fleet import Fleet
from tests.support.served import Served

pytestmark = [pytest.mark.server, pytest.mark.fault]

MARKUP = "<img src=x onerror=document.title='owned'>"
TEXTS = (
    MARKUP,
    "<script>document.title='owned'</script>",
    "javascript:document.title='owned'",
    "{{constructor.constructor('document.title=1')()}}",
    "\u202egnp.exe",
    "\x1b[31mred",
    "line\r\nbreak",
    "nul\u0000byte",
)


EARLIER = 3 * 3600
"""Seconds: before what the demo shows, which runs on the same engines."""


@dataclass(frozen=True)
class Told:
    """A server that was told all the texts, the address at which it shows them, and all that it logged."""

    served: Served
    address: str
    said: Callable[[], str]


@pytest.fixture(scope="module", params=["embedded", pytest.param("distributed", marks=pytest.mark.engine)])
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Told]:
    if request.param == "distributed":
        fleet: Fleet = request.getfixturevalue("demo_fleet")
        yield told(fleet.apis[1], lambda: fleet.said)
        return
    with Served(tmp_path_factory.mktemp("hostile") / "data") as served:
        yield told(served, lambda: served.said)


def told(served: Served, said: Callable[[], str]) -> Told:
    start = int(time.time()) - EARLIER
    lines = [
        {
            "start_time": start,
            "end_time": start + 30,
            "action": "deny" if place % 2 else "allow",
            "reporter": "src",
            "source_type": "wep",
            "source_namespace": text,
            "source_name": text,
            "source_name_aggr": text,
            "dest_type": "net",
            "dest_name_aggr": "pub",
            "dest_domains": [text],
            "proto": "tcp",
            "dest_port": 80,
            "num_flows_started": 1,
            "process_name": text,
            "process_args": [text],
        }
        for place, text in enumerate(TEXTS)
    ]
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    assert served.ingest(body, "hostile")["accepted"] == len(TEXTS)
    assert served.counts("hostile") == (len(TEXTS), 0)
    return Told(served, f"{served.url}/?cluster=hostile&from=now-4h&to=now-2h", said)


def test_no_script_of_a_log_runs(browser: Browser, hostile: Told) -> None:
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="dark")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(hostile.address)
    page.get_by_test_id("graph-node").first.wait_for()
    page.get_by_test_id("flow-row").first.wait_for()
    badge = page.locator("[data-badge-for]").first
    badge.click()
    expect(page.get_by_test_id("edge-panel")).to_be_visible()
    page.get_by_test_id("show-table").click()
    expect(page.get_by_test_id("twin-row").first).to_be_visible()
    told = page.locator("body").inner_text()
    assert MARKUP in told
    for mark in ("\u202e", "\x1b", "\x00"):
        assert mark not in told, "a name turns or hides what stands beside it"
    assert "\\u202egnp.exe" in told
    keep(page, hostile.served, "hostile-dark")
    page.get_by_test_id("rail-alerts").click()
    expect(page.get_by_test_id("alert-row").first).to_be_visible()
    page.wait_for_timeout(1000)
    assert page.title() != "owned"
    assert re.search("tapetum", page.title(), re.IGNORECASE)
    assert page.locator("img[src=x]").count() == 0
    assert complaints == []
    context.close()


@pytest.mark.parametrize("at", ["/", "/flows"])
def test_pictures_of_them_say_them_as_text(browser: Browser, hostile: Told, at: str) -> None:
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(hostile.address.replace("/?", f"{at}?"))
    page.get_by_test_id("graph-node" if at == "/" else "ring-arc").first.wait_for()
    picture = exported(page, "svg").read_text()
    said = " ".join(texts(exported(page, "svg")))
    for mark in ("\u202e", "\x1b", "\x00", "<img", "<script"):
        assert mark not in picture
    assert "\\u202egnp.exe" in said
    assert MARKUP[:8] in said
    graph = exported(page, "dot").read_text()
    assert len(re.findall(r" -> n\d+ \[", graph)) == len(TEXTS)
    assert page.title() != "owned"
    assert page.locator("img[src=x]").count() == 0
    assert complaints == []
    context.close()


@pytest.mark.browser  # after the tests above, of what was shown to them
def test_our_own_log_keeps_to_its_lines(hostile: Told) -> None:
    said = hostile.said()
    assert "\x1b" not in said
    assert not [line for line in said.splitlines() if line.startswith("break")]
