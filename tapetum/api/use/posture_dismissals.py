"""Actions of the posture that somebody dismissed: told apart from the others, and changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from tapetum.api.context import Asked
from tapetum.api.use.triage import read_reason
from tapetum.domain.dismissals import Advice, Dismissal
from tapetum.domain.errors import BadInputError, NotFoundError
from tapetum.domain.identity import seal, unseal
from tapetum.domain.moments import Micros, parse_moment
from tapetum.posture import Action, Component

_TAG = "posture_action"


@dataclass(frozen=True, slots=True)
class Told:
    """An action, and its dismissal where one holds."""

    action: Action
    dismissal: Dismissal | None = None


def action_id(action: Action) -> str:
    """Of what it is about, not of the workloads that fall short today."""
    return seal(_TAG, action.component.value, action.cluster, action.namespace, action.certain)


async def with_dismissals(asked: Asked, found: Sequence[Action]) -> list[Told]:
    """Each action in its place, with the dismissal that the caller may see and that holds now."""
    kept = await asked.api.catalog.dismissals(asked.scope)
    by_advice = {each.advice: each for each in kept}

    def told(action: Action) -> Told:
        dismissal = by_advice.get(_advice(action))
        holds = dismissal is not None and dismissal.holds(asked.now, len(action.subjects))
        return Told(action, dismissal if holds else None)

    return [told(each) for each in found]


async def dismiss_action(
    asked: Asked, text: str, note: str, until: str | None, subjects: int | None = None
) -> Dismissal:
    advice = _parse(text)
    reason = read_reason(note)
    if subjects is not None and subjects < 1:
        raise BadInputError(f"An action is about one or more, not {subjects}.", path="subjects")
    dismissal = Dismissal(advice, asked.caller, asked.now, reason, _read_until(asked, until), subjects)
    await asked.api.catalog.keep_dismissal(asked.scope, dismissal)
    return dismissal


async def reopen_action(asked: Asked, text: str) -> Dismissal:
    """The dismissal that holds no more."""
    taken = await asked.api.catalog.take_dismissal(asked.scope, _parse(text))
    if taken is None:
        raise NotFoundError("This action is not dismissed.", path="id")
    return taken


def _advice(action: Action) -> Advice:
    return Advice(action.component.value, action.cluster, action.namespace, action.certain)


def _parse(text: str) -> Advice:
    try:
        parts = unseal(text, _TAG)
    except BadInputError as error:
        raise BadInputError(error.message, path="id") from None
    match parts:
        case [str(component), str(cluster), str() | None as namespace, bool(certain)] if component in set(
            Component
        ):
            return Advice(component, cluster, namespace, certain)
        case _:
            raise BadInputError(
                f"{text[:60]!r} is not an id; take ids from an answer of this API.", path="id"
            )


def _read_until(asked: Asked, text: str | None) -> Micros | None:
    if text is None:
        return None
    try:
        until = parse_moment(text, asked.now)
    except BadInputError as error:
        raise BadInputError(error.message, path="until") from None
    if until <= asked.now:
        raise BadInputError(f"{text[:60]!r} is past; give a time to come, or none.", path="until")
    return until
