"""Identities, times, retention and what is derived; the forms have tests of their own."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.flows import RECORD, TRACE
from tapetum.domain.moments import DAY, HOUR, MINUTE, SECOND
from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.forms import Form
from tapetum.ingest.refusals import Cause, Refusal
from tests.ingest.calico_lines import NOW, good_line
from tests.ingest.deliver import delivered, rows

FLOW: dict[str, Any] = {"start_time": NOW // SECOND, "action": "allow", "reporter": "src"}


def line(**fields: Any) -> bytes:
    return json.dumps(FLOW | fields).encode()


def body(*lines: bytes) -> bytes:
    return b"\n".join(lines) + b"\n"


def test_an_empty_delivery_is_an_empty_batch() -> None:
    for nothing in (b"", b"\n", b"\r\n \t\n"):
        batch = delivered(nothing)
        assert (batch.lines, batch.rejections) == ((), ())
        assert batch.records.schema == RECORD
        assert batch.traces.schema == TRACE
        assert batch.records.num_rows == batch.traces.num_rows == 0


@settings(max_examples=30)
@given(st.lists(good_line | st.just(b"bad"), max_size=12), st.sampled_from(["prod", "eu-1.x"]))
def test_every_line_is_one_record_or_one_rejection(lines: list[bytes], cluster: str) -> None:
    batch = delivered(body(*lines), cluster=cluster)
    assert list(batch.lines) == lines
    numbers = batch.records.column("line_no").to_pylist()
    assert sorted([*numbers, *(rejection.line_no for rejection in batch.rejections)]) == list(
        range(len(lines))
    )
    expected = [
        urlsafe_b64encode(sha256(f"{cluster}\x1fflows\x1f".encode() + lines[number]).digest()[:12]).decode()
        for number in numbers
    ]
    assert batch.records.column("id").to_pylist() == expected
    assert batch.records.schema == RECORD
    traces = batch.traces.column("trace").to_pylist()
    assert len(traces) == len(set(traces))
    assert set(batch.records.column("trace").to_pylist()) == set(traces)


def test_identity_does_not_depend_on_the_line_end_or_the_neighbours() -> None:
    alone = delivered(line()).records.column("id").to_pylist()
    among = delivered(b"bad\r\n\r\n" + line() + b"\r\n").records.column("id").to_pylist()
    assert alone == among
    assert delivered(line(), cluster="other").records.column("id").to_pylist() != alone
    assert delivered(line(bytes_in=1)).records.column("id").to_pylist() != alone


def test_a_batch_is_known_by_its_content() -> None:
    one = delivered(body(line(), b"bad"))
    assert delivered(body(line(), b"bad"), now=NOW + HOUR).id == one.id
    others = [
        delivered(body(line())),
        delivered(body(b"bad", line())),
        delivered(body(line(), b"bad"), cluster="x"),
        delivered(body(line(), b"bad"), Form.HUBBLE),
    ]
    assert len({one.id, *(other.id for other in others)}) == 1 + len(others)


@pytest.mark.parametrize(
    ("fields", "start"),
    [
        ({"start_time": 1_795_442_400}, NOW),
        ({"start_time": 1_795_442_400_001}, NOW + 1000),
        ({"start_time": 1_795_442_400_000_001}, NOW + 1),
        ({"start_time": 1_795_442_400_000_001_999}, NOW + 1),
        ({"start_time": "2026-11-23T14:00:00Z"}, NOW),
        ({"start_time": "2026-11-23T16:00:00.5+02:00"}, NOW + SECOND // 2),
        ({"start_time": None, "end_time": 1_795_442_399}, NOW - SECOND),
        ({"start_time": "-", "@timestamp": 1_795_442_399_000}, NOW - SECOND),
        ({"start_time": 1_795_443_000}, NOW + 10 * MINUTE),  # a skewed clock
        ({"start_time": 1_795_446_000}, NOW + HOUR),
    ],
)
def test_times_by_magnitude_and_their_stand_ins(fields: dict[str, Any], start: int) -> None:
    (row,) = rows(delivered(line(**fields)).records)
    assert row["start_time"] == start


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start_time": 0}, "start_time is 0; expected a time after 1970"),
        ({"start_time": -1}, "start_time is -1; expected a time after 1970"),
        ({"start_time": 31_535_999}, "start_time is 31535999; expected a time after 1970"),
        ({"start_time": 1_795_446_001}, "start_time is 2026-11-23T15:00:01.000Z, too far in the future"),
        ({"start_time": 2**63}, "start_time is 2262-04-11T23:47:16.854775Z, too far in the future"),
        ({"start_time": 10**30}, "start_time is beyond the year 9999, too far in the future"),
        ({"start_time": None}, "no time: start_time is missing"),
        ({"start_time": 1.5}, "start_time is 1.5; expected epoch time"),
        ({"end_time": 4_294_967_295}, "end_time is 2106-02-07T06:28:15.000Z, too far in the future"),
    ],
)
def test_impossible_times_are_refused(fields: dict[str, Any], said: str) -> None:
    (refusal,) = delivered(line(**fields)).rejections
    assert isinstance(refusal, Refusal)
    assert refusal.cause is Cause.TIME
    assert refusal.reason.startswith(said)


def test_retention_is_measured_from_the_newest_record() -> None:
    limits = Limits(retention=30 * DAY)
    old = [line(start_time=(NOW - 400 * DAY + age) // SECOND) for age in (0, 29 * DAY, 30 * DAY, 31 * DAY)]
    batch = delivered(body(*old), limits=limits)
    assert [rejection.line_no for rejection in batch.rejections] == [0]
    assert batch.rejections[0].reason == (
        "start_time is 2025-10-19T14:00:00.000Z, older than the retention of 30 days"
    )
    assert batch.records.column("line_no").to_pylist() == [1, 2, 3]
    # A store that holds newer records, and none at all, where the clock is not yet reached.
    assert len(delivered(body(*old), limits=limits, newest=NOW).rejections) == 4
    assert len(delivered(body(*old[:1]), limits=limits).rejections) == 0
    assert len(delivered(body(*old), limits=Limits(retention=None), newest=NOW).rejections) == 0


def test_a_stamp_ahead_of_the_clock_does_not_shift_the_retention() -> None:
    edge = line(start_time=(NOW - 30 * DAY) // SECOND)
    ahead = line(start_time=(NOW + HOUR) // SECOND)
    assert delivered(body(edge, ahead), limits=Limits(), newest=NOW + DAY).rejections == ()


def test_of_a_line_that_is_too_long_the_head_is_kept() -> None:
    long = line(padding="x" * 2000)
    batch = delivered(body(line(), long, line(bytes_in=1)), limits=Limits(max_line=1000, kept=100))
    assert [len(kept) for kept in batch.lines] == [len(line()), 100, len(line(bytes_in=1))]
    assert [(each.line_no, each.reason) for each in batch.rejections] == [(1, "longer than 1000 bytes")]
    assert batch.records.column("line_no").to_pylist() == [0, 2]


def test_networks_by_address_else_by_the_logs_word() -> None:
    found = rows(
        delivered(
            body(
                line(source_type="net", source_name_aggr="pub", source_ip="100.64.0.1"),
                line(source_type="net", source_name_aggr="pvt"),
                line(source_type="net", source_name_aggr="pvt", source_ip="8.8.8.8"),
                line(source_type="wep", source_name_aggr="web-*", source_ip="8.8.8.8"),
                line(source_type="net", source_ip="203.0.113.7"),
                line(source_type="ns", source_name_aggr="partners", source_ip="203.0.113.7"),
                line(source_type="ns", source_name_aggr="partners"),
            ),
            networks=Networks(["203.0.113.0/24"]),
        ).records
    )
    told = [row["source_network"] for row in found]
    assert told == ["pvt", "pvt", "pub", None, "pvt", "pvt", None]
    assert [row["dest_network"] for row in found] == [None] * 7


def test_a_domain_names_a_network_only() -> None:
    domains = ["api.example.com", "example.com"]
    found = rows(
        delivered(
            body(
                line(dest_type="net", dest_domains=domains),
                line(dest_type="ns", dest_domains=domains),
                line(dest_type="net", dest_domains=[]),
            )
        ).records
    )
    assert [row["dest_domain"] for row in found] == ["api.example.com", None, None]


def test_known_is_what_the_line_counts() -> None:
    counted = {"num_flows_started": 0, "packets_in": 1, "packets_out": 1, "bytes_in": 1, "bytes_out": 1}
    found = rows(delivered(body(line(), line(**counted), line(bytes_in=0), line(packets_in=0))).records)
    assert [row["known"] for row in found] == [0, 0b11111, 0b01000, 0b00010]


def test_flow_keys_tell_apart_what_roll_ups_must() -> None:
    distinct = [
        line(),
        line(dest_port=80),
        line(dest_port=8),
        line(proto="8"),
        line(dest_service_name="a", dest_service_port="bc"),
        line(dest_service_name="ab", dest_service_port="c"),
        line(bytes_in=1),
        line(action="deny"),
        line(reporter="dst"),
    ]
    same = [line(bytes_in=2), line(bytes_in=1, process_name="curl", source_port=5)]
    keys = delivered(body(*distinct, *same)).records.column("flow_key").to_pylist()
    assert len(set(keys)) == len(distinct)
    assert keys[-1] == keys[-2] == keys[6]
