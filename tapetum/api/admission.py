"""Which operations may run at all: everything here happens before the first resolver is called."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, OperationType

from tapetum.api.documents import Document, Documents, read_document
from tapetum.api.errors import RefusedError
from tapetum.api.measure import Measure
from tapetum.api.request import GraphQLRequest
from tapetum.api.settings import ApiSettings


@dataclass(frozen=True, slots=True)
class Admitted:
    """An operation that may run."""

    document: Document
    operation: OperationDefinitionNode
    name: str | None
    variables: dict[str, Any]
    root: FieldNode
    root_fields: tuple[str, ...]

    @property
    def live(self) -> bool:
        return self.operation.operation is OperationType.SUBSCRIPTION

    @property
    def writes(self) -> bool:
        return self.operation.operation is OperationType.MUTATION

    @property
    def field(self) -> str:
        """The first root field, for metrics."""
        return self.root_fields[0]


class Admission:
    def __init__(self, schema: GraphQLSchema, settings: ApiSettings) -> None:
        self._schema = schema
        self._settings = settings
        self._documents = Documents(schema)

    def admit(self, request: GraphQLRequest) -> Admitted:
        """Raises RefusedError or InvalidDocumentError; takes milliseconds whatever is sent."""
        trusted = self._settings.trusted
        if trusted is not None and sha256(request.query.encode()).hexdigest() not in trusted:
            raise RefusedError(
                "Only the documents that this server was given are answered; ask for yours to be added."
            )
        document = self._documents.get(request.query)
        known = document is not None
        if document is None:
            document = read_document(request.query, self._settings.limits)
        variables = request.variables or {}
        _hold_values(variables, self._settings.limits.values)
        operation = document.operation(request.operation_name)
        measure = Measure(
            self._schema,
            document,
            variables,
            self._settings.limits,
            introspection=self._settings.introspection,
        )
        if not known:  # validation looks at all of them, so all of them must be small
            for other in document.operations:
                if other is not operation:
                    measure.operation(other)
        roots = measure.operation(operation)
        if not known:
            self._documents.validated(document)
        names = tuple(root.name.value for root in roots)
        return Admitted(document, operation, request.operation_name, variables, roots[0], names)


def _hold_values(variables: dict[str, Any], most: int) -> None:
    waiting, count = list(variables.values()), len(variables)
    while waiting and count <= most:
        value = waiting.pop()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        waiting += inner
        count += len(inner)
    if count > most:
        raise RefusedError(f"The variables hold more than {most} values; ask for less at once.")
