import re
from collections import Counter
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from tapetum.simulate import World, WorldSpec, build
from tapetum.simulate.connections import Connection
from tapetum.simulate.inventory import HOST_NETWORK, POD_NETWORK, Kind


def outcome(connection: Connection) -> str:
    if connection.egress and not connection.egress.allowed:
        return "denied at source"
    if connection.ingress and not connection.ingress.allowed:
        return "denied at destination"
    return "allowed"


@pytest.mark.parametrize(
    ("workloads", "namespaces"), [(6, 3), (9, 3), (12, 8), (30, 8), (40, 8), (90, 8), (45, 11), (400, 30)]
)
def test_a_world_has_as_many_workloads_and_namespaces_as_asked(workloads: int, namespaces: int) -> None:
    world = build(WorldSpec(workloads=workloads, namespaces=namespaces))
    assert len({each.key for each in world.workloads}) == len(world.workloads) == workloads
    assert len({each.name for each in world.namespaces}) == namespaces
    assert {each.namespace for each in world.workloads} == {each.name for each in world.namespaces}


def test_equal_specs_give_equal_worlds_and_seeds_differ() -> None:
    def fingerprint(seed: int) -> list[Any]:
        world = build(WorldSpec(seed=seed, workloads=120, namespaces=12))
        return [(each.call, outcome(each)) for each in world.connections]

    assert fingerprint(1) == fingerprint(1)
    assert fingerprint(1) != fingerprint(2)


def test_an_attack_adds_to_the_world_and_changes_nothing(epoch: int) -> None:
    calm, hit = build(WorldSpec(epoch=epoch)), build(WorldSpec(epoch=epoch, attack_at=epoch + 60))
    assert [each.call for each in calm.connections] == [
        each.call for each in hit.connections[: len(calm.connections)]
    ]
    assert calm.job is None
    assert hit.job is not None


def test_every_connection_ends_as_the_author_of_the_policies_meant(demo: World, grown: World) -> None:
    for world in (demo, grown):
        wrong = {
            (each.call.source, each.call.target, each.call.port): outcome(each)
            for each in world.connections
            if each.call.ends != "either" and not outcome(each).startswith(each.call.ends)
        }
        assert wrong == {}
        assert Counter(outcome(each) for each in world.connections).keys() == {
            "allowed",
            "denied at source",
            "denied at destination",
        }


def test_about_as_many_connections_as_asked(grown: World) -> None:
    assert abs(len(grown.connections) - 2_500) < 25
    keys = Counter(
        (each.call.source, each.call.target, each.protocol, each.port) for each in grown.connections
    )
    assert keys.most_common(1)[0][1] == 1


def test_pods_are_named_and_placed_as_their_kind_asks(demo: World, epoch: int) -> None:
    shapes = {
        Kind.DEPLOYMENT: r"{}-[456789bcdf]{{9,10}}-[a-z0-9]{{5}}",
        Kind.STATEFUL_SET: r"{}-\d",
        Kind.DAEMON_SET: r"{}-[a-z0-9]{{5}}",
        Kind.CRON_JOB: r"{}-\d{{8}}-[a-z0-9]{{5}}",
    }
    seen = Counter()
    addresses = []
    for each in demo.workloads:
        pods = demo.housing.pods(each, demo.housing.generation(each, epoch))
        for pod in pods:
            assert re.fullmatch(shapes[each.kind].format(re.escape(each.name)), pod.name)
            assert pod.aggregated.endswith("-*")
            assert pod.name.startswith(pod.aggregated[:-1])
            assert pod.shared_labels.items() <= pod.labels.items()
            addresses.append(ip_address(pod.address))
        assert len({pod.host.name for pod in pods}) == len(pods)
        seen[each.kind] += 1
    assert seen.keys() == shapes.keys()
    assert len(set(addresses)) == len(addresses)
    assert all(address in ip_network(POD_NETWORK) for address in addresses)


def test_a_rollout_replaces_names_and_addresses_at_a_known_time(demo: World, epoch: int) -> None:
    frontend = next(each for each in demo.workloads if each.key == "storefront/frontend")
    now = demo.housing.generation(frontend, epoch)
    turn = demo.housing.began(frontend, now + 1)
    assert epoch < turn <= epoch + frontend.period
    assert demo.housing.generation(frontend, turn - 1) == now
    assert demo.housing.generation(frontend, turn) == now + 1
    before, after = demo.housing.pods(frontend, now), demo.housing.pods(frontend, now + 1)
    assert {pod.name for pod in before}.isdisjoint(pod.name for pod in after)
    assert {pod.address for pod in before}.isdisjoint(pod.address for pod in after)


def test_rules_that_name_networks_never_mean_a_pod_or_a_host(demo: World, grown: World) -> None:
    """Members of a rule's networks are looked up among fixed addresses only."""
    inside = [ip_network(POD_NETWORK), ip_network(HOST_NETWORK)]
    reserved = ip_network("10.0.255.0/24")  # the API servers, where no host is
    for world in (demo, grown):
        nets = {
            ip_network(net)
            for policy in world.policies
            for rule in (*(policy.ingress or ()), *(policy.egress or ()))
            for net in rule.peer.nets
        }
        nets |= {ip_network(net) for each in world.network_sets for net in each.nets}
        assert nets
        assert all(net == reserved or not any(net.overlaps(taken) for taken in inside) for net in nets)
        assert not any(ip_address(host.address) in reserved for host in world.hosts)
