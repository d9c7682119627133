"""Deciding on alerts: whoever sees one may say what became of it."""

from tapetum.api.context import Asked
from tapetum.api.use.saved import parse_id
from tapetum.domain.alerts import Alert, Status, Triage
from tapetum.domain.errors import BadInputError, NotFoundError

LONGEST_NOTE = 2000


async def triage_alert(asked: Asked, text: str, status: Status, note: str) -> Alert:
    """The alert with its new status; dismissing one without a reason is refused."""
    alert_id = parse_id("alert", text)
    said = read_reason(note) if status is Status.DISMISSED else _read_note(note)
    triage = Triage(status, asked.caller, asked.now, said)
    triaged = await asked.api.logs.triage_alert(asked.scope, alert_id, triage)
    if triaged is None:
        raise NotFoundError("There is no such alert; it may be past its retention.", path="id")
    return triaged


def read_reason(note: str) -> str:
    """Of what is dismissed."""
    said = _read_note(note)
    if not said:
        raise BadInputError("Say in `note` why it is dismissed, for those who look later.", path="note")
    return said


def _read_note(note: str) -> str:
    said = note.strip()
    if len(said) > LONGEST_NOTE:
        raise BadInputError(
            f"The note has {len(said)} characters; at most {LONGEST_NOTE} are kept.", path="note"
        )
    return said
