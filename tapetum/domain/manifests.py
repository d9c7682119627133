"""Manifests of a cluster's objects: what was seen of which object, when, and what told of it.

Knows nothing of what a manifest says (policy), nor of where it is kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from tapetum.domain.moments import Micros
from tapetum.domain.scope import Scope

_KEPT_STATUS = frozenset({"podIP", "podIPs", "hostIP", "phase"})
_SERVERS = frozenset(
    ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")
)
_APPLIED = re.compile(r"kubectl\.kubernetes\.io/last-applied-configuration|projectcalico\.org/metadata")


class Origin(StrEnum):
    """What told of a manifest."""

    IMPORT = "import"
    WATCH = "watch"
    AUDIT = "audit"


class ManifestKey(NamedTuple):
    """`kind` is as in policy traces: Calico's NetworkPolicy is CalicoNetworkPolicy."""

    cluster: str
    kind: str
    namespace: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    def visible(self, scope: Scope) -> bool:
        """What lies in no namespace is seen, and changed, only by who sees the whole cluster."""
        return scope.sees(self.cluster, self.namespace)


@dataclass(frozen=True)
class Sighting:
    """What an object was at a time. `body` is its JSON, None where it is gone; `by` is whoever brought it."""

    key: ManifestKey
    at: Micros
    body: str | None
    origin: Origin
    by: str | None

    @cached_property
    def digest(self) -> str:
        return digest(self.body)


@dataclass(frozen=True, slots=True)
class ManifestVersion:
    """What an object was in [start, until); None is until now. `body` None: it was gone."""

    key: ManifestKey
    start: Micros
    until: Micros | None
    body: str | None
    origin: Origin
    by: str | None


class HowChanged(StrEnum):
    """FIRST_KNOWN is what an import or a watch brought in: it may have been there before."""

    CREATED = "CREATED"
    EDITED = "EDITED"
    DELETED = "DELETED"
    FIRST_KNOWN = "FIRST_KNOWN"


@dataclass(frozen=True, slots=True)
class ManifestChange:
    """A version that began, and whether the object was there until then."""

    version: ManifestVersion
    was_there: bool

    @property
    def how(self) -> HowChanged:
        if self.version.body is None:
            return HowChanged.DELETED
        if self.was_there:
            return HowChanged.EDITED
        return HowChanged.CREATED if self.version.origin is Origin.AUDIT else HowChanged.FIRST_KNOWN


@dataclass(frozen=True, slots=True)
class ManifestCounts:
    """What became of the objects of an import."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


def digest(body: str | None) -> str:
    """Of the content; empty where there is none."""
    return "" if body is None else sha256(body.encode()).hexdigest()


def written(document: Mapping[str, Any]) -> str:
    """One text for one meaning: sorted, and without what the API server or kubectl notes for itself.

    Of the status only what tells a pod's addresses stays.
    """
    kept = {name: value for name, value in document.items() if name not in ("metadata", "status")}
    metadata = document.get("metadata")
    if isinstance(metadata, Mapping):
        kept["metadata"] = _metadata(metadata)
    status = document.get("status")
    if document.get("kind") == "Pod" and isinstance(status, Mapping):
        kept["status"] = {name: value for name, value in status.items() if name in _KEPT_STATUS}
    return msgspec.json.encode(kept, order="deterministic").decode()


def _metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in metadata.items() if name not in _SERVERS}
    annotations = kept.pop("annotations", None)
    if isinstance(annotations, Mapping):
        kept["annotations"] = {
            name: value for name, value in annotations.items() if not _APPLIED.fullmatch(name)
        }
    if not kept.get("annotations"):
        kept.pop("annotations", None)
    return kept
