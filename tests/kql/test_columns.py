"""A mask over a batch's columns is the Python predicate of each of its records."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.batches import RecordKind
from tapetum.kql import compile_predicate, parse
from tapetum.kql.binding import bind
from tapetum.kql.columns import Columns, compile_mask
from tests.support.kql_batches import batch_of, identified
from tests.support.kql_cases import HOSTILE, KINDS, NOW, Cases, Records, hostile_queries, hostile_records
from tests.support.kql_features import KQL_FEATURES

LOGGED = [kind for kind in KINDS if kind is not RecordKind.ALERTS]


def columns_of(kind: RecordKind, records: Records) -> Columns:
    batch = batch_of(kind, identified(records, "c"), "c")
    return Columns(batch.records, batch.traces)


def found(columns: Columns, kind: RecordKind, text: str) -> set[int]:
    test = compile_mask(bind(parse(text), kind.value, NOW))
    everything = np.ones(columns.rows, np.bool_)
    return set(np.flatnonzero(test(columns, everything)).tolist())


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(LOGGED), st.integers(0, 2**32), st.integers(0, 60))
def test_a_mask_is_the_predicate_of_each_record(kind: RecordKind, seed: int, count: int) -> None:
    cases = Cases(kind, random.Random(seed))
    records = identified([cases.record() for _ in range(count)], "c")
    columns = columns_of(kind, records)
    for _ in range(20):
        text = str(cases.query())
        test = compile_predicate(parse(text), kind.value, NOW)
        expected = {place for place, record in enumerate(records) if test(record)}
        assert found(columns, kind, text) == expected, text


@pytest.mark.parametrize("kind", LOGGED)
def test_hostile_values_are_literals(kind: RecordKind) -> None:
    columns = columns_of(kind, hostile_records(kind))
    for text in HOSTILE:
        for expected in hostile_queries(kind, text):
            assert found(columns, kind, str(expected.query)) == expected.numbers, str(expected.query)


@pytest.mark.parametrize("kind", [kind for kind in KQL_FEATURES if kind is not RecordKind.ALERTS])
def test_each_feature(kind: RecordKind) -> None:
    told = KQL_FEATURES[kind]
    columns = columns_of(kind, told.records)
    for text, numbers in told.queries.items():
        assert found(columns, kind, text) == numbers, text
