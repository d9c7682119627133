"""What an import of manifests comes to, and which sightings are kept: pure, so that adapters decide alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tapetum.domain.errors import NotAllowedError, TooLargeError
from tapetum.domain.manifests import ManifestCounts, ManifestKey, Origin, Sighting, digest
from tapetum.domain.moments import Micros, TimeRange
from tapetum.domain.scope import Scope

MOST_OBJECTS = 20_000
MOST_BYTES = 64 * 1024 * 1024
LARGEST = 1024 * 1024
"""Bytes of one object; API servers refuse more than about as much."""


@dataclass(frozen=True, slots=True)
class ManifestImport:
    """Objects of a cluster as of a time, applied together. A body of None says that the object is gone.

    With `replace` they are all there is, of these `kinds` (None: of all): what else the caller may change
    of the cluster is gone.
    """

    cluster: str
    at: Micros
    origin: Origin
    by: str | None
    bodies: Mapping[ManifestKey, str | None]
    replace: bool = False
    kinds: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ManifestsAsked:
    """Which objects, as of when; None is any."""

    cluster: str
    at: Micros
    kind: str | None = None
    namespace: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ManifestChangesAsked:
    """What changed of a cluster's objects of some kinds, later than the range's start and up to its end."""

    cluster: str
    within: TimeRange
    kinds: frozenset[str]


def namespaces_seen(scope: Scope, cluster: str) -> list[str] | None:
    """Those of a cluster that the caller sees objects of; None is all, and what lies in none."""
    if not scope.sees_cluster(cluster):
        return []
    if scope.namespaces is None:
        return None
    return sorted(name for of, name in scope.namespaces if of == cluster)


def hold_scope(scope: Scope, keys: Iterable[ManifestKey]) -> None:
    """Raises NotAllowedError for the first that the caller may not change."""
    for key in keys:
        if not key.visible(scope):
            raise NotAllowedError(refusal(key), path="manifests")


def refusal(key: ManifestKey) -> str:
    return (
        f"{key} of {key.cluster} is outside of what this token may see; leave it out, or use another token."
    )


def to_import(
    given: ManifestImport, known: Mapping[ManifestKey, str], scope: Scope
) -> tuple[list[Sighting], ManifestCounts]:
    """What to keep, given the digests of what is there as of then. What is so already adds nothing."""
    hold_scope(scope, given.bodies)
    _hold_bounds(given)
    bodies = dict(given.bodies)
    if given.replace:
        bodies |= {key: None for key in known if key not in bodies and _replaced(key, given, scope)}
    kept: list[Sighting] = []
    added = changed = removed = 0
    for key, body in bodies.items():
        before = known.get(key, "")
        if digest(body) == before:
            continue
        kept.append(Sighting(key, given.at, body, given.origin, given.by))
        added += not before
        removed += body is None
        changed += bool(before) and body is not None
    return kept, ManifestCounts(added, changed, len(bodies) - len(kept), removed)


def to_note(sightings: Iterable[Sighting], known: Mapping[tuple[ManifestKey, Micros], str]) -> list[Sighting]:
    """Those that are not kept yet: all of them, since an earlier one may still arrive.

    Of two at one time the greater digest stays, so that the order of arrival decides nothing.
    """
    kept: dict[tuple[ManifestKey, Micros], Sighting] = {}
    for each in sightings:
        place = (each.key, each.at)
        before = kept[place].digest if place in kept else known.get(place)
        if before is None or each.digest > before:
            kept[place] = each
    return list(kept.values())


def _replaced(key: ManifestKey, given: ManifestImport, scope: Scope) -> bool:
    return key.visible(scope) and (given.kinds is None or key.kind in given.kinds)


def _hold_bounds(given: ManifestImport) -> None:
    count = len(given.bodies)
    if count > MOST_OBJECTS:
        raise TooLargeError(
            f"{count:,} objects are too many for one import, which takes {MOST_OBJECTS:,}; split it.",
            path="manifests",
        )
    total = 0
    for key, body in given.bodies.items():
        size = len(body.encode()) if body is not None else 0
        if size > LARGEST:
            raise TooLargeError(
                f"{key} has {size:,} bytes, and {LARGEST:,} are the most of one object; make it smaller.",
                path="manifests",
            )
        total += size
    if total > MOST_BYTES:
        raise TooLargeError(
            f"The objects have {total:,} bytes, and one import takes {MOST_BYTES:,}; split it.",
            path="manifests",
        )
