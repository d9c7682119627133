from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.errors import BadInputError
from tapetum.simulate import World, WorldSpec, build, flow_lines
from tapetum.simulate.flows import parts

Row = dict[str, Any]

FIELDS = {
    "start_time", "end_time", "@timestamp", "host", "action", "reporter", "proto", "source_ip",
    "source_name", "source_name_aggr", "source_namespace", "source_type", "source_port",
    "source_labels", "dest_ip", "dest_name", "dest_name_aggr", "dest_namespace", "dest_type",
    "dest_port", "dest_labels", "dest_service_namespace", "dest_service_name", "dest_service_port",
    "dest_domains", "bytes_in", "bytes_out", "packets_in", "packets_out", "num_flows",
    "num_flows_started", "num_flows_completed", "process_name", "process_id", "process_args",
    "num_process_names", "num_process_ids", "num_process_args", "nat_outgoing_ports",
    "original_source_ips", "num_original_source_ips", "http_requests_allowed_in",
    "http_requests_denied_in", "tcp_mean_send_congestion_window", "tcp_min_send_congestion_window",
    "tcp_mean_smooth_rtt", "tcp_max_smooth_rtt", "tcp_mean_min_rtt", "tcp_max_min_rtt",
    "tcp_mean_mss", "tcp_min_mss", "tcp_total_retransmissions", "tcp_lost_packets",
    "tcp_unrecovered_to", "policies",
}  # fmt: skip


def pair_key(flow: Row) -> tuple[Any, ...]:
    """What both reports of a connection share at level 1: pods name the lane."""
    names = ("source_namespace", "source_name_aggr", "source_name", "source_ip")
    ends = tuple(flow[name] for name in names) + tuple(flow[name.replace("source", "dest")] for name in names)
    return (flow["start_time"], *ends, flow["proto"], flow["dest_port"])


@pytest.fixture(scope="module")
def flows(demo: World, epoch: int, read: Any) -> list[Row]:
    """A quarter of an hour with pods kept, the attack within."""
    return read(flow_lines(demo, epoch, epoch + 900, window=60, allowed_level=1))


def test_every_field_is_written_and_none_other(flows: list[Row]) -> None:
    assert all(set(flow) == FIELDS for flow in flows)
    assert all(
        set(flow["policies"]) == {"all_policies", "enforced_policies", "pending_policies", "transit_policies"}
        for flow in flows
    )


def test_a_line_is_about_as_long_as_a_real_one(demo: World, epoch: int) -> None:
    lines = b"".join(flow_lines(demo, epoch, epoch + 300)).splitlines()
    assert 1_600 < sum(map(len, lines)) / len(lines) < 2_100


def test_the_same_world_writes_the_same_bytes(epoch: int) -> None:
    spec = WorldSpec(seed=3, epoch=epoch, attack_at=epoch + 60)
    runs = [b"".join(flow_lines(build(spec), epoch, epoch + 300, per_second=7, window=60)) for _ in range(2)]
    assert runs[0] == runs[1]
    other = WorldSpec(seed=4, epoch=epoch, attack_at=epoch + 60)
    assert runs[0] != b"".join(flow_lines(build(other), epoch, epoch + 300, per_second=7, window=60))


@settings(deadline=None, max_examples=15)
@given(
    first=st.integers(0, 40),
    middle=st.integers(0, 6),
    last=st.integers(1, 6),
    rate=st.sampled_from([None, 3, 90]),
)
def test_a_run_resumes_where_it_ended(
    demo: World, first: int, middle: int, last: int, rate: int | None
) -> None:
    window, epoch = 15, demo.spec.epoch
    a, b, c = (epoch + window * n for n in (first, first + middle, first + middle + last))

    def lines(start: int, end: int) -> bytes:
        return b"".join(flow_lines(demo, start, end, per_second=rate, window=window))

    assert lines(a, b) + lines(b, c) == lines(a, c)


def test_a_run_resumes_across_a_rollout(demo: World) -> None:
    frontend = next(each for each in demo.workloads if each.key == "storefront/frontend")
    turn = demo.housing.began(frontend, demo.housing.generation(frontend, demo.spec.epoch) + 1)
    begin = turn - (turn - demo.spec.epoch) % 15 - 30
    whole = b"".join(flow_lines(demo, begin, begin + 90, window=15)).splitlines()
    names = [{line for line in whole if b'"source_name_aggr":"frontend-' in line and at in line} for at in (
        b'"start_time":%d' % begin, b'"start_time":%d' % (begin + 75))]  # fmt: skip
    hashes = [{line.split(b"frontend-")[1].split(b"-")[0] for line in some} for some in names]
    assert len(hashes[0]) == len(hashes[1]) == 1
    assert hashes[0] != hashes[1]
    parts = [b"".join(flow_lines(demo, at, at + 15, window=15)) for at in range(begin, begin + 90, 15)]
    assert b"".join(parts).splitlines() == whole


