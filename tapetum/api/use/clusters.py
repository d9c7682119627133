"""Clusters: those whose logs are here, and those that somebody registered.

Only who sees everything registers. A registration is a document under an id that the cluster's name makes, so
that there is one for each.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_cluster
from tapetum.api.use.fitting import fitted
from tapetum.api.use.saved import MOST, encoded
from tapetum.catalog.documents import Draft, Removal
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.clusters import RATE_WINDOW, Registration
from tapetum.domain.documents import Document, DocumentKind
from tapetum.domain.errors import BadInputError, ConflictError, NotAllowedError, NotFoundError
from tapetum.domain.identity import is_sealed
from tapetum.domain.moments import MINUTE, TimeRange
from tapetum.domain.shapes import SHAPES
from tapetum.logstore.aggregation import LIMIT, Aggregation
from tapetum.logstore.port import Census, Search

_KIND = DocumentKind.CLUSTER


@dataclass(frozen=True, slots=True)
class KnownCluster:
    """What is stored of a cluster, and how it is registered; None where it is not."""

    census: Census
    document: Document | None

    @property
    def name(self) -> str:
        return self.census.cluster

    @property
    def registration(self) -> Registration | None:
        return None if self.document is None else msgspec.json.decode(self.document.body, type=Registration)


class Rates:
    """Records a minute by cluster over RATE_WINDOW: counted once for one operation, when first asked for."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._counting: asyncio.Task[Mapping[str, int]] | None = None

    async def of(self, cluster: str) -> float:
        if self._counting is None:
            self._counting = asyncio.create_task(self._counts())
        counts = await self._counting
        return counts.get(cluster, 0) * MINUTE / RATE_WINDOW

    async def _counts(self) -> Mapping[str, int]:
        asked = self._asked
        within = TimeRange(asked.now - RATE_WINDOW, asked.now)
        by_cluster = Aggregation(group_by=("cluster",), limit=LIMIT)
        counts: dict[str, int] = {}
        for kind in SHAPES:
            told = await asked.api.logs.aggregate(asked.scope, Search(kind, within), by_cluster)
            for row in told.rows:
                name = row.keys[0] or ""
                counts[name] = counts.get(name, 0) + int(row.values[0] or 0)
        return counts


async def list_clusters(asked: Asked) -> list[KnownCluster]:
    """By name: those with records or rejected lines, and those that are only registered."""
    found = {each.cluster: each for each in await asked.api.logs.census(asked.scope)}
    registered = await _registered(asked)
    names = sorted(found.keys() | registered.keys())
    return [KnownCluster(found.get(name, Census(name)), registered.get(name)) for name in names]


async def find_cluster(asked: Asked, name: str) -> KnownCluster | None:
    return next((each for each in await list_clusters(asked) if each.name == name), None)


async def save_cluster(asked: Asked, text: str, body: dict[str, Any], version: int | None) -> KnownCluster:
    """Version None or 0 registers a cluster that is not yet; else over the version that was read."""
    _hold_everything(asked)
    name = _read_name(text)
    read = fitted(_KIND, encoded(_KIND, {**body, "title": body["title"] or name}))
    kept = await asked.api.catalog.document(asked.scope, asked.caller, _document_id(name))
    if not version and kept is not None:
        raise ConflictError(
            f"{name} is registered already, at version {kept.version}; read it, then give that version.",
            path="version",
        )
    if version and kept is None:
        raise NotFoundError(
            f"{name} is not registered, or no longer; leave the version out, and it will be.", path="id"
        )
    draft = Draft(
        id=_document_id(name),
        kind=_KIND,
        title=read.title,
        about=name,
        shared=True,  # among those who see the cluster (Document.visible)
        body=read.body,
        version=version or None,
        at=asked.now,
    )
    saved = await asked.api.catalog.save_document(asked.scope, asked.caller, draft)
    return await _standing(asked, name, saved)


async def remove_cluster(asked: Asked, text: str, version: int | None) -> KnownCluster:
    """Its records stay, and with them a cluster that nobody registered."""
    _hold_everything(asked)
    name = _read_name(text)
    removal = Removal(_document_id(name), _KIND, version)
    try:
        await asked.api.catalog.remove_document(asked.scope, asked.caller, removal)
    except NotFoundError:
        raise NotFoundError(
            f"{name} is not registered; a cluster with records stays as long as these do.", path="id"
        ) from None
    return await _standing(asked, name, None)


async def _standing(asked: Asked, name: str, document: Document | None) -> KnownCluster:
    census = {each.cluster: each for each in await asked.api.logs.census(asked.scope)}
    return KnownCluster(census.get(name, Census(name)), document)


async def _registered(asked: Asked) -> dict[str, Document]:
    """By name, those that the caller may see."""
    saved = await asked.api.catalog.documents(asked.scope, asked.caller, _KIND, None, MOST)
    return {each.about: each for each in saved if each.about}


def _document_id(name: str) -> str:
    return f"{_KIND.value}.{name}"


def _read_name(text: str) -> str:
    if is_sealed(text) and read_cluster(text) == text:
        raise BadInputError(
            f"{text[:60]!r} is the id of something else; give the cluster's id or its name.", path="id"
        )
    try:
        return checked_cluster(read_cluster(text))
    except BadInputError as error:
        raise BadInputError(error.message, path="id") from None


def _hold_everything(asked: Asked) -> None:
    if not asked.scope.everything:
        raise NotAllowedError(
            "Clusters are registered by tokens without limits to clusters or namespaces; use such a one."
        )
