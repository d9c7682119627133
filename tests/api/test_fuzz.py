"""Generated queries: what fits the schema is answered or refused in a sentence, never an internal error."""

import asyncio
from collections.abc import Generator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import (
    IDLE,
    REMOVE,
    ArgumentNode,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLScalarType,
    IntValueNode,
    NameNode,
    ObjectFieldNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    Visitor,
    get_named_type,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import mutations, nodes, queries

from tapetum.api.schema import build_schema, executable, printed
from tapetum.api.schema.log import record_id
from tapetum.domain.identity import seal
from tests.api.test_graph import shop
from tests.api.test_logs import full
from tests.api.test_saved import BOARD, PRESET
from tests.api.world import World, opened, some_alert
from tests.support.factory import NOW, SECOND, Bad
from tests.support.records import KINDS, Entry

ENTRIES = [Entry(kind, NOW - SECOND) for kind in KINDS]
FIRST, LAST = datetime(1970, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
moments = (
    st.sampled_from(["now", "now-15m", "now-1h", "now-2d", "now+1h", "2026-11-23T14:05:00Z", "nonsense", ""])
    | st.datetimes(FIRST, LAST, timezones=st.just(UTC)).map(datetime.isoformat)
    | st.text(max_size=20)
)
filters = st.sampled_from(
    [
        "",
        "*",
        "shop",
        "source_namespace: shop and dest_port >= 80",
        "not dest_port: (80 or 443)",
        "policy_hits: { action: deny }",
        "dest_ip: 10.0.0.0/8",
        "start_time > now-1h",
        "source_name_aggr: web*",
        "severity > 10",
        "kind: detector",
        "qname: a*",
        "rrsets: { rdata: 10.0.0.1 }",
        "objectRef.name: *",
        "a: b: c",
        "(((",
        '"',
    ]
) | st.text(max_size=30)
numbers = st.integers(-(2**70), 2**70).map(str)
ids = st.sampled_from(
    [
        seal("node", "WORKLOAD", "east", "shop", "web-*"),
        seal("node", "NAMESPACE", "east", "shop", "shop"),
        seal("node", "FQDN", "east", None, "example.com"),
        seal("edge", "WORKLOAD", "east", "shop", "web-*", "WORKLOAD", "east", "shop", "api-*"),
        seal("edge", "NAMESPACE", "east", "shop", "shop", "NAMESPACE", "east", "data", "data"),
        seal("cluster", "east"),
        seal("namespace", "east", "shop"),
        *(record_id(one.kind, one.id) for one in ENTRIES),
        seal("flow", "x"),
        seal("rejected", "east", NOW, "x"),
        seal("dashboard", "x"),
        seal("preset", "builtin.denied-flows"),
        seal("view", "x"),
        seal("layer", "x"),
        "east",
    ]
) | st.text(max_size=20)

NAMES = st.sampled_from(
    [
        "format",
        "title",
        "kind",
        "filter",
        "query",
        "groupBy",
        "metrics",
        "place",
        "widgets",
        "page",
        "search",
        "members",
        "x",
    ]
)


def _written(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[ValueNode]:
    return strategy.filter(_encodable).map(nodes.String)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=10).filter(_encodable),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def documents(draw: st.DrawFn) -> ValueNode:
    """A good one, or one with a value in the wrong place."""
    whole = deepcopy(draw(st.sampled_from([BOARD, PRESET])))
    widgets = whole.get("widgets", [])
    places = [whole, *widgets, *[each["query"] for each in widgets]]
    if draw(st.integers(0, 3)):
        draw(st.sampled_from(places))[draw(NAMES)] = draw(values)
    return _node(draw(st.just(whole) | values))


def _node(value: Any) -> ValueNode:
    match value:
        case None:
            return nodes.Null
        case bool():
            return nodes.Boolean(value)
        case int():
            return nodes.Int(value)
        case str():
            return nodes.String(value)
        case list():
            return nodes.List([_node(each) for each in value])
        case _:
            members = value.items()
            return nodes.Object([ObjectFieldNode(name=NameNode(value=k), value=_node(v)) for k, v in members])


SCALARS = {
    "TimePoint": _written(moments),
    "KQL": _written(filters),
    "BigInt": _written(numbers),
    "ID": _written(ids),
    "JSON": documents(),
}


def test_every_scalar_of_an_argument_is_generated() -> None:
    types = executable(build_schema()).type_map.values()
    arguments = [
        argument
        for kind in types
        for field in (kind.fields.values() if isinstance(kind, GraphQLObjectType) else ())
        for argument in field.args.values()
    ]
    members = [
        member
        for kind in types
        if isinstance(kind, GraphQLInputObjectType)
        for member in kind.fields.values()
    ]
    taken = {get_named_type(each.type) for each in (*arguments, *members)}
    scalars = {kind.name for kind in taken if isinstance(kind, GraphQLScalarType)}
    assert scalars - {"String", "Int", "Float", "Boolean"} <= set(SCALARS)


@pytest.fixture(scope="module")
def filled() -> Generator[World]:
    with opened() as world:
        flows = shop()
        for cluster in ("east", "west"):
            world.commit([*(flow for flow in flows if flow.cluster == cluster), Bad(b"{")], cluster=cluster)
        for one in ENTRIES:
            world.log(one, full(one.kind))
        world.alert(some_alert(1))
        yield world


PROBLEMS = {"BAD_INPUT", "BAD_QUERY", "CONFLICT", "NOT_ALLOWED", "NOT_FOUND", "TOO_LARGE"}
QUERIES = queries(printed(), custom_scalars=SCALARS, allow_null=True)
MUTATIONS = mutations(printed(), custom_scalars=SCALARS, allow_null=True)
SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
FIELDS = st.sampled_from(
    [
        "start_time",
        "destPort",
        "source_namespace",
        "dest_labels",
        "severity",
        "policy_hits.name",
        "qname",
        "objectRef.name",
        "rrsets.rdata",
    ]
)
TEXTS = {
    "field": FIELDS,
    "by": FIELDS,
    "filter": filters,
    "cluster": st.just("east"),
    "namespace": st.just("shop"),
    "name": st.just("web-*"),
    "id": ids,
    "from": ids,
    "to": ids,
}
STARTS = st.sampled_from(["now-10m", "now-1h", "now-10h", "now-3d"])


class _Plausible(Visitor):
    """Puts values in that resolvers get far with: chance alone is refused at the first argument."""

    def __init__(self, data: st.DataObject) -> None:
        super().__init__()
        self._data = data

    def leave_argument(self, node: ArgumentNode, *_: object) -> object:
        name, value = node.name.value, node.value
        if name == "after":
            return REMOVE
        if name == "range":
            start = ObjectFieldNode(name=NameNode(value="from"), value=nodes.String(self._data.draw(STARTS)))
            return replace(node, value=ObjectValueNode(fields=(start,)))
        if isinstance(value, IntValueNode):
            return replace(node, value=nodes.Int(self._data.draw(st.integers(1, 10))))
        if isinstance(value, StringValueNode) and name in TEXTS:
            return replace(node, value=nodes.String(self._data.draw(TEXTS[name])))
        return IDLE

    def leave_object_field(self, node: ObjectFieldNode, *_: object) -> object:
        if node.name.value == "field":
            return replace(node, value=nodes.String(self._data.draw(FIELDS)))
        return IDLE


def _check(answer: dict[str, Any]) -> None:
    for error in answer.get("errors", []):
        assert error["extensions"]["code"] != "INTERNAL", error
        assert "\n" not in error["message"]
        assert "Traceback" not in error["message"]
        assert len(error["message"]) < 1000


@given(QUERIES)
@SETTINGS
def test_generated_queries_are_answered_or_refused(filled: World, query: str) -> None:
    _check(asyncio.run(filled.answer(query)))


@given(MUTATIONS)
@SETTINGS
def test_generated_mutations_are_made_or_refused(filled: World, query: str) -> None:
    answer = asyncio.run(filled.answer(query))
    _check(answer)
    for change in (answer.get("data") or {}).values():
        for problem in (change or {}).get("problems", []) if isinstance(change, dict) else []:
            assert problem.get("code", "BAD_INPUT") in PROBLEMS
            assert "\n" not in problem.get("message", "")


@given(QUERIES, st.data())
@SETTINGS
def test_plausible_queries_are_answered_or_refused(filled: World, query: str, data: st.DataObject) -> None:
    document = visit(parse(query), _Plausible(data))
    _check(asyncio.run(filled.answer(print_ast(document))))
