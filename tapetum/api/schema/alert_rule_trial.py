"""An alert rule tried on the past: the types, and the root."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import ClustersArgument, RangeArgument, TimeRange, point
from tapetum.api.schema.log import record_id
from tapetum.api.schema.node import ServiceNode
from tapetum.api.schema.scalars import JSON, BigInt, TimePoint
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.rule_trial import Trial, try_rule
from tapetum.detect.trying import MOST_RECORDS, Raised

MOST = 1000
_Limit = Annotated[int, argument(description=f"How many alerts, 1 to {MOST}.")]


@strawberry.type(description="An alert that a rule would have raised.")
class TriedAlert:
    time: TimePoint = field(
        description="When the first record happened, or when the window ended in which an alarm began."
    )
    title: str = field(description="What it would have said in one line.")
    description: str = field(description="What it would have said.")
    mitigations: list[str] = field(description="What it would have advised.")
    cluster: str = field(description="Cluster that it concerns.")
    source: ServiceNode | None = field(description="Where the traffic came from; null for none.")
    target: ServiceNode | None = field(description="Where the traffic went; null for none.")
    port: int | None = field(description="Port of the target.")
    value: float | None = field(description="What a window came to; null without one.")
    records: int | None = field(description="How many records were alike; null with a window.")
    evidence: list[ID] = field(description="Ids of some of these records; none with a window.")

    @classmethod
    def of(cls, raised: Raised) -> "TriedAlert":
        alert = raised.alert
        return cls(
            time=point(alert.time),
            title=alert.title,
            description=alert.description,
            mitigations=list(alert.mitigations),
            cluster=alert.cluster,
            source=None if alert.source is None else ServiceNode.of(alert.source),
            target=None if alert.target is None else ServiceNode.of(alert.target),
            port=alert.port,
            value=raised.value,
            records=raised.records,
            evidence=[ID(record_id(alert.evidence_kind, each)) for each in alert.evidence],
        )


@strawberry.type(description="What an alert rule would have raised over a range, and what it costs.")
class AlertRuleTrial:
    trial: Private[Trial]

    @field(description="The range that it was tried on.")
    def range(self) -> TimeRange:
        return TimeRange.of(self.trial.range)

    @field(description="The alerts, earliest first.")
    def alerts(self, limit: _Limit = 100) -> list[TriedAlert]:
        most = read_limit("limit", limit, MOST)
        return [TriedAlert.of(each) for each in self.trial.tried.raised[:most]]

    @field(description="How many alerts it would have raised.")
    def total(self) -> int:
        return self.trial.tried.total

    @field(
        description=f"Up to when records were looked at: before the end of the range where a rule without a "
        f"window has more than {MOST_RECORDS:,} records."
    )
    def upto(self) -> TimePoint:
        return point(self.trial.tried.upto)

    @field(description="Records of the range that meet the filter.")
    def matched(self) -> BigInt:
        return BigInt(self.trial.matched)

    @field(description="Records of the kind in the range.")
    def looked_at(self) -> BigInt:
        return BigInt(self.trial.looked_at)

    @field(description="Windows that were judged; null without a window.")
    def windows(self) -> int | None:
        return self.trial.tried.windows

    @field(description="Questions that the log store was asked.")
    def questions(self) -> int:
        return self.trial.tried.questions

    @field(description="Milliseconds that these took.")
    def milliseconds(self) -> float:
        return self.trial.took / 1000


@strawberry.type
class AlertRuleTrialRoots:
    """Fields of the Query root."""

    @field(
        description="Try an alert rule on the past, saved or not, on or off: what it would have raised had "
        "the records come in the order of their time, and what it costs. Only records that the caller sees "
        "count. Raises nothing."
    )
    async def try_alert_rule(
        self,
        info: Info,
        document: Annotated[JSON, argument(description="The whole rule, as docs/alerts.md describes it.")],
        within: RangeArgument,
        clusters: ClustersArgument = None,
    ) -> AlertRuleTrial:
        asked = info.context
        return AlertRuleTrial(trial=await try_rule(asked, document, within.read(asked), clusters))
