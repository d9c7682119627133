"""The security posture over a range: what is read for it, part by part, and what it comes to.

Policies decide as a whole, so that manifests are read whatever the caller's namespaces are; scored are the
caller's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_clusters, read_filter
from tapetum.api.use.cluster_objects import read_objects, seen_clusters
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import MINUTE, Micros, TimeRange
from tapetum.domain.service_graph import EdgeReports, KeySums
from tapetum.logstore.port import Search
from tapetum.posture import (
    Action,
    Facts,
    Isolation,
    Place,
    Ratings,
    Reports,
    Standing,
    Standings,
    actions,
    facts_of,
    isolation,
    ratings,
    standings,
)

_PARTS = 8
_SHORTEST = 5 * MINUTE
"""A part no longer than a log is flushed in would show gaps that are none."""
_UNPOLICED = 'policy_hits:{set: enforced and index: 0 and (tier: "__PROFILE__" or kind: Profile)}'
_UNTRACED = "not policy_hits:{set: enforced}"
STAGED_DENIES = "action: allow and policy_hits:{set: pending and action: deny}"
_FILTERS = tuple(read_filter(text, RecordKind.FLOWS) for text in (None, _UNPOLICED, _UNTRACED, STAGED_DENIES))


@dataclass(frozen=True, slots=True)
class Posture:
    """`starts` are those of the trend's parts. `without`: clusters of which no manifests are known."""

    range: TimeRange
    starts: tuple[Micros, ...]
    ratings: Ratings
    actions: Sequence[Action]
    without: tuple[str, ...]


async def security_posture(asked: Asked, within: TimeRange, clusters: Sequence[str] | None) -> Posture:
    within = TimeRange(within.start, min(within.end, asked.now))
    if within.start >= within.end:
        raise BadInputError("The range begins in the future; let it begin earlier.", path="range")
    names = await seen_clusters(asked, read_clusters(clusters))
    isolated = _Isolating(asked, names)
    facts: list[Facts] = []
    parts: list[Standings] = []
    known: Isolation = {}
    for part in _parts(within):
        facts.append(await _facts(asked, part, frozenset(names)))
        known = await isolated.at(part.end)
        parts.append(standings(facts[-1], known))
    now = standings(reduce(or_, facts), known)
    found = await anyio.to_thread.run_sync(ratings, now, parts)
    return Posture(
        within,
        tuple(part.start for part in _parts(within)),
        found,
        actions(now, found.whole.score.tallies),
        tuple(name for name in names if name not in known),
    )


class _Isolating:
    """What manifests isolate at a time; the same manifests are judged once."""

    def __init__(self, asked: Asked, clusters: Sequence[str]) -> None:
        self._asked = asked
        self._clusters = clusters
        self._judged: dict[str, Mapping[Place, Standing]] = {}

    async def at(self, moment: Micros) -> Isolation:
        found: dict[str, Mapping[Place, Standing]] = {}
        for cluster in self._clusters:
            objects = await read_objects(self._asked, cluster, moment)
            if not objects.objects:
                continue
            if objects.digest not in self._judged:
                told = await anyio.to_thread.run_sync(isolation, objects.state)
                self._judged[objects.digest] = {
                    place: each for place, each in told.items() if self._asked.scope.sees(cluster, place[0])
                }
            found[cluster] = self._judged[objects.digest]
        return found


async def _facts(asked: Asked, part: TimeRange, clusters: frozenset[str]) -> Facts:
    every = [await _reports(asked, Search(RecordKind.FLOWS, part, clusters, query)) for query in _FILTERS]
    return await anyio.to_thread.run_sync(facts_of, Reports(*every))


async def _reports(asked: Asked, search: Search) -> EdgeReports:
    keys = await asked.api.logs.flow_keys(asked.scope, search)
    return await asked.api.graph.edge_reports(asked.scope, KeySums.seen(keys))


def _parts(within: TimeRange) -> list[TimeRange]:
    count = max(1, min(_PARTS, within.length // _SHORTEST))
    edges = [within.start + within.length * place // count for place in range(count + 1)]
    return [TimeRange(start, end) for start, end in pairwise(edges)]
