"""Which node an endpoint is, and what stands for it when namespaces are collapsed."""

import pytest

from tapetum.domain.endpoints import UNNAMED, NodeKind, NodeRef, node_of
from tapetum.domain.service_graph import Level, Shape

WORKLOAD, HOST, SET, NETWORK, FQDN = (
    NodeKind.WORKLOAD,
    NodeKind.HOST,
    NodeKind.NETWORK_SET,
    NodeKind.NETWORK,
    NodeKind.FQDN,
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("wep", "shop", "web-*"), (WORKLOAD, "shop", "web-*")),
        (("wep", "shop", None), (WORKLOAD, "shop", UNNAMED)),
        (("wep", "shop", ""), (WORKLOAD, "shop", UNNAMED)),
        (("hep", None, "node-1"), (HOST, None, "node-1")),
        (("ns", None, "partners"), (SET, None, "partners")),
        (("ns", "pay", "partners"), (SET, "pay", "partners")),
        (("net", None, "pub"), (NETWORK, None, "pub")),
        (("net", None, "pub", "pvt"), (NETWORK, None, "pvt")),
        (("net", None, None, None), (NETWORK, None, UNNAMED)),
        (("net", None, "pub", "pub", "example.com"), (FQDN, None, "example.com")),
        # A record without a type is judged by what it names.
        ((None, "shop", "web-*"), (WORKLOAD, "shop", "web-*")),
        ((None, None, "pub"), (NETWORK, None, "pub")),
        ((None, None, "pvt"), (NETWORK, None, "pvt")),
        ((None, None, None, "pvt"), (NETWORK, None, "pvt")),
        ((None, None, "node-1"), (HOST, None, "node-1")),
        ((None, None, None), (HOST, None, UNNAMED)),
        ((None, None, "pub", None, "example.com"), (FQDN, None, "example.com")),
    ],
)
def test_an_endpoint_is_a_node(
    told: tuple[str | None, ...], expected: tuple[NodeKind, str | None, str]
) -> None:
    kind, namespace, name = expected
    assert node_of("east", *told) == NodeRef(kind, "east", namespace, name)


def test_whatever_lives_in_a_namespace_folds_into_it() -> None:
    shop = NodeRef(NodeKind.NAMESPACE, "east", "shop", "shop")
    for kind in (WORKLOAD, SET, HOST):
        assert NodeRef(kind, "east", "shop", "x").folded == shop
    assert shop.folded is shop
    for kind in (HOST, SET, NETWORK, FQDN):
        node = NodeRef(kind, "east", None, "x")
        assert node.folded is node


def test_a_shape_opens_what_its_level_folds() -> None:
    shop = NodeRef(NodeKind.NAMESPACE, "east", "shop", "shop")
    service = NodeRef(NodeKind.SERVICE, "east", "shop", "db")
    both = frozenset({shop, service})
    assert Shape(expand=frozenset({service})).opened == {shop}
    assert Shape(Level.SERVICE, both).opened == both
    assert Shape(Level.WORKLOAD, both).opened == frozenset()
