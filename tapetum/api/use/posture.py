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
import numpy as np

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_clusters
from tapetum.api.use.cluster_objects import read_objects, seen_clusters
from tapetum.api.use.image_scans import read_images
from tapetum.api.use.posture_dismissals import Told, with_dismissals
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import MINUTE, Micros, TimeRange
from tapetum.domain.service_graph import EdgeReports, KeySums
from tapetum.kql import parse
from tapetum.logstore.port import Search
from tapetum.posture import (
    Action,
    ImageRisk,
    Isolation,
    Keys,
    Place,
    Ratings,
    Sightings,
    Standing,
    actions,
    image_risk,
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
_FROM_SETS = "reporter: dst and action: allow and source_type: ns"
FROM_PUBLIC_SETS = f"{_FROM_SETS} and source_network: pub"
_UNADDRESSED = f"{_FROM_SETS} and not source_network: *"
_TO_PRIVATE_SETS = "dest_type: ns and dest_network: pvt"
_TEXTS = (_UNPOLICED, _UNTRACED, STAGED_DENIES, FROM_PUBLIC_SETS, _UNADDRESSED, _TO_PRIVATE_SETS)
_MARKS = tuple(parse(text) for text in _TEXTS)
"""In the order of Keys, after `every`."""


@dataclass(frozen=True, slots=True)
class Posture:
    """`starts` are those of the trend's parts. `dismissed` are actions that somebody decided against: they
    gain nothing until they are done. `without`: clusters of which no manifests are known.
    """

    range: TimeRange
    starts: tuple[Micros, ...]
    ratings: Ratings
    actions: Sequence[Told]
    dismissed: Sequence[Told]
    without: tuple[str, ...]


async def security_posture(asked: Asked, within: TimeRange, clusters: Sequence[str] | None) -> Posture:
    within = TimeRange(within.start, min(within.end, asked.now))
    if within.start >= within.end:
        raise BadInputError("The range begins in the future; let it begin earlier.", path="range")
    names = await seen_clusters(asked, read_clusters(clusters))
    isolated = _Isolating(asked, names)
    parts = _parts(within)
    known = [await isolated.at(part.end) for part in parts]
    keys = [await _keys(asked, part, frozenset(names)) for part in parts]
    every = KeySums.seen(np.unique(np.concatenate([part.every for part in keys])))
    said = await asked.api.graph.edge_reports(asked.scope, every)
    images = await isolated.images(within.end)
    found, told = await anyio.to_thread.run_sync(_rated, said, keys, known, images)
    without = tuple(name for name in names if name not in known[-1])
    every_action = await with_dismissals(asked, told)
    left = [each for each in every_action if each.dismissal is None]
    dismissed = [each for each in every_action if each.dismissal is not None]
    return Posture(within, tuple(part.start for part in parts), found, left, dismissed, without)


def _rated(
    said: EdgeReports, keys: Sequence[Keys], known: Sequence[Isolation], images: ImageRisk
) -> tuple[Ratings, Sequence[Action]]:
    sightings = Sightings(said)
    facts = [sightings.facts(part) for part in keys]
    parts = [standings(*part, images) for part in zip(facts, known, strict=True)]
    now = standings(reduce(or_, facts), known[-1], images)
    found = ratings(now, parts)
    return found, actions(now, found.whole.score.tallies)


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

    async def images(self, moment: Micros) -> ImageRisk:
        """By what scans found that count today, whatever the moment: nobody tells since when a flaw is."""
        found: dict[str, Mapping[Place, Standing]] = {}
        for cluster in self._clusters:
            scans = await read_images(self._asked, cluster)
            if scans:
                state = (await read_objects(self._asked, cluster, moment)).state
                found[cluster] = {
                    place: each
                    for place, each in image_risk(state.groups, scans).items()
                    if self._asked.scope.sees(cluster, place[0])
                }
        return found


async def _keys(asked: Asked, part: TimeRange, clusters: frozenset[str]) -> Keys:
    found = await asked.api.logs.marked_keys(asked.scope, Search(RecordKind.FLOWS, part, clusters), _MARKS)
    return Keys(found.keys, *(found.keys[mark] for mark in found.marked.T))


def _parts(within: TimeRange) -> list[TimeRange]:
    count = max(1, min(_PARTS, within.length // _SHORTEST))
    edges = [within.start + within.length * place // count for place in range(count + 1)]
    return [TimeRange(start, end) for start, end in pairwise(edges)]
