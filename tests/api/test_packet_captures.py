"""Packet captures over GraphQL: whose labels, what may be applied, and by whom."""

from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tapetum.api import ApiSettings, issue
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.identity import node_id
from tapetum.domain.scope import Scope
from tapetum.service.cluster_line import Kubeconfig
from tapetum.service.kubernetes_captures import KubernetesCaptures
from tests.api.test_manifests import brought
from tests.api.world import World, opened
from tests.support.factory import HOUR, NOW, Flow, wep
from tests.support.fake_kubernetes import Cluster, api_server, kubeconfig, silent_server

CAPTURES = "/apis/projectcalico.org/v3/packetcaptures"
PREPARE = """query($capture: PacketCaptureInput!) { preparePacketCapture(capture: $capture) {
  cluster namespace name selector start end manifest command applicable whyNot problems { code path } } }"""
APPLY = """mutation($capture: PacketCaptureInput!) { applyPacketCapture(capture: $capture) {
  name capture { id state appliedBy removable } problems { code message path } } }"""
LIST = """query { packetCaptures { reached captures { id cluster namespace name state removable filters
  files { node state names copy } } problems { code } } }"""
REMOVE = "mutation($id: ID!) { removePacketCapture(id: $id) { name problems { code } } }"
WEB = node_id(NodeRef(NodeKind.WORKLOAD, "east", "shop", "web-*"))
SHOP = node_id(NodeRef(NodeKind.NAMESPACE, "east", "shop", "shop"))
POD = """{apiVersion: v1, kind: Pod, metadata: {name: web-5d4-x, generateName: web-5d4-, namespace: shop,
 labels: {app: NAME, pod-template-hash: 5d4}}}"""


@pytest.fixture
def cluster() -> Generator[Cluster]:
    with api_server() as one:
        yield one


@pytest.fixture
def world(cluster: Cluster, tmp_path: Path) -> Generator[World]:
    where = {"east": Kubeconfig.of(str(kubeconfig(tmp_path / "kubeconfig", cluster.url)))}
    with opened(captures=KubernetesCaptures(where, changes=True)) as one:
        one.commit([Flow(fields=(("source_labels", ["app=web", "pod-template-hash=5d4", "tier=front"]),))])
        yield one


async def prepared(world: World, token: str | None = None, **capture: Any) -> dict[str, Any]:
    asked = {"capture": {"target": WEB, **capture}}
    return (await world.ask(PREPARE, asked, token))["preparePacketCapture"]


async def test_the_selector_is_of_labels_that_a_rollout_keeps(world: World) -> None:
    assert (await prepared(world))["selector"] == '(app == "web" && tier == "front")', "as records tell"
    world.clock.now = NOW - HOUR
    pod = POD.replace("web-5d4", "web").replace("NAME", "web")
    await brought(world, pod, POD.replace("web-5d4", "db").replace("NAME", "db"))
    world.clock.now = NOW
    found = await prepared(world, filters=[{"protocol": "tcp", "ports": ["80"]}])
    assert found["selector"] == 'app == "web"', "as manifests tell it from others"
    assert (found["name"], found["namespace"], found["applicable"]) == ("capture-web-1437", "shop", True)
    assert (found["start"], found["end"]) == ("2026-11-23T14:37:21.500Z", "2026-11-23T14:47:21.500Z")
    assert "protocol: TCP" in found["manifest"]
    assert "-l app=web" in found["command"]
    assert (await prepared(world, target=SHOP))["selector"] == "all()"


async def test_what_is_applied_is_listed_with_its_state_and_removed(world: World, cluster: Cluster) -> None:
    made = (await world.ask(APPLY, {"capture": {"target": WEB, "name": "mine"}}))["applyPacketCapture"]
    assert (made["name"], made["problems"]) == ("mine", [])
    assert (made["capture"]["state"], made["capture"]["removable"]) == ("PENDING", True)
    kept = cluster.objects[CAPTURES]["shop", "mine"]
    files = [{"node": "n1", "state": "Capturing", "directory": "/pcap", "fileNames": ["a.pcap"]}]
    cluster.put(CAPTURES, {**kept, "status": {"files": files}})
    found = (await world.ask(LIST))["packetCaptures"]
    (one,) = found["captures"]
    assert (found["reached"], one["state"], one["files"][0]["names"]) == (["east"], "CAPTURING", ["a.pcap"])
    assert "pcap/shop/mine/" in one["files"][0]["copy"]
    again = (await world.ask(APPLY, {"capture": {"target": WEB, "name": "mine"}}))["applyPacketCapture"]
    assert [each["code"] for each in again["problems"]] == ["CONFLICT"]
    assert (await world.ask(REMOVE, {"id": one["id"]}))["removePacketCapture"] == {
        "name": "mine",
        "problems": [],
    }
    assert (await world.ask(LIST))["packetCaptures"]["captures"] == []


async def test_a_cluster_without_the_kind_gets_the_command_alone(world: World, cluster: Cluster) -> None:
    cluster.lacks.add("packetcaptures")
    found = await prepared(world)
    assert (found["manifest"], found["applicable"]) == (None, False)
    assert found["command"].startswith("pod=$(kubectl")


async def test_a_cluster_that_does_not_answer_hides_nothing_else(world: World, cluster: Cluster) -> None:
    cluster.refuse[CAPTURES] = 500
    found = (await world.ask(LIST))["packetCaptures"]
    assert (found["captures"], [each["code"] for each in found["problems"]]) == ([], ["UNAVAILABLE"])


