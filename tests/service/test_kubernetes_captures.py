"""PacketCaptures through a kubeconfig: listed, applied and removed, as far as scope and settings allow."""

import asyncio
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from tapetum.capture.port import CaptureKey
from tapetum.domain.errors import (
    BadInputError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    TapetumError,
    UnavailableError,
)
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.service.cluster_line import Kubeconfig
from tapetum.service.kubernetes_captures import KubernetesCaptures
from tests.support.fake_kubernetes import Cluster, api_server, kubeconfig, silent_server

CAPTURES = "/apis/projectcalico.org/v3/packetcaptures"
SHOP = Scope(None, frozenset({("east", "shop")}))
OURS: dict[str, Any] = {
    "metadata": {"name": "web", "namespace": "shop", "labels": {"app.kubernetes.io/managed-by": "tapetum"}},
    "spec": {"selector": "all()"},
}
THEIRS = {"metadata": {"name": "api", "namespace": "pay", "uid": "theirs"}, "spec": {"selector": "all()"}}


@pytest.fixture
def cluster() -> Generator[Cluster]:
    with api_server() as one:
        one.put(CAPTURES, THEIRS)
        yield one


@pytest.fixture
def captures(cluster: Cluster, tmp_path: Path) -> KubernetesCaptures:
    file = kubeconfig(tmp_path / "kubeconfig", cluster.url)
    return KubernetesCaptures({"east": Kubeconfig.of(f"{file}#here")}, changes=True)


async def test_what_is_applied_is_listed_and_removed_again(
    captures: KubernetesCaptures, cluster: Cluster
) -> None:
    assert await captures.supports(SHOP, "east")
    made = await captures.apply(SHOP, "east", OURS, "ann")
    assert (made.namespace, made.name, made.ours) == ("shop", "web", True)
    assert [each.name for each in await captures.captures(SHOP, "east")] == ["web"]
    assert [each.name for each in await captures.captures(EVERYTHING, "east")] == ["api", "web"]
    with pytest.raises(ConflictError):
        await captures.apply(SHOP, "east", OURS, "ann")
    key = CaptureKey("east", "shop", "web", made.uid)
    await captures.remove(SHOP, key, None)
    assert [each.name for each in await captures.captures(EVERYTHING, "east")] == ["api"]
    with pytest.raises(NotFoundError):
        await captures.remove(SHOP, key, None)


async def test_a_cluster_without_the_kind_has_none(captures: KubernetesCaptures, cluster: Cluster) -> None:
    cluster.lacks.add("packetcaptures")
    assert not await captures.supports(EVERYTHING, "east")
    assert await captures.captures(EVERYTHING, "east") == []


@pytest.mark.parametrize(
    ("scope", "key", "error"),
    [
        (EVERYTHING, CaptureKey("east", "pay", "api", "theirs"), NotAllowedError),
        (SHOP, CaptureKey("east", "pay", "api", "theirs"), NotFoundError),
        (EVERYTHING, CaptureKey("east", "pay", "api", "older"), NotFoundError),
        (EVERYTHING, CaptureKey("west", "pay", "api", "theirs"), UnavailableError),
        (SHOP, CaptureKey("west", "pay", "api", "theirs"), NotFoundError),
    ],
)
async def test_others_captures_and_what_is_not_seen_stay(
    captures: KubernetesCaptures, scope: Scope, key: CaptureKey, error: type[TapetumError], cluster: Cluster
) -> None:
    with pytest.raises(error):
        await captures.remove(scope, key, None)
    assert len(cluster.objects[CAPTURES]) == 1


async def test_nothing_is_changed_where_settings_or_the_cluster_refuse(
    captures: KubernetesCaptures, cluster: Cluster
) -> None:
    held = KubernetesCaptures(captures.kubeconfigs)
    with pytest.raises(NotAllowedError, match="TAPETUM_APPLY_CAPTURES"):
        await held.apply(EVERYTHING, "east", OURS, "ann")
    with pytest.raises(NotFoundError):
        await captures.apply(Scope(None, frozenset({("east", "pay")})), "east", OURS, "ann")
    cluster.refuse["/apis/projectcalico.org/v3/namespaces/shop/packetcaptures"] = 403
    with pytest.raises(NotAllowedError, match="does not allow it"):
        await captures.apply(EVERYTHING, "east", OURS, "ann")
    assert list(cluster.objects[CAPTURES]) == [("pay", "api")]


