"""Putting things into a log store under test, and looking at them."""

from typing import Any

from hypothesis import strategies as st

from tapetum.domain.alerts import Alert, NumberedAlert, Status
from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.logstore.port import Appended, LetterSearch, LogStore, Order, Search
from tests.contract.adapters import Rig
from tests.support.factory import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    SECOND,
    Bad,
    Flow,
    Hit,
    batch,
    hep,
    net,
    netset,
    wep,
)

Logs = Rig[LogStore[Any]]
LAST_DAY = TimeRange(NOW - DAY, NOW)
FLOWS = Search(RecordKind.FLOWS, LAST_DAY)


def put(logs: Logs, *lines: Flow | Bad, **told: Any) -> Appended:
    with logs.transaction() as transaction:
        return logs.store.append(transaction, batch(lines, **told))


async def ids(logs: Logs, search: Search = FLOWS, scope: Scope = EVERYTHING) -> list[str]:
    page = await logs.store.search(scope, search, Order(), 500, None)
    assert not page.more
    return [record["id"] for record in page.records]


async def everything(logs: Logs) -> Any:
    """All that a reader can find in a small store."""
    store = logs.store
    return (
        await store.search(EVERYTHING, FLOWS, Order(), 500, None),
        await store.search(EVERYTHING, Search(RecordKind.ALERTS, LAST_DAY), Order("time"), 500, None),
        await store.dead_letters(EVERYTHING, LetterSearch(TimeRange(0, NOW + DAY)), 500, None),
        await store.census(EVERYTHING),
        await store.last_alert(EVERYTHING),
    )


def alert(identity: str, at: int = NOW - MINUTE, source: str = "shop", cluster: str = "east") -> Alert:
    return Alert(
        id=identity,
        time=at,
        kind="detector",
        rule="first-denied",
        title=f"From {source}",
        description="It was denied.",
        severity=45,
        cluster=cluster,
        source=NodeRef(NodeKind.WORKLOAD, cluster, source, "web-*"),
        target=NodeRef(NodeKind.FQDN, cluster, None, "example.com"),
        protocol="tcp",
        port=None,
        technique="T1046",
        tactic="Discovery",
        status=Status.OPEN,
        evidence=("a", "b"),
    )


def raise_alerts(logs: Logs, *alerts: Alert) -> list[NumberedAlert]:
    with logs.transaction() as transaction:
        return logs.store.append_alerts(transaction, list(alerts))


def flows_strategy() -> st.SearchStrategy[Flow]:
    """Few distinct values, so that ties and missing ones are common."""
    return st.builds(
        Flow,
        source=st.sampled_from([wep("shop", "web"), wep("pay", "api"), hep("node-1"), net("pub")]),
        dest=st.sampled_from([wep("shop", "db"), wep("pay", "db"), netset("partners"), net("pvt")]),
        at=st.sampled_from([NOW - 1, NOW - SECOND, NOW - HOUR, NOW - HOUR - 1, NOW - 23 * HOUR]),
        action=st.sampled_from(["allow", "deny"]),
        reporter=st.sampled_from(["src", "dst", "fwd"]),
        port=st.sampled_from([None, 53, 443]),
        bytes_in=st.sampled_from([None, 0, 1, 2**40]),
        fields=st.sampled_from(
            [
                (),
                (("process_name", "curl"),),
                (("process_name", "Curl"), ("dest_labels", ["app=db", "tier=1"])),
                (("process_name", "naïve"), ("dest_labels", ["app=db", "app=db"])),
                (("end_time", None), ("dest_labels", [])),
            ]
        ),
        hits=st.sampled_from([(), (Hit(0, "t", "n", "deny"), Hit(1, "t", "o", "allow", namespace="shop"))]),
        mark=st.integers(0, 3),
    )
