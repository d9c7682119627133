"""Delivery targets: saved like other documents, shown without their secrets, tried on demand.

For callers that may see everything only.
"""

from typing import Any

from msgspec import structs

from tapetum.api.context import Asked
from tapetum.api.use.saved import encoded, find_document, list_documents, remove_document, save_document
from tapetum.catalog.deliveries import hold_scope
from tapetum.detect.wanting import wanted
from tapetum.domain.alerts import Alert
from tapetum.domain.deliveries import Answer, DeliveryState, answered_again
from tapetum.domain.delivery_targets import DeliveryTarget, KnownTarget, completed, hidden, target_of
from tapetum.domain.documents import DELIVERY_PAGE, Document, DocumentKind, read_body
from tapetum.domain.errors import ConflictError, NotFoundError
from tapetum.domain.receivers import masked

MOST, COUNTED = 500, 1000
_PAGE, _TRIES = 500, 10
_KIND = DocumentKind.DELIVERY_TARGET


async def list_targets(asked: Asked) -> list[KnownTarget]:
    hold_scope(asked.scope)
    return await _shown(asked, await list_documents(asked, _KIND, None, MOST))


async def save_target(asked: Asked, text: str | None, body: Any, version: int | None) -> KnownTarget:
    """Shared among all that may see everything; a new one is sent what is raised from now on."""
    hold_scope(asked.scope)
    before = None if text is None else target_of(await _found(asked, text))
    target = completed(read_body(encoded(_KIND, body), DeliveryTarget, DELIVERY_PAGE), before)
    last = await asked.api.logs.last_alert(asked.scope)
    saved = await save_document(asked, _KIND, text, target, version, shared=True)
    if text is None:
        begun = DeliveryState(saved.id, last)
        await asked.api.catalog.keep_delivery(asked.scope, saved.version, None, begun)
    return (await _shown(asked, [saved]))[0]


async def remove_target(asked: Asked, text: str, version: int | None) -> KnownTarget:
    hold_scope(asked.scope)
    (shown,) = await _shown(asked, [await _found(asked, text)])
    await remove_document(asked, _KIND, text, version)
    return shown


async def try_target(asked: Asked, text: str) -> Answer:
    """What its receiver says to a test, which says that it is one; it counts nowhere."""
    hold_scope(asked.scope)
    document = await _found(asked, text)
    return await asked.api.try_delivery(document.id, target_of(document).receiver, _a_test(asked))


async def send_again(asked: Asked, text: str, alert: str) -> tuple[Answer, KnownTarget]:
    """An alert that was given up, to the receiver as it is now; it is told under its old key.

    What the receiver took is no failure any more, and where it did not, the failure has its new reason.
    """
    hold_scope(asked.scope)
    document = await _found(asked, text)
    receiver = target_of(document).receiver
    answer = await asked.api.send_again(document.id, receiver, await _given_up(asked, document, alert))
    for _ in range(_TRIES):  # deliveries go on meanwhile, and change the same state
        document = await _found(asked, text)
        state = await _state(asked, document)
        after = None if state is None else answered_again(state, alert, answer, asked.now)
        if after is None or await asked.api.catalog.keep_delivery(
            asked.scope, document.version, state, after
        ):
            return answer, (await _shown(asked, [document]))[0]
    raise ConflictError(
        "It was sent, and the target changed too often meanwhile to say so here; look at its failures again."
    )


async def _given_up(asked: Asked, document: Document, alert: str) -> Alert:
    """Raises NotFoundError."""
    state = await _state(asked, document)
    failure = next((each for each in state.failures if each.alert == alert), None) if state else None
    if failure is None:
        raise NotFoundError(
            f"No alert {alert[:60]!r} was given up for this target; it may have been sent again.",
            path="alert",
        )
    for numbered in await asked.api.logs.alerts_after(asked.scope, failure.number - 1, 1):
        if numbered.alert.id == alert:
            return numbered.alert
    raise NotFoundError("Retention has removed this alert; it cannot be sent any more.", path="alert")


async def _state(asked: Asked, document: Document) -> DeliveryState | None:
    states = await asked.api.catalog.delivery_states(asked.scope)
    return next((state for state in states if state.target == document.id), None)


async def count_waiting(asked: Asked, known: KnownTarget) -> int:
    """Alerts that it wants and was not sent yet, among the next COUNTED that were raised."""
    if known.state is None:
        return 0
    wants, number, found = wanted(known.target, asked.now), known.state.number, 0
    for _ in range(COUNTED // _PAGE):
        page = await asked.api.logs.alerts_after(asked.scope, number, _PAGE)
        found += sum(wants(each.alert) for each in page)
        if len(page) < _PAGE:
            break
        number = page[-1].number
    return found


async def _found(asked: Asked, text: str) -> Document:
    document = await find_document(asked, _KIND, text)
    if document is None:
        raise NotFoundError(
            f"There is no delivery target {text[:60]!r}; it may have been deleted.", path="id"
        )
    return document


async def _shown(asked: Asked, documents: list[Document]) -> list[KnownTarget]:
    states = {state.target: state for state in await asked.api.catalog.delivery_states(asked.scope)}
    return [_without_secret(each, states.get(each.id)) for each in documents]


def _without_secret(document: Document, state: DeliveryState | None) -> KnownTarget:
    target = target_of(document)
    return KnownTarget(hidden(document), structs.replace(target, receiver=masked(target.receiver)), state)


def _a_test(asked: Asked) -> Alert:
    return Alert(
        id=f"test-{asked.api.document_id()}",
        time=asked.now,
        kind="test",
        rule="test",
        title="Test of a delivery target",
        description="Somebody asked for this test; nothing was noticed.",
        severity=1,
        cluster="test",
        source=None,
        target=None,
        protocol=None,
        port=None,
    )
