"""Whether the images of a cluster's workloads have grave flaws, by its manifests and what scans found."""

from collections.abc import Iterable, Mapping

from tapetum.domain.image_scans import ImageScan, is_digest, names_of
from tapetum.policy.resources.endpoints import Pod
from tapetum.posture.components import Standing
from tapetum.posture.isolation import Place


def image_risk(
    groups: Mapping[tuple[str, str], Iterable[Pod]], scans: Mapping[str, ImageScan]
) -> Mapping[Place, Standing]:
    """Of the workloads that have pods; one is safe where all its images were scanned and none is flawed."""
    return {
        place: _standing({image for pod in pods for image in pod.images}, scans)
        for place, pods in groups.items()
    }


def _standing(images: Iterable[str], scans: Mapping[str, ImageScan]) -> Standing:
    found = [_scan(image, scans) for image in images]
    if any(scan is not None and scan.grave for scan in found):
        return Standing.UNSAFE
    return Standing.SAFE if found and None not in found else Standing.UNKNOWN


def _scan(image: str, scans: Mapping[str, ImageScan]) -> ImageScan | None:
    """By its digest. A tag tells only where one of both has no digest, as tags move."""
    names = names_of(image)
    pinned = any(map(is_digest, names))
    for name in names:
        scan = scans.get(name)
        if scan and (is_digest(name) or not pinned or not any(map(is_digest, scan.names))):
            return scan
    return None
