"""Allowed, but never answered. The filter chooses by the source's records; of the destination all count."""

from dataclasses import dataclass, replace

import numpy as np

from tapetum.api.context import Asked
from tapetum.domain.flows import Reporter
from tapetum.domain.metrics import Op
from tapetum.domain.moments import Micros
from tapetum.domain.service_graph import EdgeReports
from tapetum.domain.traffic import Codes
from tapetum.domain.unanswered import Unanswered, cause_of, silent
from tapetum.logstore.aggregation import LIMIT, Aggregation, Metric
from tapetum.logstore.port import Search

MOST = 500
_SEEN = Aggregation(
    metrics=(
        Metric(Op.MIN, "start_time"),
        Metric(Op.MAX, "start_time"),
        Metric(Op.DISTINCT, "start_time"),
    ),
    group_by=("flow_key",),
    limit=LIMIT,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """First and last record of a flow key, and in how many windows there were any."""

    first: Micros
    last: Micros
    windows: int


async def unanswered(asked: Asked, search: Search, limit: int) -> tuple[list[Unanswered], bool]:
    """Most attempts first, and whether there are more."""
    said = await _said(asked, search)
    found = silent(said)
    shown = found[:limit]
    heard = said
    if search.filter is not None:
        related = said.related[np.isin(said.related_edge, shown)]
        heard = await _said(asked, replace(search, filter=None, keys=tuple(related.tolist())))
    places = {_edge(heard, place): place for place in range(len(heard.source))}
    there = np.array([places[_edge(said, place)] for place in shown.tolist()], np.int64)
    sent = await _seen(asked, search, said.of(shown, Reporter.SRC))
    received = await _seen(asked, replace(search, filter=None), heard.of(there, Reporter.DST))
    told = [
        _told(said, place, heard, other, sent, received)
        for place, other in zip(shown.tolist(), there.tolist(), strict=True)
    ]
    return told, len(found) > limit


def _told(
    said: EdgeReports,
    place: int,
    heard: EdgeReports,
    other: int,
    sent: dict[int, Seen],
    received: dict[int, Seen],
) -> Unanswered:
    target = said.nodes[said.target[place]]
    own = [sent[key] for key in said.of(_one(place), Reporter.SRC) if key in sent]
    there = [received[key] for key in heard.of(_one(other), Reporter.DST) if key in received]
    windows = min(_windows(own), _windows(there))
    answers = heard.said[Reporter.DST, False].row(other)
    denials = heard.said[Reporter.DST, True].row(other)
    cause, explanation = cause_of(target, answers, denials, windows)
    return Unanswered(
        source=said.nodes[said.source[place]],
        target=target,
        protocol=said.protocol[place],
        port=said.port[place],
        service=said.service[place],
        cause=cause,
        explanation=explanation,
        sent=said.said[Reporter.SRC, False].row(place),
        reports=heard.reports(other),
        first_seen=min((one.first for one in own), default=None),
        last_seen=max((one.last for one in own), default=None),
        windows=_windows(own),
    )


async def _said(asked: Asked, search: Search) -> EdgeReports:
    return await asked.api.graph.edge_reports(asked.scope, await asked.api.logs.sums(asked.scope, search))


async def _seen(asked: Asked, search: Search, keys: tuple[int, ...]) -> dict[int, Seen]:
    found: dict[int, Seen] = {}
    for start in range(0, len(keys), LIMIT):
        some = replace(search, keys=keys[start : start + LIMIT])
        for row in (await asked.api.logs.aggregate(asked.scope, some, _SEEN)).rows:
            first, last, windows = (int(value or 0) for value in row.values)
            found[int(row.keys[0] or 0)] = Seen(first, last, windows)
    return found


def _windows(seen: list[Seen]) -> int:
    """Of several flow keys the most: their windows may be the same ones."""
    return max((one.windows for one in seen), default=0)


def _one(place: int) -> Codes:
    return np.array([place])


def _edge(said: EdgeReports, place: int) -> object:
    return (
        said.nodes[said.source[place]],
        said.nodes[said.target[place]],
        said.protocol[place],
        said.port[place],
    )
