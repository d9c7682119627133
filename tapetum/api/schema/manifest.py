"""Manifests: the types, the roots that read them, and what an import answers."""

from typing import Annotated, Any

import msgspec
import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import AfterArgument, FirstArgument, maybe_point, point
from tapetum.api.schema.connection import Connection
from tapetum.api.schema.node import MOST, Node
from tapetum.api.schema.problems import Problem
from tapetum.api.schema.scalars import JSON, TimePoint
from tapetum.api.use.manifests import find_manifest, read_history, read_manifest_page
from tapetum.domain import manifests
from tapetum.domain.identity import manifest_id
from tapetum.domain.manifests import Origin

At = Annotated[TimePoint, argument(description="As of when; not in the future.")]
_NOW = TimePoint("now")


@strawberry.type(description="What an object was for a while.")
class ManifestVersion:
    from_: TimePoint = field(name="from", description="Since when.")
    until: TimePoint | None = field(description="Until when; null is still.")
    document: JSON | None = field(
        description="The object, without what the API server notes for itself; null while it was gone."
    )
    origin: Origin = field(description="What told of it.")
    by: str | None = field(
        description="Name of the token that imported it, or of the user in the audit log; null where none is "
        "known."
    )

    @classmethod
    def of(cls, version: manifests.ManifestVersion) -> "ManifestVersion":
        return cls(
            from_=point(version.start),
            until=maybe_point(version.until),
            document=_document(version.body),
            origin=version.origin,
            by=version.by,
        )


@strawberry.type(description="An object of a cluster that bears on policies, as of a time.")
class Manifest(Node):
    cluster: str = field(description="Its cluster.")
    kind: str = field(
        description="Its kind as in policy traces: Calico's NetworkPolicy is CalicoNetworkPolicy, so that "
        "NetworkPolicy is Kubernetes'."
    )
    namespace: str | None = field(description="Its namespace; null where it lies in none.")
    name: str = field(description="Its name.")
    version: ManifestVersion = field(description="What it was as of the time that was asked.")
    key: Private[manifests.ManifestKey]

    @field(
        description="What it was at all times, newest first; times when it was gone are among them.",
        metadata={"searches": 1},
    )
    async def history(
        self,
        info: Info,
        limit: Annotated[int, argument(description=f"How many, 1 to {MOST}.")] = 50,
    ) -> list[ManifestVersion]:
        return [ManifestVersion.of(each) for each in await read_history(info.context, self.key, limit)]

    @classmethod
    def of(cls, version: manifests.ManifestVersion) -> "Manifest":
        key = version.key
        return cls(
            id=ID(manifest_id(key)),
            cluster=key.cluster,
            kind=key.kind,
            namespace=key.namespace,
            name=key.name,
            version=ManifestVersion.of(version),
            key=key,
        )


@strawberry.type
class ManifestRoots:
    """Fields of the Query root."""

    @field(
        description="The manifests of a cluster as of a time, by kind, namespace and name. A caller limited "
        "to namespaces sees objects of these only."
    )
    async def manifests(
        self,
        info: Info,
        cluster: Annotated[str, argument(description="Name of the cluster.")],
        first: FirstArgument,
        kind: Annotated[str | None, argument(description="Only of this kind, as in traces.")] = None,
        namespace: Annotated[str | None, argument(description="Only in this namespace.")] = None,
        at: At = _NOW,
        after: AfterArgument = None,
    ) -> Connection[Manifest]:
        page = await read_manifest_page(info.context, cluster, kind, namespace, at, first, after)
        return Connection(page=page, shown=[Manifest.of(each) for each in page.versions])

    @field(description="A manifest as of a time; null where it was not there, or may not be seen.")
    async def manifest(
        self,
        info: Info,
        text: Annotated[ID, argument(name="id", description="The manifest's id.")],
        at: At = _NOW,
    ) -> Manifest | None:
        found = await find_manifest(info.context, text, at)
        return None if found is None else Manifest.of(found)


@strawberry.type(description="How many objects an import added, changed, left as they were, and removed.")
class ManifestCounts:
    added: int = field(description="Those that were not there.")
    changed: int = field(description="Those that were there otherwise.")
    unchanged: int = field(description="Those that were there just so.")
    removed: int = field(description="Those that are gone, as the import replaced what there was.")

    @classmethod
    def of(cls, counts: manifests.ManifestCounts) -> "ManifestCounts":
        return cls(
            added=counts.added, changed=counts.changed, unchanged=counts.unchanged, removed=counts.removed
        )


@strawberry.type(description="What became of an import.")
class ManifestImport:
    manifests: ManifestCounts | None = field(description="What it did; null where nothing was changed.")
    problems: list[Problem] = field(
        description="One for each object that is wrong, or what else kept the whole from being applied."
    )


def _document(body: str | None) -> Any:
    return None if body is None else JSON(msgspec.json.decode(body))
