"""What leaves a log store as an export, and what a link finds there: the same from every adapter."""

from typing import Any

import pytest

from tapetum.api import ApiContext
from tapetum.api.context import Asked
from tapetum.api.use import export, links, policy_links
from tapetum.api.use.export import pages, read_export
from tapetum.bus.inprocess import InProcessBus
from tapetum.domain.batches import RecordKind
from tapetum.domain.scope import EVERYTHING, Scope
from tests.contract.logs import Logs, put
from tests.support.factory import HOUR, MINUTE, NOW, SECOND, Flow, Hit, net
from tests.support.records import Entry, entry, record_batch

NOBODY: Any = None


def asked(logs: Logs, scope: Scope = EVERYTHING) -> Asked:
    context = ApiContext(logs.store, NOBODY, NOBODY, InProcessBus(), lambda: NOW)
    return Asked(context, scope, NOW)


def log(logs: Logs, *entries: Entry) -> None:
    with logs.transaction() as transaction:
        logs.store.append(transaction, record_batch(entries))


async def exported(logs: Logs, order: str, scope: Scope = EVERYTHING) -> list[str]:
    asking = asked(logs, scope)
    wanted = read_export(asking, RecordKind.FLOWS, "now-8h", "now", None, None, None, order)
    return [record["id"] async for page in pages(asking, wanted) for record in page]


@pytest.mark.parametrize("order", ["start_time:desc", "start_time:asc", "dest_port:asc", "process_name:desc"])
async def test_each_record_is_exported_once(logs: Logs, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Crowds at one moment, a steady stream, long silence, and values that many share or miss."""
    monkeypatch.setattr(export, "PAGE", 5)
    moments = [NOW - 7 * HOUR] * 12 + [NOW - HOUR - mark * SECOND for mark in range(15)] + [NOW - 1]
    flows = [
        Flow(
            at=at,
            port=(None, 53, 443)[mark % 3],
            mark=mark,
            fields=(("process_name", None if mark % 2 else "x"),),
        )
        for mark, at in enumerate(moments)
    ]
    put(logs, *flows, Flow(at=NOW - 9 * HOUR))
    found = await exported(logs, order)
    assert len(found) == len(flows)
    assert set(found) == {flow.id for flow in flows}
    if order.startswith("start_time"):
        newest_first = order.endswith("desc")
        ordered = sorted(flows, key=lambda flow: (flow.at, flow.id), reverse=newest_first)
        assert found == [flow.id for flow in ordered]
    assert await exported(logs, order, Scope(frozenset({"west"}))) == []


async def test_links_find_the_same(logs: Logs) -> None:
    at = NOW - 30 * MINUTE
    hit = Hit(0, "security", "deny-all", "deny", namespace="shop")
    flow = Flow(dest=net(), at=at, fields=(("dest_ip", "1.2.3.4"),), hits=(hit,))
    client: dict[str, Any] = {"client_name_aggr": "web-*", "client_namespace": "shop"}
    answers = [{"name": "x", "type": "A", "class": "IN", "rdata": ["9.9.9.9", "1.2.3.4"]}]
    dns = entry(RecordKind.DNS, at - MINUTE, qname="x", rrsets=answers, **client)
    other = entry(
        RecordKind.DNS, at - MINUTE, qname="y", rrsets=[answers[0] | {"rdata": ["9.9.9.9"]}], **client
    )
    change = entry(
        RecordKind.AUDIT,
        at - 20 * MINUTE,
        verb="update",
        objectRef__resource="networkpolicies",
        objectRef__apiGroup="projectcalico.org",
        objectRef__namespace="shop",
        objectRef__name="security.deny-all",
        responseStatus__code=200,
    )
    l7 = entry(
        RecordKind.L7,
        at,
        end_time=at + SECOND,
        src_name_aggr="web-*",
        src_namespace="shop",
        dest_name_aggr="pub",
    )
    put(logs, flow, Flow(at=at, mark=1))
    for entries in ((dns, other), (change,), (l7,)):
        log(logs, *entries)
    record = await logs.store.get(EVERYTHING, RecordKind.FLOWS, flow.id)
    assert record is not None
    asking = asked(logs)
    for search, wanted in (
        (links.answers_of_flow(record), dns),
        (links.requests_of_flow(record), l7),
        (policy_links.changes_of_flow(record), change),
    ):
        assert [found["id"] for found in await links.follow(asking, search, 50)] == [wanted.id]
    for one, back in (
        (dns, links.flows_of_answers),
        (l7, links.flows_of_requests),
        (change, policy_links.flows_of_change),
    ):
        stored = await logs.store.get(EVERYTHING, one.kind, one.id)
        assert stored is not None
        assert [found["id"] for found in await links.follow(asking, back(stored), 50)] == [flow.id]
