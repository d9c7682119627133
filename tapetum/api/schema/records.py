"""Connections: pages of flows, alerts and rejected lines."""

import strawberry
from strawberry import ID, Private, field

from tapetum.api.context import Asked, Info
from tapetum.api.schema.alert import Alert
from tapetum.api.schema.common import PageInfo, TimeRange, point
from tapetum.api.schema.flow import Flow, flows
from tapetum.api.schema.node import Node
from tapetum.api.schema.scalars import BigInt, TimePoint
from tapetum.api.use.records import Page
from tapetum.api.use.rejected import RejectedPage
from tapetum.domain.identity import seal
from tapetum.logstore.port import DeadLetter


@strawberry.type(description="A flow record and its place in the order.")
class FlowEdge:
    cursor: str = field(description="Give it as `after` to go on behind this record.")
    node: Flow = field(description="The record.")


@strawberry.type(description="A page of flow records.")
class FlowConnection:
    page: Private[Page]
    shown: Private[list[Flow]]

    @classmethod
    def of(cls, page: Page, asked: Asked) -> "FlowConnection":
        return cls(page=page, shown=flows(page.records, asked))

    @field(description="The range that is paged through.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.page.search.range)

    @field(description="The records of this page.")
    def nodes(self) -> list[Flow]:
        return self.shown

    @field(description="The records of this page, each with its cursor.")
    def edges(self) -> list[FlowEdge]:
        return [FlowEdge(cursor=self.page.cursor(node.record), node=node) for node in self.shown]

    @field(description="Where this page lies.")
    def page_info(self) -> PageInfo:
        return _page_info(self.page)

    @field(description="How many records match in all, exactly; counted only when asked for.")
    async def total_count(self, info: Info) -> BigInt:
        return await _count(self.page, info)


@strawberry.type(description="An alert and its place in the order.")
class AlertEdge:
    cursor: str = field(description="Give it as `after` to go on behind this alert.")
    node: Alert = field(description="The alert.")


@strawberry.type(description="A page of alerts.")
class AlertConnection:
    page: Private[Page]

    @field(description="The range that is paged through.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.page.search.range)

    @field(description="The alerts of this page.")
    def nodes(self) -> list[Alert]:
        return [Alert.of_record(record) for record in self.page.records]

    @field(description="The alerts of this page, each with its cursor.")
    def edges(self) -> list[AlertEdge]:
        return [
            AlertEdge(cursor=self.page.cursor(record), node=Alert.of_record(record))
            for record in self.page.records
        ]

    @field(description="Where this page lies.")
    def page_info(self) -> PageInfo:
        return _page_info(self.page)

    @field(description="How many alerts match in all, exactly; counted only when asked for.")
    async def total_count(self, info: Info) -> BigInt:
        return await _count(self.page, info)


@strawberry.type(description="A line that could not be read, kept with the reason.")
class RejectedLine(Node):
    cluster: str = field(description="Cluster that it was sent for.")
    received_at: TimePoint = field(description="When it arrived.")
    source: str = field(description="How it arrived: a file's name, or the HTTP client.")
    batch_id: str = field(description="The delivery that it was part of.")
    line_number: int = field(description="Its place in the delivery, from 0.")
    reason: str = field(description="Why it could not be read.")
    line: str = field(description="The line as it arrived; of one over 64 KiB its beginning.")

    @classmethod
    def of(cls, letter: DeadLetter) -> "RejectedLine":
        return cls(
            id=ID(seal("rejected", letter.cluster, letter.received_at, letter.id)),
            cluster=letter.cluster,
            received_at=point(letter.received_at),
            source=letter.source,
            batch_id=letter.batch_id,
            line_number=letter.line_no,
            reason=letter.reason,
            line=letter.line,
        )


@strawberry.type(description="A rejected line and its place in the order.")
class RejectedLineEdge:
    cursor: str = field(description="Give it as `after` to go on behind this line.")
    node: RejectedLine = field(description="The line.")


@strawberry.type(description="A page of rejected lines, newest first.")
class RejectedLineConnection:
    page: Private[RejectedPage]

    @field(description="The range that is paged through, by time of arrival.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.page.range)

    @field(description="The lines of this page.")
    def nodes(self) -> list[RejectedLine]:
        return [RejectedLine.of(letter) for letter in self.page.letters]

    @field(description="The lines of this page, each with its cursor.")
    def edges(self) -> list[RejectedLineEdge]:
        return [
            RejectedLineEdge(cursor=self.page.cursor(letter), node=RejectedLine.of(letter))
            for letter in self.page.letters
        ]

    @field(description="Where this page lies.")
    def page_info(self) -> PageInfo:
        cursors = [self.page.cursor(letter) for letter in self.page.letters]
        return _info(cursors, more=self.page.more, continued=self.page.continued)

    @field(description="How many lines were rejected in all, exactly; counted only when asked for.")
    async def total_count(self, info: Info) -> BigInt:
        asked = info.context
        return BigInt(
            await asked.api.logs.count_dead_letters(asked.scope, self.page.clusters, self.page.range)
        )


def _page_info(page: Page) -> PageInfo:
    ends = [page.cursor(record) for record in (page.records[:1] + page.records[-1:])]
    return _info(ends, more=page.more, continued=page.continued)


def _info(cursors: list[str], *, more: bool, continued: bool) -> PageInfo:
    return PageInfo(
        has_next_page=more,
        has_previous_page=continued,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


async def _count(page: Page, info: Info) -> BigInt:
    return BigInt(await info.context.api.logs.count(info.context.scope, page.search))
