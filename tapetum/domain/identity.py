"""Opaque ids of nodes, edges and cursors: a tag and natural-key parts, readable by nobody but us."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import msgspec

from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.errors import BadInputError
from tapetum.domain.manifests import ManifestKey

_LONGEST = 4096


def seal(tag: str, *parts: Any) -> str:
    """Encode a tag and JSON-able parts; `unseal` is its inverse."""
    return urlsafe_b64encode(msgspec.json.encode([tag, *parts])).decode().rstrip("=")


def unseal(text: str, tag: str) -> list[Any]:
    """The parts sealed under `tag`; raises BadInputError for anything else."""
    found, *parts = _opened(text)
    if found != tag:
        raise BadInputError(f"{text[:60]!r} is not the id of a {tag}; take ids from an answer of this API.")
    return parts


def is_sealed(text: str) -> bool:
    """Whether it is an id, of whatever: where names are taken too, a name may be mistaken for one."""
    return isinstance(_opened(text)[0], str)


def _opened(text: str) -> list[Any]:
    """A tag and parts, or None alone."""
    try:
        found = msgspec.json.decode(
            urlsafe_b64decode(text[:_LONGEST] + "=" * (-len(text) % 4)), type=list[Any]
        )
    except (ValueError, msgspec.DecodeError, RecursionError):
        found = []
    return found or [None]


def node_id(node: NodeRef) -> str:
    return seal("node", node.kind.value, node.cluster, node.namespace, node.name)


def edge_id(source: NodeRef, target: NodeRef, *, direct: bool = False) -> str:
    """`direct`: only what called the target by no service (service_graph.is_direct)."""
    return seal("edge", *_parts(source), *_parts(target), *([True] if direct else []))


def manifest_id(key: ManifestKey) -> str:
    return seal("manifest", *key)


def parse_node_id(text: str) -> NodeRef:
    return _node(unseal(text, "node"), text)


def parse_edge_id(text: str) -> tuple[NodeRef, NodeRef, bool]:
    """Source, target, and whether it is direct."""
    parts = unseal(text, "edge")
    direct = parts[8:] == [True]
    return _node(parts[:4], text), _node(parts[4:8] if direct else parts[4:], text), direct


def _parts(node: NodeRef) -> list[str | None]:
    return [node.kind.value, node.cluster, node.namespace, node.name]


def _node(parts: list[Any], text: str) -> NodeRef:
    try:
        kind, cluster, namespace, name = msgspec.convert(parts, tuple[NodeKind, str, str | None, str])
    except msgspec.ValidationError:
        raise BadInputError(f"{text[:60]!r} is not an id; take ids from an answer of this API.") from None
    return NodeRef(kind, cluster, namespace, name)
