"""What every LogStore tells of policy hits over a range, against an oracle that goes flow by flow."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.logstore.policy_hits import PARTS, HitKey, PolicyHits
from tapetum.logstore.port import LogStore
from tests.contract.adapters import LOG_STORES, Adapter, marked
from tests.contract.logs import FLOWS, LAST_DAY, Logs, flows_strategy, put
from tests.support import oracle
from tests.support.factory import HOUR, NOW, SECOND, Flow, Hit
from tests.support.policies import with_hits

STEP = 3600
OPEN = Hit(0, "security", "open", "pass")
STAGED = Hit(1, "t", "s", "deny", set="pending", staged=True, kind="StagedGlobalNetworkPolicy")


def told(hits: PolicyHits) -> dict[HitKey, tuple[int, int | None, int, tuple[int, ...]]]:
    assert len({each.key for each in hits.counts}) == len(hits.counts)
    return {each.key: (each.records, each.connections, each.last, each.series) for each in hits.counts}


def expected(flows: Iterable[Flow]) -> dict[HitKey, tuple[int, int | None, int, tuple[int, ...]]]:
    found: dict[HitKey, list[Flow]] = defaultdict(list)
    for flow in flows:
        steps = {
            HitKey(flow.cluster, flow.reporter, *(hit.row[part] for part in PARTS))
            for hit in flow.hits
            if hit.set == ("pending" if hit.staged else "enforced") and flow.reporter in ("src", "dst")
        }
        for step in steps:
            found[step].append(flow)
    return {step: summed(own) for step, own in found.items()}


def summed(flows: list[Flow]) -> tuple[int, int | None, int, tuple[int, ...]]:
    first = LAST_DAY.start // (STEP * SECOND)
    series = [0] * (-(-LAST_DAY.end // (STEP * SECOND)) - first)
    for flow in flows:
        series[flow.at // (STEP * SECOND) - first] += flow.connections or 0
    known = [flow.connections for flow in flows if flow.connections is not None]
    return len(flows), sum(known) if known else None, max(flow.at for flow in flows), tuple(series)


@pytest.mark.parametrize("adapter", marked(LOG_STORES))
@settings(max_examples=20)
@given(flows=st.lists(flows_strategy(), max_size=20), seed=st.integers(0, 2**32))
def test_hits_are_those_of_the_flows(adapter: Adapter[LogStore[Any]], flows: list[Flow], seed: int) -> None:
    flows = [with_hits(flow, Random(f"{seed}/{place}")) for place, flow in enumerate(flows)]
    scope = Scope(namespaces=frozenset({("east", "shop")}))

    async def ask(logs: Logs) -> None:
        stored = oracle.distinct(flows)
        for who, seen in (
            (EVERYTHING, stored),
            (scope, [one for one in stored if oracle.seen_by(scope, one)]),
        ):
            hits = await logs.store.policy_hits(who, FLOWS, STEP)
            assert told(hits) == expected(one for one in seen if LAST_DAY.start <= one.at < LAST_DAY.end)
            assert (hits.range, hits.interval) == (LAST_DAY, STEP)

    with adapter.open() as logs:
        put(logs, *flows)
        asyncio.run(ask(logs))


@pytest.mark.parametrize("adapter", marked(LOG_STORES))
async def test_each_side_is_counted_once_and_what_is_staged_by_what_it_would_do(
    adapter: Adapter[LogStore[Any]],
) -> None:
    with adapter.open() as logs:
        flow = {"hits": (OPEN, STAGED), "connections": 7}
        put(
            logs,
            Flow(at=NOW - HOUR, reporter="src", **flow),
            Flow(at=NOW - HOUR, reporter="dst", **flow),
            Flow(at=NOW - 1, reporter="src", hits=(OPEN,), connections=None),
            Flow(at=NOW - 1, reporter="fwd", **flow),
            Flow(at=NOW - 2, hits=(Hit(0, "t", "s", "deny", set="pending"),)),
        )
        hits = await logs.store.policy_hits(EVERYTHING, FLOWS, None)
        assert len(hits.starts) == len(hits.counts[0].series)
        assert sorted((key.reporter, key.name, *one[:3]) for key, one in told(hits).items()) == [
            ("dst", "open", 1, 7, NOW - HOUR),
            ("dst", "s", 1, 7, NOW - HOUR),
            ("src", "open", 2, 7, NOW - 1),
            ("src", "s", 1, 7, NOW - HOUR),
        ]
        nothing = FLOWS.__class__(FLOWS.kind, TimeRange(NOW, NOW + HOUR))
        assert (await logs.store.policy_hits(EVERYTHING, nothing, None)).counts == ()
