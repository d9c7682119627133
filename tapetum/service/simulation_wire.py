"""Simulations that a running server is asked for, by its GraphQL."""

from collections.abc import Sequence
from typing import Any

import httpx

from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.policy.resources.keys import Key
from tapetum.service.simulation_report import (
    Decision,
    Report,
    ReportedFlip,
    ReportedTotal,
    decided,
    placed,
)

_END = "{ verdict steps { namespace name ruleIndex } doubts }"
_BOTH = f"verdict egress {_END} ingress {_END}"
_SIMULATE = f"""query($changes: [PolicyChangeInput!]!, $range: TimeRangeInput!, $cluster: String,
  $first: Int!) {{
  simulatePolicies(changes: $changes, range: $range, cluster: $cluster) {{ problems {{ message }}
    totals {{ effect paths traffic {{ connections records }} }} disagreeing {{ records }} leftOut
    objects {{ kind namespace name before after }}
    flips(first: $first) {{ nodes {{ effect firstSeen lastSeen protocol port
      source {{ namespace name }} target {{ namespace name }}
      allowed {{ connections records }} denied {{ connections records }}
      before {{ {_BOTH} }} after {{ {_BOTH} }} }} }} }} }}"""
_PATIENCE = 120.0
MOST = 500


def ask(
    url: str,
    token: str | None,
    changes: Sequence[dict[str, Any]],
    within: dict[str, str],
    cluster: str | None,
    most: int,
) -> Report:
    """Raises BadInputError with the server's own sentence, UnavailableError where none answers."""
    headers = {} if token is None else {"authorization": f"Bearer {token}"}
    asked = {"changes": changes, "range": within, "cluster": cluster, "first": most}
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=_PATIENCE) as http:
            answer = http.post("/graphql", json={"query": _SIMULATE, "variables": asked})
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise UnavailableError(f"{url[:80]} does not answer ({error}); start it, or correct --url.") from None
    try:
        told: dict[str, Any] = answer.json()
        found = (told.get("data") or {}).get("simulatePolicies") or {}
        problems = [str(each["message"]) for each in (told.get("errors") or found["problems"])]
        if not problems:
            return _report(found)
    except (ValueError, KeyError, TypeError, AttributeError):
        problems = [f"it answered {answer.status_code}."]
    raise BadInputError(f"{url[:80]} did not simulate it: {problems[0]}")


def _report(found: dict[str, Any]) -> Report:
    left = int(found["leftOut"])
    return Report(
        {each["effect"]: ReportedTotal(each["paths"], *_counts(each["traffic"])) for each in found["totals"]},
        [_flip(each) for each in found["flips"]["nodes"]],
        [_changed(each) for each in found["objects"] if each["before"] != each["after"]],
        int(found["disagreeing"]["records"]),
        [f"{left:,} records of an earlier version were not replayed."] if left else [],
    )


def _flip(told: dict[str, Any]) -> ReportedFlip:
    counts = [_counts(told[name]) for name in ("allowed", "denied")]
    known = [connections for connections, _ in counts if connections is not None]
    before, after = told["before"], told["after"]
    ends = [end for each in (before, after) for end in (each["egress"], each["ingress"]) if end]
    return ReportedFlip(
        told["effect"],
        _node(told["source"]),
        _node(told["target"]),
        told["protocol"],
        told["port"],
        sum(known) if known else None,
        sum(records for _, records in counts),
        told["firstSeen"],
        told["lastSeen"],
        _decided(before),
        _decided(after),
        sorted({doubt for end in ends for doubt in end["doubts"]}) if told["effect"] == "UNCERTAIN" else (),
    )


def _decided(told: dict[str, Any]) -> str:
    sides = (("egress", told["egress"]), ("ingress", told["ingress"]))
    return decided(told["verdict"].lower(), [_decision(side, end) for side, end in sides if end])


def _decision(side: str, end: dict[str, Any]) -> Decision:
    verdict = end["verdict"].lower()
    if not end["steps"]:
        return Decision(side, verdict)
    step = end["steps"][-1]
    return Decision(side, verdict, placed(step["namespace"], step["name"]), step["ruleIndex"])


def _counts(traffic: dict[str, Any]) -> tuple[int | None, int]:
    connections = traffic["connections"]
    return None if connections is None else int(connections), int(traffic["records"])


def _node(told: dict[str, Any]) -> str:
    return placed(told["namespace"], told["name"])


def _changed(told: dict[str, Any]) -> str:
    what = "removed" if told["after"] is None else "added" if told["before"] is None else "changed"
    return f"{Key(told['kind'], told['namespace'], told['name'])} {what}"
