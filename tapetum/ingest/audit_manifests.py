"""What audit events tell of manifests: which objects were made, changed or removed, and when.

An event counts where it is complete, succeeded and holds its object. It knows no store.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.audit_objects import member, object_after
from tapetum.domain.batches import Batch
from tapetum.domain.manifest_kinds import ManifestKind, kind_of
from tapetum.domain.manifests import ManifestKey, Origin, Sighting, written
from tapetum.domain.moments import Micros
from tapetum.ingest.objects import unwrapped

_WRITES = ("create", "update", "patch", "delete", "deletecollection")
_GONE = ("delete", "deletecollection")
_COLUMNS = (
    "line_no",
    "verb",
    "stage",
    "requestURI",
    "user.username",
    "objectRef.resource",
    "objectRef.namespace",
    "objectRef.name",
    "objectRef.apiGroup",
    "objectRef.apiVersion",
    "objectRef.subresource",
)
_TIMES = ("stageTimestamp", "requestReceivedTimestamp")


def sightings(batch: Batch, fresh: pa.Table) -> list[Sighting]:
    """Of the records of an audit batch that are new."""
    code = fresh.column("responseStatus.code")
    writes = pc.is_in(fresh.column("verb"), value_set=pa.array(_WRITES))
    chosen = fresh.filter(
        pc.and_kleene(writes, pc.and_kleene(pc.greater_equal(code, 200), pc.less(code, 300)))
    )
    if not chosen.num_rows:
        return []
    times = [chosen.column(name).cast(pa.int64()).to_pylist() for name in _TIMES]
    rows = chosen.select(_COLUMNS).to_pylist()
    found: list[Sighting] = []
    for row, ended, began in zip(rows, *times, strict=True):
        kind = kind_of(row["objectRef.apiGroup"], row["objectRef.resource"])
        if kind is not None and _tells(row):
            event = unwrapped(msgspec.json.decode(batch.lines[row["line_no"]]))
            found += _told(batch.cluster, kind, row, event, began if ended is None else ended)
    return found


def _tells(row: Mapping[str, Any]) -> bool:
    """Complete, for good, and of the object itself. A pod's status tells its addresses."""
    return (
        row["stage"] in (None, "ResponseComplete")
        and row["objectRef.subresource"] in (None, "status")
        and "dryRun=" not in (row["requestURI"] or "")
    )


def _told(
    cluster: str, kind: ManifestKind, row: Mapping[str, Any], event: Mapping[str, Any], at: Micros
) -> Iterator[Sighting]:
    by = row["user.username"]

    def sighting(name: object, namespace: object, body: str | None) -> Iterator[Sighting]:
        where = namespace if kind.namespaced else None
        if isinstance(name, str) and name and (isinstance(where, str) or not kind.namespaced):
            key = ManifestKey(cluster, kind.name, where if isinstance(where, str) else None, name)
            yield Sighting(key, at, body, Origin.AUDIT, by)

    if row["verb"] == "deletecollection":
        items = member(event, "responseObject").get("items")
        for item in items if isinstance(items, list) else ():
            metadata = member(item, "metadata") if isinstance(item, dict) else {}
            yield from sighting(metadata.get("name"), row["objectRef.namespace"], None)
    elif row["verb"] in _GONE:
        yield from sighting(row["objectRef.name"], row["objectRef.namespace"], None)
    else:
        document = object_after(kind, row, event)
        if document is not None:
            metadata = document["metadata"]
            yield from sighting(
                metadata.get("name"),
                metadata.get("namespace") or row["objectRef.namespace"],
                written(document),
            )