@settings(deadline=None, max_examples=25)
@given(lines=st.integers(200, 4_000), seconds=st.integers(20, 700), window=st.sampled_from([15, 60, 300]))
def test_a_rate_is_kept_to_the_line(demo: World, lines: int, seconds: int, window: int) -> None:
    start = demo.spec.epoch + 14_400  # after the attack, whose lines are written whatever the rate
    rate = Fraction(lines, seconds)
    chunks = flow_lines(demo, start, start + seconds, per_second=rate, window=window)
    written = b"".join(chunks).splitlines()
    assert abs(len(written) - lines) <= 1  # a run that does not begin at the epoch may round
    assert len(set(written)) == len(written)


def test_a_run_from_the_epoch_writes_exactly_so_many_lines(epoch: int) -> None:
    for attack_at in (None, epoch + 30):
        world = build(WorldSpec(epoch=epoch, attack_at=attack_at))
        for lines, seconds in ((1_000, 60), (12_345, 1_800), (9_999, 7)):
            chunks = flow_lines(world, epoch, epoch + seconds, per_second=Fraction(lines, seconds))
            written = b"".join(chunks).splitlines()
            assert len(written) == lines
            assert len(set(written)) == lines


def test_windows_are_cut_only_where_a_rate_needs_it(demo: World) -> None:
    assert parts(demo, None, 300) == 1
    assert parts(demo, Fraction(1), 300) == 1
    assert parts(demo, Fraction(100), 300) > 40


def test_lines_are_in_time_order_and_within_the_range(flows: list[Row], epoch: int) -> None:
    ends = [flow["@timestamp"] for flow in flows]
    assert ends == sorted(ends)
    for flow in flows:
        assert epoch <= flow["start_time"] < flow["end_time"] <= epoch + 900
        assert flow["end_time"] - flow["start_time"] == 60
        assert flow["@timestamp"] == 1000 * flow["end_time"]


def test_no_flush_holds_two_rows_of_one_key(demo: World, epoch: int, read: Any) -> None:
    """A collector aggregates: within a host's flush its key names a row."""
    counters = {"bytes_in", "bytes_out", "packets_in", "packets_out", "num_flows", "num_flows_started"}
    for level in (1, 2):
        rows = read(flow_lines(demo, epoch, epoch + 300, allowed_level=level))
        keys = Counter(
            str({name: value for name, value in row.items() if name not in counters and "tcp_" not in name})
            for row in rows
        )
        assert keys.most_common(1)[0][1] == 1


def test_both_reporters_count_the_same_packets(flows: list[Row]) -> None:
    sides = defaultdict(dict)
    for flow in flows:
        assert flow["reporter"] not in sides[pair_key(flow)]
        sides[pair_key(flow)][flow["reporter"]] = flow
    both = [(side["src"], side["dst"]) for side in sides.values() if len(side) == 2]
    assert len(both) > 1_000
    for src, dst in both:
        assert src["action"] == "allow"
        for unit in ("bytes", "packets"):
            assert src[f"{unit}_out"] == dst[f"{unit}_in"] > 0
            assert src[f"{unit}_in"] in {dst[f"{unit}_out"], 0}
        assert src["num_flows_started"] == dst["num_flows_started"]
    managed = {"wep", "hep"}
    for side in sides.values():
        some = next(iter(side.values()))
        expected = {"src"} if some["source_type"] in managed else set()
        reached = "src" not in side or side["src"]["action"] == "allow"
        if some["dest_type"] in managed and reached:
            expected = expected | {"dst"}
        assert side.keys() == expected


def test_counters_follow_the_verdict(flows: list[Row]) -> None:
    """A denied side sees only what was sent to it, or by it; what is lost is lost on one side only."""
    sides = {(pair_key(flow), flow["reporter"]): flow for flow in flows}
    seen = Counter()
    for (key, reporter), flow in sides.items():
        sent, back = ("out", "in") if reporter == "src" else ("in", "out")
        assert flow[f"packets_{sent}"] > 0
        assert flow[f"bytes_{sent}"] > 0
        if flow["action"] == "deny":
            seen["denied at " + reporter] += 1
            assert flow[f"bytes_{back}"] == flow[f"packets_{back}"] == 0
        elif reporter == "src" and flow["bytes_in"] == 0:
            dst = sides.get((key, "dst"))
            if dst is None:
                seen["nobody there"] += 1
            elif dst["action"] == "deny":
                seen["dropped by the destination"] += 1
            else:
                seen["no answer" if dst["bytes_out"] == 0 else "answer lost"] += 1
        else:
            seen["answered"] += 1
    assert seen.keys() == {
        "denied at src", "denied at dst", "nobody there", "dropped by the destination", "no answer",
        "answer lost", "answered",
    }  # fmt: skip


