"""Looking nodes up: those that the caller cannot see are exactly as absent as those that never were."""

from tapetum.api.context import Asked
from tapetum.api.use.service_graph import GraphAsked, service_graph
from tapetum.api.use.terms import absent, equal
from tapetum.domain.endpoints import EndpointKind, NodeKind, NodeRef
from tapetum.domain.errors import BadInputError
from tapetum.domain.identity import parse_node_id
from tapetum.domain.moments import TimeRange
from tapetum.domain.service_graph import Level, ServiceGraph, ServiceGroup, Shape
from tapetum.graphstore.port import NamespaceSummary
from tapetum.kql import Query, all_of, any_of
from tapetum.logstore.port import DeadLetter, LetterSearch

_NAMESPACES = 10_000
_LETTERS = 500


async def visible(asked: Asked, node: NodeRef) -> bool:
    return await asked.api.graph.exists(asked.scope, node)


async def read_node(asked: Asked, text: str, *, path: str) -> NodeRef:
    """The node of an id; raises BadInputError where the caller can see none."""
    node = parse_node_id(text)
    if not await visible(asked, node):
        raise BadInputError(
            f"There is no node {text[:60]!r}; take ids from an answer of this API.", path=path
        )
    return node


async def members(asked: Asked, node: NodeRef) -> int | None:
    folds = node.kind in (NodeKind.NAMESPACE, NodeKind.SERVICE)
    return await asked.api.graph.members(asked.scope, node) if folds else None


async def group(asked: Asked, node: NodeRef) -> ServiceGroup | None:
    return await asked.api.graph.group(asked.scope, node) if node.kind is NodeKind.SERVICE else None


async def find_namespace(asked: Asked, cluster: str, name: str) -> NamespaceSummary | None:
    found = await asked.api.graph.namespaces(asked.scope, frozenset({cluster}), _NAMESPACES)
    return next((each for each in found if each.name == name), None)


async def find_rejected(asked: Asked, cluster: str, received_at: int, letter_id: str) -> DeadLetter | None:
    """The port pages by time of receipt; lines of one delivery share theirs."""
    search, after = LetterSearch(TimeRange(received_at, received_at + 1), frozenset({cluster})), None
    while True:
        letters, more = await asked.api.logs.dead_letters(asked.scope, search, _LETTERS, after)
        for letter in letters:
            if letter.id == letter_id:
                return letter
        if not more or not letters:
            return None
        after = letters[-1].id


async def neighbours(
    asked: Asked, workload: NodeRef, within: TimeRange, *, outgoing: bool, limit: int
) -> ServiceGraph:
    """The edges that begin, or end, at a workload."""
    side = "source" if outgoing else "dest"
    terms: list[Query] = [
        # Goldmane leaves a type out when it is unspecified; endpoints.node_of judges likewise.
        any_of([equal(f"{side}_type", EndpointKind.WORKLOAD), absent(f"{side}_type")]),
        equal(f"{side}_name_aggr", workload.name),
        equal(f"{side}_namespace", workload.namespace or ""),
    ]
    graph = GraphAsked(within, frozenset({workload.cluster}), all_of(terms))
    return await service_graph(asked, graph, Shape(Level.WORKLOAD, limit=limit))
