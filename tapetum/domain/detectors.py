"""The detectors that an alert rule may name in place of a window, each with its bounds.

What they notice, and how, is detect/detectors; the places are what templates may be filled with.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, TypeAlias

from msgspec import Meta

from tapetum.domain.batches import RecordKind
from tapetum.domain.saved_query import Form

_HOUR, _DAY = 3600, 86_400
_SOURCE = ("source_namespace", "source_name_aggr")
_CLIENT = ("client_namespace", "client_name_aggr")
_FLOWS, _DNS = RecordKind.FLOWS, RecordKind.DNS

Count = Annotated[int, Meta(ge=1, le=100_000)]
Lookback = Annotated[int, Meta(ge=120, le=_DAY)]


class Watching(Form, frozen=True, kw_only=True, tag_field="name"):
    """All look at `lookback` seconds together; a group that was told of raises nothing for `hold`.

    What was there before is looked up `history` seconds back.
    """

    kind: ClassVar[RecordKind] = _FLOWS
    places: ClassVar[tuple[str, ...]] = ()
    lookback: Lookback = 600
    hold: Annotated[int, Meta(ge=0, le=7 * _DAY)] = 6 * _HOUR
    history: Annotated[int, Meta(ge=_HOUR, le=30 * _DAY)] = 7 * _DAY


class Scan(Watching, frozen=True, kw_only=True, tag="scan"):
    """Connections to what the workload never called, without a conversation: so many ports of one target,
    so many targets at one port, or so many of both.
    """

    places: ClassVar[tuple[str, ...]] = (*_SOURCE, "probes", "ports", "targets")
    ports: Count = 10
    targets: Count = 20
    probes: Count = 30


class LateralMovement(Watching, frozen=True, kw_only=True, tag="lateral-movement"):
    """So many workloads of so many other namespaces that the workload never called."""

    places: ClassVar[tuple[str, ...]] = (*_SOURCE, "targets", "namespaces")
    lookback: Lookback = _HOUR
    targets: Count = 4
    namespaces: Count = 2
    learning: Annotated[int, Meta(ge=0, le=7 * _DAY)] = 2 * _HOUR


class Beacon(Watching, frozen=True, kw_only=True, tag="beacon"):
    """At least `beats` small connections at even distances to a place outside, new to the workload."""

    places: ClassVar[tuple[str, ...]] = (*_SOURCE, "destination", "dest_port", "beats", "every")
    lookback: Lookback = 3 * _HOUR
    beats: Annotated[int, Meta(ge=6, le=1000)] = 10
    largest: Annotated[int, Meta(ge=1)] = 20_000
    familiar: Annotated[int, Meta(ge=0, le=7 * _DAY)] = _DAY


class Exfiltration(Watching, frozen=True, kw_only=True, tag="exfiltration"):
    """At least `bytes` sent outside, and `times` as many as in any such time before."""

    places: ClassVar[tuple[str, ...]] = (*_SOURCE, "megabytes", "usual", "destination")
    lookback: Lookback = _HOUR
    bytes: Annotated[int, Meta(ge=1)] = 50_000_000
    times: Annotated[float, Meta(ge=1, le=1000)] = 5
    learning: Annotated[int, Meta(ge=0, le=7 * _DAY)] = 2 * _HOUR


class New(Watching, frozen=True, kw_only=True):
    """Seen of a workload for the first time, once it has been known for `learning` seconds.

    Of one that met `most` so within `history`, as a crawler does, no more is told.
    """

    learning: Annotated[int, Meta(ge=0, le=7 * _DAY)] = 2 * _HOUR
    most: Count = 12


class NewDestination(New, frozen=True, kw_only=True, tag="new-destination"):
    """A domain outside; of names below a registered one, the first."""

    places: ClassVar[tuple[str, ...]] = (*_SOURCE, "destination")


class NewEdge(New, frozen=True, kw_only=True, tag="new-edge"):
    """Another workload, which has itself been known for as long."""

    places: ClassVar[tuple[str, ...]] = (*_SOURCE, "dest_namespace", "dest_name_aggr")


class NewProcess(New, frozen=True, kw_only=True, tag="new-process"):
    places: ClassVar[tuple[str, ...]] = (*_SOURCE, "process_name")


class Tunnel(Watching, frozen=True, kw_only=True, tag="dns-tunnel"):
    """So many names below one domain whose labels carry data."""

    kind: ClassVar[RecordKind] = _DNS
    places: ClassVar[tuple[str, ...]] = (*_CLIENT, "names", "domain")
    names: Count = 30


class GeneratedDomains(Watching, frozen=True, kw_only=True, tag="generated-domains"):
    """So many domains that do not exist and look as if no person had named them."""

    kind: ClassVar[RecordKind] = _DNS
    places: ClassVar[tuple[str, ...]] = (*_CLIENT, "names", "example")
    names: Count = 8


class PolicyLoosened(Watching, frozen=True, kw_only=True, tag="policy-loosened"):
    """A change of one policy or tier that opens it; how it was before is looked up in the audit log."""

    kind: ClassVar[RecordKind] = RecordKind.AUDIT
    places: ClassVar[tuple[str, ...]] = (
        "user.username",
        "sourceIPs",
        "objectRef.resource",
        "objectRef.namespace",
        "objectRef.name",
        "change",
    )
    history: Annotated[int, Meta(ge=_HOUR, le=30 * _DAY)] = 30 * _DAY


Detector: TypeAlias = (
    Scan
    | LateralMovement
    | Beacon
    | Exfiltration
    | NewDestination
    | NewEdge
    | NewProcess
    | Tunnel
    | GeneratedDomains
    | PolicyLoosened
)


def name_of(detector: Detector) -> str:
    """As documents call it."""
    return str(detector.__struct_config__.tag)


def bounds(detector: Detector) -> Mapping[str, float]:
    """What can be set of it, by the names that documents have."""
    return {name: getattr(detector, name) for name in detector.__struct_fields__}
