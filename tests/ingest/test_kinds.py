"""What holds for every kind beside flows: whole deliveries, single bad lines, any bytes at all."""

import json
from base64 import urlsafe_b64encode
from collections import Counter
from hashlib import sha256
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import TRACE
from tapetum.domain.moments import DAY, SECOND
from tapetum.domain.shapes import SHAPES
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import identify
from tapetum.ingest.detection import detect_form
from tapetum.ingest.forms import FLOW_FORMS, Form
from tapetum.ingest.refusals import Cause, Refusal
from tapetum.simulate import KEEP_PODS, World, WorldSpec, build, record_lines
from tapetum.simulate.records import RecordKind as Simulated
from tests.ingest.calico_lines import NOW, SPOILS
from tests.ingest.deliver import delivered, rows

OTHERS = tuple(form for form in Form if form not in FLOW_FORMS)
STAMP = "2026-11-23T14:00:00Z"
GOOD: dict[Form, bytes] = {
    Form.DNS: json.dumps({"start_time": STAMP, "type": "LOG", "count": 1, "qname": "a.example"}).encode(),
    Form.L7: json.dumps({"start_time": STAMP, "src_namespace": "a", "count": 1}).encode(),
    Form.AUDIT: json.dumps({"auditID": "x", "verb": "get", "stageTimestamp": STAMP}).encode(),
    Form.BGP: json.dumps({"logtime": STAMP, "message": "bird: Reconfigured"}).encode(),
    Form.EVENTS: json.dumps({"time": STAMP, "title": "x", "kind": "waf", "severity": 1}).encode(),
}
ISTIO = (
    b'[2026-11-23T14:00:00.000Z] "GET / HTTP/1.1" 200 - via_upstream - "-" 1 2 3 2 "-" "curl" "id" "web" '
    b'"10.0.0.1:80" outbound|80||web.shop.svc.cluster.local 10.0.0.2:1 10.0.0.3:80 10.0.0.4:2 - default'
)
ENVOY = b'[2026-11-23T14:00:00.000Z] "GET / HTTP/1.1" 200 - 1 2 3 2 "-" "curl" "id" "web" "10.0.0.1:80"'
ZTUNNEL = (
    b"2026-11-23T14:00:00.000000Z\tinfo\taccess\tconnection complete\tsrc.addr=10.0.0.1:5 "
    b'src.workload="a-0" dst.addr=10.0.0.2:80 direction="inbound" bytes_sent=1 bytes_recv=2 duration="1ms"'
)
FLOW = (
    b'{"start_time":"2026-11-23T14:00:00Z","action":"allow","reporter":"src","source_type":"wep",'
    b'"source_name_aggr":"a-*","dest_type":"wep","dest_name_aggr":"b-*"}'
)
BIRD = b"2026-11-23 14:00:00 <TRACE> Mesh_10_0_0_2: State changed to up"
TEXT = {Form.L7: (ISTIO, ENVOY, ZTUNNEL), Form.BGP: (BIRD,)}
START = NOW // SECOND - 900


@pytest.fixture(scope="module")
def world() -> World:
    return build(WorldSpec(epoch=START, attack_at=START + 300))


def test_each_form_has_its_kind() -> None:
    assert {form.kind for form in FLOW_FORMS} == {RecordKind.FLOWS}
    assert {form.kind.value: form for form in OTHERS} == {form.value: form for form in OTHERS}
    assert {form.kind for form in Form} == SHAPES.keys()


@pytest.mark.parametrize("line", [*GOOD.values(), ISTIO, ZTUNNEL, FLOW])
def test_lines_of_container_runtimes_are_what_the_program_wrote(line: bytes) -> None:
    form = detect_form(line)
    assert form is not None
    plain = delivered(line, form)
    stamp = "2026-11-23T14:00:00.682034460Z"
    docker = json.dumps(
        {"log": f"{line.decode()}\n", "stream": "stdout", "time": stamp}, separators=(",", ":")
    )
    objects = [f"{stamp} ".encode() + line, f"{stamp} stdout F ".encode() + line] if line[:1] == b"{" else []
    for wrapped in (docker.encode(), *objects):
        assert detect_form(wrapped) is form
        batch = delivered(wrapped + b"\n", form)
        assert (batch.lines, batch.id) == (plain.lines, plain.id)
        assert batch.records.equals(plain.records)


