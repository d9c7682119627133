"""Delivery targets: the type, and the root that finds them."""

import strawberry
from strawberry import ID, Private, field

from tapetum.api.context import Info
from tapetum.api.schema.common import maybe_point, point
from tapetum.api.schema.saved import SavedDocument
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use.deliveries import COUNTED, count_waiting, list_targets
from tapetum.api.use.saved import document_id
from tapetum.domain import deliveries
from tapetum.domain.delivery_targets import KnownTarget
from tapetum.domain.receivers import ReceiverKind, kind_of, shown


@strawberry.type(description="An alert that a receiver would not have.")
class FailedDelivery:
    title: str = field(description="The alert's title.")
    alert: str = field(description="The alert's id as the receiver was told it.")
    reason: str = field(description="What the receiver answered last.")
    at: TimePoint = field(description="When it was given up.")

    @classmethod
    def of(cls, failed: deliveries.Failed) -> "FailedDelivery":
        return cls(title=failed.title, alert=failed.alert, reason=failed.reason, at=point(failed.at))


@strawberry.type(
    description="Where alerts are sent; docs/delivery.md. Its secrets are masked wherever it is shown."
)
class DeliveryTarget(SavedDocument):
    known: Private[KnownTarget]

    kind: ReceiverKind = field(description="What it is.")
    address: str = field(description="The server that it is, without what may be secret.")
    enabled: bool = field(description="Whether alerts are sent; switched off it keeps its place.")
    delivered: int = field(description="Alerts that it took.")
    delivered_at: TimePoint | None = field(description="When it last took one.")
    failed: int = field(description="Alerts that it refused for good, and that were given up.")
    failures: list[FailedDelivery] = field(
        description=f"The last of them, newest first, at most {deliveries.MOST_LISTED}."
    )
    tries: int = field(description="How often the next alert was tried in vain.")
    problem: str | None = field(description="Why, in one sentence; null where nothing is in the way.")
    next_try_at: TimePoint | None = field(description="When it is tried again.")

    @classmethod
    def of(cls, known: KnownTarget) -> "DeliveryTarget":
        state = known.state or deliveries.DeliveryState(known.document.id, 0)
        return cls(
            id=ID(document_id(known.document)),
            saved=known.document,
            known=known,
            kind=kind_of(known.target.receiver),
            address=shown(known.target.receiver),
            enabled=known.target.enabled,
            delivered=state.delivered,
            delivered_at=maybe_point(state.delivered_at),
            failed=state.failed,
            failures=[FailedDelivery.of(each) for each in reversed(state.failures)],
            tries=state.tries,
            problem=state.problem,
            next_try_at=maybe_point(state.next_try),
        )

    @field(
        description=f"Alerts that it wants and does not have yet, among the next {COUNTED} that were raised.",
        metadata={"searches": 1},
    )
    async def waiting(self, info: Info) -> int:
        return await count_waiting(info.context, self.known)


@strawberry.type
class DeliveryRoots:
    """Fields of the Query root."""

    @field(description="Delivery targets by title; for tokens without limits to clusters or namespaces.")
    async def delivery_targets(self, info: Info) -> list[DeliveryTarget]:
        return [DeliveryTarget.of(each) for each in await list_targets(info.context)]
