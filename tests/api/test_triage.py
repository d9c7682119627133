"""What becomes of alerts, through the API."""

from typing import Any

from tapetum.api import ApiSettings
from tapetum.api.schema.alert import alert_id
from tapetum.domain.scope import Scope
from tests.api.world import World, opened, some_alert

CHANGED = "{ alert { id status note triagedBy triagedAt } problems { code message path } }"
ALERTS = (
    'query($f: KQL) { alerts(range: {from: "now-1h"}, filter: $f, first: 9) { nodes { id status note } } }'
)


async def change(world: World, name: str, text: str, note: str, token: str | None = None) -> dict[str, Any]:
    query = f"mutation($id: ID!, $note: String!) {{ {name}(id: $id, note: $note) {CHANGED} }}"
    found: dict[str, Any] = (await world.ask(query, {"id": text, "note": note}, token))[name]
    return found


async def test_an_alert_is_acknowledged_dismissed_and_open_again(world: World) -> None:
    world.alert(some_alert(1), some_alert(2))
    one = alert_id(some_alert(1).id)
    for name, status, note in (
        ("acknowledgeAlert", "ACKNOWLEDGED", "ours"),
        ("dismissAlert", "DISMISSED", "a scan of ours"),
        ("reopenAlert", "OPEN", ""),
    ):
        changed = await change(world, name, one, f"  {note} ")
        assert changed["problems"] == []
        assert changed["alert"]["triagedAt"]
        told = {"id": one, "status": status, "note": note}
        assert {key: changed["alert"][key] for key in told} == told
        nodes = (await world.ask(ALERTS, {"f": f"status: {status.lower()}"}))["alerts"]["nodes"]
        assert told in nodes


async def test_what_is_wrong_is_said_and_changes_nothing(world: World) -> None:
    world.alert(some_alert(1))
    one = alert_id(some_alert(1).id)
    for text, note, code, path in (
        (one, " ", "BAD_INPUT", "note"),
        (one, "x" * 2001, "BAD_INPUT", "note"),
        ("nonsense", "why", "BAD_INPUT", "id"),
        (alert_id("another"), "why", "NOT_FOUND", "id"),
    ):
        changed = await change(world, "dismissAlert", text, note)
        assert changed["alert"] is None
        (problem,) = changed["problems"]
        assert (problem["code"], problem["path"]) == (code, path)
    (node,) = (await world.ask(ALERTS, {"f": None}))["alerts"]["nodes"]
    assert node == {"id": one, "status": "OPEN", "note": ""}


async def test_who_does_not_see_it_cannot_decide() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        world.alert(some_alert(1), some_alert(2, namespace="theirs"))
        token = await world.token(Scope(frozenset({"east"}), frozenset({("east", "shop")})))
        mine = await change(world, "acknowledgeAlert", alert_id(some_alert(1).id), "", token)
        assert mine["alert"]["triagedBy"]
        theirs = await change(
            world, "acknowledgeAlert", alert_id(some_alert(2, namespace="theirs").id), "", token
        )
        assert theirs["alert"] is None
        assert theirs["problems"][0]["code"] == "NOT_FOUND"
