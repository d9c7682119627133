"""Actions of the posture that are dismissed: told apart, brought back, and whose business that is."""

from typing import Any

import pytest

from tapetum.api import ApiSettings
from tapetum.domain.identity import seal
from tapetum.domain.scope import Scope
from tests.api.test_posture import filled
from tests.api.world import World, opened
from tests.support.factory import HOUR, Flow, net, wep

_ACTION = "id component namespace subjects gain dismissal { note by at until subjects }"
ASK = f"""{{ securityPosture(range: {{from: "now-1h"}}) {{ overall {{ score }} actionsTotal dismissedTotal
  actions {{ {_ACTION} }} dismissed {{ {_ACTION} }} }} }}"""
_CHANGE = "{ dismissal { note by at until subjects } problems { code message path } }"
DISMISS = f"""mutation($id: ID!, $note: String!, $until: TimePoint, $subjects: Int) {{
  dismissPostureAction(id: $id, note: $note, until: $until, subjects: $subjects) {_CHANGE} }}"""
REOPEN = f"mutation($id: ID!) {{ reopenPostureAction(id: $id) {_CHANGE} }}"


async def asked(world: World, token: str | None = None) -> dict[str, Any]:
    return (await world.ask(ASK, {}, token))["securityPosture"]


async def change(world: World, query: str, token: str | None = None, **told: Any) -> dict[str, Any]:
    (answer,) = (await world.ask(query, told, token)).values()
    return answer


def found(actions: list[dict[str, Any]], component: str, namespace: str | None) -> dict[str, Any]:
    (one,) = [each for each in actions if (each["component"], each["namespace"]) == (component, namespace)]
    return one


async def test_an_action_is_dismissed_and_brought_back(world: World) -> None:
    await filled(world)
    before = await asked(world)
    exposed = found(before["actions"], "EXPOSURE", "shop")
    assert exposed["dismissal"] is None
    told = await change(world, DISMISS, id=exposed["id"], note=" meant to be reached ", until="now+1d")
    assert told["problems"] == []
    after = await asked(world)
    assert after["overall"] == before["overall"], "the score stays"
    assert (after["actionsTotal"], after["dismissedTotal"]) == (before["actionsTotal"] - 1, 1)
    (dismissed,) = after["dismissed"]
    assert dismissed == {**exposed, "dismissal": told["dismissal"]}
    assert (dismissed["dismissal"]["note"], dismissed["dismissal"]["by"]) == ("meant to be reached", None)
    gains = [each["gain"] for each in (*after["actions"], dismissed)]
    assert after["overall"]["score"] + sum(gains) == pytest.approx(100)
    assert await change(world, REOPEN, id=exposed["id"]) == told
    assert await asked(world) == before
    assert (await change(world, REOPEN, id=exposed["id"]))["problems"][0]["code"] == "NOT_FOUND"


async def test_a_dismissal_lapses(world: World) -> None:
    await filled(world)
    exposed = found((await asked(world))["actions"], "EXPOSURE", "shop")
    await change(world, DISMISS, id=exposed["id"], note="for now", until="now+30m")
    assert (await asked(world))["dismissedTotal"] == 1
    world.clock.now += HOUR // 2
    assert (await asked(world))["dismissedTotal"] == 0


async def test_a_dismissal_ends_where_more_fall_short(world: World) -> None:
    await filled(world)
    exposed = found((await asked(world))["actions"], "EXPOSURE", "shop")
    assert exposed["subjects"] == 1
    told = await change(world, DISMISS, id=exposed["id"], note="meant to be", subjects=1)
    assert told["dismissal"]["subjects"] == 1
    assert (await asked(world))["dismissedTotal"] == 1
    other = Flow(source=net("pub"), dest=wep("shop", "new"), reporter="dst", port=8443)
    world.commit([other])
    after = await asked(world)
    assert after["dismissedTotal"] == 0
    assert found(after["actions"], "EXPOSURE", "shop")["subjects"] == 2
    await change(world, DISMISS, id=exposed["id"], note="that too", subjects=2)
    assert (await asked(world))["dismissedTotal"] == 1


async def test_what_is_wrong_is_said_and_changes_nothing(world: World) -> None:
    await filled(world)
    one = found((await asked(world))["actions"], "EXPOSURE", "shop")["id"]
    for told, path in (
        ({"id": one, "note": "  "}, "note"),
        ({"id": one, "note": "x" * 2001}, "note"),
        ({"id": one, "note": "why", "until": "now-1h"}, "until"),
        ({"id": one, "note": "why", "until": "soon"}, "until"),
        ({"id": one, "note": "why", "subjects": 0}, "subjects"),
        ({"id": "nonsense", "note": "why"}, "id"),
        ({"id": seal("posture_action", "exposure", "east", 7, True), "note": "why"}, "id"),
    ):
        changed = await change(world, DISMISS, **told)
        assert changed["dismissal"] is None
        (problem,) = changed["problems"]
        assert (problem["code"], problem["path"]) == ("BAD_INPUT", path), told
    assert (await asked(world))["dismissedTotal"] == 0


async def test_a_limited_caller_decides_for_its_own_namespaces_only() -> None:
    with opened(ApiSettings(require_token=False)) as world:
        await filled(world)
        token = await world.token(Scope(namespaces=frozenset({("east", "shop")})))
        every = (await asked(world))["actions"]
        for component, namespace, code in (("GAPS", "pay", "NOT_FOUND"), ("ISOLATION", None, "NOT_ALLOWED")):
            one = found(every, component, namespace)["id"]
            changed = await change(world, DISMISS, token, id=one, note="not mine")
            assert changed["problems"][0]["code"] == code
            await change(world, DISMISS, id=one, note="a word to those who see all")
            assert (await change(world, REOPEN, token, id=one))["problems"][0]["code"] == code
        assert "a word" not in str(await asked(world, token))
        mine = found((await asked(world, token))["actions"], "EXPOSURE", "shop")["id"]
        assert (await change(world, DISMISS, token, id=mine, note="ours"))["problems"] == []
        assert found((await asked(world))["dismissed"], "EXPOSURE", "shop")["dismissal"]["by"] is not None
