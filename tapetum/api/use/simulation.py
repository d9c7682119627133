"""What changes of policies would have done to recorded flows: read, replayed and paged through."""

from collections.abc import Sequence
from dataclasses import dataclass

import anyio.to_thread

from tapetum.api.context import Asked
from tapetum.api.states import ClusterObjects
from tapetum.api.use.arguments import read_filter, read_limit
from tapetum.api.use.cluster_objects import hold_known, only_cluster, read_objects
from tapetum.api.use.cursors import digest, read_cursor, write_cursor
from tapetum.api.use.records import MOST
from tapetum.catalog.manifests import refusal
from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError, NotAllowedError
from tapetum.domain.manifests import ManifestKey
from tapetum.domain.moments import TimeRange
from tapetum.kql import FieldType
from tapetum.logstore.port import Position, Search
from tapetum.policy.resources.keys import Key, key_of
from tapetum.policy.resources.manifests import read_manifests
from tapetum.policy.whatif import Change, Draft, Simulation, simulate
from tapetum.policy.whatif.edits import Edit, Promote, Put
from tapetum.policy.whatif.flips import Flip

_THREADS = 2
_MOST_EDITS = 1000


@dataclass(frozen=True, slots=True)
class Simulated:
    """`keyless` records were stored by an earlier version and are not replayed yet."""

    cluster: str
    range: TimeRange
    before: ClusterObjects
    draft: Draft
    simulation: Simulation
    keyless: int
    digest: str


async def simulate_policies(
    asked: Asked,
    name: str | None,
    edits: Sequence[Edit],
    within: TimeRange,
    filter_text: str | None,
    *,
    paths: Sequence[str] = (),
) -> Simulated:
    """Against the manifests as of the range's end. Raises what keeps it from being replayed. `paths` say of
    each edit which change of the request it is of.
    """
    cluster = await only_cluster(asked, name)
    query = read_filter(filter_text, RecordKind.FLOWS)
    before = await read_objects(asked, cluster, min(within.end, asked.now))
    if not before.objects:
        await hold_known(asked, cluster)
    draft = await anyio.to_thread.run_sync(_drafted, asked, before, edits, paths)
    search = Search(RecordKind.FLOWS, within, frozenset({cluster}), query)
    found = await asked.api.logs.verdict_keys(asked.scope, search)
    changed = sorted(draft.changed.items())
    bound = digest("simulation", before.digest, changed, filter_text)

    def replayed() -> Simulation:
        return simulate(found.rows, before.state, draft.state, threads=_THREADS)

    records = pc.sum(found.rows.column("records")).as_py()  # late ones may come under keys that were there
    key = asked.scope, bound, within, found.rows.num_rows, records, found.keyless
    simulation = await anyio.to_thread.run_sync(asked.api.simulations.get, key, replayed)
    return Simulated(cluster, within, before, draft, simulation, found.keyless, bound)


def read_puts(text: str, path: str) -> list[Edit]:
    """Raises BadInputError for the first object that is wrong."""
    found = read_manifests([(path, text)])
    if found.problems:
        more = len(found.problems) - 1
        rest = f" {more} more objects are wrong." if more else ""
        raise BadInputError(f"{found.problems[0]}{rest}", path=path)
    return [Put(each.key, each.document) for each in found.manifests]


def _drafted(asked: Asked, before: ClusterObjects, edits: Sequence[Edit], paths: Sequence[str]) -> Draft:
    if len(edits) > _MOST_EDITS:
        raise BadInputError(
            f"{len(edits):,} changes are too many; {_MOST_EDITS:,} are the most.", path="changes"
        )
    draft = Draft(before.objects, before.state)
    for place, edit in enumerate(edits):
        try:
            draft = draft.edited(_seen(asked, before.cluster, draft, edit))
        except BadInputError as error:
            path = paths[place] if paths else f"changes[{place}]"
            raise BadInputError(error.message, path=error.path or path) from None
    for key in draft.changed:
        if not _visible(asked, before.cluster, key):
            raise NotAllowedError(refusal(ManifestKey(before.cluster, *key)), path="changes")
    return draft


def _seen(asked: Asked, cluster: str, draft: Draft, edit: Edit) -> Edit:
    """All that is staged means all of it that the caller sees."""
    if not isinstance(edit, Promote) or edit.keys:
        return edit
    staged = (key_of(each) for each in draft.state.policies if each.staged is not None)
    found = tuple(key for key in staged if _visible(asked, cluster, key))
    if not found:
        raise BadInputError("Nothing is staged; there is nothing to promote.")
    return Promote(found)


def _visible(asked: Asked, cluster: str, key: Key) -> bool:
    return ManifestKey(cluster, *key).visible(asked.scope)


@dataclass(frozen=True, slots=True)
class FlipPage:
    simulated: Simulated
    places: tuple[int, ...]
    change: Change | None
    more: bool
    continued: bool

    @property
    def range(self) -> TimeRange:
        return self.simulated.range

    def flips(self) -> list[Flip]:
        return [self.simulated.simulation.every.at(place) for place in self.places]

    def cursors(self) -> list[str]:
        bound = self.simulated.digest
        return [write_cursor(bound, self.range, Position(place, "")) for place in self.places]

    async def count(self, asked: Asked) -> int:
        del asked
        return len(self.simulated.simulation.places(self.change))


def read_flips(simulated: Simulated, change: Change | None, first: int, after: str | None) -> FlipPage:
    read_limit("first", first, MOST)
    places = simulated.simulation.places(change)
    if after is not None:
        cursor = read_cursor(after, simulated.digest, FieldType.LONG)
        if cursor.range != simulated.range:
            raise BadInputError("The cursor is of another range; give that of its answer.", path="after")
        places = places[places > cursor.position.value]
    shown = tuple(int(place) for place in places[:first])
    return FlipPage(simulated, shown, change, len(places) > first, after is not None)
