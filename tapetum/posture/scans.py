"""Reports of image scanners, read: Trivy's of images and of clusters, its operator's, and Grype's.

Only what a score needs is read, straight from the text, and unknown members are no mistake: reports hold
much else, and must not take many times their length in memory.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from tapetum.domain.errors import BadInputError
from tapetum.domain.image_scans import Count, ImageScan, ScansRead, names_of

_T = TypeVar("_T")
_Text = str | bytes | Raw
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
_PAGE = "docs/posture.md"
_REPORTS = frozenset({"VulnerabilityReport", "ClusterVulnerabilityReport"})
"""Of the operator's kinds, those that count flaws of images."""
_PACKAGES = frozenset({"os-pkgs", "lang-pkgs"})
"""Trivy's classes of what is looked through for flaws; others are of secrets and settings."""


class _Flaw(msgspec.Struct, rename="pascal"):
    vulnerability_id: str = msgspec.field(name="VulnerabilityID", default="")
    severity: str = ""


class _Result(msgspec.Struct, rename="pascal"):
    what: str = msgspec.field(name="Class", default="")
    vulnerabilities: list[_Flaw] | None = None


class _About(msgspec.Struct, rename="pascal"):
    repo_tags: list[str] | None = None
    repo_digests: list[str] | None = None


class _Trivy(msgspec.Struct, rename="pascal"):
    artifact_name: str = ""
    artifact_type: str = ""
    metadata: _About | list[_About] | None = None
    results: list[_Result] | None = None


class _TrivyCluster(msgspec.Struct, rename="pascal"):
    resources: list[_Trivy] | None = None


class _Named(msgspec.Struct):
    id: str = ""
    severity: str = ""


class _Match(msgspec.Struct):
    vulnerability: _Named


class _Target(msgspec.Struct, rename="camel"):
    user_input: str = ""
    tags: list[str] | None = None
    repo_digests: list[str] | None = None


class _Source(msgspec.Struct):
    type: str = ""
    target: _Target | str = ""


class _Grype(msgspec.Struct):
    matches: list[_Match]
    source: _Source


class _Artifact(msgspec.Struct):
    repository: str = ""
    tag: str = ""
    digest: str = ""


class _Server(msgspec.Struct):
    server: str = ""


class _Summary(msgspec.Struct, rename="camel"):
    critical_count: Count
    high_count: Count


class _Report(msgspec.Struct):
    artifact: _Artifact
    summary: _Summary
    registry: _Server = msgspec.field(default_factory=_Server)


class _Resource(msgspec.Struct):
    report: _Report


def read_scans(report: Any) -> ScansRead:
    """Of a report's text, or of what its JSON says.

    Raises BadInputError where it is no report of these, or one that is broken.
    """
    text = report if isinstance(report, str) else msgspec.json.encode(report)
    members = _members(text)
    if "matches" in members and "source" in members:
        return _grype(_as(text, _Grype))
    if bytes(members.get("items", b"")).startswith(b"["):
        return _operator(_as(members["items"], list[Raw]), _kind(members).removesuffix("List"))
    if _kind(members) in _REPORTS:
        return _told([_reported(text, "")])
    if "Resources" in members:
        return _told(_trivy(each) for each in _as(text, _TrivyCluster).resources or ())
    if "ArtifactName" in members:
        return _told([_trivy(_as(text, _Trivy))])
    raise BadInputError(
        "This is no report that can be read: give the JSON of `trivy image`, of `trivy k8s --report all`, of "
        f"VulnerabilityReports or of `grype`; {_PAGE} describes them.",
        path="report",
    )


def _told(every: Iterable[ImageScan | None]) -> ScansRead:
    found = list(every)
    scans = tuple(each for each in found if each is not None)
    return ScansRead(scans, len(found) - len(scans))


def _trivy(one: _Trivy) -> ImageScan | None:
    """A cluster's resources name no artifact, but the images that they are of."""
    about = one.metadata if isinstance(one.metadata, list) else [one.metadata or _About()]
    images = [image for each in about for image in (*(each.repo_tags or ()), *(each.repo_digests or ()))]
    if one.artifact_type == "container_image":
        images.insert(0, one.artifact_name)
    results = one.results or ()
    if not any(result.vulnerabilities or result.what in _PACKAGES for result in results):
        return None  # nobody looked for flaws
    flaws = {
        (flaw.vulnerability_id, flaw.severity.lower())
        for result in results
        for flaw in result.vulnerabilities or ()
    }
    return _scan("trivy", images, flaws)


def _grype(one: _Grype) -> ScansRead:
    target = one.source.target
    if one.source.type != "image" or isinstance(target, str):
        return ScansRead((), 1)
    images = [target.user_input, *(target.tags or ()), *(target.repo_digests or ())]
    flaws = {(match.vulnerability.id, match.vulnerability.severity.lower()) for match in one.matches}
    return _told([_scan("grype", images, flaws)])


def _operator(items: Iterable[Raw], usual: str) -> ScansRead:
    """`usual` is the kind of those that do not say theirs, as the API server lists them."""
    return _told(_reported(each, usual) for each in items)


def _reported(resource: _Text, usual: str) -> ImageScan | None:
    if (_kind(_members(resource)) or usual) not in _REPORTS:
        return None
    report = _as(resource, _Resource).report
    at, said = report.artifact, report.summary
    place = "/".join(part for part in (report.registry.server, at.repository) if part)
    images = [f"{place}:{at.tag}"] if at.tag else []
    images += [f"{place}@{at.digest}"] if at.digest else []
    names = _names(images)
    if not names:
        return None
    return ImageScan(
        names=names, scanner="trivy-operator", critical=said.critical_count, high=said.high_count
    )


def _scan(scanner: str, images: Iterable[str], flaws: Iterable[tuple[str, str]]) -> ImageScan | None:
    names, found = _names(images), [severity for _, severity in flaws]
    if not names:
        return None
    return ImageScan(names=names, scanner=scanner, critical=found.count("critical"), high=found.count("high"))


def _names(images: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for image in images for name in names_of(image)))


def _kind(members: Mapping[str, Raw]) -> str:
    """Nothing where it is not named in a word."""
    said = bytes(members.get("kind", b""))
    return _as(said, str) if said.startswith(b'"') else ""


def _members(text: _Text) -> Mapping[str, Raw]:
    """As they are written; none where it is no object."""
    try:
        return msgspec.json.decode(text, type=dict[str, Raw])
    except msgspec.ValidationError:
        return {}
    except _UNREADABLE as error:
        raise BadInputError(f"The report cannot be read: {error}.", path="report") from None


def _as(text: _Text, form: type[_T]) -> _T:
    try:
        return msgspec.json.decode(text, type=form)
    except _UNREADABLE as error:
        raise BadInputError(f"The report is broken: {error}.", path="report") from None
