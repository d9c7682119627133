"""Calico's PacketCapture: written from an order, and read with what nodes say of it.

https://docs.tigera.io/calico-enterprise/latest/reference/resources/packetcapture
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tapetum.capture.order import CaptureOrder, PacketFilter
from tapetum.domain.moments import SECOND, Micros, iso, to_micros
from tapetum.policy.documents.writing import written_yaml

GROUP, VERSION, KIND, RESOURCE = "projectcalico.org", "v3", "PacketCapture", "packetcaptures"
_MANAGED, _OURS = "app.kubernetes.io/managed-by", "tapetum"
_APPLIED_BY = "tapetum.io/applied-by"
_MOST_FILES = 100


class CaptureState(StrEnum):
    """`PENDING`: no node has said anything. The others are the resource's words for nodes."""

    PENDING = "Pending"
    SCHEDULED = "Scheduled"
    WAITING = "WaitingForTraffic"
    CAPTURING = "Capturing"
    FINISHED = "Finished"
    ERROR = "Error"


_GRAVEST = (
    CaptureState.ERROR, CaptureState.CAPTURING, CaptureState.WAITING, CaptureState.SCHEDULED,
    CaptureState.FINISHED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaptureFiles:
    """Of one node. `directory` is inside its calico-node container."""

    node: str
    state: CaptureState
    directory: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunningCapture:
    """A PacketCapture of a cluster. `ours`: it was made here, so that it may be removed here."""

    cluster: str
    namespace: str
    name: str
    uid: str
    ours: bool
    applied_by: str | None
    selector: str
    filters: tuple[str, ...]
    created: Micros | None
    start: Micros | None
    end: Micros | None
    files: tuple[CaptureFiles, ...]

    @property
    def state(self) -> CaptureState:
        """What a node does outweighs what others have done, and an error outweighs all."""
        told = {each.state for each in self.files}
        return next((each for each in _GRAVEST if each in told), CaptureState.PENDING)


def document(order: CaptureOrder, caller: str | None = None) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "name": order.name,
        "namespace": order.namespace,
        "labels": {_MANAGED: _OURS},
        **({"annotations": {_APPLIED_BY: caller}} if caller else {}),
    }
    spec: dict[str, Any] = {
        "selector": str(order.selection.selector),
        **({"filters": [_filter(each) for each in order.filters]} if order.filters else {}),
        "startTime": _whole(order.start),
        "endTime": _whole(order.end),
    }
    return {"apiVersion": f"{GROUP}/{VERSION}", "kind": KIND, "metadata": metadata, "spec": spec}


def manifest(order: CaptureOrder) -> str:
    return written_yaml(document(order))


def running(cluster: str, found: Mapping[str, Any]) -> RunningCapture:
    """As an API server has it; what it leaves out or writes oddly is left out here."""
    metadata, spec = _object(found.get("metadata")), _object(found.get("spec"))
    files = _objects(_object(found.get("status")).get("files"))
    return RunningCapture(
        cluster=cluster,
        namespace=_text(metadata.get("namespace")),
        name=_text(metadata.get("name")),
        uid=_text(metadata.get("uid")),
        ours=_object(metadata.get("labels")).get(_MANAGED) == _OURS,
        applied_by=_object(metadata.get("annotations")).get(_APPLIED_BY),
        selector=_text(spec.get("selector")),
        filters=tuple(_told(each) for each in _objects(spec.get("filters"))),
        created=_moment(metadata.get("creationTimestamp")),
        start=_moment(spec.get("startTime")),
        end=_moment(spec.get("endTime")),
        files=tuple(_files(each) for each in files[:_MOST_FILES]),
    )


def _filter(one: PacketFilter) -> dict[str, Any]:
    ports = [first if first == last else f"{first}:{last}" for first, last in one.ports]
    return {
        **({"protocol": one.protocol} if one.protocol is not None else {}),
        **({"ports": ports} if ports else {}),
    }


def _told(one: Mapping[str, Any]) -> str:
    ports = one.get("ports")
    numbers = ", ".join(map(str, ports)) if isinstance(ports, list) else ""
    return " ".join(filter(None, (_text(one.get("protocol")) or "any protocol", numbers)))


def _files(one: Mapping[str, Any]) -> CaptureFiles:
    state = _text(one.get("state"))
    names = one.get("fileNames")
    return CaptureFiles(
        node=_text(one.get("node")),
        state=CaptureState(state) if state in tuple(CaptureState) else CaptureState.PENDING,
        directory=_text(one.get("directory")),
        names=tuple(map(_text, names[:_MOST_FILES])) if isinstance(names, list) else (),
    )


def _whole(moment: Micros) -> str:
    """RFC 3339 in whole seconds, as Kubernetes keeps times."""
    return iso(moment // SECOND * SECOND).replace(".000Z", "Z")


def _moment(text: object) -> Micros | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return None if moment is None or moment.tzinfo is None else to_micros(moment)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _objects(values: object) -> list[Mapping[str, Any]]:
    some: Iterable[Any] = values if isinstance(values, list) else ()
    return [each for each in some if isinstance(each, Mapping)]
