"""Results of image scans, a document for each cluster: brought in, and those that still count."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tapetum.api.context import Asked
from tapetum.catalog.documents import Draft
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.documents import Document, DocumentKind, write_body
from tapetum.domain.errors import BadInputError, ConflictError, NotAllowedError, TooLargeError
from tapetum.domain.image_scans import ImageScan, ScannedImages, ScansRead, by_name
from tapetum.domain.moments import DAY
from tapetum.domain.scope import EVERYTHING
from tapetum.posture import read_scans

COUNTS_FOR = 30 * DAY
"""Flaws become known all the time: what was scanned longer ago tells nothing of today."""
MOST = 5000
_KIND = DocumentKind.IMAGE_SCAN
_TRIES = 5


async def import_scans(asked: Asked, cluster: str, report: Any) -> ScansRead:
    """What is kept from now on, all of it or none, in place of what was known of the same images."""
    if not asked.scope.everything:
        raise NotAllowedError(
            "Results of scans are brought in by tokens without limits to clusters or namespaces; use such "
            "a one."
        )
    try:
        name = checked_cluster(cluster)
    except BadInputError as error:
        raise BadInputError(error.message, path="cluster") from None
    read = read_scans(report)
    if not read.scans:
        raise BadInputError("The report is of no image; scan images, or what runs them.", path="report")
    scans = [msgspec.structs.replace(scan, at=asked.now) for scan in read.scans]
    for tries in range(_TRIES):
        try:
            await _save(asked, name, scans)
            break
        except ConflictError:  # somebody else brought some in meanwhile
            if tries + 1 == _TRIES:
                raise
    return ScansRead(tuple(scans), read.passed_over)


async def read_images(asked: Asked, cluster: str) -> Mapping[str, ImageScan]:
    """By the images' names, what scans found that still count. A cluster's workloads decide who sees them."""
    kept = await asked.api.catalog.document(EVERYTHING, None, _document_id(cluster))
    return by_name(_fresh(asked, kept))


async def _save(asked: Asked, cluster: str, scans: Iterable[ImageScan]) -> None:
    kept = await asked.api.catalog.document(asked.scope, asked.caller, _document_id(cluster))
    every = {scan.name: scan for scan in (*_fresh(asked, kept), *scans)}
    if len(every) > MOST:
        raise TooLargeError(
            f"Results of {len(every)} images would be known of {cluster}; at most {MOST} are kept.",
            path="report",
        )
    draft = Draft(
        id=_document_id(cluster),
        kind=_KIND,
        title=f"Images of {cluster}"[:120],
        about=cluster,
        shared=True,  # among those who see the cluster (Document.visible)
        body=write_body(ScannedImages(images=tuple(every.values()))).decode(),
        version=kept.version if kept else None,
        at=asked.now,
    )
    await asked.api.catalog.save_document(asked.scope, asked.caller, draft)


def _fresh(asked: Asked, kept: Document | None) -> list[ImageScan]:
    """In the order in which they came."""
    images = msgspec.json.decode(kept.body, type=ScannedImages).images if kept else ()
    fresh = (scan for scan in images if asked.now - scan.at < COUNTS_FOR)
    return sorted(fresh, key=lambda scan: scan.at)


def _document_id(cluster: str) -> str:
    return f"{_KIND.value}.{cluster}"
