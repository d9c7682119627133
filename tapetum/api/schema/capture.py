"""Summaries of captures that people sent, with the flows that their conversations belong to."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import ClustersArgument, TimeRange, point
from tapetum.api.schema.node import Node
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import KQL, BigInt, TimePoint
from tapetum.api.use.captures import (
    MOST,
    Beside,
    beside_flows,
    find_summary,
    list_summaries,
    read_summary,
    remove_summary,
)
from tapetum.api.use.saved import document_id, editable
from tapetum.capture.matching import Basis, Matched
from tapetum.capture.whereabouts import Whereabouts
from tapetum.domain import captures, moments
from tapetum.domain.captures import MOST_CONVERSATIONS, MOST_LOOKUPS
from tapetum.domain.documents import Document
from tapetum.domain.flows import Reporter

_Conversations = Annotated[int, argument(description=f"How many, 1 to {MOST_CONVERSATIONS}.")]


@strawberry.type(description="An end of a captured conversation.")
class CapturedEnd:
    address: str = field(description="Its address.")
    port: int | None = field(description="Its port; null where the protocol has none.")
    namespace: str | None = field(
        description="Where manifests as of the capture, or its flow records, say who has the address: its "
        "namespace."
    )
    name: str | None = field(description="The workload, as flow logs name it, or the service.")
    service: bool = field(description="Whether it is a service.")

    @classmethod
    def of(cls, address: str, port: int | None, who: Whereabouts | None) -> "CapturedEnd":
        return cls(
            address=address,
            port=port,
            namespace=who and who.namespace,
            name=who and who.name,
            service=who is not None and who.service,
        )


@strawberry.type(description="Flow records of a captured conversation, as far as the caller may see.")
class CapturedFlows:
    records: int = field(description="How many; 0 where none tells of it.")
    allowed: int = field(description="Those among them that were allowed.")
    denied: int = field(description="Those among them that were denied.")
    reporters: list[Reporter] = field(description="Who reported them.")
    basis: Basis | None = field(description="By what they were found; null without any.")
    filter: KQL = field(description="What finds them in the logs, with others between the same ends.")

    @classmethod
    def of(cls, found: Matched, beside: Beside) -> "CapturedFlows":
        told = {str(each.get("reporter")) for each in found.records}
        denied = sum(each.get("action") == "deny" for each in found.records)
        return cls(
            records=len(found.records),
            allowed=len(found.records) - denied,
            denied=denied,
            reporters=[each for each in Reporter if each.value in told],
            basis=found.basis,
            filter=KQL(beside.filter(found.conversation)),
        )


@strawberry.type(description="All captured packets between two ends.")
class CapturedConversation:
    protocol: str = field(description="tcp, udp, icmp, icmp6, sctp, or a protocol's number.")
    client: CapturedEnd = field(description="Who opened it, or seems to have.")
    server: CapturedEnd = field(description="Who was called.")
    opened: bool = field(description="Whether it was seen who opened it; else the ports tell.")
    packets_out: BigInt = field(description="Packets of the client.")
    packets_in: BigInt = field(description="Packets of the server.")
    bytes_out: BigInt = field(description="Bytes of the client's IP packets.")
    bytes_in: BigInt = field(description="Bytes of the server's IP packets.")
    first: TimePoint = field(description="Time of the first packet.")
    last: TimePoint = field(description="Time of the last packet.")
    opens: int = field(description="TCP connections that were seen to begin.")
    closes: int = field(description="TCP connections that both ends closed.")
    client_resets: int = field(description="TCP resets by the client.")
    server_resets: int = field(description="TCP resets by the server.")
    retransmissions: int = field(
        description="TCP segments that hold nothing new: sent again, out of order or captured twice."
    )
    unanswered: bool = field(description="Whether the server sent nothing.")
    troubled: bool = field(description="Whether it was unanswered or reset, or segments were sent again.")
    server_name: str | None = field(description="The server that a TLS client asked for.")
    names: list[str] = field(description="Names that were asked for in DNS, at most three.")
    flows: CapturedFlows = field(description="Its flow records.")

    @classmethod
    def of(cls, found: Matched, beside: Beside) -> "CapturedConversation":
        one, who = found.conversation, beside.told
        return cls(
            protocol=one.protocol,
            client=CapturedEnd.of(one.client, one.client_port, who.get(one.client)),
            server=CapturedEnd.of(one.server, one.server_port, who.get(one.server)),
            opened=one.opened,
            packets_out=BigInt(one.packets_out),
            packets_in=BigInt(one.packets_in),
            bytes_out=BigInt(one.bytes_out),
            bytes_in=BigInt(one.bytes_in),
            first=point(one.first),
            last=point(one.last),
            opens=one.opens,
            closes=one.closes,
            client_resets=one.client_resets,
            server_resets=one.server_resets,
            retransmissions=one.retransmissions,
            unanswered=one.unanswered,
            troubled=one.troubled,
            server_name=one.server_name,
            names=list(one.names),
            flows=CapturedFlows.of(found, beside),
        )


@strawberry.type(description="Captured conversations beside the flow records of their time.")
class CapturedConversations:
    range: TimeRange = field(description="Where their records begin.")
    complete: bool = field(
        description="Whether all records were looked at; of more than 10,000 the newest are."
    )
    nodes: list[CapturedConversation] = field(description="Troubled ones first, then by bytes.")


@strawberry.type(description="A name that was asked for in captured DNS.")
class CapturedLookup:
    name: str = field(description="The name.")
    type: str = field(description="The type of record, as A or AAAA.")
    asked: int = field(description="Questions.")
    answered: int = field(description="Answers.")
    failed: int = field(description="Answers with an error.")
    code: str | None = field(description="The last error, as NXDOMAIN.")

    @classmethod
    def of(cls, one: captures.Lookup) -> "CapturedLookup":
        return cls(
            name=one.name,
            type=one.type,
            asked=one.asked,
            answered=one.answered,
            failed=one.failed,
            code=one.code,
        )


@strawberry.type(description="What a capture that somebody sent says; docs/captures.md.")
class CaptureSummary(Node):
    saved: Private[Document]
    summary: Private[captures.CaptureSummary]
    file: str = field(description="The file's name.")
    cluster: str = field(description="The cluster that it was captured in.")
    size: BigInt = field(description="Bytes of the file, unpacked.")
    packets: BigInt = field(description="Packets in it.")
    bytes: BigInt = field(description="Bytes of its IP packets.")
    foreign: BigInt = field(description="Packets that are not IP.")
    unreadable: BigInt = field(description="Packets that are broken.")
    beyond: BigInt = field(description="Packets of more conversations than are told apart.")
    range: TimeRange = field(description="From the first packet to the last.")
    conversations_seen: int = field(
        description=f"Conversations in it; at most {MOST_CONVERSATIONS} are kept."
    )
    lookups_seen: int = field(description=f"Names asked for in it; at most {MOST_LOOKUPS} are kept.")

    @field(description="Whether others see it: those who see the whole cluster.")
    def shared(self) -> bool:
        return self.saved.shared

    @field(description="Name of the token that sent it; null where none was needed.")
    def owner(self) -> str | None:
        return self.saved.owner

    @field(description="When it was sent.")
    def sent_at(self) -> TimePoint:
        return point(self.saved.created_at)

    @field(description="Whether the caller may delete it.")
    def editable(self, info: Info) -> bool:
        return editable(info.context, self.saved)

    @field(description="Names that were asked for: failed ones first, then the most wanted.")
    def lookups(
        self, limit: Annotated[int, argument(description=f"How many, 1 to {MOST_LOOKUPS}.")] = 50
    ) -> list[CapturedLookup]:
        return [CapturedLookup.of(each) for each in self.summary.lookups[: max(0, limit)]]

    @field(description="Its conversations with their flow records.", metadata={"searches": 5})
    async def conversations(self, info: Info, limit: _Conversations = 50) -> CapturedConversations:
        beside = await beside_flows(info.context, self.summary, limit)
        return CapturedConversations(
            range=TimeRange.of(beside.range),
            complete=beside.complete,
            nodes=[CapturedConversation.of(each, beside) for each in beside.conversations],
        )

    @classmethod
    def of(cls, saved: Document) -> "CaptureSummary":
        summary = read_summary(saved)
        return cls(
            id=ID(document_id(saved)),
            saved=saved,
            summary=summary,
            file=summary.file,
            cluster=summary.cluster,
            size=BigInt(summary.size),
            packets=BigInt(summary.packets),
            bytes=BigInt(summary.bytes),
            foreign=BigInt(summary.foreign),
            unreadable=BigInt(summary.unreadable),
            beyond=BigInt(summary.beyond),
            range=TimeRange.of(moments.TimeRange(summary.first, summary.last + 1)),
            conversations_seen=summary.conversations_seen,
            lookups_seen=summary.lookups_seen,
        )


@strawberry.type(description="What became of a summary of a capture.")
class CaptureSummaryChange:
    summary: CaptureSummary | None = field(description="As it was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")


@strawberry.type
class CaptureRoots:
    """Fields of the Query root."""

    @field(description="Summaries of captures that the caller sent, and shared ones: the newest first.")
    async def capture_summaries(
        self,
        info: Info,
        clusters: ClustersArgument = None,
        limit: Annotated[int, argument(description=f"How many, 1 to {MOST}.")] = 20,
    ) -> list[CaptureSummary]:
        return [CaptureSummary.of(each) for each in await list_summaries(info.context, clusters, limit)]

    @field(description="A summary of a capture; null where there is none that the caller may see.")
    async def capture_summary(
        self, info: Info, text: Annotated[ID, argument(name="id", description="The summary's id.")]
    ) -> CaptureSummary | None:
        found = await find_summary(info.context, text)
        return None if found is None else CaptureSummary.of(found)


@strawberry.type
class CaptureMutations:
    """Fields of the Mutation root."""

    @strawberry.mutation(description="Delete a summary of a capture.")
    async def delete_capture_summary(
        self, info: Info, text: Annotated[ID, argument(name="id", description="The summary's id.")]
    ) -> CaptureSummaryChange:
        gone, problems = await attempt(remove_summary(info.context, text, None))
        return CaptureSummaryChange(
            summary=None if gone is None else CaptureSummary.of(gone), problems=problems
        )
