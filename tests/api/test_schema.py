"""The printed schema is the committed one, and says what everything means."""

from pathlib import Path

from graphql import GraphQLEnumType, GraphQLNamedType, build_schema, is_specified_scalar_type

from tapetum.api.schema import build_schema as build
from tapetum.api.schema import executable, printed
from tapetum.domain.flows import LOGGED, POLICY_LISTS

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


def test_a_flow_has_every_logged_field_in_camel_case() -> None:
    fields = build_schema(printed()).type_map["Flow"].fields
    for name in (*LOGGED.names, *POLICY_LISTS):
        head, *rest = name.split("_")
        assert head + "".join(part.capitalize() for part in rest) in fields


def test_pages_ask_for_their_size() -> None:
    query = build_schema(printed()).query_type
    assert query is not None
    for name in ("flows", "alerts", "rejectedLines"):
        assert str(query.fields[name].args["first"].type) == "Int!"
