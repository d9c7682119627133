"""Policies learnt from the recorded flows of a range, and tested on what came later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import anyio.to_thread
import numpy as np
import pyarrow as pa

from tapetum.api.context import Asked
from tapetum.api.use.alerted import alerted
from tapetum.api.use.arguments import read_filter
from tapetum.api.use.cluster_objects import only_cluster, read_objects
from tapetum.api.use.looked_up import with_looked_up_names
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError, NotAllowedError
from tapetum.domain.moments import DAY, Micros, TimeRange, parse_moment
from tapetum.logstore.port import MOST_VERDICT_KEYS, VERDICT_KEYS, Search, too_many_verdict_keys
from tapetum.policy.recommend import (
    HeldOut,
    Observed,
    Options,
    Recommendation,
    Target,
    evaluate_held_out,
    observed,
    recommend,
    summed,
)
from tapetum.policy.selectors import Selector, SelectorError, parse
from tapetum.policy.state import ClusterState

_MOST_DAYS = 31
_MOST_UNWANTED = 10


@dataclass(frozen=True, slots=True)
class RecommendationAsked:
    """`learn_until` None: nothing is held out. `unwanted` are filters of flows, `alerts` whether alerts mark
    what they show as unwanted too.
    """

    cluster: str | None
    namespaces: Sequence[str] | None
    selector: str | None
    options: Options
    within: TimeRange
    learn_until: str | None
    unwanted: Sequence[str]
    alerts: bool = True


@dataclass(frozen=True, slots=True)
class Recommended:
    """`keyless` records were stored by an earlier version and are not ready to be learnt from."""

    cluster: str
    learnt: TimeRange
    tested: TimeRange | None
    flows: Observed
    recommendation: Recommendation
    held_out: HeldOut | None
    keyless: int


async def recommend_policies(asked: Asked, wanted: RecommendationAsked) -> Recommended:
    """Against the manifests as of the range's end. Raises what keeps it from being answered."""
    if asked.scope.namespaces is not None:
        raise NotAllowedError(
            "This token sees only some namespaces, and policies learnt without the flows of the others would "
            "deny these; ask with a token that sees the whole cluster.",
            path="target",
        )
    within = TimeRange(wanted.within.start, min(wanted.within.end, asked.now))
    learnt, tested = _halves(asked, within, wanted.learn_until)
    target = Target(
        None if wanted.namespaces is None else frozenset(wanted.namespaces), _selector(wanted.selector)
    )
    cluster, state = await _state(asked, wanted.cluster, within.end)
    if len(wanted.unwanted) > _MOST_UNWANTED:
        raise BadInputError(f"At most {_MOST_UNWANTED} filters may be unwanted.", path="unwanted")
    earlier, keyless = await _read(asked, cluster, learnt, wanted)
    later, later_keyless = (None, 0) if tested is None else await _read(asked, cluster, tested, wanted)
    found, held = await anyio.to_thread.run_sync(_recommended, state, earlier, later, target, wanted.options)
    return Recommended(cluster, learnt, tested, earlier, found, held, keyless + later_keyless)


async def _state(asked: Asked, name: str | None, at: Micros) -> tuple[str, ClusterState]:
    try:
        cluster = await only_cluster(asked, name)
        found = await read_objects(asked, cluster, at)
    except BadInputError as error:
        raise BadInputError(error.message, path="target.cluster") from None
    if not found.objects:
        raise BadInputError(
            f"No manifests of {cluster} are known as of the range's end; bring them in with "
            "`importManifests` first.",
            path="target.cluster",
        )
    return cluster, found.state


def _recommended(
    state: ClusterState, earlier: Observed, later: Observed | None, target: Target, options: Options
) -> tuple[Recommendation, HeldOut | None]:
    found = recommend(state, earlier, target, options)
    return found, None if later is None else evaluate_held_out(found, state, later)


def _halves(asked: Asked, within: TimeRange, until: str | None) -> tuple[TimeRange, TimeRange | None]:
    if within.end - within.start > _MOST_DAYS * DAY:
        raise BadInputError(f"The range is longer than {_MOST_DAYS} days; shorten it.", path="range")
    if within.start >= within.end:
        raise BadInputError("The range begins in the future; let it begin earlier.", path="range")
    if until is None:
        return within, None
    try:
        moment = parse_moment(until, asked.now)
    except BadInputError as error:
        raise BadInputError(error.message, path="learnUntil") from None
    if not within.start < moment < within.end:
        raise BadInputError("learnUntil lies outside of the range; put it inside.", path="learnUntil")
    return TimeRange(within.start, moment), TimeRange(moment, within.end)


async def _read(
    asked: Asked, cluster: str, within: TimeRange, wanted: RecommendationAsked
) -> tuple[Observed, int]:
    """Day by day, so that the days on which something was seen can be counted."""
    tables: list[pa.Table] = []
    unwanted = set[int]()
    keyless = 0
    queries = [read_filter(each, RecordKind.FLOWS) for each in wanted.unwanted]
    for start, end in pairwise(_days(within)):
        day = Search(RecordKind.FLOWS, TimeRange(start, end), frozenset({cluster}))
        found = await asked.api.logs.verdict_keys(asked.scope, day)
        keyless += found.keyless
        tables.append(found.rows)
        if sum(each.num_rows for each in tables) > MOST_VERDICT_KEYS:
            raise too_many_verdict_keys(MOST_VERDICT_KEYS)
        for query in queries:
            those = await asked.api.logs.verdict_keys(asked.scope, replace(day, filter=query))
            unwanted.update(those.rows.column("verdict_key").to_pylist())
    shown = await alerted(asked, cluster, within) if wanted.alerts else set[int]()
    flows = await anyio.to_thread.run_sync(_observed, tables, unwanted, shown)
    return await with_looked_up_names(asked, cluster, within, flows), keyless


def _observed(tables: list[pa.Table], unwanted: set[int], shown: set[int]) -> Observed:
    rows = summed(tables) if any(map(len, tables)) else VERDICT_KEYS.empty_table()
    keys = rows.column("verdict_key").to_numpy()
    return observed(rows, *(np.isin(keys, np.array(sorted(each), np.uint64)) for each in (unwanted, shown)))


def _days(within: TimeRange) -> list[Micros]:
    first = (within.start // DAY + 1) * DAY
    return [within.start, *range(first, within.end, DAY), within.end]


def _selector(text: str | None) -> Selector | None:
    if text is None:
        return None
    try:
        return parse(text)
    except SelectorError as error:
        raise BadInputError(error.message, path="target.selector") from None
