"""Between flows and the audit records of the policies that decided them.

A policy's object is named with its tier in front, a hit without it; a resource has one kind, or two that
their API groups tell apart.
"""

from collections.abc import Iterator

from tapetum.api.use.terms import among, element, ends, equal, named, same
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY, HOUR, Micros, TimeRange
from tapetum.domain.policy_trace import PolicyKind, PolicySet
from tapetum.kql import Query, all_of, any_of
from tapetum.kql.syntax import Not, Operator, Phrase, Range
from tapetum.logstore.port import Record, Search

_CALICO = "projectcalico.org"
_KUBERNETES = "networking.k8s.io"
_RESOURCES = {
    PolicyKind.NETWORK_POLICY: ("networkpolicies", _CALICO),
    PolicyKind.GLOBAL_NETWORK_POLICY: ("globalnetworkpolicies", _CALICO),
    PolicyKind.STAGED_NETWORK_POLICY: ("stagednetworkpolicies", _CALICO),
    PolicyKind.STAGED_GLOBAL_NETWORK_POLICY: ("stagedglobalnetworkpolicies", _CALICO),
    PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY: ("stagedkubernetesnetworkpolicies", _CALICO),
    PolicyKind.KUBERNETES_NETWORK_POLICY: ("networkpolicies", _KUBERNETES),
    PolicyKind.ADMIN_NETWORK_POLICY: ("adminnetworkpolicies", _KUBERNETES),
    PolicyKind.BASELINE_ADMIN_NETWORK_POLICY: ("baselineadminnetworkpolicies", _KUBERNETES),
    PolicyKind.CLUSTER_NETWORK_POLICY: ("clusternetworkpolicies", _KUBERNETES),
}
_TIERS = "tiers"
_CHANGES = ("create", "update", "patch", "delete")
_FAILED = 400

_BEFORE = 30 * DAY
"""How long before a flow a change of its policies is looked for."""

_AROUND = HOUR
"""How long before and after a change its flows are looked for."""


def changes_of_flow(flow: Record) -> Search | None:
    """Changes, before the flow ended, of the policies that decided it and of the tiers that ended it."""
    policies = [
        policy
        for hit in flow.get("policy_hits") or ()
        if hit["set"] == PolicySet.ENFORCED
        for policy in _objects(hit)
    ]
    if not policies:
        return None
    terms = [
        any_of(dict.fromkeys(policies)),
        among("verb", _CHANGES),
        Not(equal("stage", "RequestReceived")),  # it comes again with what became of it
        Not(Range(named("responseStatus.code"), Operator.AT_LEAST, Phrase(str(_FAILED)))),
    ]
    end: Micros = flow.get("end_time") or flow["start_time"]
    within = TimeRange(max(end - _BEFORE, 0), end + 1)
    return Search(RecordKind.AUDIT, within, frozenset({flow["cluster"]}), all_of(terms))


def flows_of_change(audit: Record) -> Search | None:
    """Flows that the policy, or the tier's end, decided around the time of the request."""
    name, resource = audit.get("objectRef.name"), audit.get("objectRef.resource")
    if not name or not resource:
        return None
    if resource == _TIERS:
        decided = element("policy_hits", equal("tier", name), equal("end_of_tier", "true"))
    else:
        group = audit.get("objectRef.apiGroup") or ""
        kinds = [
            kind for kind, known in _RESOURCES.items() if known[0] == resource and group.endswith(known[1])
        ]
        if not kinds:
            return None
        decided = element(
            "policy_hits",
            among("kind", kinds),
            same("namespace", audit.get("objectRef.namespace")),
            any_of(_named_hits(name)),
        )
    at: Micros = audit["requestReceivedTimestamp"]
    within = TimeRange(max(at - _AROUND, 0), at + _AROUND)
    return Search(RecordKind.FLOWS, within, frozenset({audit["cluster"]}), decided)


def _objects(hit: Record) -> Iterator[Query]:
    """The objects whose changes may have changed what a hit did."""
    tier, known = hit["tier"], _RESOURCES.get(hit["kind"])
    if known is not None and hit["name"]:
        resource, group = known
        names = [hit["name"], f"{tier}.{hit['name']}"] if tier and group is _CALICO else [hit["name"]]
        yield all_of(
            [
                equal("objectRef.resource", resource),
                ends("objectRef.apiGroup", group),
                same("objectRef.namespace", hit["namespace"]),
                among("objectRef.name", names),
            ]
        )
    if hit["end_of_tier"] and tier:
        yield all_of([equal("objectRef.resource", _TIERS), equal("objectRef.name", tier)])


def _named_hits(name: str) -> Iterator[Query]:
    yield equal("name", name)
    tier, dot, rest = name.partition(".")
    if dot:
        yield all_of([equal("tier", tier), equal("name", rest)])
