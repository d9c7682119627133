"""What policies were seen to do, in plain Python over flows and their hits; and hits at random."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from random import Random

from tests.support.factory import Flow, Hit
from tests.support.oracle import Node, ends_of, folded

Policy = tuple[str, str, str, str | None, str]
Use = tuple[Policy, bool, frozenset[str], frozenset[str]]
"""A policy, whether its tier's default applied, the actions and the sides."""

_KINDS = ["Profile", "EndOfTier", "NetworkPolicy", None, None, None]


def with_hits(flow: Flow, chance: Random) -> Flow:
    return replace(flow, hits=tuple(_hit(chance, place) for place in range(chance.choice([0, 1, 2, 3]))))


def _hit(chance: Random, index: int) -> Hit:
    return Hit(
        index,
        chance.choice(["security", "default", ""]),
        chance.choice(["open", "closed", "x\x1fy", ""]),
        chance.choice(["allow", "deny", "pass"]),
        rule_index=chance.choice([0, 0, 1, -1]),
        namespace=chance.choice([None, "shop", "pay"]),
        set=chance.choice(["enforced", "enforced", "enforced", "pending", "transit"]),
        kind=chance.choice(_KINDS),
        staged=chance.random() < 0.1,
        end_of_tier=chance.random() < 0.2,
    )


def applied(flows: Iterable[Flow]) -> Iterator[tuple[Flow, Hit, Policy, Node]]:
    """Each hit that counts, with its policy and the endpoint where it was applied."""
    for flow in flows:
        for hit in flow.hits:
            if hit.set == "enforced" and not hit.staged and flow.reporter in ("src", "dst"):
                row = hit.row
                policy = flow.cluster, row["tier"], row["kind"], row["namespace"], row["name"]
                yield flow, hit, policy, ends_of(flow)[flow.reporter == "dst"]


def uses(flows: Iterable[Flow], at: Collection[Node] | None = None) -> set[Use]:
    """Of all of them, or of those that were applied at some nodes or what lives in them."""
    actions: dict[tuple[Policy, bool], set[str]] = defaultdict(set)
    sides: dict[tuple[Policy, bool], set[str]] = defaultdict(set)
    for flow, hit, policy, endpoint in applied(flows):
        if at is None or endpoint in at or folded(endpoint) in at:
            actions[policy, hit.end_of_tier].add(hit.action)
            sides[policy, hit.end_of_tier].add("egress" if flow.reporter == "src" else "ingress")
    return {(*use, frozenset(actions[use]), frozenset(sides[use])) for use in actions}


def selected(flows: Iterable[Flow], policy: Policy) -> set[Node]:
    return {endpoint for _, _, other, endpoint in applied(flows) if other == policy}
