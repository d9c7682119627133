"""What each side of a connection decides and logs, found by walking the author's own lists.

It knows members by name where a policy engine must read selectors, so the two can test each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from tapetum.simulate.directory import Directory, Keys
from tapetum.simulate.inventory import Endpoint, Host, Remote, Workload
from tapetum.simulate.policies import Act, Policy, Rule, Tier

END_OF_TIER = -1
_LAST = 1 << 30


@dataclass(frozen=True, slots=True)
class Verdict:
    """One side's word: the outcome now, the outcome with staged policies active, and the traces."""

    allowed: bool
    pending_allowed: bool
    enforced: tuple[str, ...]
    pending: tuple[str, ...]
    every: tuple[str, ...]


class _Hit(NamedTuple):
    place: tuple[int, int]  # of the tier, of the policy in it
    tier: str
    name: str
    action: str
    rule: int


@dataclass(frozen=True, slots=True)
class _Clause:
    act: Act
    protocol: str | None
    peers: Keys | None
    ports: frozenset[int]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Chain:
    """One policy's rules in one direction, with their members looked up."""

    place: int
    name: str
    staged: bool
    clauses: tuple[_Clause, ...]


@dataclass(frozen=True, slots=True)
class _Try:
    peer: str
    target: Endpoint
    protocol: str
    port: int | None


class Rulebook:
    """Every tier's policies, filed under the endpoints that they select."""

    def __init__(self, tiers: Iterable[Tier], policies: Iterable[Policy], directory: Directory) -> None:
        self._tiers = sorted(tiers, key=attrgetter("order"))
        self._told: dict[tuple[tuple[_Hit, ...], tuple[_Hit, ...]], Verdict] = {}
        places = {tier.name: place for place, tier in enumerate(self._tiers)}
        self._chains: dict[tuple[bool, str], list[list[_Chain]]] = defaultdict(
            lambda: [[] for _ in self._tiers]
        )
        in_order = sorted(policies, key=lambda each: (each.order, each.name, each.namespace))
        for place, policy in enumerate(in_order):
            subjects = directory.members(policy.subject, policy.namespace)
            for ingress, rules in ((True, policy.ingress), (False, policy.egress)):
                if rules is None:
                    continue
                clauses = tuple(_clause(rule, policy.namespace, directory) for rule in rules)
                chain = _Chain(place, policy.logged_name, policy.staged, clauses)
                for key in subjects:
                    self._chains[ingress, key][places[policy.tier]].append(chain)

    def egress(self, source: Endpoint, target: Endpoint, protocol: str, port: int | None) -> Verdict | None:
        """None: the source is outside, no policy of this cluster governs it."""
        return self._judge(source, False, _Try(target.key, target, protocol, port))

    def ingress(self, source: Endpoint, target: Endpoint, protocol: str, port: int | None) -> Verdict | None:
        return self._judge(target, True, _Try(source.key, target, protocol, port))

    def _judge(self, subject: Endpoint, ingress: bool, attempt: _Try) -> Verdict | None:
        if isinstance(subject, Remote):
            return None
        chains = self._chains.get((ingress, subject.key), [])
        hits = (
            self._walk(subject, chains, attempt, staged=False),
            self._walk(subject, chains, attempt, staged=True),
        )
        told = self._told.get(hits)
        if told is None:
            told = self._told[hits] = _verdict(*hits)
        return told

    def _walk(
        self, subject: Host | Workload, chains: list[list[_Chain]], attempt: _Try, *, staged: bool
    ) -> tuple[_Hit, ...]:
        hits: list[_Hit] = []
        for place, applied in enumerate(chains):
            governing = applied if staged else [chain for chain in applied if not chain.staged]
            if not governing:
                continue
            tier = self._tiers[place]
            for chain in governing:
                index = _first_match(chain.clauses, attempt)
                if index is not None:
                    act = chain.clauses[index].act
                    hits.append(_Hit((place, chain.place), tier.name, chain.name, act.value, index))
                    return tuple(hits)
            hits.append(_Hit((place, _LAST), tier.name, governing[0].name, tier.default, END_OF_TIER))
            if tier.default == "deny":
                return tuple(hits)
        hits.append(_Hit((_LAST, _LAST), "__PROFILE__", _profile(subject), "allow", 0))
        return tuple(hits)


def _clause(rule: Rule, namespace: str, directory: Directory) -> _Clause:
    numbers = frozenset(port for port in rule.ports if isinstance(port, int))
    names = frozenset(port for port in rule.ports if isinstance(port, str))
    return _Clause(rule.act, rule.protocol, directory.peers(rule.peer, namespace), numbers, names)


def _first_match(clauses: tuple[_Clause, ...], attempt: _Try) -> int | None:
    for index, clause in enumerate(clauses):
        if clause.act is Act.LOG:
            continue
        if clause.protocol is not None and clause.protocol != attempt.protocol:
            continue
        if clause.peers is not None and attempt.peer not in clause.peers:
            continue
        if (clause.ports or clause.names) and not _at_port(clause, attempt):
            continue
        return index
    return None


def _at_port(clause: _Clause, attempt: _Try) -> bool:
    if attempt.port in clause.ports:
        return True
    if not clause.names or not isinstance(attempt.target, Workload):
        return False
    return any(
        port.name in clause.names and port.number == attempt.port and port.protocol == attempt.protocol
        for port in attempt.target.ports
    )


def _profile(subject: Host | Workload) -> str:
    if isinstance(subject, Host):
        return "__PROFILE__.projectcalico-default-allow"
    return f"__PROFILE__.kns.{subject.namespace}"


def _verdict(enforced: tuple[_Hit, ...], pending: tuple[_Hit, ...]) -> Verdict:
    every = sorted({*enforced, *pending}, key=attrgetter("place", "name"))
    return Verdict(
        allowed=enforced[-1].action == "allow",
        pending_allowed=pending[-1].action == "allow",
        enforced=_logged(enforced),
        pending=_logged(pending),
        every=_logged(every),
    )


def _logged(hits: Sequence[_Hit]) -> tuple[str, ...]:
    return tuple(f"{index}|{hit.tier}|{hit.name}|{hit.action}|{hit.rule}" for index, hit in enumerate(hits))
