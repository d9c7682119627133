"""What counts as a line."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.ingest.forms import Form
from tapetum.ingest.lines import split
from tests.ingest.calico_lines import anything


@given(
    st.lists(st.binary(max_size=8).filter(lambda line: b"\n" not in line and not line.startswith(b"["))),
    st.sampled_from(Form),
)
def test_lines_end_with_a_line_feed_and_blank_ones_do_not_count(lines: list[bytes], form: Form) -> None:
    body = b"{}\n" + b"\n".join(lines)
    kept = [line.removesuffix(b"\r") for line in lines if line.strip(b" \t\r")]
    found = split(body, form)
    assert found.items == [b"{}", *kept]
    assert found.joined.rstrip(b"\n") == b"\n".join([b"{}", *kept]).rstrip(b"\n")


@given(
    st.lists(st.dictionaries(st.text(max_size=3), anything, max_size=3), min_size=1), st.none() | st.just(2)
)
def test_records_of_an_array_count_as_lines(records: list[dict[str, Any]], indent: int | None) -> None:
    found = split(json.dumps(records, indent=indent).encode(), Form.NETOBSERV)
    assert [json.loads(line) for line in found.items] == records
    assert found.joined == b"\n".join(found.items)


@pytest.mark.parametrize("body", [b"[]", b"[1]", b'[{"a":1},2]', b'[{"a":1}', b'[{"a":1}]\n[{"a":1}]'])
def test_what_is_no_array_of_records_stays_lines(body: bytes) -> None:
    assert split(body, Form.CALICO).items == body.split(b"\n")


def test_items_of_a_page_count_for_forms_that_have_pages() -> None:
    page = b'{\n "total": {"totalPages": 1},\n "items": [\n  {"a": 1},\n  {"b": [\n 2]}\n ]\n}\n'
    assert [json.loads(line) for line in split(page, Form.GOLDMANE).items] == [{"a": 1}, {"b": [2]}]
    assert split(page, Form.AUDIT).items == split(page, Form.GOLDMANE).items
    assert len(split(page, Form.CALICO).items) == 1  # an object that goes over several lines
    assert split(b'{"items":[]}', Form.GOLDMANE).items == []
    assert split(b'{"items":5}', Form.GOLDMANE).items == [b'{"items":5}']


@settings(max_examples=40)
@given(
    st.lists(st.dictionaries(st.text(min_size=1, max_size=3), anything, min_size=1, max_size=3), min_size=1),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
)
def test_objects_that_go_over_several_lines_count_once_each(records: list[dict[str, Any]], end: str) -> None:
    body = end.join(json.dumps(record, indent=2).replace("\n", end) for record in records) + end
    assert [json.loads(line) for line in split(body.encode(), Form.CALICO).items] == records


def test_what_stands_between_printed_objects_and_a_last_half_are_lines() -> None:
    body = b'{\n "a": 1\n}\nrubbish\n\n{"b":2}\n{\n "c": {\n }\n'
    assert split(body, Form.DNS).items == [b'{  "a": 1 }', b"rubbish", b'{"b":2}', b'{  "c": {  } ']


@pytest.mark.parametrize("indent", [None, 2])
def test_hits_of_a_search_count_once_each(indent: int | None) -> None:
    hits = [{"_id": "1", "_source": {"a": 1}}, {"_id": "2", "_source": {"b": [2]}}]
    answer = {"took": 3, "_shards": {"total": 1}, "hits": {"total": {"value": 2}, "hits": hits}}
    body = json.dumps(answer, indent=indent).encode()
    assert [json.loads(line) for line in split(body, Form.DNS).items] == hits
    assert split(b'{"hits":{"hits":5}}', Form.DNS).items == [b'{"hits":{"hits":5}}']
    assert len(split(body.replace(b"\n", b"") + b"\n{}", Form.DNS).items) == 2  # lines, each on its own


def test_events_of_a_stream_are_their_data() -> None:
    stream = b': hello\r\n\r\nevent: flow\r\nid: 7\r\ndata: {"a":1}\r\n\r\nretry: 10\ndata:{"b":2}\nrubbish\n'
    assert split(stream, Form.GOLDMANE).items == [b'{"a":1}', b'{"b":2}', b"rubbish"]
    assert len(split(stream, Form.CALICO).items) == 7  # nothing is passed over where no stream is expected
