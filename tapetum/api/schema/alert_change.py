"""Changing what became of an alert."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.alert import Alert
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.use.triage import LONGEST_NOTE, triage_alert
from tapetum.domain.alerts import Status

_Id = Annotated[ID, argument(name="id", description="The alert's id.")]
_Note = Annotated[str, argument(description=f"Shown with the alert; at most {LONGEST_NOTE} characters.")]
_Reason = Annotated[str, argument(description=f"Why, in at most {LONGEST_NOTE} characters.")]


@strawberry.type(description="What became of an alert.")
class AlertChange:
    alert: Alert | None = field(description="As it is now; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")


async def _change(info: Info, text: str, status: Status, note: str) -> AlertChange:
    alert, problems = await attempt(triage_alert(info.context, text, status, note))
    return AlertChange(alert=None if alert is None else Alert.of(alert), problems=problems)


async def acknowledge(info: Info, text: _Id, note: _Note = "") -> AlertChange:
    return await _change(info, text, Status.ACKNOWLEDGED, note)


async def dismiss(info: Info, text: _Id, note: _Reason) -> AlertChange:
    return await _change(info, text, Status.DISMISSED, note)


async def reopen(info: Info, text: _Id, note: _Note = "") -> AlertChange:
    return await _change(info, text, Status.OPEN, note)
