"""A run of the simulator as a command asks for it: how much, over how long, into which files.

Knows files; knows no clock: the caller says when the run starts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, inf
from pathlib import Path
from typing import Any

import yaml

from tapetum.domain.errors import BadInputError
from tapetum.simulate.flows import WINDOW, flow_lines
from tapetum.simulate.manifests import manifests
from tapetum.simulate.pieces import DROP_PODS
from tapetum.simulate.records import RecordKind, record_lines
from tapetum.simulate.spec import WorldSpec
from tapetum.simulate.world import World

_MINUTES = 30
_ATTACK_AT = 0.4  # of the run, so that there is a before
_ALIGNED = 15
_BULKY = (RecordKind.DNS, RecordKind.L7)
_BESIDE_FLOWS = 0.25
"""With a number of flow lines asked for, at most about this share of it in each bulky kind."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What `tapetum simulate` asks for. Equal plans write equal bytes.

    Of `lines` (flow lines in all), `minutes` (of simulated time) and `rate` (flow lines a simulated
    second) at most two are given; without `lines` and `rate` every flow that happens is written.
    """

    start: int
    workloads: int = 40
    namespaces: int = 8
    lines: int | None = None
    minutes: int | None = None
    rate: float | None = None
    seed: int = 1
    attack: bool = False
    cluster: str = "demo"
    edges: int | None = None
    level: int = DROP_PODS

    def __post_init__(self) -> None:
        for name, value in (("lines", self.lines), ("minutes", self.minutes), ("rate", self.rate)):
            if value is not None and not 0 < value < inf:
                raise BadInputError(f"--{name} is a number above 0, not {value}.")
        if None not in (self.lines, self.minutes, self.rate):
            raise BadInputError(
                "--lines, --minutes and --rate determine each other; give at most two of them."
            )

    @property
    def seconds(self) -> int:
        if self.minutes is not None:
            return self.minutes * 60
        if self.lines is not None and self.rate is not None:
            return ceil(self.lines / self.rate)
        return _MINUTES * 60

    @property
    def end(self) -> int:
        return self.start + self.seconds

    @property
    def per_second(self) -> Fraction | None:
        if self.lines is not None:
            return Fraction(self.lines, self.seconds)
        return None if self.rate is None else Fraction(self.rate)

    @property
    def spec(self) -> WorldSpec:
        after = int(self.seconds * _ATTACK_AT) // _ALIGNED * _ALIGNED
        return WorldSpec(
            seed=self.seed,
            workloads=self.workloads,
            namespaces=self.namespaces,
            cluster=self.cluster,
            epoch=self.start,
            edges=self.edges,
            attack_at=self.start + after if self.attack else None,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """So many more lines and bytes of one kind are in their file."""

    kind: RecordKind
    lines: int
    bytes: int


def write(world: World, plan: Plan, out: Path, *, window: int = WINDOW) -> Iterator[Progress]:
    """Writes `<kind>.ndjson` for each kind and `manifests.yaml` into `out`; consume it to the end."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifests.yaml").write_text(as_yaml(manifests(world, at=plan.start)), encoding="utf-8")
    for kind in RecordKind:
        with (out / f"{kind}.ndjson").open("wb") as file:
            for chunk in _lines(world, plan, kind, window):
                file.write(chunk)
                yield Progress(kind, chunk.count(b"\n"), len(chunk))


def as_yaml(documents: list[dict[str, Any]]) -> str:
    return yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False)


def _some_windows(world: World, plan: Plan, kind: RecordKind, window: int) -> Iterator[bytes]:
    """Whole windows spread over the run, so many that these records stay a fraction of the flow lines."""
    starts = range(plan.start, plan.end, window)

    def lines(start: int) -> list[bytes]:
        end = min(start + window, plan.end)
        return list(record_lines(world, kind, start, end, window=window, level=plan.level))

    first = lines(plan.start)
    yield from first
    count = sum(chunk.count(b"\n") for chunk in first)
    affordable = max(1, int((plan.lines or 0) * _BESIDE_FLOWS / max(count, 1)))
    for start in starts[:: max(1, ceil(len(starts) / affordable))][1:]:
        yield from lines(start)


class _Dumper(yaml.CSafeDumper):
    """Without anchors: a reader of manifests expects each document to stand alone."""

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _lines(world: World, plan: Plan, kind: RecordKind, window: int) -> Iterator[bytes]:
    if kind in _BULKY and plan.lines is not None:
        return _some_windows(world, plan, kind, window)
    if kind is not RecordKind.FLOWS:
        return record_lines(world, kind, plan.start, plan.end, window=window, level=plan.level)
    return flow_lines(
        world,
        plan.start,
        plan.end,
        per_second=plan.per_second,
        window=window,
        allowed_level=plan.level,
    )
