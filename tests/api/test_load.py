"""Load beside the range before and the same hours of earlier days."""

from typing import Any

import pytest

from tapetum.domain.batches import RecordKind
from tests.api.world import World
from tests.support.factory import DAY, HOUR, MINUTE, NOW, Flow, Hit, wep
from tests.support.records import entry

ASK = """query($by: [String!]!, $from: TimePoint! = "now-1h", $factor: Float! = 2, $limit: Int! = 20,
  $measure: LoadMeasure! = CONNECTIONS, $filter: KQL) {
  compareLoad(range: {from: $from}, groupBy: $by, factor: $factor, limit: $limit, measure: $measure,
    filter: $filter) {
    range { from to } before { from to } days { from to } truncated
    groups { keys now before days normal ratio ratioToBefore exceeds } } }"""


async def ask(world: World, by: list[str], **told: Any) -> dict[str, Any]:
    return (await world.ask(ASK, {"by": by, **told}))["compareLoad"]


def flow(back: int, connections: int, team: str = "shop", **told: Any) -> Flow:
    """So long ago, within the hour that `back` begins."""
    return Flow(source=wep(team, "web"), at=NOW - 30 * MINUTE - back, connections=connections, **told)


async def test_now_stands_beside_the_range_before_and_earlier_days(world: World) -> None:
    days = [flow(back * DAY, 10 * back) for back in range(1, 9)]
    world.commit([flow(0, 90), flow(HOUR, 60), *days, flow(0, 1, "pay"), flow(8 * DAY + HOUR, 1)])
    told = await ask(world, ["sourceNamespace"])
    assert told["before"] == {"from": "2026-11-23T12:37:21.500Z", "to": "2026-11-23T13:37:21.500Z"}
    assert [day["from"][:10] for day in told["days"]] == [f"2026-11-{day}" for day in range(22, 15, -1)]
    shop, pay = told["groups"]
    assert shop == {
        "keys": ["shop"],
        "now": "90",
        "before": "60",
        "days": ["10", "20", "30", "40", "50", "60", "70"],
        "normal": 40,
        "ratio": 2.25,
        "ratioToBefore": 1.5,
        "exceeds": True,
    }
    assert pay == {
        "keys": ["pay"],
        "now": "1",
        "before": "0",
        "days": ["0"] * 7,
        "normal": 0,
        "ratio": None,
        "ratioToBefore": None,
        "exceeds": True,
    }
    assert [group["exceeds"] for group in (await ask(world, ["sourceNamespace"], factor=3))["groups"]] == [
        False,
        True,
    ]


async def test_days_that_hold_only_other_kinds_are_not_stored(world: World) -> None:
    world.commit([flow(0, 90)])
    world.log(entry(RecordKind.AUDIT, NOW - 3 * DAY))
    told = await ask(world, ["sourceNamespace"])
    assert (told["before"], told["days"]) == (None, [])


async def test_what_is_not_stored_is_left_out(world: World) -> None:
    world.commit([flow(0, 8), flow(DAY + HOUR, 2), flow(DAY, 4)])
    told = await ask(world, [])
    assert len(told["days"]) == 1
    (group,) = told["groups"]
    assert (group["keys"], group["days"], group["normal"], group["ratio"]) == ([], ["4"], 4, 2)
    assert not group["exceeds"]


async def test_without_earlier_days_the_range_before_is_normal(world: World) -> None:
    world.commit([flow(0, 9), flow(2 * HOUR, 0), flow(HOUR, 3)])
    told = await ask(world, ["cluster"])
    assert told["days"] == []
    (group,) = told["groups"]
    assert (group["normal"], group["ratio"], group["exceeds"]) == (3, 3, True)


async def test_with_nothing_before_nothing_is_said(world: World) -> None:
    world.commit([flow(0, 9)])
    told = await ask(world, ["cluster"])
    assert (told["before"], told["days"]) == (None, [])
    (group,) = told["groups"]
    assert (group["normal"], group["ratio"], group["exceeds"]) == (None, None, False)


async def test_no_load_now_is_no_group(world: World) -> None:
    world.commit([flow(HOUR, 9), flow(3 * HOUR, 9)])
    told = await ask(world, ["cluster"])
    assert (told["groups"], told["truncated"]) == ([], False)


async def test_earlier_days_do_not_overlap_a_longer_range(world: World) -> None:
    world.commit([flow(back * DAY, 1) for back in range(10)])
    told = await ask(world, ["cluster"], **{"from": "now-3d"})
    assert [day["from"][:10] for day in told["days"]] == [f"2026-11-{day}" for day in (17, 16, 15, 14)]


async def test_groups_are_told_apart_then_as_now(world: World) -> None:
    """By missing values, by lists and by what several reporters said."""
    labels = (("dest_labels", ["a=1", "b=2"]),)
    hits = (Hit(0, "t", "n", "deny"),)
    world.commit(
        [
            *(flow(back, 4, fields=labels, hits=hits, reporter=reporter)
              for back in (0, HOUR, 5 * HOUR) for reporter in ("src", "dst")),
            flow(0, 1, port=None),
        ]
    )  # fmt: skip
    for by, expected in (
        (["destLabels"], [["a=1"], ["b=2"], [None]]),
        (["policy_hits.name", "dest_port"], [["n", "80"], [None, None]]),
    ):
        told = await ask(world, by)
        assert [group["keys"] for group in told["groups"]] == expected
        assert [group["before"] for group in told["groups"]] == ["4"] * (len(expected) - 1) + ["0"]
    told = await ask(world, ["destPort"], measure="BYTES_TO_TARGET", filter="dest_port: 80")
    assert [(group["now"], group["before"]) for group in told["groups"]] == [("40", "40")]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [({"factor": 0.5}, "1 to 1000"), ({"limit": 101}, "1 to 100"), ({"by": ["x"]}, "no field 'x'")],
)
async def test_refusals_are_sentences(world: World, told: dict[str, Any], sentence: str) -> None:
    _, message = await world.refusal(ASK, {"by": ["cluster"], **told})
    assert sentence in message
