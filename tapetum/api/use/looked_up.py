"""Observed flows with the names that DNS logs tell of their destinations, where the flows tell none."""

import re
from collections.abc import Iterator

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import HOUR, Micros, TimeRange
from tapetum.logstore.port import Record, Search
from tapetum.policy.recommend import Lookup, Observed, named, nameless

_CACHED: Micros = 24 * HOUR
"""How long before the range a client may have asked; few answers are kept longer."""
_MOST_ADDRESSES, _MOST_ANSWERS = 5_000, 50_000
_NAME = re.compile(r"(?=.{3,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_CLIENT = ("client_namespace", "client_name_aggr")
_TOLD = (*_CLIENT, "qname", "rrsets")


async def with_looked_up_names(asked: Asked, cluster: str, within: TimeRange, flows: Observed) -> Observed:
    """The first 5,000 addresses, from the newest 50,000 answers; whatever is beyond stays an address."""
    addresses = nameless(flows)[:_MOST_ADDRESSES]
    if not addresses:
        return flows
    search = Search(
        RecordKind.DNS, TimeRange(max(0, within.start - _CACHED), within.end), frozenset({cluster})
    )
    answers = await asked.api.logs.holding(
        asked.scope, search, "rrsets.rdata", addresses, (*_CLIENT, "qname"), 1, _MOST_ANSWERS, _TOLD
    )
    return await anyio.to_thread.run_sync(lambda: named(flows, _lookups(answers)))


def _lookups(answers: list[Record]) -> Iterator[Lookup]:
    """A name may have been an alias of the one that has the address; clients ask for the alias.

    Who asks chooses the name, and a policy would take a wildcard for one: what is no plain name tells none.
    """
    for answer in answers:
        namespace, aggregate = answer["client_namespace"], answer["client_name_aggr"]
        name = (answer["qname"] or "").lower().removesuffix(".")
        for held in answer["rrsets"] or () if _NAME.fullmatch(name) else ():
            for address in held["rdata"] or ():
                yield Lookup(namespace, aggregate, name, address)
