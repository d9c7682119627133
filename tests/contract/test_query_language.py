"""One meaning of a query, whoever answers it: every log store finds what the Python predicate does.

KQL_RUNS=20 KQL_SEED=1000 draws more; a failing test's name says what it drew.
"""

import random

import pytest

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY, TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.kql import Query, compile_predicate, parse
from tapetum.logstore.alert_rows import alert_row
from tapetum.logstore.columns import TIME
from tapetum.logstore.port import Order, Search
from tests.contract.logs import Logs
from tests.support.kql_batches import batch_of, id_of, identified, number_of
from tests.support.kql_cases import HOSTILE, KINDS, NOW, Cases, Records, hostile_queries, hostile_records
from tests.support.kql_features import KQL_FEATURES

RECORDS, QUERIES = 250, 60
LOGGED = [kind for kind in KINDS if kind is not RecordKind.ALERTS]
AROUND = TimeRange(NOW - 30 * DAY, NOW + 30 * DAY)


def put(logs: Logs, kind: RecordKind, records: Records, cluster: str) -> Records:
    records = identified(records, cluster)
    first_trace = random.Random(cluster).getrandbits(62)
    with logs.transaction() as transaction:
        logs.store.append(transaction, batch_of(kind, records, cluster, first_trace))
    return records


def drawn(logs: Logs, cases: Cases, cluster: str) -> Records:
    if cases.kind is not RecordKind.ALERTS:
        return put(logs, cases.kind, [cases.record() for _ in range(RECORDS)], cluster)
    alerts = [cases.alert(cluster, id_of(cluster, place)) for place in range(RECORDS)]
    with logs.transaction() as transaction:
        return [alert_row(one) for one in logs.store.append_alerts(transaction, alerts)]


async def found(logs: Logs, kind: RecordKind, cluster: str, query: Query) -> set[int]:
    logs.clock.now = NOW
    search = Search(kind, AROUND, frozenset({cluster}), query)
    page = await logs.store.search(EVERYTHING, search, Order(TIME[kind]), 500, None)
    assert not page.more
    return {number_of(record["id"]) for record in page.records}


@pytest.mark.parametrize("kind", KINDS)
async def test_stores_agree_with_the_predicate(shared_logs: Logs, kind: RecordKind, kql_seed: int) -> None:
    chance = random.Random(f"{kind}{kql_seed}")
    cases = Cases(kind, chance)
    cluster = f"{kind}-{kql_seed}"
    records = drawn(shared_logs, cases, cluster)
    pairs = selective = 0
    while pairs < RECORDS * QUERIES:
        query = cases.query()
        assert parse(str(query)) == query  # what is asked is asked as text
        test = compile_predicate(query, kind.value, NOW)
        expected = {place for place, record in enumerate(records) if test(record)}
        assert await found(shared_logs, kind, cluster, parse(str(query))) == expected, str(query)
        pairs += len(records)
        selective += 0 < len(expected) < len(records)
    assert selective > QUERIES / 5  # most must tell records apart, or agreement means little


def test_that_is_a_hundred_thousand_pairs_for_every_store() -> None:
    assert len(KINDS) * RECORDS * QUERIES >= 100_000


@pytest.mark.parametrize("kind", LOGGED)
async def test_hostile_values_are_literals(shared_logs: Logs, kind: RecordKind) -> None:
    cluster = f"hostile-{kind}"
    put(shared_logs, kind, hostile_records(kind), cluster)
    for text in HOSTILE:
        for expected in hostile_queries(kind, text):
            assert await found(shared_logs, kind, cluster, expected.query) == expected.numbers, str(
                expected.query
            )


@pytest.mark.parametrize("kind", KQL_FEATURES)
async def test_each_feature_in_each_store(shared_logs: Logs, kind: RecordKind) -> None:
    told = KQL_FEATURES[kind]
    cluster = f"features-{kind}"
    records = put(shared_logs, kind, told.records, cluster)
    for text, numbers in told.queries.items():
        query = parse(text)
        test = compile_predicate(query, kind.value, NOW)
        assert {place for place, record in enumerate(records) if test(record)} == numbers, text
        assert await found(shared_logs, kind, cluster, query) == numbers, text
