"""What a scan found in an image, and by which names images are known to be the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tapetum.domain.moments import Micros

_HUBS = ("index.docker.io/", "registry-1.docker.io/", "docker.io/")
Count = Annotated[int, Meta(ge=0)]


class ImageScan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`names` are those of `names_of`; `critical` and `high` count its flaws, each once. `at`: brought in."""

    names: tuple[str, ...]
    scanner: str
    critical: Count = 0
    high: Count = 0
    at: Micros = 0

    @property
    def name(self) -> str:
        """What tells the image from others: with its digest where the scan knew one."""
        return next(filter(is_digest, self.names), self.names[0])

    @property
    def grave(self) -> bool:
        return self.critical + self.high > 0


class ScannedImages(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a cluster, as they are kept."""

    format: Literal[1] = 1
    images: tuple[ImageScan, ...]


@dataclass(frozen=True, slots=True)
class ScansRead:
    """Of a report: what it says of images, and how many of its parts say nothing of one."""

    scans: tuple[ImageScan, ...]
    passed_over: int = 0


def names_of(image: str) -> tuple[str, ...]:
    """An image as pods name it, with its tag and with its digest: `nginx` is `library/nginx:latest`.

    Tags move; where both sides have a digest, that is what tells.
    """
    plain, _, digest = image.strip().removeprefix("docker-pullable://").partition("@")
    for hub in _HUBS:
        plain = plain.removeprefix(hub)
    path, _, last = plain.rpartition("/")
    repository, colon, tag = last.partition(":")
    if not repository:
        return ()
    named = f"{path or 'library'}/{repository}"
    tagged = f"{named}:{tag or 'latest'}" if colon or not digest else None
    return tuple(each for each in (f"{named}@{digest}" if digest else None, tagged) if each)


def is_digest(name: str) -> bool:
    """Whether one of `names_of` has a digest."""
    return "@" in name


def by_name(scans: Iterable[ImageScan]) -> dict[str, ImageScan]:
    """Of scans of one name the last counts."""
    return {name: scan for scan in scans for name in scan.names}
