"""Objects of a Kubernetes API server: listed once, then followed.

It gives what it hears and keeps nothing: a list is all there is of a kind, a change is of one object.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.manifest_kinds import KINDS, ManifestKind
from tapetum.ingest.sources.kubernetes_wire import ExpiredError, Wire

_GONE = 410
_WATCH = 240
"""Seconds after which a watch is asked for anew, so that none dies unnoticed."""
_STORED = {"projectcalico.org": "crd.projectcalico.org"}
"""Where Calico keeps its objects when its own API server is not installed."""


@dataclass(frozen=True, slots=True)
class Served:
    """A kind that the API server has, and where."""

    kind: ManifestKind
    version: str
    path: str


@dataclass(frozen=True, slots=True)
class Listed:
    """All objects of a kind that there are."""

    served: Served
    documents: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Changed:
    served: Served
    document: dict[str, Any]
    gone: bool


Heard = Listed | Changed


class ApiServer:
    """Raises UnavailableError where the server does not answer, BadInputError where it refuses."""

    def __init__(self, kubeconfig: Path | None, context: str | None) -> None:
        self._wire = Wire(kubeconfig, context, "give one with --kubeconfig")
        self.name = self._wire.name

    def served(self) -> list[Served]:
        """Which of the kinds that bear on policies it has."""
        groups = self._wire.groups()
        found: list[Served] = []
        for kind in KINDS:
            places = (self._place(kind, *each) for each in self._versions(kind, groups))
            if (place := next(filter(None, places), None)) is not None:
                found.append(place)
        return found

    def listed(self, served: Served) -> tuple[Listed, str]:
        """With the version of the list, from which on a watch tells what changes."""
        documents, version = self._wire.every(served.path)
        return Listed(served, tuple(_whole(each, served) for each in documents)), version

    def watch(
        self, served: Served, version: str, over: threading.Event
    ) -> Iterator[tuple[Changed | None, str]]:
        """What changes behind a version, each with the version reached; it ends by itself."""
        query = [
            ("watch", "true"), ("resourceVersion", version), ("allowWatchBookmarks", "true"),
            ("timeoutSeconds", str(_WATCH)),
        ]  # fmt: skip
        with self._wire.lines(served.path, query, _WATCH) as lines:
            try:
                for line in lines:
                    if over.is_set():
                        return
                    event = msgspec.json.decode(line)
                    document = event["object"]
                    if event["type"] == "ERROR":
                        raise _failure(served.path, document)
                    version = str(document["metadata"].get("resourceVersion") or version)
                    if event["type"] == "BOOKMARK":
                        yield None, version
                    else:
                        yield Changed(served, _whole(document, served), event["type"] == "DELETED"), version
            except (msgspec.DecodeError, KeyError, TypeError) as error:
                raise UnavailableError(f"The watch on {served.path} broke off ({error}).") from None

    def _versions(self, kind: ManifestKind, groups: Mapping[str, list[str]]) -> list[tuple[str, str]]:
        if not kind.group:
            return [("", "v1")]
        names = (kind.group, _STORED.get(kind.group, ""))
        return [(group, version) for group in names for version in groups.get(group, ())]

    def _place(self, kind: ManifestKind, group: str, version: str) -> Served | None:
        base = f"/apis/{group}/{version}" if group else f"/api/{version}"
        try:
            resources = self._wire.resources(base)
        except BadInputError:
            return None
        if kind.resource not in resources:
            return None
        return Served(kind, f"{group}/{version}" if group else version, f"{base}/{kind.resource}")


def _whole(document: Mapping[str, Any], served: Served) -> dict[str, Any]:
    """Objects of a list leave out what all of them are."""
    return {"apiVersion": served.version, "kind": served.kind.written, **document}


def _failure(path: str, told: Mapping[str, Any]) -> Exception:
    """What a watch says of its own end."""
    if int(told.get("code") or 0) == _GONE:
        return ExpiredError(str(told.get("message")))
    return UnavailableError(f"The watch on {path} failed ({str(told.get('message'))[:200]}).")
