"""What is asked for as Calico's resource and as commands, and what is refused."""

import shlex
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tapetum.capture.command import copy_command, debug_command, expression
from tapetum.capture.order import CaptureOrder, PacketFilter, capture_name, packet_filter, span
from tapetum.capture.resource import CaptureState, document, manifest, running
from tapetum.domain.errors import BadInputError
from tapetum.policy.recommend.selections import EVERYONE, Selection
from tests.support.factory import DAY, HOUR, MINUTE, NOW, SECOND

WEB = Selection((("app", ("web",)), ("tier", ("a", "b"))), ("canary",))
FILTERS = (PacketFilter("TCP", ((80, 80), (8080, 8090))), PacketFilter("ICMP"))
WANTED = "(tcp and (port 80 or portrange 8080-8090)) or (icmp)"
ORDER = CaptureOrder("shop", "capture-web", WEB, FILTERS, NOW, NOW + 10 * MINUTE)


def test_the_resource_is_as_calico_documents_it() -> None:
    found = yaml.safe_load(manifest(ORDER))
    assert (found["apiVersion"], found["kind"]) == ("projectcalico.org/v3", "PacketCapture")
    assert found["metadata"] == {
        "name": "capture-web", "namespace": "shop", "labels": {"app.kubernetes.io/managed-by": "tapetum"},
    }  # fmt: skip
    assert found["spec"]["selector"] == '(app == "web" && tier in {"a", "b"} && !has(canary))'
    assert found["spec"]["filters"] == [{"protocol": "TCP", "ports": [80, "8080:8090"]}, {"protocol": "ICMP"}]
    assert (found["spec"]["startTime"], found["spec"]["endTime"]) == (
        "2026-11-23T14:37:21Z", "2026-11-23T14:47:21Z",
    )  # fmt: skip
    everything = CaptureOrder("shop", "a", EVERYONE, (), NOW, NOW + MINUTE)
    assert document(everything)["spec"]["selector"] == "all()"
    assert "filters" not in document(everything)["spec"]
    told = document(everything, "ann")["metadata"]["annotations"]
    assert told == {"tapetum.io/applied-by": "ann"}


def test_the_command_runs_tcpdump_beside_a_pod_for_as_long_as_asked() -> None:
    first, second = debug_command(ORDER, NOW).split("\n", 1)
    words = shlex.split(first.removeprefix("pod=$(").removesuffix(")"))
    assert words[:6] == ["kubectl", "get", "pod", "-n", "shop", "-l"]
    assert words[6] == "app=web,tier in (a, b),!canary"
    assert shlex.split(second.replace("\\\n", "")) == [
        "kubectl", "debug", "-n", "shop", "$pod", "-i", "-q", "--profile=netadmin",
        "--image=nicolaka/netshoot", "--", "sh", "-c",
        f"sleep 3; exec timeout 600 tcpdump -i any -U -w - '{WANTED}'",
        ">", "capture-web.pcap",
    ]  # fmt: skip
    assert "-l" not in debug_command(CaptureOrder("shop", "a", EVERYONE, (), NOW, NOW + MINUTE), NOW).split()


def test_a_command_waits_for_its_start(tmp_path: Path) -> None:
    later = replace(ORDER, start=NOW + HOUR, end=NOW + 2 * HOUR)
    begins, rest = debug_command(later, NOW).split("\n", 1)
    begin = NOW // SECOND + 3601
    assert rest == debug_command(replace(later, start=NOW, end=NOW + HOUR), NOW), "which waits for nothing"
    (tmp_path / "sleep").write_text('#!/bin/sh\necho "$1"\n')
    (tmp_path / "sleep").chmod(0o755)
    for now, said in ((begin - 90, "90\n"), (begin, ""), (begin + 90, "")):
        (tmp_path / "date").write_text(f"#!/bin/sh\necho {now}\n")
        (tmp_path / "date").chmod(0o755)
        paths = {"PATH": f"{tmp_path}:/bin:/usr/bin"}
        done = subprocess.run(["sh", "-c", begins], env=paths, capture_output=True, text=True, check=True)
        assert done.stdout == said


