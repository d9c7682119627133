"""Results of image scans over GraphQL: who brings them in, and what they make of the posture."""

import json
from copy import deepcopy
from typing import Any

from tapetum.api import ApiSettings
from tapetum.domain.scope import Scope
from tests.api.test_manifests import brought
from tests.api.test_posture import FLOWS, parts, posture
from tests.api.world import World, opened
from tests.posture.test_scans import GRYPE, TRIVY
from tests.support.factory import DAY, HOUR, NOW

IMPORT = """mutation($cluster: String!, $report: JSON!) { importScans(cluster: $cluster, report: $report) {
  images grave passedOver problems { code message path } } }"""
PODS = """
{apiVersion: v1, kind: Pod, metadata: {name: web-1, generateName: web-, namespace: shop},
 spec: {containers: [{name: web, image: "docker.io/library/nginx:1.25"}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: db-1, generateName: db-, namespace: shop},
 spec: {initContainers: [{name: init, image: "redis"}], containers: [{name: db, image: "redis:7"}]}}
"""


async def imported(world: World, report: Any, cluster: str = "east", token: str | None = None) -> Any:
    return (await world.ask(IMPORT, {"cluster": cluster, "report": report}, token))["importScans"]


async def images(world: World) -> tuple[Any, Any]:
    """Of the namespace, and the component with its weight and coverage of the whole."""
    found = await posture(world)
    (shop,) = [each for each in found["namespaces"] if each["namespace"] == "shop"]
    (whole,) = [each for each in found["overall"]["components"] if each["component"] == "IMAGES"]
    return parts(shop)["IMAGES"], whole


async def test_what_was_scanned_counts_for_a_while(world: World) -> None:
    world.clock.now = NOW - 2 * HOUR
    await brought(world, PODS)
    world.clock.now = NOW
    world.commit(FLOWS)
    counts, whole = await images(world)
    assert (counts, whole["weight"], whole["score"]) == ((0, 0, 2), 0, None)
    assert await imported(world, TRIVY) == {"images": 1, "grave": 1, "passedOver": 0, "problems": []}
    counts, whole = await images(world)
    assert (counts, whole["weight"], whole["score"]) == ((0, 1, 1), 10, 0)
    assert whole["coverage"] < 1, "what was not scanned is told beside it"
    actions = [each for each in (await posture(world))["actions"] if each["component"] == "IMAGES"]
    assert {each["certain"]: each["namespace"] for each in actions} == {True: "shop", False: None}
    assert "critical or high flaws" in next(each["text"] for each in actions if each["certain"])

    clean = deepcopy(GRYPE)
    clean["matches"] = []
    assert (await imported(world, clean))["grave"] == 0
    assert (await images(world))[0] == (1, 1, 0)
    assert (await imported(world, GRYPE))["grave"] == 1
    assert (await images(world))[0] == (0, 2, 0), "the newest counts"
    world.clock.now = NOW + 31 * DAY
    assert (await images_of(world))["weight"] == 0


async def images_of(world: World) -> Any:
    found = await posture(world, **{"from": "now-32d"})
    return next(each for each in found["overall"]["components"] if each["component"] == "IMAGES")


async def test_what_is_wrong_is_said_and_changes_nothing() -> None:
    with opened(ApiSettings(require_token=False)) as world:
        world.commit(FLOWS)
        limited = await world.token(Scope(frozenset({"east"})))
        cases: list[tuple[dict[str, Any], str, str | None]] = [
            ({"report": {}}, "BAD_INPUT", "report"),
            ({"report": {**TRIVY, "ArtifactType": "filesystem", "Metadata": None}}, "BAD_INPUT", "report"),
            ({"report": TRIVY, "cluster": " "}, "BAD_INPUT", "cluster"),
            ({"report": TRIVY, "token": limited}, "NOT_ALLOWED", None),
        ]
        for told, code, path in cases:
            (problem,) = (await imported(world, **told))["problems"]
            assert (problem["code"], problem["path"]) == (code, path), told
        for token, may in ((None, True), (limited, False)):
            assert (await world.ask("{ mayImportScans }", token=token))["mayImportScans"] is may
        assert (await images_of(world))["weight"] == 0


async def test_a_report_as_it_is_written_is_as_long_as_reports_are(world: World) -> None:
    flaws = [{"VulnerabilityID": f"CVE-{n}", "Severity": "HIGH", "Title": "x" * 99} for n in range(9000)]
    text = json.dumps({**TRIVY, "Results": [{"Target": "app", "Vulnerabilities": flaws}]})
    async with world.client() as client:
        asked = {"query": IMPORT, "variables": {"cluster": "east", "report": text}}
        answer = (await client.post("/graphql", json=asked)).json()
    assert answer["data"]["importScans"] == {"images": 1, "grave": 1, "passedOver": 0, "problems": []}
