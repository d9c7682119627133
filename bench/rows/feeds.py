"""A feed of 100,000 entries: looked up over all flows that are kept, and made ready for the stream."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, Of, Target
from bench.setting import Setting
from bench.stores import NOW
from bench.timing import Took, middle, took, waited
from tapetum.detect.feeds.index import Index
from tapetum.detect.feeds.matching import Watch
from tapetum.domain.feeds import Feed, Indicators
from tapetum.domain.moments import DAY
from tapetum.service.embedded import Embedded, open_embedded
from tapetum.service.feeds.history import past_alerts

ROW = "feeds"
_WITHIN = Target(10, at_least=False, of=Of.VALUE, unit="s")
_ADDRESSES = 1_000_000
_NAMES = 50_000
_FILL = f"""INSERT INTO flows (id, cluster, start_time, end_time, reporter, action, proto, source_type,
  source_namespace, source_name_aggr, source_network, source_ip, dest_type, dest_name_aggr, dest_network,
  dest_port, dest_ip, dest_domains, dest_domain)
SELECT substr(md5(i::VARCHAR), 1, 16), 'bench', make_timestamp({NOW - DAY} + i * ({DAY} // $flows)),
  make_timestamp({NOW - DAY} + i * ({DAY} // $flows) + 15000000), 'src', 'allow', 'tcp', 'wep',
  'team-' || (i % 100), 'app-' || (i % 5000) || '-*', 'pvt',
  concat_ws('.', 10, i % 4, i % 250, i % 199),
  'net', 'pub', 'pub', 443,
  concat_ws('.', 20 + a // 65536 % 60, a // 256 % 256, a % 256, a // 65536 // 60 + 1),
  CASE WHEN i % 5 = 0 THEN ['host-' || (a % {_NAMES}) || '.example'] END, NULL
FROM (SELECT i, (i * 7919) % {_ADDRESSES} AS a FROM range($flows) t(i))"""
"""Flows to a million addresses, a fifth of them to names as well."""


def run(setting: Setting) -> list[Figure]:
    flows = setting.sized(10_000_000, 20_000)
    entries = setting.sized(100_000, 1_000)
    indicators = _listed(entries)
    made = middle([took(lambda: Index.of(indicators)) for _ in range(setting.rounds)])
    watch = Watch("bench", Feed(format=1, title="Bench"), Index.of(indicators))
    with _filled(setting.scratch / ROW, flows) as store:
        searched, found = asyncio.run(_searched(store, watch, setting.rounds))
    if not found:
        raise AssertionError("The feed lists addresses of the flows, and none was found.")
    named = f"{entries:,} entries over {flows:,} flows, {found:,} alerts"
    return [
        Figure(ROW, named, searched.wall, "s", target=_WITHIN),
        Figure(ROW, f"{entries:,} entries made ready", made.wall * 1000, "ms"),
    ]


def _listed(entries: int) -> Indicators:
    """Addresses that nobody talked to, as most of feeds are, some that somebody did, a network, and names."""
    others = [
        f"150.{place // 65536}.{place // 256 % 256}.{place % 256}" for place in range(entries * 9 // 10)
    ]
    met = [f"20.0.{place}.1" for place in range(min(200, entries // 500))]
    addresses = [*others, *met]
    names = [f"bad-{place}.example" for place in range(entries - len(addresses) - 1)]
    return Indicators(tuple(sorted({*addresses, "20.7.0.0/16"})), tuple(sorted(names)))


@contextmanager
def _filled(place: Path, flows: int) -> Iterator[Embedded]:
    """Records without their roll-ups, which the search does not read: such a store is not opened again."""
    store = open_embedded(place, clock=lambda: NOW, memory_limit="1GB", threads=2)
    try:
        with store.engine.transaction() as transaction:
            transaction.connection.execute(_FILL, {"flows": flows})
        store.engine.checkpoint()
        yield store
    finally:
        store.close()


async def _searched(store: Embedded, watch: Watch, rounds: int) -> tuple[Took, int]:
    times: list[Took] = []
    found = 0
    for _ in range(rounds):

        async def search() -> None:
            nonlocal found
            found = len(await past_alerts(store.logs, watch, NOW))

        times.append(await waited(search))
    return middle(times), found
