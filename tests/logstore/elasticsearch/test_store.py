"""What only the log store on Elasticsearch promises: questions that end, alerts in order, days that go."""

import asyncio
import json
import urllib.request
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.alerts import NumberedAlert
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError, DeadlineError, UnavailableError
from tapetum.domain.metrics import Op
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.logstore.aggregation import Aggregated, Aggregation, Metric
from tapetum.logstore.elasticsearch import ElasticsearchLogStore, grouping, server, templates
from tapetum.logstore.elasticsearch.names import Family, Names, encoded
from tapetum.logstore.port import Search
from tests.contract.logs import alert
from tests.support import on_elasticsearch
from tests.support.factory import DAY, HOUR, MINUTE, NOW, Bad, Flow, batch
from tests.support.stores import Clock

LAST_DAY = TimeRange(NOW - DAY, NOW)
SLOW: dict[str, Any] = {
    "script": {
        "script": "double n = 0; for (int i = 0; i < 900000; ++i) { n += Math.sin(n + i) + Math.cos(n - i) }"
        " return n + doc['id'].size() > 0"
    }
}
"""Tens of milliseconds for each record. The engine looks between segments whether it is still wanted."""


def put_slowly(store: ElasticsearchLogStore) -> int:
    """Records in many segments."""
    for place in range(20):
        with store.transaction() as transaction:
            flows = [Flow(mark=mark) for mark in range(10 * place, 10 * place + 10)]
            store.append(transaction, batch(flows))
    return 200


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> Generator[ElasticsearchLogStore]:
    with on_elasticsearch.log_store(clock) as opened:
        yield opened


# Questions that end early


def searches(prefix: str) -> list[str]:
    """Descriptions of the searches that the engine is busy with, by its own word."""
    url = f"{on_elasticsearch.url()}/_tasks?actions=*search*&detailed=true"
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - the address of a test's server
        nodes = json.load(answer)["nodes"]
    tasks = [task["description"] for node in nodes.values() for task in node["tasks"].values()]
    return [told for told in tasks if prefix in told]


@pytest.mark.engine
async def test_a_cancelled_question_ends_in_the_engine_too(store: ElasticsearchLogStore) -> None:
    """F21"""
    count = put_slowly(store)
    prefix = store._names.prefix
    for _ in range(3):
        asked = asyncio.create_task(
            store._server.search([f"{prefix}-flows"], {"query": SLOW, "size": 0, "track_total_hits": True})
        )
        async with asyncio.timeout(90):
            while not await asyncio.to_thread(searches, prefix):
                assert not asked.done()
                await asyncio.sleep(0.01)
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
        async with asyncio.timeout(90):
            while await asyncio.to_thread(searches, prefix):  # noqa: ASYNC110 - the engine tells nobody
                await asyncio.sleep(0.02)
    assert await store.count(EVERYTHING, Search(RecordKind.FLOWS, LAST_DAY)) == count