async def test_a_cluster_that_hangs_hides_no_other_and_no_text(cluster: Cluster, tmp_path: Path) -> None:
    with silent_server() as url:
        where = {
            "east": Kubeconfig.of(str(kubeconfig(tmp_path / "silent", url))),
            "west": Kubeconfig.of(str(kubeconfig(tmp_path / "k", cluster.url))),
        }
        cluster.put(CAPTURES, {"metadata": {"name": "a", "namespace": "shop", "uid": "u"}})
        with opened(captures=KubernetesCaptures(where, changes=True, looking=1)) as world:
            labels = (("source_labels", ["app=web"]),)
            world.commit([Flow(fields=labels), Flow(cluster="west", fields=labels)])
            assert await world.context.captures.supports(Scope(), "west"), "its client is loaded"
            found = (await world.ask(LIST))["packetCaptures"]
            assert [each["cluster"] for each in found["captures"]] == ["west"]
            assert [each["code"] for each in found["problems"]] == ["UNAVAILABLE"]
            text = await prepared(world)
            assert (text["applicable"], "kind: PacketCapture" in text["manifest"]) == (False, True)
            assert "takes longer than 1 s" in text["whyNot"]
            assert (text["command"].startswith("pod="), text["problems"]) == (True, [])


@pytest.mark.parametrize(
    ("capture", "path"),
    [
        ({"target": "nothing"}, None),
        ({"target": node_id(NodeRef(NodeKind.NETWORK, "east", None, "pub"))}, "target"),
        ({"filters": [{}, {"ports": ["http"]}]}, "filters[1].ports"),
        ({"filters": [{}] * 11}, "filters"),
        ({"start": "yesterday"}, "start"),
        ({"end": "now-1h"}, "end"),
        ({"name": "NO"}, "name"),
        ({"target": node_id(NodeRef(NodeKind.WORKLOAD, "east", "shop", "db-*"))}, "target"),
    ],
)
async def test_what_cannot_be_captured_is_said_and_nothing_applied(
    world: World, cluster: Cluster, capture: dict[str, Any], path: str | None
) -> None:
    found = await prepared(world, **capture)
    assert [(each["code"], each["path"]) for each in found["problems"]] == [("BAD_INPUT", path)]
    done = (await world.ask(APPLY, {"capture": {"target": WEB, **capture}}))["applyPacketCapture"]
    assert done["problems"]
    assert CAPTURES not in cluster.objects


async def test_tokens_need_to_see_the_workload_and_to_be_allowed_to_write(
    cluster: Cluster, tmp_path: Path
) -> None:
    where = {"east": Kubeconfig.of(str(kubeconfig(tmp_path / "kubeconfig", cluster.url)))}
    captures = KubernetesCaptures(where, changes=True)
    with opened(ApiSettings(require_token=True), captures=captures) as world:
        labels = (("source_labels", ["app=web"]), ("dest_labels", ["app=api"]))
        world.commit(
            [Flow(fields=labels), Flow(source=wep("pay", "api"), dest=wep("pay", "api"), fields=labels)]
        )

        async def token(namespace: str, *, ingest: bool) -> str:
            scope = Scope(None, frozenset({("east", namespace)}))
            lifetime = timedelta(hours=1)
            made, secret = issue(
                f"{namespace}{ingest}", scope, ingest=ingest, lifetime=lifetime, clock=world.clock
            )
            await world.context.catalog.add_token(made)
            return secret

        writer, reader = await token("shop", ingest=True), await token("shop", ingest=False)
        other = await token("pay", ingest=True)
        assert (await prepared(world, reader))["whyNot"].startswith("Your token may not")
        for secret, code in ((reader, "NOT_ALLOWED"), (other, "BAD_INPUT")):
            done = (await world.ask(APPLY, {"capture": {"target": WEB}}, secret))["applyPacketCapture"]
            assert [each["code"] for each in done["problems"]] == [code]
        done = (await world.ask(APPLY, {"capture": {"target": WEB}}, writer))["applyPacketCapture"]
        assert (done["problems"], done["capture"]["appliedBy"]) == ([], "shopTrue")
        gone = {"id": done["capture"]["id"]}
        assert (await world.ask(LIST, token=other))["packetCaptures"]["captures"] == []
        (seen,) = (await world.ask(LIST, token=reader))["packetCaptures"]["captures"]
        assert not seen["removable"]
        for secret, code in ((reader, "NOT_ALLOWED"), (other, "NOT_FOUND")):
            refused = (await world.ask(REMOVE, gone, secret))["removePacketCapture"]
            assert [each["code"] for each in refused["problems"]] == [code]
        assert (await world.ask(REMOVE, gone, writer))["removePacketCapture"]["problems"] == []


async def test_without_a_kubeconfig_there_is_the_text() -> None:
    with opened() as world:
        world.commit([Flow(fields=(("source_labels", ["app=web"]),))])
        found = await prepared(world)
        assert (found["applicable"], found["manifest"] is None) == (False, False)
        assert (await world.ask(LIST))["packetCaptures"] == {"reached": [], "captures": [], "problems": []}
        code, said = await world.refusal(APPLY, {"capture": {"target": WEB}})
        assert (code, "TAPETUM_KUBECONFIGS" in said) == ("UNAVAILABLE", True)