def test_counts_of_connections_make_sense(flows: list[Row]) -> None:
    for flow in flows:
        assert flow["num_flows"] >= flow["num_flows_started"] >= flow["num_flows_completed"] >= 0
        assert flow["num_flows"] > 0
    assert any(flow["num_flows"] > flow["num_flows_started"] for flow in flows)


def test_tcp_statistics_are_of_completed_handshakes(flows: list[Row]) -> None:
    for flow in flows:
        live = flow["proto"] == "tcp" and flow["action"] == "allow" and flow["tcp_mean_mss"] > 0
        assert live == (flow["tcp_mean_smooth_rtt"] > 0)
        assert flow["tcp_mean_min_rtt"] <= flow["tcp_mean_smooth_rtt"] <= flow["tcp_max_smooth_rtt"]
        assert flow["tcp_mean_min_rtt"] <= flow["tcp_max_min_rtt"]
        unseen = flow["proto"] == "tcp" and flow["reporter"] == "src" and not flow["tcp_mean_mss"]
        if unseen and not flow["bytes_in"]:
            assert flow["tcp_total_retransmissions"] == 2 * flow["num_flows_started"]
        if flow["proto"] != "tcp" or (flow["action"] == "deny" and flow["reporter"] == "dst"):
            assert not any(value for name, value in flow.items() if name.startswith("tcp_"))


def test_ends_are_written_at_their_level(demo: World, epoch: int, read: Any, flows: list[Row]) -> None:
    aggregated = read(flow_lines(demo, epoch, epoch + 600))
    assert {row["action"] for row in aggregated} == {"allow", "deny"}
    for row in [*aggregated, *flows]:
        assert row["source_port"] is None
        for side in ("source", "dest"):
            kind = row[f"{side}_type"]
            assert kind in {"wep", "hep", "ns", "net"}
            assert (kind in {"net", "hep"}) <= (row[f"{side}_namespace"] == "-")
            assert (kind == "net") == (row[f"{side}_name_aggr"] in {"pub", "pvt"})
    for row in aggregated:
        if row["action"] == "allow":
            assert row["source_ip"] is row["dest_ip"] is None
            assert row["source_name"] == row["dest_name"] == "-"
    for row in [*flows, *(row for row in aggregated if row["action"] == "deny")]:
        for side in ("source", "dest"):
            assert row[f"{side}_ip"]
            assert (row[f"{side}_name"] == "-") == (row[f"{side}_type"] in {"net", "ns"})


def test_domains_and_services_are_known_to_the_source_only(flows: list[Row]) -> None:
    for flow in flows:
        if flow["reporter"] == "dst":
            assert flow["dest_domains"] is None
            assert flow["dest_service_name"] == "-"
    outside = [flow for flow in flows if flow["dest_domains"]]
    assert {flow["dest_type"] for flow in outside} == {"net"}
    assert {"api.stripe.com", "cdn-telemetry-sync.top"} <= {flow["dest_domains"][0] for flow in outside}
    dns = [flow for flow in flows if flow["dest_service_name"] == "kube-dns"]
    assert {(flow["proto"], flow["dest_port"], flow["dest_service_port"]) for flow in dns} == {
        ("udp", 53, "dns")
    }


def test_all_kinds_of_ends_appear(flows: list[Row]) -> None:
    kinds = {(flow["source_type"], flow["dest_type"], flow["reporter"]) for flow in flows}
    assert kinds == {
        ("wep", "wep", "src"), ("wep", "wep", "dst"), ("wep", "net", "src"), ("wep", "ns", "src"),
        ("wep", "hep", "src"), ("wep", "hep", "dst"), ("net", "wep", "dst"), ("ns", "wep", "dst"),
        ("net", "hep", "dst"), ("hep", "net", "src"),
    }  # fmt: skip
    assert {flow["proto"] for flow in flows} == {"tcp", "udp", "icmp"}
    assert {flow["dest_port"] for flow in flows if flow["proto"] == "icmp"} == {None}


def test_traffic_follows_the_day(demo: World, epoch: int, read: Any) -> None:
    midnight = epoch - epoch % 86_400 + 86_400

    def connections(hour: int) -> int:
        begin = midnight + 3600 * hour
        begin += -(begin - epoch) % 300
        rows = read(flow_lines(demo, begin, begin + 300))
        return sum(row["num_flows_started"] for row in rows if row["dest_namespace"] == "storefront")

    assert connections(12) > 2.5 * connections(3)


def test_bad_requests_are_told_in_a_sentence(demo: World, epoch: int) -> None:
    for arguments, said in (
        ({"per_second": 0}, "above 0 a second, not 0"),
        ({"per_second": 1e12}, "more than this cluster"),
        ({"window": 0}, "at least 1 second, not 0"),
        ({"allowed_level": 3}, "level 1 or 2, not 3"),
    ):
        with pytest.raises(BadInputError, match=said):
            next(flow_lines(demo, epoch, epoch + 60, **arguments))
    with pytest.raises(BadInputError, match="before the cluster was set up"):
        next(flow_lines(demo, epoch - 60, epoch))