@pytest.mark.engine
async def test_a_question_past_its_deadline_says_so(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_GRACE", 0.3)
    with on_elasticsearch.log_store(clock, deadline=0.2) as store:
        put_slowly(store)
        with pytest.raises(DeadlineError, match=r"0\.2 s"):
            await store._server.search([f"{store._names.prefix}-flows"], {"query": SLOW, "size": 0})


async def test_a_server_that_is_away_is_told_in_one_sentence_without_the_password() -> None:
    store = ElasticsearchLogStore("http://user:secret@127.0.0.1:9", Clock(), prefix="away", patience=0.1)
    with pytest.raises(UnavailableError, match="TAPETUM_ELASTICSEARCH_URL") as read:
        await store.count(EVERYTHING, Search(RecordKind.FLOWS, LAST_DAY))
    with pytest.raises(UnavailableError, match="cannot be reached") as written, store.transaction():
        pass
    for told in (read, written):
        assert "secret" not in told.value.message
    await store.aclose()


# Alerts


def append(store: ElasticsearchLogStore, *numbers: int) -> None:
    with store.transaction("d") as attempt:
        store.append_numbered(
            attempt,
            [
                NumberedAlert(number, alert(f"a{number}", source="pay" if number % 2 else "shop"))
                for number in numbers
            ],
        )


async def told(store: ElasticsearchLogStore, number: int = 0, scope: Scope = EVERYTHING) -> list[int]:
    return [one.number for one in await store.alerts_after(scope, number, 50)]


@pytest.mark.engine
async def test_alerts_are_read_up_to_the_first_that_is_missing(store: ElasticsearchLogStore) -> None:
    append(store, 1, 2, 4, 5)
    assert await told(store) == [1, 2]
    assert await store.last_alert(EVERYTHING) == 2
    assert await told(store, 2) == []
    append(store, 3, 3, 5)
    assert await told(store) == [1, 2, 3, 4, 5]
    assert await told(store, 3) == [4, 5]
    assert await store.last_alert(EVERYTHING) == 5


@pytest.mark.engine
@pytest.mark.parametrize("step", range(5))
async def test_one_that_shows_in_the_middle_of_a_question_is_not_skipped(
    store: ElasticsearchLogStore, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Number 1 comes between two of the requests that make up one answer."""
    append(store, 2)
    asked = 0
    search = server.Server.search

    async def counted(self: server.Server, *given: Any, **named: Any) -> Any:
        nonlocal asked
        if asked == step:
            append(store, 1)
        asked += 1
        return await search(self, *given, **named)

    monkeypatch.setattr(server.Server, "search", counted)
    heard = await told(store)
    append(store, 1)
    assert heard + await told(store, max(heard, default=0)) == [1, 2]


@pytest.mark.engine
async def test_what_is_missing_for_others_holds_a_scope_up_too(store: ElasticsearchLogStore) -> None:
    """The missing one may be for this scope, and nobody can tell before it is there."""
    append(store, 1, 2, 4, 6)
    shop = Scope(None, frozenset({("east", "shop")}))
    assert (await told(store, 0, shop), await store.last_alert(shop)) == ([2], 2)
    append(store, 3, 5)
    assert (await told(store, 0, shop), await store.last_alert(shop)) == ([2, 4, 6], 6)


@pytest.mark.engine
async def test_a_number_that_never_came_is_passed_after_ten_minutes(
    store: ElasticsearchLogStore, clock: Clock
) -> None:
    append(store, 1, 3)
    clock.now += 10 * MINUTE
    append(store, 6)
    assert await told(store) == [1]
    clock.now += 1
    assert await told(store) == [1, 3]
    assert await store.last_alert(EVERYTHING) == 3
    clock.now += 10 * MINUTE
    assert await told(store) == [1, 3, 6]


# Retention and templates


def days(store: ElasticsearchLogStore) -> set[str]:
    found = store._server.do("GET", f"/_cat/indices/{store._names.prefix}-*", parameters={"format": "json"})[
        1
    ]
    return {one["index"].removeprefix(f"{store._names.prefix}-") for one in found}


@pytest.mark.engine
async def test_whole_days_go_when_they_are_older_than_the_newest_by_the_retention(clock: Clock) -> None:
    prefix = "retained"
    store = on_elasticsearch.opened(clock, prefix)
    store.remove()
    store.migrate()
    try:
        midnight = NOW // DAY * DAY
        starts = [NOW, midnight - 2 * DAY, midnight - 2 * DAY - 1, midnight - 5 * DAY]
        flows = [Flow(at=at) for at in starts]
        silent = Flow(at=midnight - 9 * DAY, cluster="Silent_1")
        archive = Flow(at=midnight - 8 * DAY)
        for place, (lines, received) in enumerate(
            [(flows, NOW - 4 * DAY), ([silent], NOW - 9 * DAY), ([archive], NOW - HOUR)]
        ):
            with store.transaction() as transaction:
                one = batch([*lines, Bad(b"x")], id=f"b{place}", received_at=received)
                store.append(transaction, one)
        assert store.newest("east") == NOW
        assert store.newest("nowhere") is None
        before = days(store)
        gone = store.expired(2 * DAY, NOW)
        assert {(one.cluster, one.day) for one in gone} == {
            ("east", (midnight - 3 * DAY) // DAY),
            ("east", (midnight - 5 * DAY) // DAY),
        }
        store.drop(gone, NOW - 2 * DAY)
        kept = days(store)
        assert len(before - kept) == 2 + 2  # of flows; of dead letters the two that were received before
        assert {name for name in kept if name.startswith("flows-east")} == {
            f"flows-east-{datetime.fromtimestamp(at / 1e6, UTC):%Y.%m.%d}"
            for at in (NOW, midnight - 2 * DAY, archive.at)
        }
        assert any(name.startswith("flows-_53ilent_5f1-") for name in kept)
        assert store.expired(2 * DAY, NOW) == []
        # A batch whose records are still there is known for as long.
        with store.transaction() as transaction:
            again = batch([silent, Bad(b"x")], id="b1", received_at=NOW)
            assert store.append(transaction, again).replayed
    finally:
        store.remove()
        await store.aclose()


@pytest.mark.engine
def test_templates_are_versioned_and_never_go_back(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    store = on_elasticsearch.opened(clock, "versions")
    store.remove()
    try:
        with pytest.raises(UnavailableError, match="tapetum migrate"), store.transaction():
            pass
        store.migrate()
        store.migrate()
        with store.transaction() as transaction:
            store.append(transaction, batch([Flow()]))
        monkeypatch.setattr(templates, "VERSION", templates.VERSION + 1)
        with pytest.raises(UnavailableError, match="tapetum migrate"):
            templates.check(store._server, store._names)
        store.migrate()
        templates.check(store._server, store._names)
        monkeypatch.undo()
        store.migrate()  # by a worker that was not upgraded yet
        meta = templates._installed(store._server, store._names)
        assert meta["version"] == templates.VERSION + 1
        with store.transaction() as transaction:
            assert store.append(transaction, batch([Flow(mark=1)], id="b")).receipt.accepted == 1
    finally:
        store.remove()
        store.close()


@pytest.mark.engine
def test_records_of_an_earlier_version_are_counted_as_keyless(store: ElasticsearchLogStore) -> None:
    with store.transaction() as transaction:
        store.append(transaction, batch([Flow(mark=mark) for mark in range(3)]))
    script = {"script": {"source": "ctx._source.remove('verdict_key')"}}
    path = f"/{store._names.pattern(Family.FLOWS)}/_update_by_query"
    store._server.do("POST", path, script, parameters={"refresh": "true"})
    with store.transaction() as transaction:
        store.append(transaction, batch([Flow(mark=3), Flow(mark=4)], id="b"))
    found = asyncio.run(store.verdict_keys(EVERYTHING, Search(RecordKind.FLOWS, LAST_DAY)))
    assert (found.keyless, found.rows["records"].to_pylist()) == (3, [2])


# Names


@given(st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=2, unique=True))
def test_each_cluster_has_an_index_of_its_own_with_a_legal_name(clusters: list[str]) -> None:
    names = [encoded(cluster) for cluster in clusters]
    assert names[0] != names[1]
    for name in names:
        assert not set(name) & set('\\/*?"<>| ,#:')
        assert name == name.lower()


@given(st.integers(0, 2**52), st.integers(1, 90 * DAY), st.sampled_from([None, ["east"], ["a", "b", "c"]]))
def test_every_day_of_a_range_is_asked(start: int, length: int, clusters: list[str] | None) -> None:
    names = Names("t")
    within = TimeRange(start, start + length)
    asked = names.asked(Family.FLOWS, clusters, within)
    assert len(asked) <= 32
    if not any(pattern.endswith("*") or pattern == "t-flows" for pattern in asked):
        for at in (within.start, within.end - 1):
            day = names.index(Family.FLOWS, "east", at)[-10:]
            assert any(pattern.endswith(day) for pattern in asked)
            assert names.day_of(f"x-{day}") == at // DAY


@pytest.mark.parametrize("prefix", ["", "A", "a b", "-a", "a*"])
def test_a_prefix_that_cannot_begin_a_name_is_refused(prefix: str) -> None:
    with pytest.raises(BadInputError, match="indices"):
        Names(prefix)


def test_an_estimate_is_told_as_one(store: ElasticsearchLogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """In groups and in buckets, and of more values than are counted one by one."""
    with store.transaction() as transaction:
        store.append(transaction, batch([Flow(port=port) for port in range(1_500)]))
    store.refresh()
    search, distinct = Search(RecordKind.FLOWS, LAST_DAY), (Metric(Op.DISTINCT, "dest_port"),)

    def told(question: Aggregation) -> Aggregated:
        return asyncio.run(store.aggregate(EVERYTHING, search, question))

    for question in (Aggregation(distinct, ("cluster",)), Aggregation(distinct, interval=86_400)):
        (row,) = told(question).rows
        assert row.values[0] == pytest.approx(1_500, rel=0.01)
        assert told(question).approximate
    assert not told(Aggregation(distinct)).approximate
    monkeypatch.setattr(grouping, "RECOUNTED", 1_200)
    assert told(Aggregation(distinct)).approximate


@pytest.mark.engine("elasticsearch")
async def test_a_search_waits_for_the_only_index_to_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine answers 503 until a shard is there, which on a busy machine takes its time."""
    one = server.Server(on_elasticsearch.url(), deadline=10, patience=5, compress=False)
    nowhere = {"index.routing.allocation.require._name": "nobody"}
    settings = {"settings": {"number_of_replicas": 0, **nowhere}}
    one.do("PUT", "/late", settings, parameters={"wait_for_active_shards": "0"})
    try:
        with pytest.raises(UnavailableError, match="overloaded"):
            await one.search(["late"], {})
        monkeypatch.setattr(server, "_PAUSES", (0.2,) * 150)
        asked = asyncio.create_task(one.search(["late"], {}))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(one.do, "PUT", "/late/_settings", dict.fromkeys(nowhere))
        assert (await asked)["hits"]["hits"] == []
    finally:
        one.do("DELETE", "/late")
        await one.aclose()
        one.close()


async def test_a_search_is_sent_again_while_an_index_is_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"timed_out": False, "hits": {"hits": [], "total": {"value": 0}}}
    answers = [{**told, "_shards": {"failed": failed}} for failed in (1, 2, 0)]

    async def asked(*_: Any) -> Any:
        return answers.pop(0)

    monkeypatch.setattr(server, "_PAUSES", (0.0, 0.0))
    one = server.Server("http://127.0.0.1:9", deadline=1, patience=1, compress=False)
    monkeypatch.setattr(one, "_asked", asked)
    assert (await one.search(["x"], {}))["_shards"]["failed"] == 0
    answers += [{**told, "_shards": {"failed": 1}}] * 3
    with pytest.raises(UnavailableError, match="some of its shards"):
        await one.search(["x"], {})
    assert not answers
    await one.aclose()
    one.close()
