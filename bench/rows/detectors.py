"""What detectors raise: in a simulated week without an attack, and on a day with one; what a look costs."""

import asyncio
from collections.abc import Iterator
from functools import partial
from itertools import chain

from bench.figures import Figure, Of, Target
from bench.setting import Setting
from bench.stores import NOW, kept
from bench.timing import middle, waited
from tapetum.catalog.shipped import shipped
from tapetum.detect.detecting import LATE, within
from tapetum.detect.detectors import Asker
from tapetum.detect.rules import Rule, rule_set
from tapetum.detect.windows import Standing
from tapetum.domain.detectors import Detector
from tapetum.domain.documents import DocumentKind
from tapetum.domain.moments import DAY, HOUR, SECOND, TimeRange
from tapetum.domain.networks import Networks
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.context import Limits
from tapetum.ingest.forms import Form
from tapetum.ingest.pipeline import Pipeline
from tapetum.service.embedded import Embedded
from tapetum.simulate import RecordKind, WorldSpec, build, flow_lines, record_lines

ROW = "detectors"
_DAYS = 7
_CLUSTER = {"workloads": 40, "namespaces": 8}
"""The demo's. In fewer there is not enough for an attack to turn to."""
_STEP = 6 * HOUR
"""That is looked at together; where records come they are looked at every 30 s."""
_QUIET = Target(3, at_least=False, of=Of.VALUE, unit="alerts")
_SEEN = Target(1, at_least=True, of=Of.VALUE, unit="alerts")
_STORY = (
    "beaconing", "lateral-movement", "new-destination", "new-edge", "new-process", "port-scan", "slow-scan",
)  # fmt: skip
"""What the simulated attack does; it neither tunnels nor sends much."""
_MEGABYTE = 1 << 20


def run(setting: Setting) -> list[Figure]:
    hours = setting.sized(_DAYS * 24, 1)
    end = NOW // HOUR * HOUR
    week, day = TimeRange(end - hours * HOUR, end), TimeRange(end - min(hours, 24) * HOUR, end)

    def fill(store: Embedded) -> None:
        _simulate(store, "week", week, attacked=False)
        _simulate(store, "attacked", day, attacked=True)

    with kept(setting.cache / f"detectors-v3-{hours}", fill) as store:
        return asyncio.run(_figures(setting, store, week, day))


async def _figures(setting: Setting, store: Embedded, week: TimeRange, day: TimeRange) -> list[Figure]:
    rules = [
        (rule, rule.says.detector)
        for rule in rule_set(shipped(DocumentKind.ALERT_RULE)).rules
        if rule.says.detector is not None
    ]
    newest = TimeRange(week.end - LATE, week.end)
    whole = week.length == _DAYS * DAY
    figures: list[Figure] = []
    normal = "a normal week" if whole else f"{week.length // HOUR} normal hours"
    for rule, detector in rules:
        name = rule.id.removeprefix("builtin.")
        quiet = await _raised(store, rule, detector, "week", week)
        figures.append(Figure(ROW, f"{name}, {normal}", quiet, "alerts", target=_QUIET))
        seen = await _raised(store, rule, detector, "attacked", day)
        story = _SEEN if whole and name in _STORY else None
        figures.append(Figure(ROW, f"{name}, a day with an attack", seen, "alerts", target=story))
        look = partial(_look, store, rule, detector, newest)
        took = middle([await waited(look) for _ in range(setting.rounds)])
        figures.append(Figure(ROW, f"{name}, a look", took.wall * 1000, "ms"))
    return figures


async def _raised(store: Embedded, rule: Rule, detector: Detector, cluster: str, span: TimeRange) -> int:
    """Step by step, as they would be looked at while the records come."""
    standing, raised = Standing(), 0
    for start in range(span.start, span.end, _STEP):
        ask = Asker(store.logs, EVERYTHING, rule, cluster)
        some = TimeRange(max(span.start, start - LATE), min(start + _STEP, span.end))
        found = await within(detector, ask, standing, some)
        standing, raised = found.standing, raised + len(found.found)
    return raised


async def _look(store: Embedded, rule: Rule, detector: Detector, span: TimeRange) -> None:
    await within(detector, Asker(store.logs, EVERYTHING, rule, "week"), Standing(), span)


def _simulate(store: Embedded, cluster: str, span: TimeRange, *, attacked: bool) -> None:
    start, end = span.start // SECOND, span.end // SECOND
    attack = start + (end - start) * 3 // 5 // 300 * 300 if attacked else None
    world = build(WorldSpec(cluster=cluster, epoch=start, attack_at=attack, **_CLUSTER))
    intake = Pipeline(store, clock=lambda: NOW, networks=Networks(), limits=Limits(retention=None))
    for form, pieces in (
        (Form.CALICO, flow_lines(world, start, end)),
        (Form.DNS, record_lines(world, RecordKind.DNS, start, end)),
    ):
        for body in _bodies(pieces):
            intake.submit(body, form, cluster, "bench")


def _bodies(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """About a megabyte each, of whole lines, as the pieces are."""
    held: list[bytes] = []
    for piece in chain(pieces, [b""]):
        held.append(piece)
        if not piece or sum(map(len, held)) >= _MEGABYTE:
            if any(held):
                yield b"".join(held)
            held = []
