"""Opaque ids: back to what they were made of, and nothing else is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.errors import BadInputError
from tapetum.domain.identity import edge_id, node_id, parse_edge_id, parse_node_id, seal, unseal

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NODES = st.builds(NodeRef, st.sampled_from(NodeKind), TEXTS, st.one_of(st.none(), TEXTS), TEXTS)


@given(NODES, NODES)
def test_ids_come_back_as_nodes(one: NodeRef, two: NodeRef) -> None:
    assert parse_node_id(node_id(one)) == one
    assert parse_edge_id(edge_id(one, two)) == (one, two, False)
    assert parse_edge_id(edge_id(one, two, direct=True)) == (one, two, True)
    assert (node_id(one) == node_id(two)) == (one == two)


@given(
    st.text(max_size=12), st.lists(st.one_of(st.integers(-(2**63), 2**63 - 1), TEXTS, st.none()), max_size=4)
)
def test_seals_hold_any_parts(tag: str, parts: list[object]) -> None:
    tag = tag.encode("utf-8", "ignore").decode()
    sealed = seal(tag, *parts)
    assert sealed.isascii()
    assert unseal(sealed, tag) == parts
    with pytest.raises(BadInputError, match="take ids from an answer"):
        unseal(sealed, tag + "x")


@given(st.one_of(st.text(max_size=80), st.text(alphabet="abcXYZ019-_=", max_size=80)))
def test_other_texts_are_refused_with_a_sentence(text: str) -> None:
    for parse in (parse_node_id, parse_edge_id):
        with pytest.raises(BadInputError) as refused:
            parse(text)
        assert len(refused.value.message) < 500


@pytest.mark.parametrize(
    "text",
    [
        seal("node"),
        seal("node", "WORKLOAD", "east", None),
        seal("node", "PLANET", "east", None, "x"),
        seal("node", "WORKLOAD", 1, None, "x"),
        seal("node", "WORKLOAD", "east", None, None),
        seal("node", "WORKLOAD", "east", None, "x", "y"),
        seal("edge", "WORKLOAD", "east", None, "x"),
        "A" * 100_000,
        "\ud800",
        "eyJ9",
    ],
)
def test_broken_ids_are_refused(text: str) -> None:
    for parse in (parse_node_id, parse_edge_id):
        with pytest.raises(BadInputError):
            parse(text)


def test_an_id_of_the_longest_names_is_read() -> None:
    node = NodeRef(NodeKind.WORKLOAD, "c" * 63, "n" * 63, "p" * 253)
    assert parse_edge_id(edge_id(node, node)) == (node, node, False)
