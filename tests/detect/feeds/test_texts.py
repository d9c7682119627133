"""What of records is matched with feeds, column by column."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.detect.feeds.texts import Held, hosts
from tapetum.domain.batches import RecordKind
from tests.support.records import entry, record_batch


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("bad.example", "bad.example"),
        ("bad.example/a/b?c=d.example", "bad.example"),
        ("bad.example:8443/a", "bad.example"),
        ("https://Bad.Example/a", "Bad.Example"),
        ("http://me:pw@bad.example/a", "bad.example"),
        ("203.0.113.7:80/a", "203.0.113.7"),
        ("[2001:db8::7]:80/a", "2001:db8::7"),
        ("/only/a/path", ""),
        ("?q", ""),
        ("", ""),
    ],
)
def test_a_url_names_its_host(url: str, host: str) -> None:
    assert hosts(pa.array([url])).to_pylist() == [host]


def test_each_text_is_known_by_the_records_that_hold_it() -> None:
    sets = [
        {"name": "a.example", "type": "CNAME", "class": "IN", "rdata": ["b.example"]},
        {"name": "b.example", "type": "A", "class": "IN", "rdata": ["203.0.113.7", "203.0.113.8"]},
    ]
    given = [
        entry(RecordKind.DNS, qname="plain.example"),
        entry(RecordKind.DNS, qname="a.example", rrsets=sets),
        entry(RecordKind.DNS, mark=1),
        entry(RecordKind.DNS, qname="plain.example", rrsets=[], mark=2),
    ]
    held = Held.by(record_batch(given).records, RecordKind.DNS)
    texts = held.texts.to_pylist()
    found = [
        sorted(texts[code] for code, row in zip(held.codes, held.rows, strict=True) if row == place)
        for place in range(4)
    ]
    answers = ["203.0.113.7", "203.0.113.8", "a.example", "a.example", "b.example", "b.example"]
    assert found == [["plain.example"], answers, [], ["plain.example"]]


@given(
    st.lists(
        st.one_of(st.none(), st.lists(st.one_of(st.none(), st.sampled_from("abc")), max_size=3)), max_size=6
    )
)
def test_lists_are_taken_apart_as_one_by_one(lists: list[list[str | None] | None]) -> None:
    rows = [entry(RecordKind.DNS, mark=place) for place in range(len(lists))]
    if not rows:
        return
    table = record_batch(rows).records
    sets = pa.array(
        [
            None if one is None else [{"name": None, "type": None, "class": None, "rdata": one}]
            for one in lists
        ],
        table.schema.field("rrsets").type,
    )
    table = table.set_column(table.schema.get_field_index("rrsets"), "rrsets", sets)
    held = Held.by(table, RecordKind.DNS)
    texts = held.texts.to_pylist()
    told = [(int(row), texts[code]) for row, code in zip(held.rows, held.codes, strict=True)]
    assert told == [
        (place, text) for place, one in enumerate(lists) for text in one or () if text is not None
    ]
