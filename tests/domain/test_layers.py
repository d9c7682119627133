"""A layer is read strictly: what nothing could belong to is refused."""

from typing import Any

import msgspec
import pytest

from tapetum.domain.documents import LAYERS_PAGE, read_body, write_body
from tapetum.domain.endpoints import NodeKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.layers import MOST_MEMBERS, Layer, MemberKind

SHOP = {"kind": "namespace", "name": "shop-*"}
CART = {"kind": "workload", "namespace": "shop", "name": "cart", "cluster": "east"}


def read(**members: Any) -> Layer:
    return read_body(msgspec.json.encode({"format": 1, "title": "T", **members}), Layer, LAYERS_PAGE)


@pytest.mark.parametrize("members", [{"members": [SHOP, CART]}, {"filter": "dest_port : 53"}])
def test_a_layer_is_kept_as_it_is(members: dict[str, Any]) -> None:
    layer = read(**members)
    assert read_body(write_body(layer), Layer) == layer
    assert msgspec.json.decode(write_body(layer)).items() >= {"title": "T", "description": ""}.items()
    assert [each.name for each in layer.members] == [each["name"] for each in members.get("members", [])]


def test_members_are_of_every_kind_of_node() -> None:
    """But of services: who is behind one is a member, at every level of the graph."""
    assert {kind.node for kind in MemberKind} == set(NodeKind) - {NodeKind.SERVICE}


@pytest.mark.parametrize(
    ("members", "path", "says"),
    [
        ({}, "", "neither members nor a filter"),
        ({"filter": "  "}, "", "neither members nor a filter"),
        ({"members": [{"kind": "pod", "name": "a"}]}, ".members[0].kind", "not one of namespace, workload"),
        ({"members": [{**SHOP, "namespace": "x"}]}, ".members[0].namespace", "a namespace lies in no"),
        ({"members": [{"kind": "fqdn", "name": ""}]}, ".members[0].name", "length >= 1"),
        ({"members": [{**SHOP, "colour": "red"}]}, ".members[0]", "unknown field `colour`"),
        ({"members": [SHOP] * (MOST_MEMBERS + 1)}, ".members", f"length <= {MOST_MEMBERS}"),
        ({"members": [SHOP], "title": "a\u202eb"}, "", "characters that cannot be shown"),
    ],
)
def test_what_nothing_could_belong_to_is_refused(members: dict[str, Any], path: str, says: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read(**members)
    assert refused.value.path == f"document{path}"
    assert says in refused.value.message
