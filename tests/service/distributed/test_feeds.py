"""Feeds over the engines: the stream and a search of history raise each alert once."""

import asyncio

import msgspec
import pytest

from tapetum.catalog.documents import Draft
from tapetum.catalog.feeds import digest_of
from tapetum.detect.feeds.index import Index
from tapetum.detect.feeds.matching import Watch
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import DocumentKind
from tapetum.domain.feeds import Feed, FeedState, Indicators
from tapetum.domain.moments import SECOND
from tapetum.domain.scope import EVERYTHING
from tapetum.service.distributed.composition import Distributed
from tapetum.service.feeds.history import past_alerts
from tests.support import distributed
from tests.support.factory import HOUR, NOW, Flow, batch, net
from tests.support.records import entry, record_batch
from tests.support.stores import Clock

pytestmark = pytest.mark.engine

FEED = Feed(format=1, title="Bad ones", category="tor")
BAD = Indicators(("203.0.113.7",), ("bad.example",))


def out(mark: int) -> Flow:
    return Flow(dest=net("pub"), fields=(("dest_ip", "203.0.113.7"),), at=NOW - mark * HOUR, mark=mark)


def test_the_past_and_the_stream_are_told_once_each() -> None:
    clock = Clock()
    with distributed.stores(clock) as stores:
        sets = [{"name": "www.bad.example", "type": "A", "class": "IN", "rdata": ["203.0.113.7"]}]
        stores.commit(batch([out(1), out(2), Flow()]))
        stores.commit(record_batch([entry(RecordKind.DNS, client_name_aggr="web-*", rrsets=sets)]))
        body = msgspec.json.encode(FEED).decode()
        draft = Draft("f", DocumentKind.FEED, FEED.title, "tor", True, body, None, NOW)
        state = FeedState("f", NOW, NOW, digest=digest_of(BAD))

        async def save() -> None:
            await stores.catalog.save_document(EVERYTHING, None, draft)
            await stores.catalog.keep_feed(EVERYTHING, 1, state, BAD)

        asyncio.run(save())
        clock.now += 2 * SECOND
        stores.commit(batch([out(2), out(3)]))
        streamed = _raised(stores)
        assert [alert.category for alert in streamed] == ["tor"]
        watch = Watch("f", FEED, Index.of(BAD))
        found = asyncio.run(past_alerts(stores.logs, watch, clock.now))
        assert len(found) == 5, "three hours of flows, and of DNS a name and an address"
        for owner in ("feed f", "feed f", "another"):
            stores.raise_alerts(owner, found)
        assert sorted(alert.id for alert in _raised(stores)) == sorted(alert.id for alert in found)


def _raised(stores: Distributed) -> list[Alert]:
    stores.logs.refresh()
    found = asyncio.run(stores.logs.alerts_after(EVERYTHING, 0, 100))
    return [one.alert for one in found if one.alert.kind == "threat_feed"]
