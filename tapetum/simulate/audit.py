"""Audit logs: who asked the API server for what. Every policy's whole history is in them.

The cluster's policies are created at its epoch; one is edited later, so that its past differs from
its present without changing any verdict.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tapetum.simulate.inventory import Kind, Workload
from tapetum.simulate.manifests import job_document
from tapetum.simulate.moments import chances, iso, minutes
from tapetum.simulate.naming import digest, uid
from tapetum.simulate.policies import Policy
from tapetum.simulate.policy_documents import (
    Document,
    network_set_document,
    policy_document,
    tier_document,
)
from tapetum.simulate.shop_policies import DB_ISOLATION, MIGRATOR
from tapetum.simulate.world import World

EDIT_AFTER = 600
"""Seconds from the epoch to the edit."""
_BETWEEN = 0.02  # seconds between the documents of the first delivery
_JOB_BEFORE = 19.0  # seconds from the Job's creation to the attack
_ARGO = "system:serviceaccount:delivery:argocd-application-controller"
_PLURALS = {
    "Tier": "tiers",
    "GlobalNetworkPolicy": "globalnetworkpolicies",
    "NetworkPolicy": "networkpolicies",
    "StagedGlobalNetworkPolicy": "stagedglobalnetworkpolicies",
    "StagedNetworkPolicy": "stagednetworkpolicies",
    "GlobalNetworkSet": "globalnetworksets",
    "NetworkSet": "networksets",
    "Job": "jobs",
    "Deployment": "deployments",
}


@dataclass(frozen=True, slots=True)
class _Routine:
    """`user`, verb, and what of: an everyday request with no body."""

    user: str
    verb: str
    api: str
    resource: str
    namespace: str
    name: str = ""
    code: int = 200
    sub: str = ""


_ROUTINES = (
    _Routine("system:serviceaccount:kube-system:cluster-autoscaler", "list", "v1", "nodes", ""),
    _Routine("system:serviceaccount:kube-system:calico-kube-controllers", "watch", "v1", "pods", ""),
    _Routine("system:serviceaccount:ingress:cert-manager", "list", "cert-manager.io/v1", "certificates", ""),
    _Routine("system:serviceaccount:kube-system:snapshot-controller", "update", "coordination.k8s.io/v1",
             "leases", "kube-system", "snapshot-controller-leader"),
    _Routine(_ARGO, "list", "apps/v1", "deployments", "storefront"),
    _Routine("ana@shop", "get", "v1", "pods", "payments", "ledger-0"),
    _Routine("ana@shop", "list", "projectcalico.org/v3", "networkpolicies", "data"),
    _Routine("jonas@shop", "get", "v1", "pods", "checkout", "", 200, "log"),
    _Routine("ci-deployer", "get", "v1", "secrets", "payments", "registry-pull"),
    _Routine("jonas@shop", "delete", "v1", "secrets", "payments", "stripe-key", 403),
)  # fmt: skip


def audit_records(world: World, start: int, end: int, window: int, level: int) -> Iterator[dict[str, Any]]:
    """`window` and `level` are not used: an event is written when it happens, and names its object."""
    del window, level
    known = sorted([*_deliveries(world), *_rollouts(world, start, end), *_manual_job(world)], key=_first)
    place = 0
    for minute in minutes(start, end):
        now = [(at, _everyday(world, at)) for at in chances(world.spec.seed, "audit", minute, 6.0)]
        while place < len(known) and known[place][0] < minute + 60:
            now.append(known[place])
            place += 1
        yield from (event for at, event in sorted(now, key=_first) if start <= at < end)


def _first(entry: tuple[float, dict[str, Any]]) -> float:
    return entry[0]


def _deliveries(world: World) -> Iterator[tuple[float, dict[str, Any]]]:
    documents = [
        *(tier_document(tier) for tier in world.tiers),
        *(network_set_document(each) for each in world.network_sets),
        *(policy_document(_before_edit(policy)) for policy in world.policies),
    ]
    for number, document in enumerate(documents):
        at = world.spec.epoch + number * _BETWEEN
        yield at, _written(world, at, _ARGO, "create", document)
    at = world.spec.epoch + EDIT_AFTER
    yield at, _written(world, at, "ana@shop", "update", policy_document(DB_ISOLATION))


def _before_edit(policy: Policy) -> Policy:
    if policy is not DB_ISOLATION or policy.ingress is None:
        return policy
    return replace(policy, ingress=tuple(rule for rule in policy.ingress if rule is not MIGRATOR))


def _rollouts(world: World, start: int, end: int) -> Iterator[tuple[float, dict[str, Any]]]:
    housing = world.housing
    for each in world.workloads:
        if each.kind is not Kind.DEPLOYMENT or not each.period:
            continue
        last = housing.generation(each, end)
        for generation in range(max(1, housing.generation(each, start)), last + 1):
            at = float(housing.began(each, generation))
            if start <= at < end:
                yield at, _written(world, at, _ARGO, "patch", _rollout(each, generation))


def _rollout(workload: Workload, generation: int) -> Document:
    image = f"registry.shop.example/{workload.key}:1.{generation}"
    containers = [{"name": workload.name, "image": image}]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": workload.name, "namespace": workload.namespace},
        "spec": {"template": {"spec": {"containers": containers}}},
    }


def _manual_job(world: World) -> Iterator[tuple[float, dict[str, Any]]]:
    if world.job is None or world.story is None:
        return
    at = world.story.at - _JOB_BEFORE
    look = _Routine("ci-deployer", "get", "batch/v1", "cronjobs", world.job.namespace, world.job.name)
    yield at - 22, _read(world, at - 22, look)
    yield (
        at,
        _written(
            world, at, "ci-deployer", "create", job_document(world.job, world.housing.pod(world.job, 0, 0))
        ),
    )


def _everyday(world: World, at: float) -> dict[str, Any]:
    return _read(world, at, _ROUTINES[digest(world.spec.seed, "everyday", at) % len(_ROUTINES)])


def _read(world: World, at: float, routine: _Routine) -> dict[str, Any]:
    group, _, version = routine.api.rpartition("/")
    reference = {
        "resource": routine.resource,
        "namespace": routine.namespace,
        "name": routine.name,
        "apiGroup": group,
        "apiVersion": version,
        "subresource": routine.sub,
    }
    return _event(world, at, routine.user, routine.verb, reference, routine.code, "Metadata")


def _written(world: World, at: float, user: str, verb: str, document: Document) -> dict[str, Any]:
    group, _, version = document["apiVersion"].rpartition("/")
    metadata = document["metadata"]
    identity = document["kind"], metadata.get("namespace", ""), metadata["name"]
    reference = {
        "resource": _PLURALS[document["kind"]],
        "namespace": metadata.get("namespace", ""),
        "name": metadata["name"],
        "uid": uid(world.spec.seed, *identity),
        "apiGroup": group,
        "apiVersion": version,
        "resourceVersion": str(1_000 + int((at - world.spec.epoch) * 1_000)),
    }
    code = 201 if verb == "create" else 200
    event = _event(world, at, user, verb, reference, code, "RequestResponse")
    return {**event, "requestObject": document, "responseObject": document}


def _event(
    world: World, at: float, user: str, verb: str, reference: dict[str, str], code: int, level: str
) -> dict[str, Any]:
    reference = {key: value for key, value in reference.items() if value}
    human = "@" in user
    groups = ["system:authenticated"] if human else ["system:serviceaccounts", "system:authenticated"]
    allowed = code < 400
    status: dict[str, Any] = {"metadata": {}, "code": code}
    if not allowed:
        status.update(
            status="Failure", reason="Forbidden", message=f"{user} may not {verb} {reference['resource']}"
        )
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": level,
        "auditID": uid(world.spec.seed, "audit", at, verb, *reference.values()),
        "stage": "ResponseComplete",
        "requestURI": _path(reference),
        "verb": verb,
        "user": {"username": user, "groups": groups},
        "sourceIPs": ["10.20.4.9" if human or user == "ci-deployer" else "10.0.42.13"],
        "userAgent": "kubectl/v1.34.1"
        if human or user == "ci-deployer"
        else "argocd-application-controller/v3.1",
        "objectRef": reference,
        "responseStatus": status,
        "requestReceivedTimestamp": iso(at),
        "stageTimestamp": iso(at + 0.004 + digest("took", at) % 30 / 1_000),
        "annotations": {"authorization.k8s.io/decision": "allow" if allowed else "forbid"},
    }


def _path(reference: dict[str, str]) -> str:
    root = f"/apis/{reference['apiGroup']}" if "apiGroup" in reference else "/api"
    space = f"/namespaces/{reference['namespace']}" if "namespace" in reference else ""
    parts = [reference[key] for key in ("resource", "name", "subresource") if key in reference]
    return f"{root}/{reference['apiVersion']}{space}/{'/'.join(parts)}"
