from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.simulate import World, flow_lines, record_lines
from tapetum.simulate.attack import LASTS, Story
from tapetum.simulate.records import RecordKind

Row = dict[str, Any]

PROCESS = "/tmp/.x/kworkerd"  # noqa: S108 (a name in a log)


@pytest.fixture(scope="module")
def before(demo: World, epoch: int, read: Any) -> list[Row]:
    return read(flow_lines(demo, epoch, epoch + 300, window=15))


@pytest.fixture(scope="module")
def story(demo: World, epoch: int, read: Any) -> list[Row]:
    rows = read(flow_lines(demo, epoch + 300, epoch + 1_500, window=15))
    return [row for row in rows if row["source_name_aggr"] == "export-7c9d-*"]


def test_nothing_of_it_is_seen_before(before: list[Row], story: list[Row]) -> None:
    assert not any("kworkerd" in row["process_name"] for row in before)
    assert not any(row["source_name_aggr"].startswith("export-7c9d") for row in before)
    assert not any("cdn-telemetry-sync.top" in (row["dest_domains"] or ()) for row in before)
    assert {row["process_name"] for row in story if row["reporter"] == "src"} == {PROCESS}
    assert {row["process_id"] for row in story if row["reporter"] == "src"} == {"4127"}
    assert {row["source_namespace"] for row in story} == {"payments"}


def test_it_beacons_at_regular_intervals(story: list[Row]) -> None:
    beacons = [row for row in story if row["dest_domains"] == ["cdn-telemetry-sync.top"]]
    assert all(row["action"] == "allow" and row["reporter"] == "src" and row["bytes_in"] for row in beacons)
    assert all(row["num_flows_started"] == 1 for row in beacons)
    starts = [row["start_time"] for row in beacons]
    assert len(starts) == 20
    assert {late - early for early, late in pairwise(starts)} == {60}
    assert all(row["policies"]["pending_policies"][-1].split("|")[3] == "deny" for row in beacons)


def test_it_is_denied_to_the_database_at_its_destination(story: list[Row]) -> None:
    knocks = [row for row in story if row["dest_name_aggr"] == "postgres-*"]
    tries = Counter()
    for row in knocks:
        tries[row["reporter"], row["action"], row["dest_port"]] += row["num_flows_started"]
    assert {key[:2] for key in tries} == {("src", "allow"), ("dst", "deny")}
    assert tries["src", "allow", 5432] == tries["dst", "deny", 5432] > 600
    assert tries["dst", "deny", 5433] > 10
    assert tries["dst", "deny", 22] > 3
    denials = [row for row in knocks if row["reporter"] == "dst"]
    assert {row["policies"]["enforced_policies"][-1] for row in denials} == {
        "1|platform|data/platform.db-isolation|deny|3"
    }
    assert all(row["bytes_in"] == 180 * row["num_flows_started"] and not row["bytes_out"] for row in denials)


def test_it_sweeps_ports_of_several_workloads(story: list[Row]) -> None:
    swept = {(row["dest_namespace"], row["dest_name_aggr"], row["dest_port"]) for row in story}
    assert len({place[:2] for place in swept}) >= 8
    assert len({port for *_, port in swept if port}) >= 10
    closed = [row for row in story if row["dest_namespace"] == "kube-system" and row["dest_port"] != 53]
    assert {row["action"] for row in closed} == {"allow"}
    assert all(row["bytes_in"] and row["bytes_out"] for row in closed)


def test_it_is_in_every_other_log(demo: World, epoch: int, read: Any) -> None:
    def records(kind: RecordKind) -> list[Row]:
        return read(record_lines(demo, kind, epoch, epoch + 1_500, window=15))

    lookups = [row for row in records(RecordKind.DNS) if row.get("qname") == "cdn-telemetry-sync.top"]
    assert len(lookups) == 20
    assert {row["client_name_aggr"] for row in lookups} == {"export-7c9d-*"}
    assert lookups[0]["rrsets"][0]["rdata"] == ["45.137.21.9"]
    (job,) = [row for row in records(RecordKind.AUDIT) if row["objectRef"].get("name") == "export-7c9d"]
    assert (job["verb"], job["user"]["username"]) == ("create", "ci-deployer")
    rules = {row["rule"] for row in records(RecordKind.EVENTS)}
    assert {"process.never-seen", "scan.denied", "beacon.new-domain"} <= rules


STORY = Story(seed=5, at=1_000_000, probes=63)
WHOLE = sorted((each.at, each.call) for each in STORY.contacts(0, 2_000_000))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(STORY.at - 100, STORY.until + 100), min_size=1, max_size=6))
def test_a_story_told_in_parts_is_the_whole_story(cuts: list[float]) -> None:
    edges = [0.0, *sorted(cuts), 2_000_000.0]
    told = [(each.at, each.call) for low, high in pairwise(edges) for each in STORY.contacts(low, high)]
    assert sorted(told) == WHOLE


def test_a_story_ends() -> None:
    assert STORY.at < WHOLE[0][0]
    assert WHOLE[-1][0] < STORY.until + 5
    assert STORY.until == STORY.at + LASTS
