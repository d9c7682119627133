"""F13 and F14: what comes late, out of order, with a skewed clock or in another unit of time."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults.deliveries import assert_graph
from tests.support import raw_flows
from tests.support.products import everywhere
from tests.support.served import EVER, Served

pytestmark = [pytest.mark.fault, pytest.mark.server, everywhere]

HOUR, DAY = 3600, 86_400


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def starts(served: Served, cluster: str) -> dict[str, str]:
    """Where each record begins, by its host."""
    return {flow["host"]: flow["startTime"] for flow in served.pages("flows", "host startTime", cluster)}


def test_what_comes_late_and_out_of_order_lands_in_its_bucket(served: Served, fault_seed: int) -> None:
    chance = Random(fault_seed)
    cluster = f"f13-{fault_seed}"
    hour = int(time.time()) // HOUR * HOUR
    ages = [0, HOUR, 5 * HOUR, DAY, 2 * DAY, 29 * DAY]
    flows = [
        raw_flows.row(hour - age - HOUR + chance.randrange(HOUR), host=str(number), bytes_in=number)
        for number, age in enumerate(ages * 40)
    ]
    chance.shuffle(flows)
    for first in range(0, len(flows), 40):
        served.ingest(map(raw_flows.encoded, flows[first : first + 40]), cluster)
    for age in set(ages):
        within = [flow for flow in flows if hour - age - HOUR <= flow["start_time"] < hour - age]
        assert len(within) == 40
        asked: dict[str, Any] = {
            "r": {"from": iso(hour - age - HOUR), "to": iso(hour - age)},
            "c": [cluster],
            "l": "WORKLOAD",
        }
        graph = served.ask(raw_flows.GRAPH, asked)["serviceGraph"]
        assert raw_flows.told(graph) == raw_flows.graph(within, "WORKLOAD"), age
    assert_graph(served, cluster, flows)
    counted = served.ask(
        "query($r: TimeRangeInput!, $c: [ID!])"
        " { histogram(range: $r, clusters: $c, interval: 3600) { starts series { counts } } }",
        {"r": {"from": iso(hour - 3 * DAY), "to": iso(hour)}, "c": [cluster]},
    )["histogram"]
    found = {
        start: int(count)
        for start, count in zip(counted["starts"], counted["series"][0]["counts"], strict=True)
        if count != "0"
    }
    told = {iso(hour - age - HOUR): 40 for age in ages if age < 3 * DAY}
    assert {datetime.fromisoformat(start).timestamp(): count for start, count in found.items()} == {
        datetime.fromisoformat(start).timestamp(): count for start, count in told.items()
    }


def test_beyond_retention_a_pushed_line_is_rejected_with_the_reason(served: Served, tmp_path: Path) -> None:
    now = int(time.time())
    newest, kept, old = (raw_flows.line(now - age, host=str(age)) for age in (60, 30 * DAY, 30 * DAY + 120))
    assert served.ingest([old], "f13-archive")["accepted"] == 1, "nothing is newer in that cluster"
    counts = served.ingest([old, newest, kept], "f13-pushed")
    assert counts == {"lines": 3, "accepted": 2, "duplicates": 0, "rejected": 1}
    assert served.counts("f13-pushed") == (2, 1)
    later = raw_flows.line(now - 40 * DAY, host="later")
    assert served.ingest([later], "f13-pushed")["rejected"] == 1
    letters = served.pages("rejectedLines", "line reason", "f13-pushed")
    assert {letter["line"] for letter in letters} == {old.decode(), later.decode()}
    assert all("older than the retention of 30 days" in letter["reason"] for letter in letters)
    file = tmp_path / "archive.ndjson"
    file.write_bytes(b"\n".join([later, old]))
    done = served.command("ingest", file, "--cluster", "f13-pushed", "--json")
    assert json.loads(done.stdout)["accepted"] == 2, "an import takes records of any age"


def test_units_of_time_are_told_apart(served: Served) -> None:
    moment = int(time.time()) - 300
    spelled = {
        "s": moment,
        "ms": moment * 1000,
        "us": moment * 10**6,
        "ns": moment * 10**9,
        "iso": iso(moment),
        "zone": datetime.fromtimestamp(moment).astimezone().isoformat(),
    }
    lines = [raw_flows.line(moment, start_time=value, host=unit) for unit, value in spelled.items()]
    assert served.ingest(lines, "f14-units")["accepted"] == len(lines)
    found = starts(served, "f14-units")
    assert {
        unit: datetime.fromisoformat(start).timestamp() for unit, start in found.items()
    } == dict.fromkeys(spelled, float(moment))


@pytest.mark.parametrize("skew", [-600, -1, 1, 600])
def test_a_skewed_clock_keeps_its_own_time(served: Served, skew: int) -> None:
    moment = int(time.time()) + skew
    cluster = f"f14-skew{skew}"
    assert served.ingest([raw_flows.line(moment, host="h")], cluster)["accepted"] == 1
    assert datetime.fromisoformat(starts(served, cluster)["h"]).timestamp() == moment


def test_impossible_times_make_no_bucket(served: Served) -> None:
    now = int(time.time())
    impossible = [
        0, 1, -now, 86_400, 2**32, 2**32 + now, 2**63 - 1, 2**63, 2**64, 10**30, now + 7200,
        (now + 7200) * 1000, now + 0.5, str(now), True, [], {}, "yesterday", "1970-01-01T00:00:00Z",
        "2106-02-07T06:28:16Z", "2106-02-07", "20261123T1200", "now",
        "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z",
    ]  # fmt: skip
    fine = raw_flows.line(now - 60, host="fine")
    lines = [raw_flows.line(now, start_time=value, host=str(at)) for at, value in enumerate(impossible)]
    counts = served.ingest([*lines, fine], "f14-impossible")
    accepted = set(starts(served, "f14-impossible")) - {"fine"}
    assert not accepted, [impossible[int(at)] for at in accepted]
    assert counts["rejected"] == len(impossible)
    (cluster,) = (
        each
        for each in served.ask("{ clusters { name firstSeen lastSeen } }")["clusters"]
        if each["name"] == "f14-impossible"
    )
    assert cluster["firstSeen"] == cluster["lastSeen"]
    letters = served.pages("rejectedLines", "reason", "f14-impossible")
    assert all("start_time" in letter["reason"] for letter in letters)


def test_a_flow_without_any_time_is_rejected_and_one_with_any_is_not(served: Served) -> None:
    now = int(time.time()) - 120
    none = raw_flows.row(now, host="none")
    end, stamp = ({**none, "host": name} for name in ("end", "stamp"))
    for flow in (none, end, stamp):
        del flow["start_time"]
    for flow in (none, stamp):
        del flow["end_time"]
    for flow in (none, end):
        del flow["@timestamp"]
    counts = served.ingest(map(raw_flows.encoded, (none, end, stamp)), "f14-none")
    assert (counts["accepted"], counts["rejected"]) == (2, 1)
    assert set(starts(served, "f14-none")) == {"end", "stamp"}


def test_no_answer_over_all_time_holds_1970_or_2106(served: Served) -> None:
    data = served.ask(
        "query($r: TimeRangeInput!) { histogram(range: $r) { starts series { counts } } }", {"r": EVER}
    )
    counted = data["histogram"]
    for start, count in zip(counted["starts"], counted["series"][0]["counts"], strict=True):
        year = datetime.fromisoformat(start).year
        assert count == "0" or 2020 < year < 2100, start
