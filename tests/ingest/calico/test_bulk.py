"""Both paths give one verdict, and an oracle that shares no code with them gives the same."""

import random
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.networks import Networks
from tapetum.ingest.calico import bulk, bulk_parse
from tapetum.ingest.calico.record import read_record
from tapetum.ingest.context import Context
from tapetum.ingest.flat import flat_table
from tapetum.ingest.forms import Form
from tapetum.ingest.line_by_line import of_objects, read_lines
from tapetum.ingest.lines import split
from tests.ingest.calico_lines import NOW, NOW_SECONDS, SPOILS, delivered, spelled
from tests.ingest.calico_oracle import expected

CONTEXT = Context(NOW, Networks())
PLAIN = {
    "start_time": NOW_SECONDS - 60,
    "end_time": NOW_SECONDS,
    "action": "deny",
    "reporter": "dst",
    "source_type": "wep",
    "source_ip": "10.0.0.1",
    "dest_labels": {"labels": ["a=b"]},
    "policies": {"enforced_policies": ["0|default|default.deny|deny|0"]},
    "dest_domains": ["example.com"],
}


def check(lines: list[bytes], chunk: int, end: bytes = b"\n") -> None:
    delivery = split(end.join(lines), Form.CALICO)
    kept = [line for line in lines if line.strip(b" \t\r")]
    assert delivery.items == [line.removesuffix(b"\r") for line in kept]
    with patch.object(bulk, "_CHUNK", chunk), patch.object(bulk_parse, "_FEWEST", 1):
        reading = bulk.read(delivery, CONTEXT)
    rows, refusals = read_lines(delivery.items, range(len(delivery.items)), of_objects(read_record), CONTEXT)
    assert reading.refusals == refusals
    assert reading.flat.equals(flat_table(rows))
    wanted = [(number, expected(line)) for number, line in enumerate(delivery.items)]
    assert [refusal.line_no for refusal in refusals] == [number for number, good in wanted if good is None]
    told = plain(reading.flat)
    for (number, good), got in zip(((n, g) for n, g in wanted if g is not None), told, strict=True):
        assert got["line_no"] == number
        assert {name: got[name] for name in good} == good


def plain(flat: pa.Table) -> list[dict[str, Any]]:
    micros = [
        column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column for column in flat.columns
    ]
    return pa.table(micros, names=flat.column_names).to_pylist()


@settings(max_examples=100)
@given(delivered(), st.sampled_from([1, 2000, 1 << 20]), st.sampled_from([b"\n", b"\r\n", b"\n\n"]))
def test_bulk_exact_and_oracle_agree(lines: list[bytes], chunk: int, end: bytes) -> None:
    check([spelled(PLAIN, 0), *lines], chunk, end)  # a body of nothing but `[{}]` would be a document


@pytest.mark.parametrize("name", sorted(SPOILS))
def test_each_spoil_among_good_neighbours(name: str) -> None:
    choice = random.Random(name)
    lines = [spelled(PLAIN | {"bytes_in": number}, choice.randrange(2**32)) for number in range(12)]
    lines[4:5] = SPOILS[name](lines[4].strip(), choice).split(b"\n")
    check(lines, 1 << 20)


def test_a_file_with_switched_off_labels_and_iso_times_stays_on_the_fast_path() -> None:
    line = (
        b'{"start_time":"2026-11-20T10:00:00Z","@timestamp":"2026-11-20T10:00:01Z","action":"allow",'
        b'"reporter":"src","source_labels":"-","dest_labels":"-","policies":"-","dest_domains":"-"}'
    )
    with patch.object(bulk, "read_record", side_effect=AssertionError("slow path")):
        reading = bulk.read(split(b"\n".join([line] * 50), Form.CALICO), CONTEXT)
    assert reading.flat.num_rows == 50
    check(
        [line] * 20 + [line.replace(b'"-"', b'{"labels":["a=b"]}', 1), line.replace(b'"-"', b'"x"', 1)], 500
    )


def test_one_bad_line_costs_its_neighbours_nothing_but_a_second_parse() -> None:
    good = b'{"start_time":1795388460,"action":"allow","reporter":"src","bytes_in":%d}'
    lines = [good % number for number in range(2000)]
    lines[1234] = good.replace(b"%d", b'"5"')
    with patch.object(bulk, "read_lines", wraps=bulk.read_lines) as exact:
        reading = bulk.read(split(b"\n".join(lines), Form.CALICO), CONTEXT)
    assert list(exact.call_args.args[1]) == [1234]
    assert reading.flat.num_rows == 1999
    assert [refusal.reason for refusal in reading.refusals] == [
        'bytes_in is "5"; expected a whole number from 0 to 9007199254740991'
    ]
