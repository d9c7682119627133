"""Delivery targets over GraphQL: saved, shown without their secrets, tried, by whom it may be."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from tapetum.api import ApiSettings
from tapetum.domain.alerts import Alert
from tapetum.domain.deliveries import Answer, DeliveryState, Failed, Outcome
from tapetum.domain.documents import Document, DocumentKind
from tapetum.domain.receivers import Receiver, Slack, Webhook
from tapetum.domain.scope import EVERYTHING, Scope
from tests.api.world import OPEN, World, opened, some_alert
from tests.support.factory import NOW

FIELDS = """id title document version kind address enabled delivered deliveredAt failed
  failures { title alert reason at } tries problem nextTryAt waiting"""
_CHANGE = f"{{ target {{ {FIELDS} }} problems {{ code message path }} }}"
SAVE = f"""mutation($document: JSON!, $id: ID, $version: Int) {{
  saveDeliveryTarget(document: $document, id: $id, version: $version) {_CHANGE} }}"""
DELETE = f"mutation($id: ID!) {{ deleteDeliveryTarget(id: $id) {_CHANGE} }}"
TRY = """mutation($id: ID!) { testDeliveryTarget(id: $id) {
  delivered answer problems { code message path } } }"""
AGAIN = f"""mutation($id: ID!, $alert: ID!) {{ resendDelivery(id: $id, alert: $alert) {{
  delivered answer target {{ {FIELDS} }} problems {{ code message path }} }} }}"""
LIST = f"{{ deliveryTargets {{ {FIELDS} }} }}"
SECRET = "Bearer t0p-s3cret"
MASK = "********"
WEBHOOK = {"kind": "webhook", "url": "https://soc.example/hook?x=y", "secret": SECRET}
SLACK = {"kind": "slack", "url": "https://hooks.example/T0/B0/t0p-s3cret"}
TARGET: dict[str, Any] = {"format": 1, "title": "SOC", "receiver": WEBHOOK}
Tried = list[tuple[str, Receiver, Alert]]


@pytest.fixture
def tried() -> Tried:
    return []


@pytest.fixture
def world(tried: Tried) -> Generator[World]:
    async def try_delivery(target: str, receiver: Receiver, alert: Alert) -> Answer:
        tried.append((target, receiver, alert))
        return Answer(Outcome.REFUSED, "The receiver answered 404 Not Found.")

    async def send_again(target: str, receiver: Receiver, alert: Alert) -> Answer:
        tried.append((target, receiver, alert))
        return Answer(Outcome.DELIVERED if len(tried) > 1 else Outcome.PUT_OFF, "So it said.")

    with opened(OPEN, try_delivery=try_delivery, send_again=send_again) as one:
        yield one


async def done(world: World, query: str, **variables: Any) -> Any:
    (answer,) = (await world.ask(query, variables)).values()
    assert answer["problems"] == []
    return answer["target"]


async def refused(world: World, query: str, token: str | None = None, **variables: Any) -> Any:
    (answer,) = (await world.ask(query, variables, token)).values()
    (problem,) = answer["problems"]
    assert problem["message"].endswith(".")
    return problem


async def kept(world: World) -> Document:
    (found,) = await world.context.catalog.documents(EVERYTHING, None, DocumentKind.DELIVERY_TARGET, None, 9)
    return found


async def test_a_target_is_saved_and_shown_without_its_secret(world: World) -> None:
    saved = await done(world, SAVE, document=TARGET)
    assert (saved["title"], saved["kind"], saved["address"]) == ("SOC", "WEBHOOK", "https://soc.example")
    assert saved["document"]["receiver"] == {**WEBHOOK, "header": "Authorization", "secret": MASK}
    assert (await world.ask(LIST))["deliveryTargets"] == [saved]
    assert SECRET in (await kept(world)).body
    deleted = await done(world, DELETE, id=saved["id"])
    assert deleted == saved
    assert (await world.ask(LIST))["deliveryTargets"] == []


async def test_of_slack_the_whole_address_is_secret(world: World) -> None:
    saved = await done(world, SAVE, document={**TARGET, "receiver": SLACK})
    assert (saved["address"], saved["document"]["receiver"]["url"]) == (MASK, MASK)
    assert "t0p-s3cret" not in msgspec.json.encode(await world.ask(LIST)).decode()


async def test_a_mask_keeps_the_secret_for_the_same_address(world: World, tried: Tried) -> None:
    saved = await done(world, SAVE, document=TARGET)
    document = {**saved["document"], "title": "SOC 2"}
    again = await done(world, SAVE, document=document, id=saved["id"], version=1)
    assert (again["title"], again["version"]) == ("SOC 2", 2)
    await world.ask(TRY, {"id": saved["id"]})
    assert isinstance(tried[0][1], Webhook)
    assert tried[0][1].secret == SECRET
    for url in ("https://other.example/hook", "http://soc.example/hook", "https://soc.example:8443/"):
        moved = {**document, "receiver": {**document["receiver"], "url": url}}
        problem = await refused(world, SAVE, document=moved, id=saved["id"], version=2)
        assert (problem["path"], "another address" in problem["message"]) == (
            "document.receiver.secret",
            True,
        )
    path = {**document["receiver"], "url": "https://soc.example/other"}
    await done(world, SAVE, document={**document, "receiver": path}, id=saved["id"], version=2)
    assert SECRET in (await kept(world)).body


async def test_a_mask_without_a_secret_behind_it_is_refused(world: World) -> None:
    problem = await refused(world, SAVE, document={**TARGET, "receiver": {**WEBHOOK, "secret": MASK}})
    assert "give the secret" in problem["message"]
    saved = await done(world, SAVE, document=TARGET)
    slack = {**TARGET, "receiver": {"kind": "slack", "url": MASK}}
    problem = await refused(world, SAVE, document=slack, id=saved["id"], version=1)
    assert (problem["path"], problem["code"]) == ("document.receiver.url", "BAD_INPUT")
    await done(world, SAVE, document={**TARGET, "receiver": SLACK}, id=saved["id"], version=1)
    kept_slack = {**slack, "title": "Kept"}
    await done(world, SAVE, document=kept_slack, id=saved["id"], version=2)
    assert SLACK["url"] in (await kept(world)).body


async def test_a_new_target_begins_at_the_newest_alert_and_tells_what_waits(world: World) -> None:
    world.alert(some_alert(1), some_alert(2))
    body = {**TARGET, "minimumSeverity": 40, "filter": "title: *4"}
    saved = await done(world, SAVE, document=body)
    assert saved["waiting"] == 0
    world.alert(some_alert(3), some_alert(4), some_alert(14, severity=39))
    (shown,) = (await world.ask(LIST))["deliveryTargets"]
    assert shown["waiting"] == 1


async def test_how_a_target_stands_is_told(world: World) -> None:
    await done(world, SAVE, document=TARGET)
    (before,) = await world.context.catalog.delivery_states(EVERYTHING)
    failures = (Failed(1, "a1", "One", "no.", NOW - 2), Failed(2, "a2", "Two", "no.", NOW - 1))
    after = replace(
        before, revision=1, tries=3, problem="later.", tried_at=NOW, wait=8_000_000, delivered=7,
        delivered_at=NOW, failed=2, failures=failures,
    )  # fmt: skip
    assert await world.context.catalog.keep_delivery(EVERYTHING, 1, before, after)
    (shown,) = (await world.ask(LIST))["deliveryTargets"]
    assert (shown["delivered"], shown["failed"], shown["tries"], shown["problem"]) == (7, 2, 3, "later.")
    assert [each["title"] for each in shown["failures"]] == ["Two", "One"]
    assert shown["nextTryAt"] > shown["deliveredAt"]


async def test_a_test_is_marked_and_tells_what_the_receiver_said(world: World, tried: Tried) -> None:
    saved = await done(world, SAVE, document={**TARGET, "enabled": False, "receiver": SLACK})
    (answer,) = (await world.ask(TRY, {"id": saved["id"]})).values()
    assert answer == {
        "delivered": False,
        "answer": "The receiver answered 404 Not Found.",
        "problems": [],
    }
    ((target, receiver, alert),) = tried
    assert (target, receiver) == ((await kept(world)).id, Slack(url=SLACK["url"]))
    assert (alert.kind, alert.rule) == ("test", "test")
    assert (await world.context.catalog.delivery_states(EVERYTHING))[0] == DeliveryState(target, 0)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"receiver": {"kind": "smoke"}}, "document.receiver.kind"),
        ({"receiver": {**WEBHOOK, "url": "ftp://a.example/"}}, "document.receiver"),
        ({"receiver": {**WEBHOOK, "url": "https://me:x@a.example/"}}, "document.receiver"),
        ({"receiver": {**WEBHOOK, "header": "Host"}}, "document.receiver"),
        ({"receiver": {**WEBHOOK, "header": "A b"}}, "document.receiver.header"),
        ({"receiver": {**WEBHOOK, "secret": "a\r\nX: y"}}, "document.receiver"),
        (
            {"receiver": {"kind": "alertmanager", "url": "https://a.example", "user": "me"}},
            "document.receiver",
        ),
        ({"receiver": {"kind": "syslog", "host": "a b"}}, "document.receiver.host"),
        ({"filter": "nonsense: 1"}, "document.filter"),
        ({"minimumSeverity": 101}, "document.minimumSeverity"),
        ({"title": " "}, "document"),
        ({"other": 1}, "document"),
    ],
    ids=[
        "kind",
        "scheme",
        "user in the address",
        "header of ours",
        "no header",
        "lines in the secret",
        "user alone",
        "no host",
        "filter",
        "severity",
        "blank title",
        "unknown member",
    ],
)
async def test_what_is_no_target_is_refused(world: World, change: dict[str, Any], path: str) -> None:
    problem = await refused(world, SAVE, document={**TARGET, **change})
    assert problem["path"] == path
    assert "s3cret" not in problem["message"]
    assert (await world.ask(LIST))["deliveryTargets"] == []


async def test_only_tokens_without_limits_see_and_change_targets() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        whole = await world.token(EVERYTHING)
        (answer,) = (await world.ask(SAVE, {"document": TARGET}, whole)).values()
        identity = answer["target"]["id"]
        limited = await world.token(Scope(frozenset({"east"})))
        assert (await world.refusal(LIST, token=limited))[0] == "NOT_ALLOWED"
        for query, variables in (
            (SAVE, {"document": TARGET}),
            (SAVE, {"document": TARGET, "id": identity, "version": 1}),
            (DELETE, {"id": identity}),
            (TRY, {"id": identity}),
        ):
            assert (await refused(world, query, limited, **variables))["code"] == "NOT_ALLOWED"
        assert len((await world.ask(LIST, None, whole))["deliveryTargets"]) == 1


async def test_nothing_can_be_asked_of_a_target_that_is_gone(world: World) -> None:
    saved = await done(world, SAVE, document=TARGET)
    await done(world, DELETE, id=saved["id"])
    for query in (DELETE, TRY):
        assert (await refused(world, query, id=saved["id"]))["code"] == "NOT_FOUND"


async def test_an_alert_that_was_given_up_is_sent_again(world: World, tried: Tried) -> None:
    saved = await done(world, SAVE, document=TARGET)
    world.alert(some_alert(1), some_alert(2))
    catalog, document = world.context.catalog, await kept(world)
    (state,) = await catalog.delivery_states(EVERYTHING)
    one, two = [each.alert for each in await world.context.logs.alerts_after(EVERYTHING, 0, 5)]
    failures = tuple(Failed(number, each.id, each.title, "no.", NOW) for number, each in ((1, one), (2, two)))
    stands = replace(
        state,
        number=2,
        revision=state.revision + 1,
        failed=2,
        failures=failures,
        holder="worker",
        held_at=NOW,
    )
    assert await catalog.keep_delivery(EVERYTHING, document.version, state, stands)

    async def again(alert: str) -> Any:
        return (await world.ask(AGAIN, {"id": saved["id"], "alert": alert}))["resendDelivery"]

    told = await again(one.id)
    assert (told["delivered"], told["answer"], told["problems"]) == (False, "So it said.", [])
    assert [each["reason"] for each in told["target"]["failures"]] == ["no.", "So it said."]
    told = await again(one.id)
    assert told["delivered"]
    assert (told["target"]["failed"], told["target"]["delivered"]) == (1, 1)
    assert [each["alert"] for each in told["target"]["failures"]] == [two.id]
    assert [each[2].id for each in tried] == [one.id, one.id], "the alert itself"
    assert isinstance(tried[0][1], Webhook)
    assert tried[0][1].secret == SECRET
    (now,) = await catalog.delivery_states(EVERYTHING)
    assert (now.number, now.holder, now.held_at) == (2, "worker", NOW), "who delivers goes on"
    (problem,) = (await again(one.id))["problems"]
    assert (problem["code"], problem["path"]) == ("NOT_FOUND", "alert")
