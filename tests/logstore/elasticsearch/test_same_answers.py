"""The same batches, asked the same, give the same answers from both engines, row for row."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.kql import parse
from tapetum.logstore.columns import COLUMNS, LISTS
from tapetum.logstore.port import LetterSearch, LogStore, Order, Position, Search
from tests.contract.adapters import LOG_STORES
from tests.contract.logs import alert
from tests.support.factory import DAY, HOUR, NOW, SECOND, Bad, Flow, Hit, batch, hep, net, netset, wep
from tests.support.names import plain

pytestmark = pytest.mark.engine

Ask = Callable[[LogStore[Any]], Awaitable[Any]]

MOST = 2**53 - 1
"""The largest counter that is let in."""
RANGES = [TimeRange(NOW - 40 * DAY, NOW), TimeRange(NOW - DAY, NOW), TimeRange(NOW - 2 * DAY, NOW - HOUR)]
SCOPES = [
    EVERYTHING,
    Scope(frozenset({"east"})),
    Scope(None, frozenset({("east", "shop"), ("west-2", "shop")})),
    Scope(frozenset({"east"}), frozenset({("east", "shop"), ("east", "pay")})),
    Scope(frozenset()),
]
FILTERS = [
    None,
    "action: deny",
    "not source_ip: 10.0.0.0/8",
    "shop or 2001*",
    "policy_hits:{name: o and action: allow}",
    "policies:{enforced_policies: deny and not pending_policies: *}",
    "bytes_in >= 4503599627370496 or process_args: *x*",
    "cluster: W* or dest_port < 443",
]
FIELDS = sorted(set(COLUMNS[RecordKind.FLOWS]) - LISTS[RecordKind.FLOWS])
HITS = (
    (),
    (Hit(0, "t", "n", "deny"), Hit(1, "t", "o", "allow", namespace="shop")),
    (Hit(1, "t", "o", "allow", namespace="shop"), Hit(0, "t", "n", "deny", set="pending")),
    (Hit(0, "t", "n", "deny"), Hit(0, "t", "n", "deny"), Hit(0, "a", "n", "pass", -1, set="transit")),
)


def some(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


def flows() -> st.SearchStrategy[Flow]:
    counter = some(0, 1, 2**40, 2**52 + 1, MOST)
    extra = st.fixed_dictionaries(
        {},
        optional={
            "source_ip": some("10.0.0.1", "10.200.3.4", "192.168.0.1", "::1", "2001:db8::1"),
            "original_source_ips": some([], ["10.0.0.9", "::1"], ["10.0.0.9"]),
            "nat_outgoing_ports": some([], [9, 10], [10, 10, 9]),
            "process_name": some("curl", "Curl", "naïve\0", ""),
            "process_args": some([], ["-x", "y"], ["-x"], ["", ""], ['"', "\\", "\u2028"]),
            "dest_labels": some([], ["app=db"], ["b=1", "a=1", "b=1"]),
            "end_time": some(NOW, NOW + 1, NOW - 3 * SECOND),
            "host": some("n1", "n10", "n2", "-"),
            "source_port": some(9, 10, 65_535),
            "tcp_mean_smooth_rtt": some(0, 7, 2**62, 2**62 + 1),
            "tcp_max_smooth_rtt": some(1, 2**62 + 1, 2**62 + 3),
            "tcp_mean_min_rtt": some(3, 5),
            "tcp_lost_packets": some(0, MOST),
            "tcp_unrecovered_to": some(1),
        },
    )
    return st.builds(
        Flow,
        source=st.sampled_from([wep("shop", "web"), wep("pay", "api"), hep("node-1"), net("pub")]),
        dest=st.sampled_from([wep("shop", "db"), wep("pay", "db"), netset("partners"), net("pvt")]),
        at=st.sampled_from([NOW - 1, NOW - HOUR, NOW - DAY, NOW - DAY - 1, NOW - 3 * DAY, NOW - 39 * DAY]),
        action=st.sampled_from(["allow", "deny"]),
        reporter=st.sampled_from(["src", "dst", "fwd"]),
        port=some(9, 53, 443, 10),
        service=some(("shop", "db")),
        domain=some("example.com"),
        connections=counter,
        bytes_in=counter,
        bytes_out=counter,
        sampling=some(50),
        cluster=st.sampled_from(["east", "West_1", "west-2"]),
        hits=st.sampled_from(HITS),
        fields=extra.map(lambda given: tuple(given.items())),
        mark=st.integers(0, 2),
    )


def questions(
    search: Search, scope: Scope, order: Order, field: str, by: str, first: int, prefix: str
) -> dict[str, Ask]:
    async def pages(store: LogStore[Any]) -> Any:
        found: list[Any] = []
        after: Position | None = None
        more = True
        while more:
            page = await store.search(scope, search, order, first, after)
            found.append(page)
            more = page.more
            if page.records:
                last = page.records[-1]
                after = Position(last[order.field], last["id"])
        return found

    async def sums(store: LogStore[Any]) -> Any:
        told = await store.sums(scope, search)
        return sorted(zip(told.keys.tolist(), told.counts.tolist(), strict=True))

    return {
        "pages": pages,
        "sums": sums,
        "count": lambda store: store.count(scope, search),
        "histogram": lambda store: store.histogram(scope, search, None, by),
        "plain histogram": lambda store: store.histogram(scope, search, 3600, None),
        "top values": lambda store: store.top_values(scope, search, field, first, prefix),
        "evidence": lambda store: store.evidence(scope, search, 50),
        "census": lambda store: store.census(scope),
        "letters": lambda store: store.dead_letters(scope, LetterSearch(TimeRange(0, NOW + DAY)), 9, None),
        "alerts": lambda store: store.alerts_after(scope, 0, 9),
        "last": lambda store: store.last_alert(scope),
    }


@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # to shrink takes minutes
@given(
    batches=st.lists(st.lists(flows(), max_size=12), min_size=1, max_size=3),
    within=st.sampled_from(RANGES),
    scope=st.sampled_from(SCOPES),
    text=st.sampled_from(FILTERS),
    order=st.builds(Order, st.sampled_from(FIELDS), st.booleans()),
    field=st.sampled_from([*COLUMNS[RecordKind.FLOWS], "policy_hits.name", "policy_hits.namespace"]),
    by=st.sampled_from(FIELDS),
    first=st.integers(1, 4),
    prefix=st.sampled_from(["", "1", "n", "shop", "10."]),
)
def test_both_engines_answer_alike(
    batches: list[list[Flow]],
    within: TimeRange,
    scope: Scope,
    text: str | None,
    order: Order,
    field: str,
    by: str,
    first: int,
    prefix: str,
) -> None:
    search = Search(RecordKind.FLOWS, within, filter=parse(text) if text else None)
    asked = questions(search, scope, order, field, by, first, prefix)

    async def answers(store: LogStore[Any]) -> dict[str, Any]:
        return {name: plain(await ask(store)) for name, ask in asked.items()}

    told: list[dict[str, Any]] = []
    with ExitStack() as stack:
        for adapter in LOG_STORES:
            rig = stack.enter_context(adapter.open())
            for place, lines in enumerate(batches):
                with rig.transaction() as transaction:
                    rig.store.append(transaction, batch([*lines, Bad(b"x")], id=f"b{place}"))
                    rig.store.append_alerts(transaction, [alert(f"a{place}", NOW - place * DAY)])
            told.append(asyncio.run(answers(rig.store)))
    for name in asked:
        assert told[0][name] == told[1][name], name
