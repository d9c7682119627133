"""PacketCaptures through a kubeconfig: listed, applied and removed, as far as scope and settings allow."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

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
from tapetum.service.kubernetes_captures import Kubeconfig, KubernetesCaptures
from tests.support.fake_kubernetes import Cluster, api_server, kubeconfig

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
    made = await captures.apply(SHOP, "east", OURS)
    assert (made.namespace, made.name, made.ours) == ("shop", "web", True)
    assert [each.name for each in await captures.captures(SHOP, "east")] == ["web"]
    assert [each.name for each in await captures.captures(EVERYTHING, "east")] == ["api", "web"]
    with pytest.raises(ConflictError):
        await captures.apply(SHOP, "east", OURS)
    key = CaptureKey("east", "shop", "web", made.uid)
    await captures.remove(SHOP, key)
    assert [each.name for each in await captures.captures(EVERYTHING, "east")] == ["api"]
    with pytest.raises(NotFoundError):
        await captures.remove(SHOP, key)


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
        await captures.remove(scope, key)
    assert len(cluster.objects[CAPTURES]) == 1


async def test_nothing_is_changed_where_settings_or_the_cluster_refuse(
    captures: KubernetesCaptures, cluster: Cluster
) -> None:
    held = KubernetesCaptures(captures.kubeconfigs)
    with pytest.raises(NotAllowedError, match="TAPETUM_APPLY_CAPTURES"):
        await held.apply(EVERYTHING, "east", OURS)
    with pytest.raises(NotFoundError):
        await captures.apply(Scope(None, frozenset({("east", "pay")})), "east", OURS)
    cluster.refuse["/apis/projectcalico.org/v3/namespaces/shop/packetcaptures"] = 403
    with pytest.raises(NotAllowedError, match="needs create"):
        await captures.apply(EVERYTHING, "east", OURS)
    assert list(cluster.objects[CAPTURES]) == [("pay", "api")]


async def test_a_server_that_is_away_or_refuses_says_so(tmp_path: Path, cluster: Cluster) -> None:
    away = KubernetesCaptures({"east": Kubeconfig.of(str(tmp_path / "none"))})
    with pytest.raises(BadInputError, match="TAPETUM_KUBECONFIGS"):
        await away.captures(EVERYTHING, "east")
    stranger = kubeconfig(tmp_path / "k", cluster.url, token="wrong")
    with pytest.raises(BadInputError, match="401"):
        await KubernetesCaptures({"east": Kubeconfig.of(str(stranger))}).captures(EVERYTHING, "east")
