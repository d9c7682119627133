"""Packet captures of workloads: prepared, applied through a kubeconfig, listed with their state, removed."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Asked, Info
from tapetum.api.schema.common import ClustersArgument, maybe_point, point
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use.packet_captures import (
    CaptureAsked,
    Prepared,
    apply_capture,
    capture_id,
    list_captures,
    may_change,
    prepare_capture,
    remove_capture,
)
from tapetum.capture.command import copy_command, debug_command
from tapetum.capture.order import PROTOCOLS, hold_few, packet_filter
from tapetum.capture.resource import CaptureFiles, CaptureState, RunningCapture, manifest
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import Micros, parse_moment

_COST = {"searches": 2}


@strawberry.input(description="Packets of a protocol at some ports; several filters are joined with or.")
class PacketFilterInput:
    protocol: str | None = field(
        default=None, description=f"{', '.join(PROTOCOLS)}, or a number from 1 to 255; null is any."
    )
    ports: list[str] = field(
        default_factory=list[str], description="Ports at either end, as 80 or 8080:8090; none are all."
    )


@strawberry.input(description="Which packets are captured of whom, and for how long.")
class PacketCaptureInput:
    target: ID = field(description="A workload's or a namespace's node of the service graph.")
    filters: list[PacketFilterInput] = field(
        default_factory=list[PacketFilterInput], description="Which packets; none are all."
    )
    start: TimePoint | None = field(default=None, description="When it begins; null is at once.")
    end: TimePoint | None = field(
        default=None, description="When it ends, up to 24 hours later; null is ten minutes later."
    )
    name: str | None = field(default=None, description="Its name; null has one made of the workload's.")

    def read(self, asked: Asked) -> CaptureAsked:
        hold_few(self.filters)
        filters = tuple(
            packet_filter(each.protocol, each.ports, f"filters[{index}]")
            for index, each in enumerate(self.filters)
        )
        start, end = _moment(asked, self.start, "start"), _moment(asked, self.end, "end")
        return CaptureAsked(self.target, filters, start, end, self.name)


@strawberry.type(description="A packet capture as it could be applied or run; docs/captures.md.")
class PreparedPacketCapture:
    cluster: str | None = field(description="The cluster.")
    namespace: str | None = field(description="The namespace of its pods.")
    name: str | None = field(description="Its name.")
    selector: str | None = field(
        description="Of its pods, in Calico's language: labels that a rollout does not change."
    )
    start: TimePoint | None = field(description="When it begins.")
    end: TimePoint | None = field(description="When it ends.")
    manifest: str | None = field(
        description="Calico's PacketCapture as YAML; null where the cluster is known to have no such kind."
    )
    command: str | None = field(
        description="kubectl and tcpdump beside one running pod, which write a file where they are run."
    )
    applicable: bool = field(description="Whether `applyPacketCapture` would apply it for the caller.")
    why_not: str | None = field(description="Why not; null where it would.")
    problems: list[Problem] = field(description="Why nothing is prepared; all else is empty then.")

    @classmethod
    def of(cls, found: Prepared | None, problems: list[Problem], now: Micros) -> "PreparedPacketCapture":
        order = None if found is None else found.order
        return cls(
            cluster=None if found is None else found.cluster,
            namespace=order and order.namespace,
            name=order and order.name,
            selector=order and str(order.selection.selector),
            start=order and point(order.start),
            end=order and point(order.end),
            manifest=None if found is None or found.supported is False else manifest(found.order),
            command=order and debug_command(order, now),
            applicable=found is not None and found.why_not is None,
            why_not=found and found.why_not,
            problems=problems,
        )


@strawberry.type(description="Files of a capture on a node.")
class PacketCaptureFiles:
    node: str = field(description="The node.")
    state: CaptureState = field(description="How it stands there.")
    directory: str = field(description="Inside the node's calico-node container.")
    names: list[str] = field(description="Of its files; older ones end in the time of their rotation.")
    copy: str = field(description="A command that fetches them.")

    @classmethod
    def of(cls, one: RunningCapture, files: CaptureFiles) -> "PacketCaptureFiles":
        return cls(
            node=files.node,
            state=files.state,
            directory=files.directory,
            names=list(files.names),
            copy=copy_command(one, files),
        )


@strawberry.type(description="A PacketCapture of a cluster, with its state; docs/captures.md.")
class PacketCapture:
    id: ID = field(description="Opaque; another capture under the same name has another.")
    cluster: str = field(description="The cluster.")
    namespace: str = field(description="The namespace of its pods.")
    name: str = field(description="Its name.")
    selector: str = field(description="Of its pods.")
    filters: list[str] = field(description="Which packets, in words; none are all.")
    created: TimePoint | None = field(description="When it was made.")
    start: TimePoint | None = field(description="When it begins; null is at once.")
    end: TimePoint | None = field(description="When it ends; null is when it is removed.")
    state: CaptureState = field(description="An error outweighs, then what a node still does.")
    files: list[PacketCaptureFiles] = field(description="By node.")
    applied_by: str | None = field(
        description="Name of the token that applied it; null where none was needed, or it was made elsewhere."
    )
    removable: bool = field(description="Whether the caller may remove it: it was applied from here.")

    @classmethod
    def of(cls, one: RunningCapture, asked: Asked) -> "PacketCapture":
        return cls(
            id=ID(capture_id(one)),
            cluster=one.cluster,
            namespace=one.namespace,
            name=one.name,
            selector=one.selector,
            filters=list(one.filters),
            created=maybe_point(one.created),
            start=maybe_point(one.start),
            end=maybe_point(one.end),
            state=one.state,
            files=[PacketCaptureFiles.of(one, each) for each in one.files],
            applied_by=one.applied_by,
            removable=one.ours and may_change(asked),
        )


@strawberry.type(description="Packet captures of clusters that there is a way to.")
class PacketCaptures:
    captures: list[PacketCapture] = field(description="By cluster, namespace and name.")
    reached: list[str] = field(description="Clusters that a kubeconfig is set for.")
    problems: list[Problem] = field(description="Of which of them there may be more, and why.")


@strawberry.type(description="What became of a packet capture.")
class PacketCaptureChange:
    capture: PacketCapture | None = field(description="As it is now; null where it is not, or no more.")
    name: str | None = field(description="Of which; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")


@strawberry.type
class PacketCaptureRoots:
    """Fields of the Query root."""

    @field(
        description="A packet capture of a workload or namespace, as a resource and as commands. Nothing "
        "happens.",
        metadata=_COST,
    )
    async def prepare_packet_capture(
        self,
        info: Info,
        wanted: Annotated[PacketCaptureInput, argument(name="capture", description="What is captured.")],
    ) -> PreparedPacketCapture:
        return PreparedPacketCapture.of(*await attempt(_prepare(info.context, wanted)), info.context.now)

    @field(
        description="Packet captures in the clusters that a kubeconfig is set for, in namespaces that the "
        "caller may see.",
        metadata=_COST,
    )
    async def packet_captures(self, info: Info, clusters: ClustersArgument = None) -> PacketCaptures:
        asked = info.context
        found = await list_captures(asked, clusters)
        return PacketCaptures(
            captures=[PacketCapture.of(each, asked) for each in found.captures],
            reached=list(found.reached),
            problems=[Problem.of(each) for each in found.unreached],
        )


@strawberry.type
class PacketCaptureMutations:
    """Fields of the Mutation root."""

    @strawberry.mutation(
        description="Apply a packet capture through the cluster's kubeconfig. For tokens that may send logs, "
        "where the settings allow it."
    )
    async def apply_packet_capture(
        self,
        info: Info,
        wanted: Annotated[PacketCaptureInput, argument(name="capture", description="What is captured.")],
    ) -> PacketCaptureChange:
        made, problems = await attempt(_apply(info.context, wanted))
        return PacketCaptureChange(
            capture=None if made is None else PacketCapture.of(made, info.context),
            name=None if made is None else made.name,
            problems=problems,
        )

    @strawberry.mutation(
        description="Remove a packet capture that was applied from here, with its files. For tokens that may "
        "send logs, where the settings allow it."
    )
    async def remove_packet_capture(
        self, info: Info, text: Annotated[ID, argument(name="id", description="The capture's id.")]
    ) -> PacketCaptureChange:
        name, problems = await attempt(remove_capture(info.context, text))
        return PacketCaptureChange(capture=None, name=name, problems=problems)


async def _prepare(asked: Asked, wanted: PacketCaptureInput) -> Prepared:
    return await prepare_capture(asked, wanted.read(asked))


async def _apply(asked: Asked, wanted: PacketCaptureInput) -> RunningCapture:
    return await apply_capture(asked, wanted.read(asked))


def _moment(asked: Asked, text: TimePoint | None, path: str) -> Micros | None:
    try:
        return None if text is None else parse_moment(text, asked.now)
    except BadInputError as error:
        raise BadInputError(error.message, path=path) from None
