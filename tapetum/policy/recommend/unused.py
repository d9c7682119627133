"""How much rules permit that was never used: proved over every endpoint of the state, not guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from tapetum.domain.endpoints import EndpointKind
from tapetum.policy.recommend.parties import Machine, Party
from tapetum.policy.recommend.workloads import Workloads
from tapetum.policy.replay.ends import Ends
from tapetum.policy.replay.truths import NO, YES, Truths, column
from tapetum.policy.rules import Direction, Rule, RuleAction
from tapetum.policy.state import ClusterState, LoggedEnd

Used = Mapping[Party, frozenset[tuple[str | None, int | None]]]
"""By party the protocols and ports at which it was seen."""


@dataclass(frozen=True, slots=True)
class Unused:
    """An endpoint, or so many siblings, whose connections at these ports a rule permits: none was seen.

    `namespace` None: a host. `ports` empty: the rule names none.
    """

    namespace: str | None
    name: str
    protocol: str | None
    ports: tuple[int, ...]
    endpoints: int

    @property
    def pairs(self) -> int:
        return self.endpoints * max(1, len(self.ports))


@dataclass(frozen=True, slots=True)
class _Endpoint:
    namespace: str | None
    name: str
    party: Party | None
    count: int


class Endpoints:
    """Pods by the siblings that they are, and hosts."""

    def __init__(self, state: ClusterState, workloads: Workloads) -> None:
        self._state = state
        ends = [
            (LoggedEnd(EndpointKind.WORKLOAD, namespace, aggregate=aggregate), len(siblings))
            for (namespace, aggregate), siblings in sorted(state.groups.items())
        ]
        ends += [(LoggedEnd(EndpointKind.HOST, name=name), 1) for name in sorted(state.hosts)]
        self._all = [
            _Endpoint(
                end.namespace,
                end.aggregate or end.name or "",
                Machine(end.name) if end.name else workloads.of(end),
                count,
            )
            for end, count in ends
        ]
        peers = [state.logged(end) for end, _ in ends]
        self._ends = Ends(state, peers)
        size = len(peers)
        self._classes = self._ends.of(np.arange(size), np.zeros(size, np.int64))

    def unused(
        self, rules: Iterable[Rule], direction: Direction, used: Used
    ) -> list[tuple[int, tuple[Unused, ...]]]:
        """Of each rule that allows, with its place; what an earlier one denies is left out."""
        denied = np.zeros(len(self._all), np.bool_)
        found: list[tuple[int, tuple[Unused, ...]]] = []
        for rule in rules:
            told = self._permitted(rule, direction)
            if rule.action is not RuleAction.ALLOW:
                denied |= told == YES
                continue
            ports = _ports(rule)
            places = np.flatnonzero((told != NO) & ~denied).tolist()
            each = (self._left(self._all[place], rule.protocol, ports, used) for place in places)
            found.append((rule.origin, tuple(one for one in each if one is not None)))
        return found

    def _permitted(self, rule: Rule, direction: Direction) -> Truths:
        egress = direction is Direction.EGRESS
        entity = rule.destination if egress else rule.source
        told = self._ends.entity(entity, destination=egress)
        found = column(len(self._all), YES) if told is None else told[self._classes]
        if entity.service is None:
            return found
        behind = column(len(self._all))
        for each in self._state.backends(entity.service) or ():
            behind = np.maximum(behind, self._ends.within(each.addresses)[self._classes])
        return np.minimum(found, behind)

    def _left(
        self, endpoint: _Endpoint, protocol: str | None, ports: tuple[int, ...], used: Used
    ) -> Unused | None:
        seen = used.get(endpoint.party, frozenset()) if endpoint.party is not None else frozenset()
        left = tuple(port for port in ports if (protocol, port) not in seen)
        if (ports and not left) or (not ports and (protocol, None) in seen):
            return None
        return Unused(endpoint.namespace, endpoint.name, protocol, left, endpoint.count)


def _ports(rule: Rule) -> tuple[int, ...]:
    ranges = rule.destination.ports.ranges if rule.destination.ports is not None else ()
    return tuple(port for first, last in ranges for port in range(first, last + 1))