def test_tcpdump_takes_all_where_one_filter_does() -> None:
    assert expression((PacketFilter("UDP", ((53, 53),)), PacketFilter())) == ""
    assert expression((PacketFilter(ports=((53, 53),)),)) == "port 53"
    assert expression((PacketFilter(47),)) == "proto 47"


def test_names_that_logs_made_up_are_quoted() -> None:
    evil = CaptureOrder("shop; rm -rf /", "a", EVERYONE, (), NOW, NOW + MINUTE)
    assert "-n 'shop; rm -rf /'" in debug_command(evil, NOW)
    capture = running("east", {**STATUS, "metadata": {"name": "$(id)", "namespace": "shop"}})
    assert "'var/log/calico/pcap/shop/$(id)/'" in copy_command(capture, capture.files[0])


STATUS: dict[str, Any] = {
    "metadata": {"name": "c", "namespace": "shop", "uid": "u", "creationTimestamp": "2026-11-23T14:00:00Z"},
    "spec": {"selector": "all()", "filters": [{"protocol": "TCP", "ports": [80, "90:99"]}]},
    "status": {"files": [
        {"node": "n1", "state": "Finished", "directory": "/var/log/calico/pcap", "fileNames": ["a.pcap"]},
        {"node": "n2", "state": "Capturing", "directory": "/var/log/calico/pcap"}]},
}  # fmt: skip


def test_the_state_is_what_a_node_still_does() -> None:
    found = running("east", STATUS)
    assert (found.state, found.ours, found.filters) == (CaptureState.CAPTURING, False, ("TCP 80, 90:99",))
    assert [each.names for each in found.files] == [("a.pcap",), ()]
    assert running("east", {**STATUS, "status": None}).state is CaptureState.PENDING


@pytest.mark.parametrize("odd", [{}, {"metadata": 1, "spec": [], "status": {"files": [3, {"fileNames": 7}]}}])
def test_what_an_api_server_writes_oddly_is_left_out(odd: dict[str, Any]) -> None:
    assert running("east", odd).name == ""


@pytest.mark.parametrize(
    ("protocol", "ports", "path"),
    [
        ("HTTP", (), "f.protocol"),
        ("256", (), "f.protocol"),
        ("icmp", ("80",), "f.ports"),
        ("tcp", ("http",), "f.ports"),
        ("tcp", ("90:80",), "f.ports"),
        ("tcp", ("0",), "f.ports"),
        ("tcp", ("65536",), "f.ports"),
        (None, ("80",) * 21, "f.ports"),
    ],
)
def test_a_filter_that_takes_nothing_is_refused(protocol: str | None, ports: Any, path: str) -> None:
    with pytest.raises(BadInputError) as refused:
        packet_filter(protocol, ports, "f")
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("start", "end", "path"),
    [(NOW, NOW, "end"), (None, NOW + 25 * HOUR, "end"), (NOW + 31 * DAY, None, "start")],
)
def test_a_capture_ends_within_a_day(start: int | None, end: int | None, path: str) -> None:
    with pytest.raises(BadInputError) as refused:
        span(start, end, NOW)
    assert refused.value.path == path


def test_filters_and_times_are_read_as_people_write_them() -> None:
    assert packet_filter(" icmpV6 ", (), "f") == PacketFilter("ICMPv6")
    assert packet_filter("6", ("80", "443-445"), "f").ports == ((80, 80), (443, 445))
    assert span(NOW - DAY, None, NOW) == (NOW, NOW + 10 * MINUTE)
    assert capture_name(None, "Web_1.-x") == "capture-web-1-x"
    with pytest.raises(BadInputError, match="small letters"):
        capture_name("Web", "web")
