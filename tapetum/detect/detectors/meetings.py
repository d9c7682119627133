"""First meetings: when a workload was first seen with a domain outside, another workload, or a process.

Pairs are asked for by when they were first seen, the newest first, so one question tells what is new in a
span however long. What a roll-out renamed is looked up under its other names.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tapetum.detect.detectors.asking import FIRST, Asker
from tapetum.detect.detectors.late import late_pairs
from tapetum.detect.detectors.names import registered
from tapetum.detect.detectors.outside import ALLOWED, OUTSIDE
from tapetum.detect.detectors.workloads import Workload, named
from tapetum.detect.windows import Group
from tapetum.domain.moments import SECOND, Micros, TimeRange
from tapetum.kql import Query, all_of, any_of, parse
from tapetum.kql.syntax import Exists, FieldRef, Is, Phrase, Wildcard
from tapetum.logstore.aggregation import Row

SOURCE = named("source")
_SIDES = ("source", "dest")
_AT_ONCE = 25
"""Pairs, or workloads, that are looked up in one question."""


@dataclass(frozen=True, slots=True)
class Other:
    """What a workload meets: `key` tells it from others, `where` are the records that may be of it."""

    key: Group
    where: Query


@dataclass(frozen=True, slots=True)
class Kind:
    """Of which records meetings of a kind are, by which fields, and who is met."""

    by: tuple[str, ...]
    among: Query
    other: Callable[[Group], Other]


@dataclass(frozen=True, slots=True)
class Meeting:
    """`keys` are the values of the kind's fields in the records that showed it first."""

    at: Micros
    keys: Group
    workload: Workload
    other: Other

    @property
    def target(self) -> Workload:
        """The other, where it is a workload."""
        namespace, stem = self.other.key
        return Workload(namespace or "", stem or "")


def _domain(keys: Group) -> Other:
    name = registered(keys[0] or "")
    ref = FieldRef(("dest_domain",))
    below = Is(ref, Wildcard(("", f".{name}")))
    return Other((name,), any_of((Is(ref, Phrase(name)), below)))


def _target(keys: Group) -> Other:
    target = Workload.of(*keys)
    return Other((target.namespace, target.stem), target.where("dest"))


def _process(keys: Group) -> Other:
    return Other(keys, Is(FieldRef(("process_name",)), Phrase(keys[0] or "")))


_WORKLOAD = parse("source_type: wep")
DOMAINS = Kind(
    (*SOURCE, "dest_domain"),
    all_of((_WORKLOAD, OUTSIDE, ALLOWED, Exists(FieldRef(("dest_domain",))))),
    _domain,
)
WORKLOADS = Kind(
    (*SOURCE, "dest_namespace", "dest_name_aggr"),
    all_of((_WORKLOAD, parse("dest_type: wep and dest_name_aggr: *"))),
    _target,
)
PROCESSES = Kind(
    (*SOURCE, "process_name"),
    all_of((_WORKLOAD, parse('reporter: src and process_name: * and not process_name: ("-" or "*")'))),
    _process,
)


async def first_meetings(kind: Kind, ask: Asker, span: TimeRange, history: int) -> list[Meeting]:
    """Those in the span that were not there `history` seconds before, in order of time; no late answers."""
    earlier = TimeRange(max(0, span.start - history * SECOND), span.start)
    rows = await ask.groups(TimeRange(earlier.start, span.end), kind.by, (FIRST,), kind.among)
    fresh = [each for each in meetings_of(kind, rows) if each.at >= span.start]
    found: list[Meeting] = []
    for start in range(0, len(fresh), _AT_ONCE):
        some = fresh[start : start + _AT_ONCE]
        met = await _met(kind, ask, earlier, some)
        found += [each for each in some if (each.workload, each.other.key) not in met]
    if kind is not WORKLOADS or not found:
        return found
    pairs = [(each.workload, each.target) for each in found]
    late = await late_pairs(ask, span, TimeRange(earlier.start, span.end), pairs, kind.among)
    return [each for each, pair in zip(found, pairs, strict=True) if pair not in late]


def meetings_of(kind: Kind, rows: Iterable[Row]) -> list[Meeting]:
    """The first of each pair, in order of time; groups are by the kind's fields, with when they began."""
    firsts: dict[tuple[Workload, Group], Meeting] = {}
    for row in rows:
        each = _meeting(kind, int(row.values[0] or 0), row.keys)
        known = firsts.get((each.workload, each.other.key), each)
        firsts[each.workload, each.other.key] = min(known, each, key=lambda one: one.at)
    return sorted(firsts.values(), key=lambda one: one.at)


async def known_since(
    ask: Asker, workloads: Iterable[Workload], within: TimeRange, *among: Query, sides: Sequence[str] = _SIDES
) -> Mapping[Workload, Micros]:
    """When each was first seen, as whichever end; those that were not are left out."""
    found: dict[Workload, Micros] = {}
    wanted = sorted(set(workloads))
    for side in sides:
        for start in range(0, len(wanted), _AT_ONCE):
            some = any_of(each.where(side) for each in wanted[start : start + _AT_ONCE])
            for row in await ask.groups(within, named(side), (FIRST,), *among, some):
                workload, first = Workload.of(*row.keys), int(row.values[0] or 0)
                found[workload] = min(first, found.get(workload, first))
    return found


async def _met(
    kind: Kind, ask: Asker, earlier: TimeRange, some: Sequence[Meeting]
) -> set[tuple[Workload, Group]]:
    """Which pairs were there before, under whatever names."""
    alike = any_of(all_of((each.workload.where("source"), each.other.where)) for each in some)
    rows = await ask.groups(earlier, kind.by, (FIRST,), kind.among, alike)
    pairs = (_meeting(kind, 0, row.keys) for row in rows)
    return {(each.workload, each.other.key) for each in pairs}


def _meeting(kind: Kind, at: Micros, keys: Group) -> Meeting:
    return Meeting(at, keys, Workload.of(*keys[:2]), kind.other(keys[2:]))
