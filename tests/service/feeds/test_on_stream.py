"""Feeds on the stream: what is listed raises an alert in the commit that brings the record."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tapetum.catalog.documents import Draft, Removal
from tapetum.catalog.feeds import digest_of
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import RecordKind
from tapetum.domain.documents import DocumentKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.feeds import FeedState, Indicators
from tapetum.domain.scope import EVERYTHING
from tapetum.service.embedded import Embedded
from tests.support.factory import HOUR, NOW, Flow, batch, net, wep
from tests.support.records import entry, record_batch
from tests.support.stores import store

BAD = Indicators(("198.51.100.0/24", "203.0.113.7"), ("bad.example",))


@pytest.fixture
def embedded(tmp_path: Path) -> Generator[Embedded]:
    with store(tmp_path) as opened:
        yield opened


async def save(
    embedded: Embedded, feed: str, listed: Indicators, version: int | None = None, **body: Any
) -> None:
    text = msgspec.json.encode({"format": 1, "title": "Bad ones", "category": "tor", "severity": 80, **body})
    draft = Draft(feed, DocumentKind.FEED, "Bad ones", "tor", True, text.decode(), version, NOW)
    saved = await embedded.catalog.save_document(EVERYTHING, None, draft)
    state = FeedState(feed, NOW, NOW, digest=digest_of(listed))
    assert await embedded.catalog.keep_feed(EVERYTHING, saved.version, state, listed)


async def raised(embedded: Embedded) -> list[Alert]:
    found = await embedded.logs.alerts_after(EVERYTHING, 0, 500)
    return [one.alert for one in found if one.alert.kind == "threat_feed"]


def out(ip: str | None = None, **rest: Any) -> Flow:
    return Flow(dest=net("pub"), port=443, fields=(("dest_ip", ip),), **rest)


async def test_a_listed_address_raises_an_alert_that_explains_itself(embedded: Embedded) -> None:
    await save(embedded, "f", BAD)
    given = out("198.51.100.9")
    embedded.commit(batch([out("192.0.2.1"), given, Flow()]))
    (alert,) = await raised(embedded)
    assert alert.title == "web-* of shop connected to what Bad ones lists: 198.51.100.0/24"
    assert alert.description.startswith("web-* of shop connected to the public network; ")
    assert (alert.rule, alert.category, alert.severity, alert.time) == ("Bad ones", "tor", 80, given.at)
    assert (alert.evidence, alert.evidence_kind) == ((given.id,), RecordKind.FLOWS)
    assert alert.source == NodeRef(NodeKind.WORKLOAD, "east", "shop", "web-*")
    assert alert.target == NodeRef(NodeKind.NETWORK, "east", None, "pub")
    assert (alert.protocol, alert.port) == ("tcp", 443)


async def test_a_flood_is_told_once_an_hour_for_each_pair(embedded: Embedded) -> None:
    await save(embedded, "f", BAD)
    flood = [out("203.0.113.7", mark=mark, at=NOW - HOUR // 4 + mark) for mark in range(30)]
    embedded.commit(batch(flood[10:]))
    embedded.commit(batch(flood))
    others = [
        out("203.0.113.7", at=NOW - 2 * HOUR),
        out("203.0.113.7", source=wep("pay", "api")),
        out("203.0.113.7", action="deny"),
        out("198.51.100.9"),
        Flow(source=net("pub"), fields=(("source_ip", "::ffff:203.0.113.7"),)),
    ]
    embedded.commit(batch(others))
    alerts = await raised(embedded)
    assert len(alerts) == 1 + len(others)
    assert len(alerts[0].evidence) == 10
    assert sum("was kept from connecting to" in alert.title for alert in alerts) == 1


@pytest.mark.parametrize(
    ("kind", "fields", "title"),
    [
        (
            RecordKind.DNS,
            {"client_namespace": "shop", "client_name_aggr": "web-*", "qname": "x.BAD.example."},
            "asked for",
        ),
        (
            RecordKind.DNS,
            {
                "client_namespace": "shop",
                "client_name_aggr": "web-*",
                "qname": "fine.example",
                "rrsets": [{"name": "fine.example", "type": "A", "class": "IN", "rdata": ["203.0.113.7"]}],
            },
            "asked for",
        ),
        (
            RecordKind.L7,
            {"src_type": "wep", "src_namespace": "shop", "src_name_aggr": "web-*", "url": "bad.example:80/a"},
            "sent requests to",
        ),
        (
            RecordKind.L7,
            {
                "src_type": "wep",
                "src_namespace": "shop",
                "src_name_aggr": "web-*",
                "tls_sni": "www.bad.example",
            },
            "sent requests to",
        ),
    ],
    ids=["a name asked for", "an answer", "a host", "a server's name"],
)
async def test_names_answers_and_hosts_are_matched(
    embedded: Embedded, kind: RecordKind, fields: dict[str, Any], title: str
) -> None:
    await save(embedded, "f", BAD)
    given = entry(kind, **fields)
    embedded.commit(record_batch([given, entry(kind, mark=9)]))
    (alert,) = await raised(embedded)
    assert alert.title.startswith(f"web-* of shop {title} what Bad ones lists: ")
    assert (alert.evidence, alert.evidence_kind) == ((given.id,), kind)


async def test_a_network_that_calls_begins_the_sentence(embedded: Embedded) -> None:
    await save(embedded, "f", BAD)
    embedded.commit(batch([Flow(source=net("pub"), fields=(("source_ip", "198.51.100.9"),))]))
    (alert,) = await raised(embedded)
    assert alert.title.startswith("The public network connected to what Bad ones lists: ")


async def test_a_flow_to_a_listed_domain_is_matched(embedded: Embedded) -> None:
    await save(embedded, "f", BAD)
    embedded.commit(batch([Flow(dest=net("pub"), domain="cdn.bad.example", port=443)]))
    (alert,) = await raised(embedded)
    assert alert.title.endswith("bad.example")


async def test_feeds_are_in_force_as_they_are_at_the_commit(embedded: Embedded) -> None:
    numbers = iter(range(100))

    async def count() -> int:
        before = len(await raised(embedded))
        embedded.commit(batch([out("203.0.113.7", at=NOW - next(numbers) * HOUR)]))
        return len(await raised(embedded)) - before

    assert await count() == 0
    await save(embedded, "f", BAD)
    assert await count() == 1
    await save(embedded, "f", BAD, version=1, enabled=False)
    assert await count() == 0
    await save(embedded, "f", Indicators(("192.0.2.1",)), version=2)
    assert await count() == 0
    await save(embedded, "f", BAD, version=3)
    await save(embedded, "g", BAD)
    assert await count() == 2
    for feed in ("f", "g"):
        await embedded.catalog.remove_document(EVERYTHING, None, Removal(feed, DocumentKind.FEED, None))
    assert await count() == 0


async def test_a_feed_of_a_later_format_stops_neither_others_nor_the_batch(embedded: Embedded) -> None:
    await save(embedded, "f", BAD, fromLater=1)
    await save(embedded, "g", BAD)
    embedded.commit(batch([out("203.0.113.7")]))
    assert len(await raised(embedded)) == 1