@pytest.mark.parametrize("form", OTHERS)
def test_what_only_looks_like_a_runtimes_line_is_judged_as_it_is(form: Form) -> None:
    for line in (
        b'{"log":"x"}',
        b'{"log":"\\ud800","stream":"","time":""}',
        b'{"log":"',
        b"2026-11-23T14:00:00Z {",
    ):
        (refusal,) = delivered(line, form).rejections
        assert refusal.reason


@pytest.mark.parametrize("form", OTHERS)
def test_identities_and_columns(form: Form) -> None:
    line = GOOD[form]
    batch = delivered(line + b"\r\nbad\n" + line + b"\n", form)
    assert (batch.kind, batch.id) == (form.kind, identify(line + b"\nbad\n" + line, form, "prod"))
    assert batch.records.schema == SHAPES[form.kind].record
    assert batch.traces.equals(TRACE.empty_table())
    assert [(each.line_no, type(each)) for each in batch.rejections] == [(1, Refusal)]
    digest = sha256(f"prod\x1f{form.value}\x1f".encode() + line).digest()[:12]
    assert batch.records.column("id").to_pylist() == [urlsafe_b64encode(digest).decode()] * 2
    assert batch.records.column("line_no").to_pylist() == [0, 2]
    assert set(batch.records.column("cluster").to_pylist()) == {"prod"}
    assert batch.lines == (line, b"bad", line)
    assert delivered(line, form, cluster="x").id != delivered(line, form).id


@pytest.mark.parametrize("form", OTHERS)
def test_an_empty_delivery_has_the_columns_too(form: Form) -> None:
    batch = delivered(b"\n", form)
    assert batch.records.schema == SHAPES[form.kind].record
    assert (batch.records.num_rows, batch.rejections) == (0, ())


@pytest.mark.parametrize("form", OTHERS)
def test_what_is_too_old_is_refused_by_its_own_time(form: Form) -> None:
    time = SHAPES[form.kind].time
    limits = Limits(retention=30 * DAY)
    batch = delivered(GOOD[form], form, now=NOW + 31 * DAY, newest=NOW + 31 * DAY, limits=limits)
    (refusal,) = batch.rejections
    assert isinstance(refusal, Refusal)
    assert refusal.cause is Cause.RETENTION
    assert refusal.reason == f"{time} is 2026-11-23T14:00:00.000Z, older than the retention of 30 days"
    assert delivered(GOOD[form], form, now=NOW + 31 * DAY, limits=limits).records.num_rows == 1


CERTAIN = (
    "truncated", "two objects", "two objects apart", "null behind", "null between", "null before",
    "garbage behind", "brace behind", "byte order mark", "nan", "minus infinity", "inf", "high surrogate",
    "low surrogate", "nested deep", "nested very deep", "trailing comma", "single quotes", "comment",
    "not an object: b'null'", "not an object: b'[]'", "not an object: b'1'", "not an object: b'{}'",
    "not an object: b'x'", "not an object: b'\\x00'",
)  # fmt: skip
"""Ways to spoil a line after which none of these kinds can read it."""


@pytest.mark.parametrize("form", OTHERS)
def test_only_the_bad_line_is_refused(form: Form) -> None:
    """F15: between good neighbours, each spoilt line goes with a reason of its own."""
    good = GOOD[form]
    spoilt = [SPOILS[name](good, Random(name)) for name in CERTAIN]
    spoilt += [
        good.replace(b'"2026', b'"\xff\xfe2026'),
        good.replace(b'"2026', b'"\x002026'),
        good.replace(b'"2026-11-23T14:00:00Z"', b"18446744073709551616"),
        good.replace(b'"2026-11-23T14:00:00Z"', b"-1"),
        good.replace(b'"2026-11-23T14:00:00Z"', b"1.5"),
        good.replace(b'"2026-11-23T14:00:00Z"', b"null"),
        good.replace(b"{", b'{"x":"' + b"y" * (1 << 20) + b'",'),
    ]
    lines = [line for bad in spoilt for line in (good, bad)] + [good]
    batch = delivered(b"\n".join(lines), form)
    assert list(batch.records.column("line_no").to_pylist()) == list(range(0, len(lines), 2))
    assert [each.line_no for each in batch.rejections] == list(range(1, len(lines), 2))
    assert all(each.reason and each.reason.isascii() and "\n" not in each.reason for each in batch.rejections)


