"""Feeds over what is kept already: the alerts that the stream would have raised, with the same ids."""

import random
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tapetum.detect.feeds.index import Index
from tapetum.detect.feeds.matching import Watch
from tapetum.domain.batches import RecordKind
from tapetum.domain.feeds import Feed, Indicators
from tapetum.service.embedded import Embedded
from tapetum.service.feeds.history import past_alerts
from tests.service.feeds.test_on_stream import BAD, out, raised, save
from tests.support.factory import HOUR, NOW, Flow, batch, net, wep
from tests.support.records import Entry, entry, record_batch
from tests.support.stores import store

FEED = Feed(format=1, title="Bad ones", category="tor", severity=80)
WATCH = Watch("f", FEED, Index.of(BAD))
_IPS = ["203.0.113.7", "198.51.100.3", "198.51.100.77", "192.0.2.1", "::ffff:203.0.113.7", None]
_NAMES = ["bad.example", "www.bad.example", "notbad.example", "Bad.Example."]


@pytest.fixture
def embedded(tmp_path: Path) -> Generator[Embedded]:
    with store(tmp_path) as opened:
        yield opened


def _flow(dice: random.Random, mark: int) -> Flow:
    outside, inside = net("pub"), wep("shop", dice.choice(["web", "api"]))
    sides: dict[str, Any] = dice.choice(
        [{"source": inside, "dest": outside}, {"source": outside, "dest": inside}]
    )
    fields = (("dest_ip", dice.choice(_IPS)), ("source_ip", dice.choice(_IPS)))
    return Flow(
        **sides,
        fields=fields,
        mark=mark,
        at=NOW - dice.randrange(4 * HOUR),
        action=dice.choice(["allow", "deny"]),
        domain=dice.choice([None, *_NAMES]),
    )


def _lookup(dice: random.Random, mark: int) -> Entry:
    sets = [{"name": dice.choice(_NAMES), "type": "A", "class": "IN", "rdata": dice.sample(_IPS[:4], 2)}]
    return entry(
        RecordKind.DNS,
        NOW - dice.randrange(4 * HOUR),
        mark=mark,
        client_namespace="shop",
        client_name_aggr=dice.choice(["web-*", "api-*"]),
        qname=dice.choice(_NAMES),
        rrsets=dice.choice([None, sets]),
    )


def _request(dice: random.Random, mark: int) -> Entry:
    return entry(
        RecordKind.L7,
        NOW - dice.randrange(4 * HOUR),
        mark=mark,
        src_type="wep",
        src_namespace="shop",
        src_name_aggr="web-*",
        url=dice.choice([None, "/a", *(f"{name}:80/{mark}" for name in _NAMES)]),
        dest_ip=dice.choice(_IPS),
        src_ip=dice.choice(_IPS),
        tls_sni=dice.choice([None, *_NAMES]),
    )


@pytest.mark.parametrize("seed", range(2))
async def test_the_stream_and_history_agree(
    embedded: Embedded, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tapetum.service.feeds.history._AT_ONCE", 2 + seed)
    dice = random.Random(seed)
    await save(embedded, "f", BAD)
    flows = [_flow(dice, mark) for mark in range(60)]
    for start in range(0, 60, 20):
        embedded.commit(batch(flows[start : start + 20]))
    embedded.commit(batch(flows[:9], cluster="west"))
    embedded.commit(record_batch([_lookup(dice, mark) for mark in range(40)]))
    embedded.commit(record_batch([_request(dice, mark) for mark in range(40)]))
    streamed = await raised(embedded)
    found = await past_alerts(embedded.logs, WATCH, NOW)
    assert {alert.id for alert in found} == {alert.id for alert in streamed}
    assert len(found) > 20
    once = [alert for alert in found if len(alert.evidence) == 1]
    known = {alert.id: alert for alert in streamed}
    assert once
    assert [replace(alert, time=known[alert.id].time) for alert in once] == [
        known[alert.id] for alert in once
    ]


async def test_the_past_is_raised_once(embedded: Embedded) -> None:
    given = [out("203.0.113.7", mark=mark, at=NOW - HOUR // 4 + mark) for mark in range(25)]
    embedded.commit(batch([*given, out("192.0.2.1")]))
    assert await raised(embedded) == []
    (alert,) = found = await past_alerts(embedded.logs, WATCH, NOW)
    assert alert.evidence == tuple(flow.id for flow in given[:10])
    assert alert.time == given[0].at
    embedded.raise_alerts("f", found)
    embedded.raise_alerts("f", found)
    await save(embedded, "f", BAD)
    embedded.commit(batch([out("203.0.113.7", mark=99, at=NOW - HOUR // 4)]))
    assert await raised(embedded) == found


async def test_a_feed_of_nothing_that_was_seen_raises_nothing(embedded: Embedded) -> None:
    embedded.commit(batch([out("192.0.2.1")]))
    other = replace(WATCH, index=Index.of(Indicators(("198.18.0.1",), ("other.example",))))
    assert await past_alerts(embedded.logs, other, NOW) == []
