"""Records of every kind but flows: fields, lines, pages, ids and what a scope hides."""

from typing import Any

import pyarrow as pa
import pytest
from graphql import GraphQLList, GraphQLObjectType, get_named_type, get_nullable_type

from tapetum.api import ApiSettings
from tapetum.api.schema import build_schema, executable
from tapetum.api.schema.log import record_id
from tapetum.api.schema.logs import LOGS
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import iso
from tapetum.domain.scope import Scope
from tapetum.domain.shapes import SHAPES
from tests.api.world import World, opened
from tests.support.factory import MINUTE, NOW
from tests.support.records import KINDS, Entry, entry

ROOTS = {
    RecordKind.DNS: "dnsLogs",
    RecordKind.L7: "l7Logs",
    RecordKind.AUDIT: "auditLogs",
    RecordKind.BGP: "bgpLogs",
    RecordKind.EVENTS: "securityEvents",
}
RANGE = 'range: {from: "now-1h"}'
SCHEMA = executable(build_schema())


def full(kind: RecordKind, mark: int = 0) -> Entry:
    """Every column has a value of its own."""
    shape = SHAPES[kind]
    own = {*shape.record.names[:3], shape.time}
    fields = tuple(
        (column.name, _value(column.type, f"{column.name} {mark}"))
        for column in shape.record
        if column.name not in own
    )
    return Entry(kind, NOW - 10 * MINUTE - mark, fields=fields, mark=mark)


def _value(kind: pa.DataType, name: str) -> Any:
    if pa.types.is_list(kind):
        return [_value(kind.value_type, f"{name} {place}") for place in range(2)]
    if pa.types.is_struct(kind):
        return {part.name: _value(part.type, f"{name} {part.name}") for part in kind}
    if pa.types.is_timestamp(kind):
        return NOW - len(name)
    return len(name) if pa.types.is_integer(kind) else name


def selection(type_: GraphQLObjectType) -> str:
    """Every field that is logged: those without arguments."""
    parts: list[str] = []
    for name, each in type_.fields.items():
        inner = get_named_type(each.type)
        if not each.args:
            parts.append(f"{name} {{ {selection(inner)} }}" if isinstance(inner, GraphQLObjectType) else name)
    return " ".join(parts)


def shown(row: dict[str, Any], type_: GraphQLObjectType, prefix: str = "") -> dict[str, Any]:
    """What a record's columns come to under a type, read off the type alone."""
    stored = {
        _camel(name.removeprefix(prefix)): value for name, value in row.items() if name.startswith(prefix)
    }
    found: dict[str, Any] = {}
    for name, each in type_.fields.items():
        inner = get_named_type(each.type)
        if each.args or (name not in stored and not isinstance(inner, GraphQLObjectType)):
            continue
        value = stored.get(name)
        if isinstance(get_nullable_type(each.type), GraphQLList):
            objects = isinstance(inner, GraphQLObjectType)
            found[name] = [shown(part, inner) for part in value] if objects else value
        elif isinstance(inner, GraphQLObjectType):
            found[name] = shown(row, inner, f"{name}.")
        else:
            kinds = {"TimePoint": iso, "BigInt": str}
            found[name] = kinds.get(inner.name, lambda same: same)(value)
    return found


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


async def nodes(world: World, kind: RecordKind, arguments: str, fields: str, token: str | None = None) -> Any:
    root = ROOTS[kind]
    answer = await world.ask(f"{{ {root}({RANGE}, {arguments}) {{ {fields} }} }}", token=token)
    return answer[root]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_record_has_its_logs_names_and_values(world: World, kind: RecordKind) -> None:
    one = full(kind)
    world.log(one, Entry(kind, NOW - 20 * MINUTE))
    type_: Any = SCHEMA.type_map[LOGS[kind].__name__]
    found, bare = (await nodes(world, kind, "first: 5", f"nodes {{ {selection(type_)} }}"))["nodes"]
    expected = shown(one.row, type_) | {
        "id": record_id(kind, one.id),
        "time": iso(one.at),
        "raw": one.line.decode(),
    }
    assert {name: found[name] for name in expected} == expected
    assert set(found) - set(expected) <= {"requestObject", "responseObject"}
    required = {"id", "cluster", "time", "raw"}
    empty = (None, [], bare["time"])
    assert all(value in empty for name, value in bare.items() if name not in required)
    node = await world.ask(
        "query($id: ID!) { node(id: $id) { id ... on LogRecord { cluster time raw } } }", {"id": found["id"]}
    )
    assert node["node"] == {name: found[name] for name in required}


