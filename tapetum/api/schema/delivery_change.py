"""What can be changed of delivery targets, by tokens without limits only."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.delivery import DeliveryTarget
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import JSON
from tapetum.api.use.deliveries import remove_target, save_target, send_again, try_target
from tapetum.domain.deliveries import Answer, Outcome
from tapetum.domain.delivery_targets import KnownTarget

_Id = Annotated[ID, argument(name="id", description="The target's id.")]
_Version = Annotated[
    int | None,
    argument(description="The version that was read; refused when it is no longer the newest."),
]


@strawberry.type(description="What became of a delivery target.")
class DeliveryTargetChange:
    target: DeliveryTarget | None = field(description="As it is now, or was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, changed: KnownTarget | None, problems: list[Problem]) -> "DeliveryTargetChange":
        return cls(target=None if changed is None else DeliveryTarget.of(changed), problems=problems)


@strawberry.type(description="What a receiver said to a test.")
class DeliveryTest:
    delivered: bool = field(description="Whether it took the test.")
    answer: str | None = field(description="What it said, in one sentence; null where none was sent.")
    problems: list[Problem] = field(description="Why none was sent.")

    @classmethod
    def of(cls, answer: Answer | None, problems: list[Problem]) -> "DeliveryTest":
        if answer is None:
            return cls(delivered=False, answer=None, problems=problems)
        delivered = answer.outcome is Outcome.DELIVERED
        return cls(delivered=delivered, answer=answer.said, problems=problems)


@strawberry.type(description="What a receiver said to an alert that was sent again.")
class DeliveryAgain:
    delivered: bool = field(description="Whether it took the alert.")
    answer: str | None = field(description="What it said, in one sentence; null where nothing was sent.")
    target: DeliveryTarget | None = field(description="As it is now; null where nothing was sent.")
    problems: list[Problem] = field(description="Why nothing was sent.")

    @classmethod
    def of(cls, sent: tuple[Answer, KnownTarget] | None, problems: list[Problem]) -> "DeliveryAgain":
        if sent is None:
            return cls(delivered=False, answer=None, target=None, problems=problems)
        answer, known = sent
        delivered = answer.outcome is Outcome.DELIVERED
        return cls(
            delivered=delivered, answer=answer.said, target=DeliveryTarget.of(known), problems=problems
        )


@strawberry.type
class DeliveryMutations:
    """Fields of the Mutation root."""

    @strawberry.mutation(
        description="Save a delivery target: a new one, or over a version that was read. A new one is sent "
        "what is raised from now on. A secret that is given as its mask stays as it was."
    )
    async def save_delivery_target(
        self,
        info: Info,
        document: Annotated[
            JSON, argument(description="The whole target, as docs/delivery.md describes it.")
        ],
        text: Annotated[
            ID | None, argument(name="id", description="What to save over; null makes a new one.")
        ] = None,
        version: _Version = None,
    ) -> DeliveryTargetChange:
        return DeliveryTargetChange.of(*await attempt(save_target(info.context, text, document, version)))

    @strawberry.mutation(description="Delete a delivery target; what it was not sent yet it never gets.")
    async def delete_delivery_target(
        self, info: Info, text: _Id, version: _Version = None
    ) -> DeliveryTargetChange:
        return DeliveryTargetChange.of(*await attempt(remove_target(info.context, text, version)))

    @strawberry.mutation(
        description="Send one alert that says that it is a test, now, whether or not the target is enabled."
    )
    async def test_delivery_target(self, info: Info, text: _Id) -> DeliveryTest:
        return DeliveryTest.of(*await attempt(try_target(info.context, text)))

    @strawberry.mutation(
        description="Send an alert that was given up again, now and once, to the receiver as it is now."
    )
    async def resend_delivery(
        self,
        info: Info,
        text: _Id,
        alert: Annotated[ID, argument(description="The alert's id, as `failures` has it.")],
    ) -> DeliveryAgain:
        return DeliveryAgain.of(*await attempt(send_again(info.context, text, alert)))
