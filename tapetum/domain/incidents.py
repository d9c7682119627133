"""An incident: alerts about the same endpoints, one soon after the other. Pure; reads no store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from tapetum.domain.alerts import Alert, Status
from tapetum.domain.endpoints import NodeKind, NodeRef
from tapetum.domain.moments import HOUR, Micros

GAP = HOUR
"""An endpoint that was quiet for longer starts another incident."""
_OWN = frozenset({NodeKind.WORKLOAD, NodeKind.HOST})
_URGENCY = (Status.OPEN, Status.ACKNOWLEDGED, Status.DISMISSED)
Entity = NodeRef | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """`alerts` are in order of time; `id` is the same as long as the first of them is."""

    id: str
    cluster: str
    alerts: tuple[Alert, ...]

    @property
    def first(self) -> Micros:
        return self.alerts[0].time

    @property
    def last(self) -> Micros:
        return self.alerts[-1].time

    @property
    def severity(self) -> int:
        return max(alert.severity for alert in self.alerts)

    @property
    def status(self) -> Status:
        """Open while any of its alerts is."""
        there = {alert.status for alert in self.alerts}
        return next(status for status in _URGENCY if status in there)

    @property
    def title(self) -> str:
        """That of the gravest alert, the first of them where several are."""
        return max(self.alerts, key=lambda alert: alert.severity).title

    @property
    def nodes(self) -> tuple[NodeRef, ...]:
        """Every endpoint of its alerts, those of most alerts first."""
        return _often(end for alert in self.alerts for end in (alert.source, alert.target) if end)

    @property
    def edges(self) -> tuple[tuple[NodeRef, NodeRef], ...]:
        """Every pair of endpoints that an alert is about, in order of time."""
        pairs = ((alert.source, alert.target) for alert in self.alerts)
        return tuple(dict.fromkeys((source, target) for source, target in pairs if source and target))

    @property
    def tactics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(alert.tactic for alert in self.alerts if alert.tactic))

    @property
    def techniques(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(alert.technique for alert in self.alerts if alert.technique))


@dataclass(slots=True)
class _Group:
    """Alerts that belong together so far; one that was joined to another says to which."""

    alerts: list[Alert] = field(default_factory=list[Alert])
    joined: "_Group | None" = None

    def root(self) -> "_Group":
        group = self
        while group.joined is not None:
            group = group.joined
        if group is not self:
            self.joined = group
        return group


def incidents_of(alerts: Iterable[Alert]) -> tuple[Incident, ...]:
    """The alerts in groups, the group with the newest alert first.

    Two alerts of a cluster belong together if they share a workload or a host and no more than GAP lies
    between them, and so do all that hang together that way. What lies outside the cluster joins nothing, as
    half of the traffic goes to `pub`; it counts only where an alert names nothing else.
    """
    seen: dict[Entity, tuple[_Group, Micros]] = {}
    groups: list[_Group] = []
    for alert in sorted(alerts, key=lambda each: (each.time, each.id)):
        group = _Group()
        for entity in entities(alert):
            known = seen.get(entity)
            if known is not None and alert.time - known[1] <= GAP:
                group = _join(known[0].root(), group)
        group.alerts.append(alert)
        groups.append(group)
        for entity in entities(alert):
            seen[entity] = group, alert.time
    roots = {id(group.root()): group.root() for group in groups}
    found = (_incident(group.alerts) for group in roots.values())
    return tuple(sorted(found, key=lambda each: (-each.last, each.id)))


def entities(alert: Alert) -> Sequence[Entity]:
    """What an alert is about, as far as it can tie it to others."""
    ends = [end for end in (alert.source, alert.target) if end is not None]
    return [end for end in ends if end.kind in _OWN] or ends or [("rule", alert.cluster, alert.rule)]


def _join(one: _Group, other: _Group) -> _Group:
    """The smaller goes into the larger, so that a flood of alerts is not copied again and again."""
    if one is other:
        return one
    larger, smaller = (one, other) if len(one.alerts) >= len(other.alerts) else (other, one)
    larger.alerts += smaller.alerts
    smaller.alerts, smaller.joined = [], larger
    return larger


def _incident(alerts: Sequence[Alert]) -> Incident:
    ordered = tuple(sorted(alerts, key=lambda each: (each.time, each.id)))
    first = ordered[0]
    return Incident(sha256(f"incident\x1f{first.id}".encode()).hexdigest()[:24], first.cluster, ordered)


def _often(nodes: Iterable[NodeRef]) -> tuple[NodeRef, ...]:
    counts: dict[NodeRef, int] = {}
    for node in nodes:
        counts[node] = counts.get(node, 0) + 1
    return tuple(sorted(counts, key=lambda node: -counts[node]))
