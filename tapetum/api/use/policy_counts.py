"""What policies did over a range, as a board shows it: steps of traces added up by rule, policy and tier."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tapetum.domain.flows import Reporter
from tapetum.domain.moments import Micros
from tapetum.domain.policy_trace import PROFILE_TIER, Action, PolicyKind
from tapetum.logstore.policy_hits import HitCount, HitKey, PolicyHits
from tapetum.policy.resources.policies import PolicyId
from tapetum.policy.rules import Direction

Named = tuple[str, str, str | None, str]
"""Cluster, kind, namespace and name without tier."""
_SIDES = {Direction.EGRESS: Reporter.SRC, Direction.INGRESS: Reporter.DST}


@dataclass(frozen=True, slots=True)
class Tally:
    """Steps added up: connections by action, and over time."""

    counts: tuple[HitCount, ...] = ()

    def connections(self, action: Action) -> int | None:
        """None: what did so does not count connections."""
        taken = [each for each in self.counts if each.key.action == action]
        known = [each.connections for each in taken if each.connections is not None]
        return sum(known) if known or not taken else None

    def trend(self, action: Action, buckets: int) -> list[int]:
        taken = [each.series for each in self.counts if each.key.action == action]
        return [sum(column) for column in zip(*taken, strict=True)] if taken else [0] * buckets

    @property
    def records(self) -> int:
        return sum(each.records for each in self.counts)

    @property
    def last(self) -> Micros | None:
        return max((each.last for each in self.counts), default=None)

    def at(self, direction: Direction, rule: int) -> "Tally":
        side = _SIDES[direction]
        return Tally(
            tuple(each for each in self.counts if each.key.reporter == side and each.key.rule_index == rule)
        )


class Tallies:
    """`taken` by policies that are known; the rest is of policies that no manifest describes."""

    def __init__(self, hits: PolicyHits) -> None:
        self.starts, self.interval = hits.starts, hits.interval
        self.told = bool(hits.counts)
        self._ends: dict[tuple[str, str], list[HitCount]] = defaultdict(list)
        self._profiles: list[HitCount] = []
        self._triggers: dict[Named, Micros] = {}
        self._by_policy: dict[Named, dict[str, list[HitCount]]] = defaultdict(lambda: defaultdict(list))
        for each in hits.counts:
            self._enter(each)

    def _enter(self, each: HitCount) -> None:
        key = each.key
        if key.tier == PROFILE_TIER or key.kind == PolicyKind.PROFILE:
            self._profiles.append(each)
        elif key.end_of_tier and not key.staged:
            self._ends[key.cluster, key.tier or ""].append(each)
            named = _named(key)
            self._triggers[named] = max(each.last, self._triggers.get(named, 0))
        elif key.kind != PolicyKind.END_OF_TIER:
            self._by_policy[_named(key)][key.tier or ""].append(each)

    def take(self, cluster: str, policy: PolicyId) -> Tally:
        """What logs say of a policy. A tier that disagrees is forgiven where no other policy is meant."""
        named = cluster, policy.kind.value, policy.namespace, policy.plain_name
        by_tier = self._by_policy.get(named, {})
        found = by_tier.pop(policy.tier, None)
        if found is None and len(by_tier) == 1:
            found = by_tier.popitem()[1]
        return Tally(tuple(found or ()))

    def applied(self, cluster: str, policy: PolicyId) -> Micros | None:
        """When a tier ended last with this policy as one of those that applied."""
        return self._triggers.get((cluster, policy.kind.value, policy.namespace, policy.plain_name))

    def end_of(self, cluster: str, tier: str) -> Tally:
        return Tally(tuple(self._ends.get((cluster, tier), ())))

    @property
    def profiles(self) -> Tally:
        """What no policy selected on its side."""
        return Tally(tuple(self._profiles))

    def rest(self) -> Iterable[tuple[Named, str, Tally]]:
        """Of policies that nobody took, with their tiers."""
        for named, by_tier in sorted(self._by_policy.items(), key=lambda item: str(item[0])):
            for tier, found in sorted(by_tier.items()):
                yield named, tier, Tally(tuple(found))


def _named(key: HitKey) -> Named:
    return key.cluster, key.kind or "", key.namespace, key.name or ""
