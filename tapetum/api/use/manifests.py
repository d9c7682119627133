"""Manifests: bringing them in, all or none, and reading them as of any time."""

from collections.abc import Sequence
from dataclasses import dataclass

import anyio.to_thread
import msgspec

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.cursors import digest, read_cursor, write_cursor
from tapetum.api.use.records import MOST
from tapetum.api.use.refused import ObjectsRefusedError, refused
from tapetum.catalog.manifests import ManifestImport, ManifestsAsked, refusal
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.errors import BadInputError, NotAllowedError
from tapetum.domain.identity import unseal
from tapetum.domain.manifests import ManifestCounts, ManifestKey, ManifestVersion, Origin
from tapetum.domain.moments import Micros, TimeRange, parse_moment
from tapetum.kql import FieldType
from tapetum.logstore.port import Position
from tapetum.policy.bodies import bodies_of
from tapetum.policy.resources.manifests import read_manifests

_TAG = "manifest"
_APART = "\x1f"
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Texts:
    """What is to be imported, as it was sent."""

    cluster: str
    texts: Sequence[str]
    at: str
    replace: bool
    kinds: Sequence[str] | None = None
    remove: Sequence[str] = ()


async def import_manifests(asked: Asked, sent: Texts) -> ManifestCounts:
    """Raises ObjectsRefusedError, or what keeps the whole from being applied; then nothing is."""
    cluster = checked_cluster(sent.cluster)
    at = read_at(asked, sent.at)
    if not asked.scope.sees_cluster(cluster):
        raise NotAllowedError(f"This token does not see {cluster}; use another one.", path="cluster")
    # Reading takes seconds where much is sent, and others are served meanwhile.
    read = await anyio.to_thread.run_sync(read_texts, cluster, sent.texts)
    bodies = {**dict.fromkeys(_gone(cluster, sent.remove)), **read}
    kinds = None if sent.kinds is None else frozenset(sent.kinds)
    unseen = [
        NotAllowedError(refusal(key), path="manifests") for key in bodies if not key.visible(asked.scope)
    ]
    if unseen:
        raise ObjectsRefusedError(unseen, "manifests")
    given = ManifestImport(cluster, at, Origin.IMPORT, asked.caller, bodies, sent.replace, kinds)
    return await asked.api.catalog.import_manifests(asked.scope, given)


def read_texts(cluster: str, texts: Sequence[str]) -> dict[ManifestKey, str]:
    """Raises ObjectsRefusedError."""
    found = read_manifests((f"manifests[{place}]", text) for place, text in enumerate(texts))
    if found.problems:
        raise ObjectsRefusedError([refused(each) for each in found.problems], "manifests")
    return bodies_of(cluster, found)


def _gone(cluster: str, ids: Sequence[str]) -> list[ManifestKey]:
    keys = [parse_manifest_id(text, path="remove") for text in ids]
    for key in keys:
        if key.cluster != cluster:
            raise BadInputError(f"{key} is of {key.cluster}, not of {cluster}; leave it out.", path="remove")
    return keys


def read_at(asked: Asked, text: str) -> Micros:
    try:
        at = parse_moment(text, asked.now)
    except BadInputError as error:
        raise BadInputError(error.message, path="at") from None
    if at > asked.now:
        raise BadInputError(f"{text[:60]!r} is in the future; give a time up to now.", path="at")
    return at


@dataclass(frozen=True, slots=True)
class ManifestPage:
    asked: ManifestsAsked
    versions: tuple[ManifestVersion, ...]
    more: bool
    continued: bool
    _digest: str

    @property
    def range(self) -> TimeRange:
        """A moment: the state as of then."""
        return TimeRange(self.asked.at, self.asked.at + 1)

    def cursors(self) -> list[str]:
        return [write_cursor(self._digest, self.range, _position(each.key)) for each in self.versions]

    async def count(self, asked: Asked) -> int:
        return await asked.api.catalog.count_manifests(asked.scope, self.asked)


async def read_manifest_page(
    asked: Asked,
    cluster: str,
    kind: str | None,
    namespace: str | None,
    at: str,
    first: int,
    after: str | None,
) -> ManifestPage:
    read_limit("first", first, MOST)
    moment, last = read_at(asked, at), None
    bound = digest("manifests", cluster, kind, namespace)
    if after is not None:
        cursor = read_cursor(after, bound, FieldType.KEYWORD)
        moment, last = cursor.range.start, _place(cluster, cursor.position, after)
    wanted = ManifestsAsked(cluster, moment, kind, namespace)
    found = await asked.api.catalog.manifests(asked.scope, wanted, last, first + 1)
    return ManifestPage(wanted, tuple(found[:first]), len(found) > first, after is not None, bound)


async def find_manifest(asked: Asked, text: str, at: str = "now") -> ManifestVersion | None:
    """As it was then; None where it was not there, or is not the caller's to see."""
    key = parse_manifest_id(text)
    wanted = ManifestsAsked(key.cluster, read_at(asked, at), key.kind, key.namespace, key.name)
    found = await asked.api.catalog.manifests(asked.scope, wanted, None, 1)
    return found[0] if found and found[0].key == key else None


async def read_history(asked: Asked, key: ManifestKey, limit: int) -> list[ManifestVersion]:
    read_limit("limit", limit, MOST)
    return await asked.api.catalog.manifest_history(asked.scope, key, limit)


def parse_manifest_id(text: str, *, path: str = "id") -> ManifestKey:
    try:
        return ManifestKey(*msgspec.convert(unseal(text, _TAG), tuple[str, str, str | None, str]))
    except BadInputError as error:
        raise BadInputError(error.message, path=path) from None
    except msgspec.ValidationError:
        raise BadInputError(
            f"{text[:60]!r} is not an id; take ids from an answer of this API.", path=path
        ) from None


def _position(key: ManifestKey) -> Position:
    return Position(_APART.join((key.kind, key.namespace or "", key.name)), "")


def _place(cluster: str, position: Position, text: str) -> ManifestKey:
    parts = str(position.value).split(_APART)
    if len(parts) != _PARTS:
        raise BadInputError(
            f"{text[:60]!r} is not a cursor; take `endCursor` of an earlier page.", path="after"
        )
    kind, namespace, name = parts
    return ManifestKey(cluster, kind, namespace or None, name)