@pytest.mark.parametrize("kind", KINDS)
async def test_pages_hold_every_record_once(world: World, kind: RecordKind) -> None:
    entries = [full(kind, mark) for mark in range(7)]
    world.log(*entries)
    seen: list[str] = []
    after = ""
    while True:
        fields = "nodes { id } pageInfo { hasNextPage endCursor } totalCount"
        page = await nodes(world, kind, f"first: 3{after}", fields)
        assert page["totalCount"] == "7"
        seen += [node["id"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = f', after: "{page["pageInfo"]["endCursor"]}"'
    assert seen == [record_id(kind, one.id) for one in sorted(entries, key=lambda one: -one.at)]


async def test_any_single_field_orders_and_filters(world: World) -> None:
    codes = {"b": 200, "a": 403, "c": 201}
    world.log(
        *(
            entry(RecordKind.AUDIT, objectRef__name=name, responseStatus__code=code)
            for name, code in codes.items()
        )
    )
    order = '{field: "objectRef.name", direction: ASC}'
    arguments = f'first: 5, filter: "responseStatus.code < 400", orderBy: {order}'
    found = await nodes(world, RecordKind.AUDIT, arguments, "nodes { objectRef { name } }")
    assert [node["objectRef"]["name"] for node in found["nodes"]] == ["b", "c"]


async def test_objects_of_an_audit_line_are_the_text_that_stands_there(world: World) -> None:
    request = '{"kind":"NetworkPolicy",  "spec":{"n":12345678901234567890123, "t":"ä\\u0000"}}'
    line = f'{{"verb":"update","requestObject":{request}}}'.encode()
    world.log(entry(RecordKind.AUDIT, text=line), entry(RecordKind.AUDIT, NOW - 20 * MINUTE, text=b"no JSON"))
    found = await nodes(world, RecordKind.AUDIT, "first: 2", "nodes { requestObject responseObject }")
    assert found["nodes"] == [
        {"requestObject": request, "responseObject": None},
        {"requestObject": None, "responseObject": None},
    ]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_tenant_sees_its_own_and_nothing_of_another(kind: RecordKind) -> None:
    """A record of several ends is hidden when any of them is another's; one without an end is nobody's."""
    namespaces = SHAPES[kind].namespaces
    entries = [
        Entry(kind, NOW - MINUTE - mark, fields=tuple((each, whose) for each in namespaces), mark=mark)
        for mark, whose in enumerate(("mine", "theirs", None))
    ]
    elsewhere = Entry(kind, NOW - MINUTE, "west", tuple((each, "mine") for each in namespaces))
    with opened(ApiSettings()) as world:
        world.log(*entries)
        world.log(elsewhere)
        mine = await world.token(Scope(namespaces=frozenset({("east", "mine")})))
        east = await world.token(Scope(frozenset({"east"})))
        for token, visible in ((mine, entries[:1] if namespaces else []), (east, entries)):
            found = await nodes(world, kind, "first: 9", "nodes { id raw } totalCount", token)
            wanted = [record_id(kind, one.id) for one in visible]
            assert [node["id"] for node in found["nodes"]] == wanted
            assert [node["raw"] for node in found["nodes"]] == [one.line.decode() for one in visible]
            assert found["totalCount"] == str(len(visible))
            for one in (*entries, elsewhere):
                sealed = record_id(kind, one.id)
                node = await world.ask("query($id: ID!) { node(id: $id) { id } }", {"id": sealed}, token)
                assert (node["node"] is not None) == (sealed in wanted)
