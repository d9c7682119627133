"""`tapetum policy watch`: what a cluster's API server has, and what it tells from then on."""

import signal
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_kubernetes import Cluster, api_server, kubeconfig
from tests.support.products import everywhere
from tests.support.served import COMMAND, Served, clean_environment, run

pytestmark = pytest.mark.server

CALICO = "/apis/projectcalico.org/v3/networkpolicies"
NAMESPACES, PODS, TIERS = "/api/v1/namespaces", "/api/v1/pods", "/apis/projectcalico.org/v3/tiers"
LIST = """query($cluster: String!) { manifests(cluster: $cluster, first: 100) {
  nodes { kind namespace name version { origin document } } } }"""


@pytest.fixture
def cluster() -> Generator[Cluster]:
    with api_server() as one:
        one.put(NAMESPACES, {"metadata": {"name": "shop"}})
        one.put(PODS, {"metadata": {"name": "pod", "namespace": "shop"}, "status": {"podIP": "10.1.0.1"}})
        one.put(CALICO, policy("web", 1))
        yield one


def policy(name: str, order: object) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": "shop"}, "spec": {"order": order}}


@contextmanager
def watching(*arguments: object) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [COMMAND, "policy", "watch", *map(str, arguments)],
        stderr=subprocess.PIPE, text=True, env=clean_environment(),
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def told(served: Served, name: str) -> dict[str, Any]:
    nodes = served.ask(LIST, {"cluster": name})["manifests"]["nodes"]
    return {each["name"]: each["version"]["document"].get("spec", {}).get("order") for each in nodes}


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


@everywhere
def test_what_changes_is_followed(served: Served, cluster: Cluster, tmp_path: Path) -> None:
    name = "followed"
    config = kubeconfig(tmp_path / "config", cluster.url)
    with watching("--kubeconfig", config, "--cluster", name, "--url", served.url) as process:
        eventually(lambda: told(served, name) == {"shop": None, "pod": None, "web": 1})
        cluster.put(CALICO, policy("db", 5))
        cluster.put(CALICO, policy("web", 2))
        eventually(lambda: told(served, name).get("db") == 5)
        cluster.cut()
        cluster.delete(CALICO, "db", "shop")
        eventually(lambda: "db" not in told(served, name))
        cluster.delete(NAMESPACES, "shop")
        cluster.forget()
        cluster.put(TIERS, {"metadata": {"name": "first"}, "spec": {"order": 7}})
        eventually(lambda: "shop" not in told(served, name) and told(served, name).get("first") == 7)
        cluster.put(CALICO, policy("bad", "high"))
        cluster.put(CALICO, policy("good", 9))
        eventually(lambda: told(served, name).get("good") == 9)
        assert "bad" not in told(served, name)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert process.stderr is not None
        said = process.stderr.read()
    assert f"Following {cluster.url} as {name}" in said
    assert "NetworkPolicy shop/bad: spec.order" in said
    origins = {
        each["version"]["origin"] for each in served.ask(LIST, {"cluster": name})["manifests"]["nodes"]
    }
    assert origins == {"IMPORT"}, "a server calls what it is sent an import"
    assert not [path for path in cluster.asked if "secrets" in path or "ingresses" in path]


def test_once_takes_what_there_is(cluster: Cluster, tmp_path: Path) -> None:
    for place in range(1200):
        cluster.put(PODS, {"metadata": {"name": f"p{place}", "namespace": "shop"}})
    config = kubeconfig(tmp_path / "config", cluster.url)
    where = ("--kubeconfig", config, "--cluster", "east", "--data", tmp_path / "data", "--once")
    done = run("policy", "watch", *where)
    assert done.returncode == 0, done.stderr
    assert b"1203 added, 0 changed, 0 unchanged, 0 removed in east." in done.stderr
    cluster.delete(PODS, "p7", "shop")
    assert b"0 added, 0 changed, 1202 unchanged, 1 removed in east." in run("policy", "watch", *where).stderr


def test_what_keeps_it_from_being_followed_is_told(cluster: Cluster, tmp_path: Path) -> None:
    good = kubeconfig(tmp_path / "good", cluster.url)
    wrong = kubeconfig(tmp_path / "wrong", cluster.url, "other")
    away = kubeconfig(tmp_path / "away", "http://127.0.0.1:1")
    cluster.refuse[CALICO] = 403
    for config, said in (
        (wrong, b"The API server refuses /apis (401: Unauthorized)"),
        (away, b"does not answer"),
        (tmp_path / "none", b"The kubeconfig cannot be used"),
        (good, b"The API server refuses /apis/projectcalico.org/v3/networkpolicies (403: not today)"),
    ):
        done = run("policy", "watch", "--kubeconfig", config, "--data", tmp_path / "data", "--once")
        assert done.returncode == 2
        assert said in done.stderr, done.stderr
        assert done.stderr.count(b"\n") == 1, done.stderr
