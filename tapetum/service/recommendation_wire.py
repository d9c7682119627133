"""A recommendation as plain objects for programs, and edges as sentences."""

from dataclasses import asdict
from typing import Any

from tapetum.domain.moments import iso
from tapetum.domain.policy_trace import format_hit
from tapetum.policy.recommend import HeldOut, Recommendation, RecommendedPolicy, RecommendedRule
from tapetum.policy.recommend.edges import LeftOut
from tapetum.policy.recommend.heldout import Lost, Tally
from tapetum.policy.recommend.parties import Party
from tapetum.policy.recommend.text import end_text
from tapetum.policy.rules import Direction
from tapetum.policy.state import LoggedEnd


def as_object(found: Recommendation, held: HeldOut | None) -> dict[str, Any]:
    return {
        "style": found.options.style.value,
        "connections": found.connections,
        "tier": found.tier,
        "policies": [_policy(each) for each in found.policies],
        "leftOut": [{"edge": edge_text(each), "why": each.why.value} for each in found.left_out],
        "idle": [str(each) for each in found.idle],
        "heldOut": None if held is None else _held_out(held),
    }


def edge_text(edge: LeftOut | Lost) -> str:
    port = "" if edge.port is None else f" {edge.port}"
    ends = (_end(each) for each in (edge.source, edge.destination))
    count = edge.evidence.connections if isinstance(edge, LeftOut) else edge.connections
    why = f", by {format_hit(edge.step.hit(0))}" if isinstance(edge, Lost) else ""
    return f"{' to '.join(ends)}, {edge.protocol or 'any protocol'}{port}, {count:,} connections{why}"


def _end(end: Party | LoggedEnd | None) -> str:
    if end is None:
        return "an end that is not named"
    return end_text(end) if isinstance(end, LoggedEnd) else str(end)


def _policy(policy: RecommendedPolicy) -> dict[str, Any]:
    return {
        "workload": str(policy.workload),
        "document": policy.document,
        "notes": list(policy.notes),
        **{each.value.lower(): [_rule(rule) for rule in policy.rules(each)] for each in Direction},
    }


def _rule(rule: RecommendedRule) -> dict[str, Any]:
    seen = rule.evidence
    told = {
        "connections": seen.connections,
        "records": seen.records,
        "bytes": seen.bytes,
        "firstSeen": iso(seen.first_seen),
        "lastSeen": iso(seen.last_seen),
        "daysSeen": len(seen.days),
        "reportedByOneEnd": seen.one_sided,
    } if seen is not None else None  # fmt: skip
    return {
        "peer": str(rule.peer),
        "protocol": rule.protocol,
        "ports": None if rule.ports is None else list(rule.ports),
        "evidence": told,
        "coverage": rule.coverage,
        "unused": [asdict(each) for each in rule.unused],
        "notes": list(rule.notes),
    }


def _held_out(held: HeldOut) -> dict[str, Any]:
    return {
        "legitimate": _tally(held.legitimate),
        "unwanted": _tally(held.unwanted),
        "newlyAllowed": held.newly_allowed,
        "lost": [edge_text(each) for each in held.lost],
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {**asdict(tally), "shareDenied": tally.share_denied}
