"""Imports of manifests on their way to whoever holds the catalog: a running `up`, or a server's GraphQL."""

from collections.abc import Mapping

import msgspec

from tapetum.catalog.manifests import ManifestImport
from tapetum.domain.identity import manifest_id
from tapetum.domain.manifests import ManifestCounts, ManifestKey, Origin
from tapetum.domain.moments import Micros, iso
from tapetum.service.graphql_client import GraphQLClient

_IMPORT = """mutation($cluster: String!, $manifests: [String!]!, $replace: Boolean!, $kinds: [String!],
  $remove: [ID!], $at: TimePoint!) {
  importManifests(cluster: $cluster, manifests: $manifests, replace: $replace, kinds: $kinds, remove: $remove,
    at: $at) { manifests { added changed unchanged removed } problems { message } } }"""
_TEXT = 8 << 20
"""Bytes of the objects in one text; a server reads 10 MiB of each."""


class Wire(msgspec.Struct, frozen=True):
    """An import as JSON has it: keys are lists there."""

    cluster: str
    at: Micros
    origin: Origin
    by: str | None
    bodies: list[tuple[ManifestKey, str | None]]
    replace: bool
    kinds: frozenset[str] | None


def encoded(given: ManifestImport) -> bytes:
    bodies = list(given.bodies.items())
    return msgspec.json.encode(
        Wire(given.cluster, given.at, given.origin, given.by, bodies, given.replace, given.kinds)
    )


def decoded(body: bytes) -> ManifestImport:
    """Raises msgspec's errors."""
    read = msgspec.json.decode(body, type=Wire)
    return ManifestImport(
        read.cluster, read.at, read.origin, read.by, dict(read.bodies), read.replace, read.kinds
    )


class ManifestPusher:
    """Sends imports to a server, whose caller the token's is and whose clock says when."""

    def __init__(self, url: str, token: str | None) -> None:
        self._client = GraphQLClient(url, token)

    def import_manifests(self, given: ManifestImport, at: str | None = None) -> ManifestCounts:
        """`at` is for the server's clock, such as now; without it the import's own time is sent."""
        variables = {
            "cluster": given.cluster,
            "manifests": _texts(given.bodies),
            "replace": given.replace,
            "kinds": None if given.kinds is None else sorted(given.kinds),
            "remove": [manifest_id(key) for key, body in given.bodies.items() if body is None],
            "at": iso(given.at) if at is None else at,
        }
        return self._client.change(_IMPORT, variables, ManifestCounts, "the manifests")


def _texts(bodies: Mapping[ManifestKey, str | None]) -> list[str]:
    """A few texts with an object a line each."""
    found: list[list[str]] = [[]]
    size = 0
    for body in bodies.values():
        if body is None:
            continue
        size += len(body.encode())
        if size > _TEXT:
            found.append([])
            size = len(body.encode())
        found[-1].append(body)
    return ["\n".join(each) for each in found if each]
