"""A rule tried on the past: what it would have raised to whom, what it costs, and what is refused."""

from typing import Any

from tapetum.api import ApiSettings
from tapetum.domain.scope import Scope
from tests.api.world import World, opened
from tests.support.factory import MINUTE, NOW, Flow, wep

TRY = """query($document: JSON!, $range: TimeRangeInput!, $clusters: [ID!]) {
  tryAlertRule(document: $document, range: $range, clusters: $clusters) {
    total matched lookedAt windows questions milliseconds upto range { from to }
    alerts(limit: 10) { time title description mitigations cluster port value records evidence
      source { name } target { name } } } }"""
RULE: dict[str, Any] = {
    "format": 1,
    "title": "Denied",
    "kind": "flows",
    "filter": "action:deny",
    "severity": 50,
}
WINDOW = {"lookback": 120, "period": 60, "threshold": 3, "groupBy": ["source_name_aggr"]}
HOUR = {"from": "now-1h"}


def denials(at: int, many: int, source: str = "web", cluster: str = "east") -> list[Flow]:
    return [
        Flow(at=at + mark, mark=mark, action="deny", source=wep("shop", source), cluster=cluster)
        for mark in range(many)
    ]


async def trial(
    world: World, token: str | None = None, clusters: list[str] | None = None, **says: Any
) -> Any:
    asked = {"document": {**RULE, **says}, "range": HOUR, "clusters": clusters}
    return (await world.ask(TRY, asked, token))["tryAlertRule"]


async def test_alike_records_would_have_raised_one_alert(world: World) -> None:
    world.commit([*denials(NOW - 30 * MINUTE, 12), *denials(NOW - 5 * MINUTE, 1, "api"), Flow()])
    told = await trial(world, summary="${source_name_aggr}", enabled=False)
    assert (told["total"], told["matched"], told["lookedAt"], told["windows"]) == (2, "13", "14", None)
    assert told["upto"] == told["range"]["to"]
    first, second = told["alerts"]
    assert (first["title"], first["records"], first["value"], first["port"]) == ("web-*", 12, None, 80)
    assert len(first["evidence"]) == 10
    assert (second["source"], second["target"]) == ({"name": "api-*"}, {"name": "db-*"})
    assert (await world.ask('{ alerts(range: {from: "now-1h"}, first: 9) { nodes { kind } } }'))["alerts"][
        "nodes"
    ] == [{"kind": "detector"}] * 2, "nothing is raised by it"


async def test_windows_would_have_begun_alarms(world: World) -> None:
    start = NOW // MINUTE * MINUTE - 30 * MINUTE
    for minute, many in ((0, 4), (10, 2), (20, 3)):
        world.commit(denials(start + minute * MINUTE, many))
    told = await trial(world, summary="${source_name_aggr}: ${value}", window=WINDOW)
    assert (told["total"], told["windows"], told["matched"]) == (2, 60, "9")
    assert [(each["title"], each["value"]) for each in told["alerts"]] == [("web-*: 4", 4), ("web-*: 3", 3)]
    assert told["questions"] == 1


async def test_only_what_the_caller_sees_counts() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        world.commit(denials(NOW - 5 * MINUTE, 5))
        world.commit(denials(NOW - 5 * MINUTE, 5, cluster="west"), cluster="west")
        east = await world.token(Scope(frozenset({"east"})))
        told = await trial(world, east)
        assert (told["total"], told["matched"]) == (1, "5")
        assert (await trial(world, east, window={**WINDOW, "period": 120}))["total"] == 1
        assert (await trial(world, east, clusters=["west"]))["lookedAt"] == "0"


async def test_what_cannot_be_tried_is_refused_with_the_way_out(world: World) -> None:
    world.commit(denials(NOW - MINUTE, 1))
    wrong = {"document": {**RULE, "filter": "no_such:1"}, "range": HOUR}
    code, message = await world.refusal(TRY, wrong)
    assert message.startswith("document.filter: ")
    many = {"document": {**RULE, "window": {**WINDOW, "period": 1}}, "range": {"from": "now-30d"}}
    code, message = await world.refusal(TRY, many)
    assert "narrow the range" in message
    means = {**WINDOW, "period": 1, "metric": {"op": "avg", "field": "bytes_in"}}
    code, message = await world.refusal(TRY, {"document": {**RULE, "window": means}, "range": HOUR})
    assert (code, "take 3600" in message) == ("TOO_LARGE", True)