@pytest.mark.parametrize(
    "key",
    [
        CaptureKey("east", "shop", "api", "theirs"),
        CaptureKey("east", "shop", "web", "theirs"),
        CaptureKey("east", "shop", "../../pay/packetcaptures/api", "theirs"),
        CaptureKey("east", "../namespaces/pay", "api", "theirs"),
        CaptureKey("east", "..", "api", "theirs"),
        CaptureKey("east", "shop/../pay", "api", "theirs"),
    ],
)
async def test_forged_keys_reach_nobody_elses(
    captures: KubernetesCaptures, cluster: Cluster, key: CaptureKey
) -> None:
    """Ids are anybody's to write: neither a uid nor a path in one of its parts opens another namespace."""
    ours = {"app.kubernetes.io/managed-by": "tapetum"}
    cluster.put(CAPTURES, {**THEIRS, "metadata": {**THEIRS["metadata"], "labels": ours}})
    for scope in (SHOP, EVERYTHING):
        with pytest.raises(NotFoundError):
            await captures.remove(scope, key, "eve")
    assert list(cluster.objects[CAPTURES]) == [("pay", "api")]
    for namespace in ("..", "../namespaces/pay", "shop?dryRun=All"):
        evil = {**OURS, "metadata": {**OURS["metadata"], "namespace": namespace}}
        with pytest.raises(NotFoundError):
            await captures.apply(EVERYTHING, "east", evil, "eve")
    assert not [each for each in cluster.asked if "namespaces" in each]


async def test_whoever_looks_often_asks_once(captures: KubernetesCaptures, cluster: Cluster) -> None:
    found = await asyncio.gather(*(captures.captures(EVERYTHING, "east") for _ in range(20)))
    assert await captures.captures(SHOP, "east") == []
    assert ({len(each) for each in found}, cluster.asked.count(CAPTURES)) == ({1}, 1)
    await captures.apply(SHOP, "east", OURS, "ann")
    assert [each.name for each in await captures.captures(SHOP, "east")] == ["web"], (
        "a change is seen at once"
    )


async def test_who_gave_up_leaves_one_thread_at_most(tmp_path: Path) -> None:
    with silent_server() as url:
        where = {"silent": Kubeconfig.of(str(kubeconfig(tmp_path / "k", url)))}
        captures = KubernetesCaptures(where, looking=0.05)
        for _ in range(10):
            with pytest.raises(UnavailableError, match="takes longer"):
                await captures.captures(EVERYTHING, "silent")
        assert sum(each.name.startswith("captures-silent") for each in threading.enumerate()) == 1


async def test_a_change_that_outlives_its_caller_is_logged(cluster: Cluster, tmp_path: Path) -> None:
    where = {"east": Kubeconfig.of(str(kubeconfig(tmp_path / "k", cluster.url)))}
    captures = KubernetesCaptures(where, changes=True, changing=0.01)
    cluster.slow = 0.2
    with capture_logs() as logs:
        with pytest.raises(UnavailableError, match="may still happen"):
            await captures.apply(EVERYTHING, "east", OURS, "ann\n")
        await captures.captures(EVERYTHING, "east")  # behind it on its thread
    (told,) = (each for each in logs if each["event"] == "packet_capture_applied")
    assert (told["by"], told["name"]) == ("ann\\x0a", "web")
    assert ("shop", "web") in cluster.objects[CAPTURES]


async def test_a_server_that_is_away_or_refuses_says_so_plainly(tmp_path: Path, cluster: Cluster) -> None:
    broken = tmp_path / "broken"
    broken.write_text("a: [unclosed\n\t")
    stranger = kubeconfig(tmp_path / "k", cluster.url, token="wrong")
    gone = kubeconfig(tmp_path / "gone", "http://127.0.0.1:9")
    cluster.refuse[CAPTURES] = 410
    good = kubeconfig(tmp_path / "good", cluster.url)
    for file in (tmp_path / "none", broken, stranger, gone, good):
        with capture_logs() as logs, pytest.raises(UnavailableError) as refused:
            await KubernetesCaptures({"east": Kubeconfig.of(str(file))}).captures(EVERYTHING, "east")
        said = refused.value.message
        assert said == "The packet captures of east cannot be read; the server's log says why."
        assert logs[0]["error"], "where whoever keeps the server finds it"
    cluster.refuse["/apis/projectcalico.org/v3/namespaces/shop/packetcaptures"] = 422
    captures = KubernetesCaptures({"east": Kubeconfig.of(str(good))}, changes=True)
    with pytest.raises(BadInputError) as refused_change:
        await captures.apply(EVERYTHING, "east", OURS, None)
    assert not {"422", "not today", "/apis", "http"} & set(refused_change.value.message.split())
    assert "/apis" not in refused_change.value.message
