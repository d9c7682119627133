"""GraphQL documents: read, counted and validated once, then kept by their text."""

from collections import OrderedDict
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    validate,
)

from tapetum.api.errors import InvalidDocumentError, RefusedError
from tapetum.api.settings import Limits

_KEPT = 128
_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Document:
    text: str
    node: DocumentNode
    operations: tuple[OperationDefinitionNode, ...]
    fragments: dict[str, FragmentDefinitionNode]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The named operation, or the only one."""
        found = [each for each in self.operations if name is None or (each.name and each.name.value == name)]
        if len(found) == 1:
            return found[0]
        if not self.operations:
            raise RefusedError("The document has no operation; add a query or a subscription.")
        if name is None:
            raise RefusedError("The document has several operations; say which with operationName.")
        raise RefusedError(f"The document has no operation named {name[:60]!r}.")


class Documents:
    """The most recently used valid documents."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def get(self, text: str) -> Document | None:
        found = self._kept.get(text)
        if found is not None:
            self._kept.move_to_end(text)
        return found

    def validated(self, document: Document) -> None:
        """Keep a document, or raise InvalidDocumentError."""
        errors = validate(self._schema, document.node, max_errors=_ERRORS, hide_suggestions=True)
        if errors:
            raise InvalidDocumentError(errors)
        self._kept[document.text] = document
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def read_document(text: str, limits: Limits) -> Document:
    """Parse within the limits of tokens, aliases and directives."""
    try:
        node = parse(text, no_location=False, max_lexical_tokens=limits.tokens)
    except GraphQLError as error:
        if f"more than {limits.tokens} tokens" in error.message:
            raise RefusedError(f"The document has more than {limits.tokens} tokens; ask for less.") from None
        if "nested too deeply" in error.message:
            raise _too_deep(limits) from None
        raise InvalidDocumentError([error]) from None
    except RecursionError:
        raise _too_deep(limits) from None
    document = Document(
        text,
        node,
        tuple(each for each in node.definitions if isinstance(each, OperationDefinitionNode)),
        {each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)},
    )
    _count(document, limits)
    return document


def _count(document: Document, limits: Limits) -> None:
    aliases = directives = 0
    waiting: list[SelectionSetNode] = []
    for definition in (*document.operations, *document.fragments.values()):
        directives += len(definition.directives or ())
        directives += sum(
            len(variable.directives or ()) for variable in definition.variable_definitions or ()
        )
        waiting.append(definition.selection_set)
    while waiting:
        for selection in waiting.pop().selections:
            directives += len(selection.directives or ())
            aliases += getattr(selection, "alias", None) is not None
            inner = getattr(selection, "selection_set", None)
            if inner is not None:
                waiting.append(inner)
    _hold("aliases", aliases, limits.aliases)
    _hold("directives", directives, limits.directives)


def _too_deep(limits: Limits) -> RefusedError:
    return RefusedError(f"The document nests deeper than {limits.depth} levels; flatten it.")


def _hold(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise RefusedError(f"The document has {count} {what}; at most {limit} are answered, so split it.")
