"""Observed flows with the names that DNS logs tell of their destinations, where the flows tell none."""

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import HOUR, Micros, TimeRange
from tapetum.logstore.port import Search
from tapetum.policy.recommend import Observed, lookups_of, named, nameless
from tapetum.policy.recommend.lookups import ANSWER, CLIENT

_CACHED: Micros = 24 * HOUR
"""How long before the range a client may have asked; few answers are kept longer."""
_MOST_ADDRESSES, _MOST_ANSWERS = 5_000, 50_000


async def with_looked_up_names(asked: Asked, cluster: str, within: TimeRange, flows: Observed) -> Observed:
    """The first 5,000 addresses, from the newest 50,000 answers; whatever is beyond stays an address."""
    addresses = nameless(flows)[:_MOST_ADDRESSES]
    if not addresses:
        return flows
    search = Search(
        RecordKind.DNS, TimeRange(max(0, within.start - _CACHED), within.end), frozenset({cluster})
    )
    answers = await asked.api.logs.holding(
        asked.scope, search, "rrsets.rdata", addresses, (*CLIENT, "qname"), 1, _MOST_ANSWERS, ANSWER
    )
    return await anyio.to_thread.run_sync(lambda: named(flows, lookups_of(answers)))
