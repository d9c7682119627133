"""Dismissing actions of the posture, and bringing them back."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.posture import PostureDismissal
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use.posture_dismissals import dismiss_action, reopen_action
from tapetum.api.use.triage import LONGEST_NOTE
from tapetum.domain.dismissals import Dismissal

_Id = Annotated[ID, argument(name="id", description="The action's id.")]


@strawberry.type(description="What became of an action of the posture.")
class PostureActionChange:
    dismissal: PostureDismissal | None = field(
        description="That it is dismissed, or was; null where nothing was changed."
    )
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, changed: Dismissal | None, problems: list[Problem]) -> "PostureActionChange":
        return cls(dismissal=None if changed is None else PostureDismissal.of(changed), problems=problems)


@strawberry.type
class PostureMutations:
    """Fields of the Mutation root."""

    @strawberry.mutation(
        description="Say that an action of the posture needs nothing, and why. It is listed apart, and the "
        "score stays as it is. What is about a whole cluster is dismissed by who sees all of it."
    )
    async def dismiss_posture_action(
        self,
        info: Info,
        text: _Id,
        note: Annotated[str, argument(description=f"Why, in at most {LONGEST_NOTE} characters.")],
        until: Annotated[
            TimePoint | None,
            argument(description="Until when; null is until it is brought back."),
        ] = None,
        subjects: Annotated[
            int | None,
            argument(
                description="How many the action is about, as it was read: the dismissal ends where it is "
                "about more. Null: whatever their number."
            ),
        ] = None,
    ) -> PostureActionChange:
        return PostureActionChange.of(
            *await attempt(dismiss_action(info.context, text, note, until, subjects))
        )

    @strawberry.mutation(description="Bring an action of the posture back that was dismissed.")
    async def reopen_posture_action(self, info: Info, text: _Id) -> PostureActionChange:
        return PostureActionChange.of(*await attempt(reopen_action(info.context, text)))
