"""Recommended policies as YAML, with what each rule rests on in comments. Equal input gives equal text."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from textwrap import indent

from tapetum.policy.documents.writing import dumped
from tapetum.policy.recommend.peers import AnyPod
from tapetum.policy.recommend.recommendation import Recommendation, RecommendedPolicy, RecommendedRule
from tapetum.policy.recommend.unused import Unused
from tapetum.policy.rules import Direction
from tapetum.policy.state import LoggedEnd

_SHOWN = 5
_LEAST = 0.0001


def as_yaml(recommendation: Recommendation) -> str:
    parts = [dumped(recommendation.tier)] if recommendation.tier is not None else []
    parts += [policy_yaml(each) for each in recommendation.policies]
    return "".join(f"---\n{each}" for each in parts)


def policy_yaml(policy: RecommendedPolicy) -> str:
    return "".join(_policy(policy))


def end_text(end: LoggedEnd) -> str:
    """As flows name it: what is known of it, shortest."""
    name = end.aggregate or end.name or end.address or "unknown"
    return f"{end.namespace}/{name}" if end.namespace else ", ".join(end.domains or (name,))


def _policy(policy: RecommendedPolicy) -> Iterator[str]:
    yield from _comments(policy.notes, "")
    spec = dict(policy.document["spec"])
    rules = {each: spec.pop(each.value.lower()) for each in Direction}
    yield dumped({key: value for key, value in policy.document.items() if key != "spec"})
    yield "spec:\n" + indent(dumped(spec), "  ")
    for direction, written in rules.items():
        name = direction.value.lower()
        if not written:
            yield f"  {name}: []\n"
            continue
        yield f"  {name}:\n"
        for rule, told in zip(written, policy.rules(direction), strict=True):
            yield from _comments(evidence(told), "  ")
            yield indent(dumped([rule]), "  ")


def evidence(rule: RecommendedRule) -> list[str]:
    """Sentences: what it rests on, what it permits that was never seen, what could not be narrower."""
    if rule.evidence is None:
        pods = isinstance(rule.peer, AnyPod)
        return [
            "The networks below hold pods too; those that were seen are allowed above."
            if pods
            else "Whatever is not allowed above."
        ]
    seen = rule.evidence
    days = f"{len(seen.days)} {'day' if len(seen.days) == 1 else 'days'}"
    when = f"{_time(seen.first_seen)} to {_time(seen.last_seen)}"
    share = _share(rule.coverage)
    found = [f"{seen.connections:,} connections, {share} of those learnt, on {days}, {when}."]
    if rule.unused:
        pairs = sum(each.pairs for each in rule.unused)
        some = ", ".join(islice(map(_unused, rule.unused), _SHOWN))
        more = f" and {len(rule.unused) - _SHOWN} more" if len(rule.unused) > _SHOWN else ""
        found.append(f"Permits, and never seen ({pairs:,} of endpoint and port): {some}{more}.")
    return [*found, *rule.notes]


def _share(share: float) -> str:
    return f"{share:.2%}" if share >= _LEAST else "under 0.01%"


def _unused(each: Unused) -> str:
    name = each.name if each.namespace is None else f"{each.namespace}/{each.name}"
    return f"{name}:{','.join(map(str, each.ports))}" if each.ports else name


def _comments(lines: Sequence[str], margin: str) -> Iterator[str]:
    return (f"{margin}# {line}\n" for line in lines)


def _time(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1_000_000, UTC).strftime("%Y-%m-%dT%H:%MZ")