@pytest.mark.parametrize("form", OTHERS)
@given(line=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode(errors="replace")))
def test_any_bytes_are_read_or_refused_in_a_sentence(form: Form, line: bytes) -> None:
    accounted(line, form)


@pytest.mark.parametrize("form", [Form.L7, Form.BGP])
@given(data=st.data())
def test_text_that_was_changed_anywhere_is_read_or_refused(form: Form, data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(TEXT[form]))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(line)))
        put = data.draw(
            st.sampled_from([b"", b'"', b" ", b"|", b"[", b"]", b"-", b"9", b"\t", b"=", b"\\", b":"])
        )
        line = line[:at] + put + line[at + data.draw(st.integers(0, 4)) :]
    accounted(line, form)


@pytest.mark.parametrize("form", OTHERS)
@given(data=st.data())
def test_any_value_in_any_field_is_read_or_refused(form: Form, data: st.DataObject) -> None:
    record: dict[str, Any] = json.loads(GOOD[form])
    names = [name.partition(".")[0] for name in SHAPES[form.kind].logged.names]
    odd = st.sampled_from(
        [None, "-", "", "x", 0, -1, 2**53, 2**70, 1.5, True, [], [None], ["a"], {}, {"a": 1}, [{}]]
    )
    for name in data.draw(st.lists(st.sampled_from([*names, *record]), min_size=1, max_size=4)):
        record[name] = data.draw(odd)
    accounted(json.dumps(record).encode(), form)


def accounted(line: bytes, form: Form) -> None:
    batch = delivered(line, form)
    assert batch.records.num_rows + len(batch.rejections) == len(batch.lines)
    for rejection in batch.rejections:
        assert rejection.reason.isascii()
        assert rejection.reason.isprintable()
    detect_form(line)


@pytest.mark.parametrize("kind", [kind for kind in Simulated if kind is not Simulated.FLOWS])
def test_what_the_simulator_writes_goes_in_whole(world: World, kind: Simulated) -> None:
    body = b"".join(record_lines(world, kind, START, START + 900, level=KEEP_PODS))
    form = Form(kind.value)
    assert detect_form(body[: 256 * 1024]) is form
    records = [json.loads(line) for line in body.splitlines()]
    assert records
    batch = delivered(body, form)
    assert (batch.records.num_rows, batch.rejections) == (len(records), ())
    for record, row in zip(records, rows(batch.records), strict=True):
        assert_told(form, record, row)


def assert_told(form: Form, record: dict[str, Any], row: dict[str, Any]) -> None:
    """Each member of the record is in its column, but for times and what the schema words otherwise."""
    otherwise = {"id": "event_id", "mitre_tactics": "tactics", "mitre_techniques": "techniques"}
    for name, value in record.items():
        column = otherwise.get(name, name)
        if name == "cluster" or column not in row or name.endswith(("time", "Timestamp")) or name == "kind":
            continue
        if isinstance(value, dict):  # annotations
            assert row[column] == [f"{key}={text}" for key, text in value.items()]
        else:
            assert row[column] == (None if value in ("-", []) else value), (form, name)
    inner = {
        "objectRef": record.get("objectRef", {}),
        "user": record.get("user", {}),
        "source": record.get("source", {}),
        "dest": record.get("destination", {}),
    }
    mark = "_" if form is Form.EVENTS else "."
    for name, members in inner.items():
        for member, value in members.items():
            assert row[f"{name}{mark}{member}"] == (None if value == "-" else value)


def test_counts_of_the_simulator_add_up(world: World) -> None:
    """The totals by a plain recount are those of the columns, unlogged lookups included."""
    body = b"".join(record_lines(world, Simulated.DNS, START, START + 900, window=60, level=KEEP_PODS))
    expected: Counter[str] = Counter()
    for line in body.splitlines():
        record = json.loads(line)
        expected[record["type"]] += record["count"]
    assert expected["UNLOGGED"] > 0
    got: Counter[str] = Counter()
    for row in rows(delivered(body, Form.DNS).records):
        got[row["type"]] += row["count"]
    assert got == expected
