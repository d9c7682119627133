"""The GraphQL schema: its types, and roots that read arguments and call use cases."""

from functools import cache

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, Undefined
from strawberry.schema.config import StrawberryConfig

from tapetum.api.schema.enums import Verdict
from tapetum.api.schema.mutation import Mutation
from tapetum.api.schema.query import Query
from tapetum.api.schema.scalars import SCALARS
from tapetum.api.schema.subscription import Subscription


@cache
def build_schema() -> strawberry.Schema:
    """Built once in a process."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Verdict],
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )
    _leave_null_defaults_out(executable(schema))
    return schema


def executable(schema: strawberry.Schema) -> GraphQLSchema:
    """graphql-core's schema beneath Strawberry's."""
    return schema._schema  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - Strawberry names it nowhere else


def printed() -> str:
    """What schema.graphql holds."""
    return build_schema().as_str() + "\n"


def _leave_null_defaults_out(schema: GraphQLSchema) -> None:
    """`clusters: [ID!] = null` says no more than `clusters: [ID!]`."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for each in kind.fields.values():
                for argument in each.args.values():
                    if argument.default_value is None:
                        argument.default_value = Undefined
