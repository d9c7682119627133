"""Packet captures as a person uses them: prepared for a node, applied, and a file seen beside its flows."""

import json
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.capture.packets import SYN, as_pcap, datagram, handshake, hello, question, segment
from tests.e2e.conftest import keep, violations
from tests.support.fake_kubernetes import Cluster, api_server, kubeconfig
from tests.support.served import Served

pytestmark = pytest.mark.server

CAPTURES = "/apis/projectcalico.org/v3/packetcaptures"
WEB, DB, DNS = ("10.0.0.1", 40_000), ("10.0.0.2", 5432), ("10.96.0.10", 53)
NODES = '{ serviceGraph(range: {from: "now-1h"}, level: WORKLOAD) { nodes { id name } } }'


@pytest.fixture
def cluster() -> Generator[Cluster]:
    with api_server() as one:
        yield one


@pytest.fixture
def served(built: None, cluster: Cluster, tmp_path: Path) -> Generator[Served]:
    file = kubeconfig(tmp_path / "kubeconfig", cluster.url)
    settings = {"TAPETUM_KUBECONFIGS": json.dumps({"prod": str(file)}), "TAPETUM_APPLY_CAPTURES": "true"}
    with Served(tmp_path / "data", **settings) as one:
        yield one


def flow(at: int, port: int, action: str = "allow") -> dict[str, object]:
    return {
        "start_time": at - 30, "end_time": at + 30, "action": action, "reporter": "src", "proto": "tcp",
        "source_type": "wep", "source_namespace": "shop", "source_name_aggr": "web-*", "source_ip": WEB[0],
        "source_labels": {"labels": ["app=web", "tier=front", "pod-template-hash=5d4"]},
        "dest_type": "wep", "dest_namespace": "data", "dest_name_aggr": "db-*", "dest_ip": DB[0],
        "dest_labels": {"labels": ["app=db"]}, "dest_port": port, "num_flows_started": 3, "bytes_in": 900,
        "bytes_out": 700,
    }  # fmt: skip


def capture(at: float) -> bytes:
    asking = ("10.0.0.1", 5353)
    frames = handshake(WEB, DB, at, data=hello("db.data.svc"))
    frames += [(at + n, segment(("10.0.0.1", 40_001), ("10.0.0.2", 6379), SYN, seq=5)) for n in (1, 2, 4)]
    frames += [(at, datagram(asking, DNS, question("db.data.svc.cluster.local"))),
               (at, datagram(DNS, asking, question("db.data.svc.cluster.local", code=3)))]  # fmt: skip
    return as_pcap(frames)


def test_a_capture_is_prepared_applied_and_read_beside_flows(
    browser: Browser, served: Served, cluster: Cluster, tmp_path: Path
) -> None:
    at = int(time.time()) - 60
    lines = [flow(at, 5432), flow(at, 6379, "deny")]
    served.http.post(
        f"{served.url}/ingest/v1/flows?cluster=prod", content="\n".join(map(json.dumps, lines)).encode()
    ).raise_for_status()
    nodes = {each["name"]: each["id"] for each in served.ask(NODES)["serviceGraph"]["nodes"]}
    context = browser.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{served.url}/?level=workload&sel=node:{nodes['web-*']}")
    page.get_by_test_id("capture-node").click()
    page.get_by_test_id("capture-ports").fill("5432")
    page.get_by_test_id("capture-protocol").select_option("TCP")
    expect(page.get_by_test_id("capture-text")).to_contain_text("- 5432")
    expect(page.get_by_test_id("prepare-capture")).to_contain_text("labels that a rollout keeps")
    expect(page.get_by_role("dialog")).to_have_css("opacity", "1")
    keep(page, served, "captures-prepare")
    assert violations(page) == []
    page.get_by_test_id("apply-capture").click()
    running = page.get_by_test_id("running-capture")
    expect(running).to_have_attribute("data-state", "PENDING")
    ((namespace, _),) = cluster.objects[CAPTURES]
    assert namespace == "shop"
    (tmp_path / "web.pcap").write_bytes(capture(at))
    page.get_by_test_id("capture-input").set_input_files(tmp_path / "web.pcap")
    silent = page.get_by_test_id("conversation").filter(has_text="6379")
    expect(silent).to_contain_text("No answer")
    expect(silent).to_contain_text("shop/web")
    expect(silent).to_contain_text("Denied")
    expect(page.get_by_test_id("capture-lookups")).to_contain_text("NXDOMAIN")
    keep(page, served, "captures")
    assert violations(page) == []
    page.get_by_test_id("capture-back").click()
    expect(page.get_by_test_id("capture-file")).to_contain_text("web.pcap")
    keep(page, served, "captures-list")
    running.get_by_test_id("away").click()
    running.get_by_test_id("away").click()
    expect(running).to_have_count(0)
    assert cluster.objects[CAPTURES] == {}
    page.get_by_test_id("open-capture").click()
    silent.get_by_test_id("conversation-flows").click()
    expect(page.get_by_test_id("log-row")).to_have_count(1)
    context.close()
