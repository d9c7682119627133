"""What an operation would come to: fields with fragments expanded, depth, and an estimate of its cost.

Runs before validation, so it takes nothing for granted: unknown fields count, and lead nowhere.
"""

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLSchema,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from tapetum.api.documents import Document
from tapetum.api.errors import RefusedError
from tapetum.api.settings import Limits

_BOUNDS = ("first", "limit")
_SHORT_LIST = 10
BUCKETS = 100
"""Rows that a group is estimated at where an interval cuts a range that is not known yet."""
_INTROSPECTED = {"types": 65, "fields": 12, "args": 3, "enumValues": 4, "inputFields": 3, "directives": 4}

_Selected = dict[str, list[tuple[FieldNode, Any]]]


@dataclass(slots=True)
class Measure:
    """Adds up over one operation; raises RefusedError as soon as a limit is passed."""

    schema: GraphQLSchema
    document: Document
    variables: dict[str, Any]
    limits: Limits
    introspection: bool
    _fields: int = 0
    _live: bool = False
    _defaults: dict[str, Any] = field(default_factory=dict[str, Any])

    def operation(self, operation: OperationDefinitionNode) -> tuple[FieldNode, ...]:
        """Its root fields."""
        self._fields = 0
        self._live = operation.operation is OperationType.SUBSCRIPTION
        self._defaults = {
            variable.variable.name.value: variable.default_value
            for variable in operation.variable_definitions or ()
        }
        root = {
            OperationType.QUERY: self.schema.query_type,
            OperationType.MUTATION: self.schema.mutation_type,
            OperationType.SUBSCRIPTION: self.schema.subscription_type,
        }[operation.operation]
        selected = self._collect([(operation.selection_set, root)])
        if len(selected) > self.limits.root_fields:
            raise RefusedError(
                f"The operation asks for {len(selected)} root fields; at most "
                f"{self.limits.root_fields} are answered."
            )
        cost = self._cost(selected, 1, None)
        if cost > self.limits.cost:
            raise RefusedError(
                f"The operation may return {cost} values; at most {self.limits.cost} are answered, so "
                "lower `first` or `limit`, select fewer fields or links, or ask a graph for its `columns`."
            )
        return tuple(nodes[0][0] for nodes in selected.values())

    def _cost(self, selected: _Selected, depth: int, bound: int | None) -> int:
        if depth > self.limits.depth:
            raise RefusedError(f"The operation nests deeper than {self.limits.depth} levels; flatten it.")
        total = 0
        for nodes in selected.values():
            first, parent = nodes[0]
            name = first.name.value
            if name in ("__schema", "__type") and not self.introspection:
                raise RefusedError(
                    "Introspection is switched off here; read schema.graphql of the release instead."
                )
            known = self._known(parent, name)
            inner = [(node.selection_set, _type_of(known)) for node, _ in nodes if node.selection_set]
            own = self._bound(first, known)
            below = own if own is not None else bound
            times = self._times(known, name, parent, below)
            below_depth = depth if name == "ofType" else depth + 1
            # A bound is used up by the list that it bounds: what lies inside has its own.
            children = (
                self._cost(self._collect(inner), below_depth, None if times > 1 else below) if inner else 0
            )
            total += 1 + times * children + self._searches(known, name)
        return total

    def _collect(self, sets: list[tuple[SelectionSetNode, Any]]) -> _Selected:
        """Fields by response name, as execution will merge them."""
        selected: _Selected = {}
        spread: set[str] = set()
        waiting = list(reversed(sets))
        while waiting:
            selection_set, parent = waiting.pop()
            for selection in selection_set.selections:
                self._fields += 1
                if self._fields > self.limits.fields:
                    raise RefusedError(
                        f"The operation selects more than {self.limits.fields} fields once its fragments are "
                        "expanded; split it."
                    )
                if isinstance(selection, FieldNode):
                    name = (selection.alias or selection.name).value
                    nodes = selected.setdefault(name, [])
                    nodes.append((selection, parent))
                    self._hold_merged(name, len(nodes))
                elif isinstance(selection, FragmentSpreadNode):
                    fragment = self.document.fragments.get(selection.name.value)
                    if fragment is not None and selection.name.value not in spread:
                        spread.add(selection.name.value)
                        waiting.append((fragment.selection_set, self._named(fragment.type_condition, parent)))
                else:
                    waiting.append((selection.selection_set, self._named(selection.type_condition, parent)))  # type: ignore[union-attr]
        return selected

    def _hold_merged(self, name: str, count: int) -> None:
        """Fields of one response name are compared in pairs by validation, so they must be few."""
        if count > self.limits.merged:
            raise RefusedError(
                f"The operation selects {name[:60]!r} more than {self.limits.merged} times in one place; "
                "select it once."
            )

    def _named(self, condition: Any, parent: Any) -> Any:
        return self.schema.type_map.get(condition.name.value) if condition is not None else parent

    def _known(self, parent: Any, name: str) -> GraphQLField | None:
        return (
            self.schema.get_field(parent, name) if parent is not None and is_composite_type(parent) else None
        )

    def _times(self, known: GraphQLField | None, name: str, parent: Any, bound: int | None) -> int:
        if known is None or not is_list_type(get_nullable_type(known.type)):
            return 1
        if parent.name.startswith("__"):
            return _INTROSPECTED.get(name, 1)
        return max(2, _SHORT_LIST if bound is None else bound)

    def _searches(self, known: GraphQLField | None, name: str) -> int:
        """What the searches of a field cost that asks a store for each record."""
        extensions: dict[str, Any] = {} if known is None else known.extensions
        definition = extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        searches: int = 0 if definition is None else definition.metadata.get("searches", 0)
        if searches and self._live:
            raise RefusedError(
                f"{name} searches for each record, which a subscription does not; ask `node` for it."
            )
        return searches * self.limits.search

    def _bound(self, node: FieldNode, known: GraphQLField | None) -> int | None:
        """What `first` or `limit` says: written, by variable, or by default."""
        name = next((each for each in _BOUNDS if known is not None and each in known.args), None)
        if name is None or known is None:
            return None
        given = self._given(node, name)
        if given is None:
            given = known.args[name].default_value
        if isinstance(given, IntValueNode):
            given = int(given.value) if len(given.value) < 12 else self.limits.cost  # noqa: PLR2004 - longer than any Int
        bound = given if isinstance(given, int) and given >= 0 else 0
        return bound if isinstance(self._given(node, "interval"), NullValueNode | None) else bound * BUCKETS

    def _given(self, node: FieldNode, name: str) -> Any:
        """An argument as written, or what its variable says."""
        given = next((each.value for each in node.arguments or () if each.name.value == name), None)
        if not isinstance(given, VariableNode):
            return given
        variable = given.name.value
        value = self.variables.get(variable)
        return self._defaults.get(variable) if value is None else value


def _type_of(known: GraphQLField | None) -> Any:
    return get_named_type(known.type) if known is not None else None
