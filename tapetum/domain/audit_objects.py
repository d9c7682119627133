"""The object that an audit event is about, as it was afterwards."""

from collections.abc import Mapping
from typing import Any

from tapetum.domain.manifest_kinds import ManifestKind


def object_after(
    kind: ManifestKind, record: Mapping[str, Any], event: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Of a record's event, which is not of a deletion. A patch's request holds only a part of the object, so
    that only the response tells it; None: neither does.
    """
    version = "/".join(filter(None, (record["objectRef.apiGroup"], record["objectRef.apiVersion"])))
    for name in ("responseObject", "requestObject"):
        found = member(event, name)
        whole = name == "responseObject" or record["verb"] != "patch"
        if whole and found.get("kind", kind.written) == kind.written and member(found, "metadata"):
            return {"apiVersion": version, "kind": kind.written, **found}
    return None


def member(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object within an object; empty where there is none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}
