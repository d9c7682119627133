"""Whether the images of a cluster's workloads have grave flaws, by its manifests and what scans found."""

from collections.abc import Iterable, Mapping

from tapetum.domain.image_scans import ImageScan, names_of
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
    return next((scans[name] for name in names_of(image) if name in scans), None)
