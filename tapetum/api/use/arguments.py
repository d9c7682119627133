"""Reading arguments: ranges, clusters, filters, limits. Each refusal is a sentence with the way out."""

from collections.abc import Sequence

from tapetum.domain.batches import RecordKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.errors import BadInputError
from tapetum.domain.identity import parse_node_id, seal, unseal
from tapetum.domain.moments import Micros, TimeRange, parse_range
from tapetum.kql import Field, FieldType, Query, catalogue, fields_used, parse

_IDS = 500
_SHOWN = 60


def read_range(start: str, end: str, now: Micros) -> TimeRange:
    try:
        return parse_range(start, end, now)
    except BadInputError as error:
        raise BadInputError(error.message, path="range") from None


def read_limit(name: str, value: int, most: int, least: int = 1) -> int:
    if not least <= value <= most:
        raise BadInputError(f"{name} is {value}; give it a value from {least} to {most}.", path=name)
    return value


def read_filter(text: str | None, kind: RecordKind) -> Query | None:
    """None for no filter; a field or value that does not fit is refused here, before any store is asked."""
    if text is None or not text.strip():
        return None
    query = parse(text)
    fields_used(query, kind.value)
    return query


def read_cluster(text: str) -> str:
    """The name of a cluster that is given by id or by name."""
    try:
        parts = unseal(text, "cluster")
    except BadInputError:
        return text
    return parts[0] if len(parts) == 1 and isinstance(parts[0], str) else text


def read_clusters(ids: Sequence[str] | None) -> frozenset[str] | None:
    """Names of clusters, given by id or, since people write them, by name."""
    return None if ids is None else frozenset(read_cluster(each) for each in _few("clusters", ids))


def read_expand(ids: Sequence[str] | None) -> frozenset[NodeRef]:
    """Services and namespaces that are opened, by their ids; what else lives in a namespace stands for it."""
    return frozenset(_opened(each) for each in _few("expand", ids or ()))


def find_field(kind: RecordKind, name: str, *, path: str) -> Field:
    """A field of the catalogue by its stored name, an alias, or its name in this schema."""
    known = catalogue(kind.value)
    field = known.find(name) or known.find(_snake(name))
    if field is None:
        close = known.closest(name)
        hint = f"did you mean {close}?" if close else f"`fields(kind: {kind.name})` lists them."
        raise BadInputError(f"{kind.value} have no field {name[:_SHOWN]!r}; {hint}", path=path)
    return field


def read_field(kind: RecordKind, name: str, *, path: str) -> Field:
    """A field that holds values."""
    field = find_field(kind, name, path=path)
    if field.type is FieldType.NESTED:
        raise BadInputError(f"{field.name} holds objects, not values; name one of its parts.", path=path)
    return field


def cluster_id(name: str) -> str:
    return seal("cluster", name)


def namespace_id(cluster: str, name: str) -> str:
    return seal("namespace", cluster, name)


def parse_namespace_id(text: str) -> tuple[str, str]:
    parts = unseal(text, "namespace")
    if len(parts) != 2 or not all(isinstance(part, str) for part in parts):  # noqa: PLR2004 - cluster and name
        raise BadInputError(f"{text[:_SHOWN]!r} is not an id; take ids from an answer of this API.")
    return parts[0], parts[1]


def _few(name: str, ids: Sequence[str]) -> Sequence[str]:
    if len(ids) > _IDS:
        raise BadInputError(f"{name} has {len(ids)} ids; at most {_IDS} are read.", path=name)
    return ids


def _opened(text: str) -> NodeRef:
    try:
        cluster, name = parse_namespace_id(text)
    except BadInputError:
        node = parse_node_id(text)
        return node if node.kind is NodeKind.SERVICE else node.folded
    return NodeRef(NodeKind.NAMESPACE, cluster, name, name)


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
