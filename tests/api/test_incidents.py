"""Incidents through the API: of a range, of a scope."""

from dataclasses import replace

from tapetum.api import ApiSettings
from tapetum.domain.scope import Scope
from tests.api.world import World, opened, some_alert
from tests.support.factory import DAY, HOUR, MINUTE, NOW

INCIDENTS = """query($range: TimeRangeInput!, $filter: KQL, $limit: Int! = 50) {
  incidents(range: $range, filter: $filter, limit: $limit) { truncated partial range { from to }
    nodes { id title status severity level first last tactics edgeIds nodes { name } alerts { title } } } }"""
LAST_HOUR = {"from": "now-1h"}


async def test_alerts_of_an_hour_are_one_incident(world: World) -> None:
    world.alert(*(some_alert(mark) for mark in range(3)))
    world.alert(replace(some_alert(7, namespace="other"), time=NOW - MINUTE, severity=95))
    found = (await world.ask(INCIDENTS, {"range": LAST_HOUR}))["incidents"]
    assert not found["truncated"]
    assert not found["partial"]
    assert [[each["title"] for each in one["alerts"]] for one in found["nodes"]] == [
        ["Alert 0", "Alert 1", "Alert 2"],
        ["Alert 7"],
    ]
    first, second = found["nodes"]
    assert first["nodes"][0] == {"name": "web-*"}
    assert len(first["edgeIds"]) == 3
    assert (second["severity"], second["level"], second["status"]) == (95, "CRITICAL", "OPEN")
    one = (await world.ask(INCIDENTS, {"range": LAST_HOUR, "limit": 1}))["incidents"]
    assert one["truncated"]
    assert one["nodes"] == [first]


async def test_an_incident_is_whole_though_it_began_before_the_range(world: World) -> None:
    steps = [replace(some_alert(mark), time=NOW - 3 * HOUR + mark * 50 * MINUTE) for mark in range(4)]
    world.alert(*steps, replace(some_alert(9, namespace="old"), time=NOW - DAY + MINUTE))
    (incident,) = (await world.ask(INCIDENTS, {"range": LAST_HOUR}))["incidents"]["nodes"]
    assert [each["title"] for each in incident["alerts"]] == [f"Alert {mark}" for mark in range(4)]
    wide = (await world.ask(INCIDENTS, {"range": {"from": "now-1d"}}))["incidents"]["nodes"]
    assert next(each["id"] for each in wide) == incident["id"]
    assert len(wide) == 2


async def test_a_caller_sees_their_own_only() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        world.alert(some_alert(1), some_alert(2, namespace="theirs"))
        token = await world.token(Scope(frozenset({"east"}), frozenset({("east", "shop")})))
        found = (await world.ask(INCIDENTS, {"range": LAST_HOUR}, token))["incidents"]["nodes"]
    assert [each["title"] for each in found] == ["Alert 1"]


async def test_a_limit_is_held(world: World) -> None:
    assert (await world.refusal(INCIDENTS, {"range": LAST_HOUR, "limit": 501}))[1].startswith("limit is 501")
