"""Rules over windows: their alarms follow the records' own time, are told once, and outlive a restart."""

import operator
import random
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.catalog.documents import Removal
from tapetum.detect.trying import tried
from tapetum.domain.alerts import Alert
from tapetum.domain.documents import DocumentKind
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.service import rulebook
from tapetum.service.embedded import Embedded
from tapetum.service.window_rules import WindowRules
from tests.support.factory import HOUR, MINUTE, NOW, SECOND, Flow, batch, wep
from tests.support.rules import body, draft
from tests.support.stores import Clock, store

START = NOW // HOUR * HOUR
NUMBERS = count()


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture(scope="module", autouse=True)
def alone() -> Generator[None]:
    """Without the rules that ship, detectors among them: each would look at whatever these tests store."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rulebook, "shipped", lambda _: ())
        yield


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Embedded]:
    """For rules and records of clusters of their own."""
    with store(tmp_path_factory.mktemp("windows"), Clock(START + HOUR)) as opened:
        yield opened


@pytest.fixture
def embedded(tmp_path: Path, clock: Clock) -> Generator[Embedded]:
    with store(tmp_path, clock) as opened:
        yield opened


def window(threshold: float, **says: Any) -> dict[str, Any]:
    return {"lookback": 120, "period": 60, "threshold": threshold, **says}


async def save(embedded: Embedded, text: str, rule_id: str = "w", version: int | None = None) -> None:
    await embedded.catalog.save_document(EVERYTHING, None, draft(rule_id, text, version))


async def raised(embedded: Embedded) -> list[Alert]:
    return [one.alert for one in await embedded.logs.alerts_after(EVERYTHING, 0, 500)
            if one.alert.kind == "alert_rule"]  # fmt: skip


def denials(at: int, many: int, source: str = "web", cluster: str = "east") -> Any:
    flows = [
        Flow(at=at + mark, action="allow", source=wep("shop", source), mark=mark, cluster=cluster)
        for mark in range(many)
    ]
    return batch(flows, cluster=cluster)


async def pass_by(embedded: Embedded, clock: Clock, runner: WindowRules, minutes: float) -> None:
    clock.now += int(minutes * MINUTE)
    await runner.once()


async def test_an_alarm_is_told_with_its_value_and_records(embedded: Embedded, clock: Clock) -> None:
    text = body(
        "dest_port:80",
        summary="${source_name_aggr} opened ${value} connections",
        window=window(5, groupBy=["source_namespace", "source_name_aggr"]),
    )
    await save(embedded, text)
    runner = WindowRules(embedded)
    embedded.commit(denials(START, 4))
    await pass_by(embedded, clock, runner, 1)
    assert await raised(embedded) == []
    embedded.commit(denials(START + SECOND, 3))
    await pass_by(embedded, clock, runner, 0.5)
    assert await raised(embedded) == [], "a rule is judged once a period"
    await pass_by(embedded, clock, runner, 0.5)
    (alert,) = await raised(embedded)
    assert (alert.title, alert.time) == ("web-* opened 7 connections", START + MINUTE)
    assert alert.source == NodeRef(NodeKind.WORKLOAD, "east", "shop", "web-*")
    assert alert.target is None
    assert len(alert.evidence) == 7
    embedded.commit(denials(START + 30 * SECOND, 3))
    await pass_by(embedded, clock, runner, 1)
    assert len(await raised(embedded)) == 1


async def test_it_ends_by_the_records_time_and_begins_anew(embedded: Embedded, clock: Clock) -> None:
    await save(embedded, body("*", window=window(3)))
    runner = WindowRules(embedded)
    for minute, many in enumerate((3, 1, 0, 1, 3)):
        if many:
            embedded.commit(denials(START + minute * MINUTE, many))
        await pass_by(embedded, clock, runner, 1)
    assert [alert.time - START for alert in await raised(embedded)] == [MINUTE, 5 * MINUTE]


async def test_windows_that_came_at_once_are_judged_each(embedded: Embedded, clock: Clock) -> None:
    """As a source that flushes seldom, or a file, brings them."""
    await save(embedded, body("*", window=window(3, lookback=60)))
    runner = WindowRules(embedded)
    clock.now = START + HOUR
    embedded.commit(denials(START - MINUTE, 1))
    await runner.once()
    for minute in (5, 9, 20):
        embedded.commit(denials(START + minute * MINUTE, 4))
    embedded.commit(denials(START + 22 * MINUTE, 1))
    await pass_by(embedded, clock, runner, 1)
    assert [(alert.time - START) // MINUTE for alert in await raised(embedded)] == [6, 10, 21]


async def test_a_silent_cluster_is_judged_to_its_end(embedded: Embedded, clock: Clock) -> None:
    few = window(5, condition="lt")
    await save(embedded, body("*", window=few))
    runner = WindowRules(embedded)
    embedded.commit(denials(START + SECOND, 2))
    await pass_by(embedded, clock, runner, 1)
    assert await raised(embedded) == [], "more may come"
    await pass_by(embedded, clock, runner, 12)
    assert len(await raised(embedded)) == 1


async def test_neither_a_restart_nor_a_second_runner_tells_it_again(tmp_path: Path, clock: Clock) -> None:
    with store(tmp_path, clock) as opened:
        await save(opened, body("*", window=window(3)))
        opened.commit(denials(START, 9))
        clock.now += MINUTE
    for _ in range(2):
        with store(tmp_path, clock) as opened:
            for runner in (WindowRules(opened), WindowRules(opened)):
                await runner.once()
            opened.commit(denials(clock.now, 5))
            clock.now += MINUTE
            await WindowRules(opened).once()
            assert len(await raised(opened)) == 1


async def test_a_changed_text_goes_on_and_a_changed_window_begins(embedded: Embedded, clock: Clock) -> None:
    await save(embedded, body("*", window=window(3)))
    runner = WindowRules(embedded)
    embedded.commit(denials(START, 9))
    await pass_by(embedded, clock, runner, 1)
    await save(embedded, body("*", summary="Other", window=window(3)), version=1)
    embedded.commit(denials(START + MINUTE, 9))
    await pass_by(embedded, clock, runner, 1)
    assert len(await raised(embedded)) == 1
    await save(embedded, body("*", summary="Other", window=window(4)), version=2)
    embedded.commit(denials(START + 2 * MINUTE, 9))
    await pass_by(embedded, clock, runner, 1)
    assert [alert.title for alert in await raised(embedded)] == ["A rule", "Other"]
    await save(embedded, body("*", enabled=False, window=window(4)), version=3)
    await pass_by(embedded, clock, runner, 1)
    assert embedded.rulebook.touched() == {}


METRICS = (
    {"op": "count"},
    {"op": "sum", "field": "bytes_in"},
    {"op": "max", "field": "bytes_in"},
    {"op": "distinct", "field": "dest_port"},
    {"op": "avg", "field": "bytes_in"},
)
COMPARED: dict[str, Callable[[float, float], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "eq": operator.eq,
    "not_eq": operator.ne,
}


def measured(flows: list[Flow], metric: dict[str, str], end: int) -> dict[str | None, float]:
    """By the source's name, over the three minutes before `end`."""
    found: dict[str | None, list[Flow]] = {}
    for flow in flows:
        if end - 3 * MINUTE <= flow.at < end and (flow.port or 0) < 84:
            found.setdefault(flow.source.name, []).append(flow)
    made: dict[str, Callable[[list[Flow]], float]] = {
        "count": len,
        "sum": lambda some: sum(one.bytes_in or 0 for one in some),
        "max": lambda some: max(one.bytes_in or 0 for one in some),
        "distinct": lambda some: len({one.port for one in some}),
        "avg": lambda some: sum(one.bytes_in or 0 for one in some) / len(some),
    }
    return {name: float(made[metric["op"]](some)) for name, some in found.items()}


