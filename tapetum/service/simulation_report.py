"""What a simulation found as plain objects, for programs, pull requests and people; wherever it was run."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tapetum.domain.moments import iso
from tapetum.policy.resources.keys import Key
from tapetum.policy.trace import Evaluation, Judgement, Verdict
from tapetum.policy.whatif import Change, Simulation
from tapetum.policy.whatif.flips import Flip


@dataclass(frozen=True, slots=True)
class ReportedFlip:
    """`before` and `after` are sentences; `connections` None: the logs count records only."""

    effect: str
    source: str
    target: str
    protocol: str | None
    port: int | None
    connections: int | None
    records: int
    first_seen: str
    last_seen: str
    before: str
    after: str
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What one end decided, and by which policy's rule (-1: its tier's end) in the last step."""

    side: str
    verdict: str
    policy: str | None = None
    rule: int = 0


@dataclass(frozen=True, slots=True)
class ReportedTotal:
    paths: int
    connections: int | None
    records: int


@dataclass(frozen=True, slots=True)
class Report:
    """`totals` by the name of the effect. `flips` may be fewer than there are: `totals` count all of them."""

    totals: Mapping[str, ReportedTotal]
    flips: Sequence[ReportedFlip]
    changed: Sequence[str]
    disagreeing: int
    notes: Sequence[str] = field(default=())

    def paths(self, *changes: Change) -> int:
        return sum(self.totals[each.name].paths for each in changes)


def report(
    found: Simulation, changed: Iterable[tuple[Key, str]], most: int, notes: Sequence[str] = ()
) -> Report:
    """`changed` says of each object what became of it."""
    flips = [found.every.at(int(place)) for place in found.places()[:most]]
    totals = {}
    for change in Change:
        traffic = found.total(change)
        totals[change.name] = ReportedTotal(len(found.places(change)), traffic.connections, traffic.records)
    return Report(
        totals,
        [_flip(found, each) for each in flips],
        [f"{key} {what}" for key, what in changed],
        found.disagreeing.records,
        notes,
    )


def _flip(found: Simulation, flip: Flip) -> ReportedFlip:
    before, after = found.traces(flip)
    known = [each.connections for each in (flip.allowed, flip.denied) if each.connections is not None]
    return ReportedFlip(
        flip.change.name,
        placed(flip.source.namespace, flip.source.name),
        placed(flip.target.namespace, flip.target.name),
        flip.use.protocol,
        flip.use.port,
        sum(known) if known else None,
        flip.allowed.records + flip.denied.records,
        iso(flip.first_seen),
        iso(flip.last_seen),
        _sentence(before),
        _sentence(after),
        _doubts(before, after) if flip.change is Change.UNCERTAIN else (),
    )


def decided(verdict: str, ends: Iterable[Decision]) -> str:
    """The verdict, and what gave it: of denials every end's."""
    wanted = [each for each in ends if each.verdict == verdict]
    by = "; ".join(
        f"{each.policy}, {'end of its tier' if each.rule < 0 else f'rule {each.rule}'} ({each.side})"
        for each in (wanted if verdict == Verdict.DENY else wanted[-1:])
        if each.policy
    )
    return f"{verdict} by {by}" if by else verdict


def _sentence(found: Evaluation) -> str:
    return decided(
        found.verdict.value, [_decision(each) for each in (found.egress, found.ingress) if each is not None]
    )


def _decision(judged: Judgement) -> Decision:
    side, verdict = judged.direction.value.lower(), judged.enforced.verdict.value
    if not judged.enforced.steps:
        return Decision(side, verdict)
    step = judged.enforced.steps[-1]
    return Decision(side, verdict, placed(step.policy.namespace, step.policy.plain_name), step.rule)


def _doubts(*found: Evaluation) -> Sequence[str]:
    ends = (end for each in found for end in (each.egress, each.ingress) if end is not None)
    return sorted({str(doubt) for end in ends for doubt in end.enforced.doubts})


def placed(namespace: str | None, name: str) -> str:
    """A namespace itself has its own name."""
    return name if namespace in (None, name) else f"{namespace}/{name}"
