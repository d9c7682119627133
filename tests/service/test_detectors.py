"""Detectors as they run: on what is ingested, once an attack, across restarts, and switched like any rule."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tapetum.catalog.shipped import shipped
from tapetum.detect.rules import compile_rule
from tapetum.detect.trying import Tried, tried
from tapetum.domain.alerts import Alert
from tapetum.domain.documents import DocumentKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.errors import TooLargeError
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.service.embedded import Embedded
from tapetum.service.window_rules import WindowRules
from tests.support import attacks
from tests.support.factory import DAY, HOUR, MINUTE, SECOND, Flow, batch
from tests.support.rules import document, draft
from tests.support.stores import Clock, store

AT = attacks.ATTACKED + 5 * MINUTE
SCAN = "builtin.port-scan"


@pytest.fixture
def clock() -> Clock:
    return Clock(AT)


@pytest.fixture
def embedded(tmp_path: Path, clock: Clock) -> Generator[Embedded]:
    with store(tmp_path, clock) as opened:
        opened.commit(batch(until(AT, attacks.normal_flows())))
        yield opened


def until(end: int, flows: Any, since: int = 0) -> list[Flow]:
    return [one for one in flows if since <= one.at < end]


async def raised(embedded: Embedded, title: str = "Port or address scan") -> list[Alert]:
    found = [one.alert for one in await embedded.logs.alerts_after(EVERYTHING, 0, 500)]
    return [one for one in found if one.rule == title]


async def go_on(embedded: Embedded, clock: Clock, runner: WindowRules, flows: list[Flow]) -> None:
    if flows:
        embedded.commit(batch(flows))
        clock.now = max(clock.now, max(one.at for one in flows) + SECOND)
    clock.now += MINUTE
    await runner.once()


async def test_an_attack_is_told_once_while_it_goes_on(embedded: Embedded, clock: Clock) -> None:
    runner = WindowRules(embedded)
    await go_on(embedded, clock, runner, [])
    assert await raised(embedded) == []
    await go_on(embedded, clock, runner, list(attacks.scan(AT)))
    (alert,) = await raised(embedded)
    assert (alert.kind, alert.severity, alert.technique) == ("detector", 70, "T1046")
    assert alert.source == NodeRef(NodeKind.WORKLOAD, "east", "shop", "web-75d8f4c9b6-*")
    assert "20, 21, 22" in alert.description
    assert len(alert.evidence) == 10
    await go_on(embedded, clock, runner, list(attacks.scan(AT + 4 * MINUTE)))
    await go_on(embedded, clock, runner, list(attacks.scan(AT)))  # delivered again
    assert len(await raised(embedded)) == 1


async def test_a_restart_tells_nothing_twice(tmp_path: Path, clock: Clock) -> None:
    flows = [*until(AT, attacks.normal_flows()), *attacks.scan(AT)]
    for _ in range(2):
        with store(tmp_path, clock) as embedded:
            await go_on(embedded, clock, WindowRules(embedded), flows)
            assert len(await raised(embedded)) == 1


async def test_what_comes_late_is_looked_at(embedded: Embedded, clock: Clock) -> None:
    """A node may flush minutes after another."""
    runner, others = WindowRules(embedded), list(attacks.normal_flows())
    await go_on(embedded, clock, runner, until(AT + 25 * MINUTE, others, AT))
    await go_on(embedded, clock, runner, list(attacks.scan(AT + 10 * MINUTE)))
    assert len(await raised(embedded)) == 1


async def test_an_attack_that_comes_after_its_day_is_looked_at(embedded: Embedded, clock: Clock) -> None:
    """As where records are imported file by file, and once for all that come again."""
    runner = WindowRules(embedded)
    await go_on(embedded, clock, runner, until(attacks.ENDED, attacks.normal_flows(), AT))
    for minutes in (0, 5):
        await go_on(embedded, clock, runner, list(attacks.scan(attacks.BEGAN + 20 * HOUR + minutes * MINUTE)))
        assert len(await raised(embedded)) == 1


async def test_a_day_that_was_imported_is_looked_at(tmp_path: Path, clock: Clock) -> None:
    clock.now = attacks.ENDED + DAY
    flows = [*attacks.normal_flows(), *attacks.scan(attacks.BEGAN + 20 * HOUR)]
    with store(tmp_path, clock) as embedded:
        await go_on(embedded, clock, WindowRules(embedded), flows)
        (alert,) = await raised(embedded)
    assert attacks.BEGAN + 20 * HOUR <= alert.time < attacks.BEGAN + 21 * HOUR


def changed(rule_id: str, **says: Any) -> str:
    (given,) = (each for each in shipped(DocumentKind.ALERT_RULE) if each.id == rule_id)
    return msgspec.json.encode({**msgspec.json.decode(given.body), **says}).decode()


@pytest.mark.parametrize(
    "says",
    [
        {"enabled": False},
        {"detector": {"name": "scan", "ports": 50, "probes": 50}},
        {"filter": "not dest_port < 40"},
    ],
    ids=["switched off", "other bounds", "an exception"],
)
async def test_it_is_set_like_any_rule(embedded: Embedded, clock: Clock, says: dict[str, Any]) -> None:
    await embedded.catalog.save_document(EVERYTHING, None, draft(SCAN, changed(SCAN, **says)))
    await go_on(embedded, clock, WindowRules(embedded), list(attacks.scan(AT)))
    assert await raised(embedded) == []
    assert await raised(embedded, "New connection between known workloads")


async def test_it_is_tried_on_the_past(embedded: Embedded) -> None:
    embedded.commit(batch(attacks.scan(AT)))
    rule = compile_rule(document("draft", changed(SCAN)))

    async def try_on(span: TimeRange) -> Tried:
        return await tried(embedded.logs, EVERYTHING, rule, span, ["east"])

    found = await try_on(TimeRange(AT - HOUR, AT + HOUR))
    assert [one.alert.title for one in found.raised] == [
        "web-75d8f4c9b6-* scans: 12 first connections without a conversation"
    ]
    assert found.questions > 2
    assert (await try_on(TimeRange(AT - 2 * HOUR, AT))).total == 0
    assert (await try_on(TimeRange(AT + HOUR - 7 * DAY, AT + HOUR))).total == 1
    with pytest.raises(TooLargeError, match="at most 7 days"):
        await try_on(TimeRange(AT - 8 * DAY, AT))