@dataclass
class Expected:
    """What a plain count of all records so far says, minute by minute."""

    metric: dict[str, str]
    condition: str
    threshold: float
    alarmed: set[str | None] = field(default_factory=set[str | None])
    begun: list[tuple[int, str | None]] = field(default_factory=list[tuple[int, str | None]])

    @property
    def foresees(self) -> bool:
        return self.condition in ("gt", "gte") and self.metric["op"] != "avg"

    def judge(self, flows: list[Flow], ends: list[int]) -> None:
        for end in ends:
            met = self.met(flows, end)
            self.alarmed &= met
            self.begin(met, end)
        if self.foresees:
            self.begin(self.met(flows, ends[-1] + MINUTE), ends[-1] + MINUTE)

    def met(self, flows: list[Flow], end: int) -> set[str | None]:
        values = measured(flows, self.metric, end)
        return {name for name, value in values.items() if COMPARED[self.condition](value, self.threshold)}

    def begin(self, met: set[str | None], at: int) -> None:
        self.begun += [(at, name) for name in met - self.alarmed]
        self.alarmed |= met


@settings(max_examples=4, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from(METRICS),
    st.sampled_from(list(COMPARED)),
    st.sampled_from([1, 3]),
)
async def test_alarms_are_those_of_a_plain_count(
    shared: Embedded, seed: int, metric: dict[str, str], condition: str, together: int
) -> None:
    """However many minutes of records come `together`."""
    chance, cluster = random.Random(seed), f"plain-{next(NUMBERS)}"
    small = metric["op"] in ("count", "distinct")
    threshold = float(chance.randrange(1, 5) if small else chance.randrange(40, 240))
    says = window(threshold, lookback=180, groupBy=["source_name_aggr"], metric=metric, condition=condition)
    await save(
        shared,
        body("dest_port < 84", clusters=[cluster], summary="${source_name_aggr}", window=says),
        cluster,
    )
    clock: Any = shared.clock
    runner, expected, flows = WindowRules(shared), Expected(metric, condition, threshold), list[Flow]()
    shared.commit(
        batch([Flow(at=START, port=80, bytes_in=0, cluster=cluster, source=wep("z", "z"))], cluster=cluster)
    )
    flows.append(Flow(at=START, bytes_in=0, source=wep("z", "z")))
    await runner.once()
    expected.judge(flows, [START])
    for minute in range(1, 7):
        end = START + minute * MINUTE
        some = [
            Flow(
                at=end - 1 - chance.randrange(MINUTE),
                source=wep("shop", chance.choice(["web", "api"])),
                port=chance.choice([80, 81, 82, 90]),
                bytes_in=chance.randrange(100),
                cluster=cluster,
                mark=mark,
            )
            for mark in range(chance.randrange(5))
        ]
        shared.commit(batch([*some, Flow(at=end, port=90, cluster=cluster)], cluster=cluster))
        flows += some
        if minute % together == 0:
            clock.now += 2 * HOUR
            await runner.once()
            expected.judge(flows, [end - back * MINUTE for back in reversed(range(together))])
    rule = next(rule for rule in shared.rulebook.rules.rules if rule.id == cluster)
    told = [alert for alert in await raised(shared) if alert.cluster == cluster]
    trial = await tried(shared.logs, EVERYTHING, rule, TimeRange(START, START + 6 * MINUTE), [cluster])
    if not expected.foresees:
        assert sorted(one.alert.id for one in trial.raised) == sorted(alert.id for alert in told)
    await shared.catalog.remove_document(EVERYTHING, None, Removal(cluster, DocumentKind.ALERT_RULE, None))
    assert sorted((alert.time, alert.title) for alert in told) == sorted(
        (at, str(name)) for at, name in expected.begun
    )
