"""Alerts: numbered, and read in the order of their numbers only up to the first that is missing.

A missing number is on its way, since whoever gave it also writes it; one that did not come within ten
minutes never will.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import numpy as np

from tapetum.domain.alerts import Alert, NumberedAlert, Triage
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import MINUTE, Clock
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.logstore.alert_rows import alert_of, alert_row, triage_row
from tapetum.logstore.elasticsearch.attempt import Attempt
from tapetum.logstore.elasticsearch.bulk import Fate, Sender
from tapetum.logstore.elasticsearch.documents import entry, lines_of
from tapetum.logstore.elasticsearch.fields import record_of
from tapetum.logstore.elasticsearch.kql import Dsl
from tapetum.logstore.elasticsearch.names import Family, Names
from tapetum.logstore.elasticsearch.read import get
from tapetum.logstore.elasticsearch.reading import aggregations, sources
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.where import Where, within_scope

_PATIENCE = 10 * MINUTE
_AT_ONCE = 10_000


def append(
    attempt: Attempt, sender: Sender, names: Names, clock: Clock, alerts: Sequence[Alert]
) -> list[NumberedAlert]:
    """Store alerts whose id is new, numbered behind the last; for one writer at a time."""
    if not alerts:
        return []
    sender.server.do("POST", f"/{names.pattern(Family.ALERTS)}/_refresh")
    everywhere = [names.alias(Family.ALERTS)]
    known = sources(
        sender.server.search_now(
            everywhere,
            {"query": {"terms": {"id": [alert.id for alert in alerts]}}, "size": _AT_ONCE, "_source": ["id"]},
        )
    )
    last = sender.server.search_now(everywhere, {"size": 0, "aggs": {"last": {"max": {"field": "number"}}}})
    number = int(aggregations(last).get("last", {}).get("value") or 0)
    seen = {one["id"] for one in known}
    fresh = list({alert.id: alert for alert in alerts if alert.id not in seen}.values())
    numbered = [NumberedAlert(number + place, alert) for place, alert in enumerate(fresh, 1)]
    append_numbered(attempt, sender, names, clock, numbered)
    return numbered


def append_numbered(
    attempt: Attempt, sender: Sender, names: Names, clock: Clock, numbered: Sequence[NumberedAlert]
) -> None:
    """Store alerts under the numbers that they have; those that are there stay. Visible when this returns."""
    if not numbered:
        return
    places = [
        (names.index(Family.ALERTS, one.alert.cluster, one.alert.time), one.alert.id) for one in numbered
    ]
    now = clock()
    entries = [
        entry(index, identity, _document(one, now))
        for (index, identity), one in zip(places, numbered, strict=True)
    ]
    fates = sender.create(lines_of(entries), refresh=True)
    attempt.raised += [places[at] for at in np.flatnonzero(fates == Fate.NEW)]


def _document(numbered: NumberedAlert, now: int) -> dict[str, Any]:
    row = {name: value for name, value in alert_row(numbered).items() if value is not None}
    return {**row, "@timestamp": numbered.alert.time // 1000, "appended_at": now}


async def after(
    server: Server, names: Names, scope: Scope, number: int, limit: int, now: int
) -> list[NumberedAlert]:
    if scope.everything:
        # Nearly always none is missing, which the alerts themselves tell.
        found = await _behind_number(server, names, scope, number, limit, None)
        if all(one.number == place for place, one in enumerate(found, number + 1)):
            return found
    upto = await _whole_up_to(server, names, number, now)
    return [] if upto <= number else await _behind_number(server, names, scope, number, limit, upto)


async def _behind_number(
    server: Server, names: Names, scope: Scope, number: int, limit: int, upto: int | None
) -> list[NumberedAlert]:
    where = within_scope(names, RecordKind.ALERTS, scope).and_(_behind(number))
    if upto is not None:
        where = where.and_(_up_to(upto))
    body = {"query": where.query, "sort": [{"number": "asc"}], "size": limit}
    found = sources(await _search(server, where, body))
    return [NumberedAlert(one["number"], alert_of(record_of(RecordKind.ALERTS, one))) for one in found]


async def triage(server: Server, names: Names, scope: Scope, alert_id: str, given: Triage) -> Alert | None:
    record = await get(server, names, scope, RecordKind.ALERTS, alert_id)
    if record is None:
        return None
    triaged = alert_of(record).triaged(given)
    index = names.index(Family.ALERTS, triaged.cluster, triaged.time)
    body = {"doc": triage_row(triaged)}
    update = partial(
        server.do,
        "POST",
        f"/{index}/_update/{quote(triaged.id, safe='')}",
        body,
        fine=(HTTPStatus.NOT_FOUND,),
        parameters={"refresh": "true", "retry_on_conflict": "5"},
    )
    status, _ = await asyncio.to_thread(update)
    return None if status == HTTPStatus.NOT_FOUND else triaged  # its day may have been removed meanwhile


async def last(server: Server, names: Names, scope: Scope, now: int) -> int:
    """Of those that may be read already: who follows from here on must not skip one on its way."""
    upto = await _whole_up_to(server, names, 0, now)
    where = within_scope(names, RecordKind.ALERTS, scope)
    return await _highest(server, where.and_(_up_to(upto))) if upto else 0


async def _whole_up_to(server: Server, names: Names, above: int, now: int) -> int:
    """The number up to which none is on its way any more.

    Found before the alerts are read: one that shows only in between must not be taken for read.
    """
    top = await _highest(server, within_scope(names, RecordKind.ALERTS, EVERYTHING))
    missing = await _first_missing(server, names, above, top, now) if top > above else None
    return top if missing is None else missing - 1


async def _first_missing(server: Server, names: Names, above: int, top: int, now: int) -> int | None:
    """The lowest number in (above, top] that has no alert and may still get one."""
    everything = within_scope(names, RecordKind.ALERTS, EVERYTHING)
    settled = everything.and_({"range": {"appended_at": {"lt": now - _PATIENCE}}})
    low = max(above, await _highest(server, settled))
    if top <= low or await _count(server, everything, low, top) == top - low:
        return None
    high = top  # some number in (low, high] is missing, and none up to low
    while high - low > 1:
        middle = (low + high) // 2
        if await _count(server, everything, low, middle) == middle - low:
            low = middle
        else:
            high = middle
    return high


async def _count(server: Server, where: Where, low: int, high: int) -> int:
    body = {"query": where.and_(_behind(low), _up_to(high)).query, "size": 0, "track_total_hits": True}
    return int((await _search(server, where, body))["hits"]["total"]["value"])


async def _highest(server: Server, where: Where) -> int:
    body = {"query": where.query, "size": 0, "aggs": {"last": {"max": {"field": "number"}}}}
    found = aggregations(await _search(server, where, body))
    return int(found.get("last", {}).get("value") or 0)


async def _search(server: Server, where: Where, body: Body) -> Body:
    """Always of the same copies of the indices: another may not show yet what this one has shown."""
    return await server.search(where.indices, body, preference="tapetum-alerts")


def _behind(number: int) -> Dsl:
    return {"range": {"number": {"gt": number}}}


def _up_to(number: int) -> Dsl:
    return {"range": {"number": {"lte": number}}}
