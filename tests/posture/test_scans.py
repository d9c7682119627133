"""Reports of scanners, as they write them, and what they come to for the workloads of a cluster."""

import json
from typing import Any

import pytest

from tapetum.domain.errors import BadInputError
from tapetum.domain.image_scans import ImageScan, by_name, names_of
from tapetum.policy.resources.endpoints import Pod
from tapetum.posture import Standing, image_risk, read_scans

DIGEST = "sha256:9e2c"


def flaws(*severities: str) -> list[dict[str, str]]:
    return [{"VulnerabilityID": f"CVE-{n}", "Severity": each} for n, each in enumerate(severities)]


TRIVY: dict[str, Any] = {
    "SchemaVersion": 2,
    "ArtifactName": "nginx:1.25",
    "ArtifactType": "container_image",
    "Metadata": {"OS": {"Family": "debian"}, "RepoDigests": [f"nginx@{DIGEST}"]},
    "Results": [
        {"Target": "nginx:1.25 (debian 12)", "Class": "os-pkgs", "Vulnerabilities": flaws("CRITICAL", "LOW")},
        {"Target": "app", "Vulnerabilities": flaws("CRITICAL")},
        {"Target": "no flaws"},
    ],
}
CLUSTER = {
    "ClusterName": "prod",
    "Resources": [
        {
            "Namespace": "shop",
            "Kind": "Deployment",
            "Name": "web",
            "Metadata": [{"RepoTags": ["quay.io/acme/web:2"], "RepoDigests": []}],
            "Results": [{"Target": "x", "Vulnerabilities": flaws("HIGH", "HIGH")}],
        },
        {"Namespace": "shop", "Kind": "ConfigMap", "Name": "settings", "Results": []},
    ],
}
GRYPE = {
    "matches": [
        {"vulnerability": {"id": "CVE-1", "severity": "High"}, "artifact": {"name": "openssl"}},
        {"vulnerability": {"id": "CVE-1", "severity": "High"}, "artifact": {"name": "libssl"}},
        {"vulnerability": {"id": "CVE-2", "severity": "Negligible"}},
    ],
    "source": {"type": "image", "target": {"userInput": "redis", "tags": ["redis:7"], "repoDigests": []}},
    "descriptor": {"name": "grype"},
}
OPERATOR = {
    "apiVersion": "v1",
    "kind": "List",
    "items": [
        {
            "kind": "VulnerabilityReport",
            "report": {
                "artifact": {"repository": "library/nginx", "tag": "1.25", "digest": DIGEST},
                "registry": {"server": "index.docker.io"},
                "summary": {"criticalCount": 1, "highCount": 2, "lowCount": 9},
            },
        }
    ],
}


def test_reports_of_the_common_scanners() -> None:
    (trivy,) = read_scans(TRIVY).scans
    assert trivy.names == ("library/nginx:1.25", f"library/nginx@{DIGEST}")
    assert (trivy.critical, trivy.high) == (1, 0), "a flaw of two targets is one"
    found = read_scans(CLUSTER)
    assert found.passed_over == 1
    assert [(each.names, each.high) for each in found.scans] == [(("quay.io/acme/web:2",), 2)]
    (grype,) = read_scans(GRYPE).scans
    assert grype.names == ("library/redis:latest", "library/redis:7")
    assert (grype.critical, grype.high, grype.grave) == (0, 1, True)
    (reported,) = read_scans(OPERATOR).scans
    assert (set(reported.names), reported.critical, reported.high) == (set(trivy.names), 1, 2)
    assert read_scans(OPERATOR["items"][0]).scans == (reported,)
    for report in (TRIVY, CLUSTER, GRYPE, OPERATOR):
        assert read_scans(json.dumps(report, indent=2)) == read_scans(report), "a text says the same"


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ([], "no report that can be read"),
        ("[]", "no report that can be read"),
        ("trivy", "The report cannot be read"),
        ('{"ArtifactName": "nginx"', "The report cannot be read"),
        ('{"a": ' + "[" * 100_000, "The report cannot be read"),
        ({"kind": {"name": "List"}, "items": {}}, "no report that can be read"),
        ({"spdxVersion": "2.3"}, "no report that can be read"),
        ({**TRIVY, "Results": 5}, "The report is broken"),
        ({**GRYPE, "matches": [{"vulnerability": {"id": 1}}]}, "The report is broken"),
    ],
)
def test_what_is_no_report_is_told(report: Any, told: str) -> None:
    with pytest.raises(BadInputError, match=told) as refused:
        read_scans(report)
    assert refused.value.path == "report"


