"""The printed schema is the committed one, and says what everything means."""

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLNamedType,
    build_schema,
    get_named_type,
    is_specified_scalar_type,
)

from tapetum.api.schema import build_schema as build
from tapetum.api.schema import executable, printed
from tapetum.api.schema.log import tag_of
from tapetum.api.schema.logs import LOGS
from tapetum.api.schema.lookup import FINDERS
from tapetum.domain.batches import RecordKind
from tapetum.domain.flows import POLICY_LISTS
from tapetum.domain.shapes import SHAPES

COMMITTED = Path(__file__).parents[2] / "schema.graphql"


def test_the_committed_schema_is_the_printed_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == printed(), (
        "schema.graphql differs from what the code prints; write it with `tapetum schema > schema.graphql`."
    )


def test_everything_is_described() -> None:
    undescribed: list[str] = []
    for kind in executable(build()).type_map.values():
        if not kind.name.startswith("__") and not is_specified_scalar_type(kind):
            undescribed += _undescribed(kind)
    assert undescribed == []


def _undescribed(kind: GraphQLNamedType) -> list[str]:
    found = [] if kind.description else [kind.name]
    if isinstance(kind, GraphQLEnumType):
        return found + [f"{kind.name}.{name}" for name, value in kind.values.items() if not value.description]
    for name, each in getattr(kind, "fields", {}).items():
        if not each.description:
            found.append(f"{kind.name}.{name}")
        found += [
            f"{kind.name}.{name}({argument})"
            for argument, given in getattr(each, "args", {}).items()
            if not given.description
        ]
    return found


@pytest.mark.parametrize("kind", SHAPES)
def test_a_record_has_every_logged_field_under_its_name(kind: RecordKind) -> None:
    schema = build_schema(printed())
    shape, type_ = SHAPES[kind], LOGS[kind].__name__
    for name in (*shape.logged.names, *(POLICY_LISTS if kind is RecordKind.FLOWS else ())):
        known: Any = schema.type_map[type_]
        for part in name.split("."):
            each = known.fields.get(_camel(part))
            assert each is not None, f"{type_} shows no {name}"
            known = get_named_type(each.type)
        if name in shape.nested:
            members: Any = shape.record.field(name).type.value_type
            assert set(known.fields) == {_camel(member.name) for member in members}


def test_every_log_is_a_record_with_a_root_and_an_id() -> None:
    schema = build_schema(printed())
    interface: Any = schema.type_map["LogRecord"]
    shown = {each.name for each in schema.get_possible_types(interface)}
    assert shown == {type_.__name__ for type_ in LOGS.values()}
    query = schema.query_type
    assert query is not None
    pages = {str(each.type) for each in query.fields.values()}
    assert {f"{name}Connection!" for name in shown} <= pages
    assert {tag_of(kind) for kind in LOGS} <= set(FINDERS)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def test_pages_ask_for_their_size() -> None:
    query = build_schema(printed()).query_type
    assert query is not None
    for name in (
        "flows",
        "dnsLogs",
        "l7Logs",
        "auditLogs",
        "bgpLogs",
        "securityEvents",
        "alerts",
        "rejectedLines",
    ):
        assert str(query.fields[name].args["first"].type) == "Int!"