def test_counts_below_zero_are_refused_before_they_are_kept() -> None:
    (item,) = OPERATOR["items"]
    with pytest.raises(BadInputError, match="criticalCount"):
        read_scans({**item, "report": {**item["report"], "summary": {"criticalCount": -1, "highCount": 0}}})


def test_reports_of_other_things_say_nothing_of_flaws() -> None:
    (item,) = OPERATOR["items"]
    bill = {"kind": "SbomReport", "report": {**item["report"], "summary": {"componentsCount": 9}}}
    settings = {"kind": "ConfigAuditReport", "report": {"summary": {"criticalCount": 0, "highCount": 0}}}
    found = read_scans({**OPERATOR, "items": [item, bill, settings, 5]})
    assert (len(found.scans), found.passed_over) == (1, 3)
    listed = {"kind": "VulnerabilityReportList", "items": [{"report": item["report"]}]}
    assert read_scans(listed).scans == found.scans
    secrets = [{"Target": "/app", "Class": "secret", "Secrets": [{"Severity": "CRITICAL"}]}]
    assert read_scans({**TRIVY, "Results": secrets}).passed_over == 1
    clean = [{"Target": "nginx (debian 12)", "Class": "os-pkgs"}]
    assert [each.grave for each in read_scans({**TRIVY, "Results": clean}).scans] == [False]
    with pytest.raises(BadInputError, match="highCount"):
        read_scans({**item, "report": {**item["report"], "summary": {"criticalCount": 0}}})


def test_a_tag_that_moved_tells_nothing_of_a_digest() -> None:
    old, new = f"web@{DIGEST}", "web@sha256:77ab"
    scans = by_name(
        [
            ImageScan(names=(*names_of(old), "library/web:2"), scanner="trivy", critical=1),
            ImageScan(names=(*names_of(new), "library/web:2"), scanner="trivy"),
        ]
    )

    def risk(image: str) -> Standing:
        pod = Pod("shop", "web-1", "web-*", images=frozenset({image}))
        return image_risk({("shop", "web"): [pod]}, scans)["shop", "web"]

    assert risk(f"web:2@{DIGEST}") is Standing.UNSAFE
    assert risk("web:2@sha256:77ab") is Standing.SAFE
    assert risk("web:2@sha256:none") is Standing.UNKNOWN
    assert risk("web:2") is Standing.SAFE, "the last scan of the tag"


def test_a_file_system_is_no_image() -> None:
    assert read_scans({**TRIVY, "ArtifactType": "filesystem", "Metadata": None}).passed_over == 1
    assert read_scans({**GRYPE, "source": {"type": "directory", "target": "/src"}}).passed_over == 1


@pytest.mark.parametrize(
    ("image", "names"),
    [
        ("nginx", ("library/nginx:latest",)),
        ("docker.io/library/nginx:1.25", ("library/nginx:1.25",)),
        ("localhost:5000/web", ("localhost:5000/web:latest",)),
        (f"quay.io/acme/web:2@{DIGEST}", (f"quay.io/acme/web@{DIGEST}", "quay.io/acme/web:2")),
        (f"web@{DIGEST}", (f"library/web@{DIGEST}",)),
        ("", ()),
    ],
)
def test_names_of_an_image(image: str, names: tuple[str, ...]) -> None:
    assert names_of(image) == names


def test_a_workload_is_safe_where_all_its_images_are() -> None:
    images: dict[str, list[str]] = {
        "web": ["nginx:1.25"],
        "db": ["redis:7", "quay.io/acme/agent:1"],
        "cache": ["redis:7"],
        "bare": [],
    }
    groups = {
        ("shop", name): [Pod("shop", f"{name}-1", f"{name}-*", images=frozenset(some))]
        for name, some in images.items()
    }
    scans = by_name([*read_scans(TRIVY).scans, ImageScan(names=("library/redis:7",), scanner="grype")])
    assert image_risk(groups, scans) == {
        ("shop", "web"): Standing.UNSAFE,
        ("shop", "db"): Standing.UNKNOWN,
        ("shop", "cache"): Standing.SAFE,
        ("shop", "bare"): Standing.UNKNOWN,
    }
