"""What audit events tell of manifests: each write of an object that bears on policies, and nothing else."""

import json
from typing import Any

import pytest

from tapetum.domain.manifest_kinds import KINDS, kind_of
from tapetum.domain.manifests import Origin, Sighting
from tapetum.domain.moments import parse_moment
from tapetum.domain.networks import Networks
from tapetum.ingest.audit_manifests import sightings
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode
from tapetum.ingest.forms import Form
from tapetum.policy.resources.kinds import READERS
from tests.support.factory import NOW

BODY = {
    "apiVersion": "projectcalico.org/v3",
    "kind": "NetworkPolicy",
    "metadata": {"name": "web", "namespace": "shop", "resourceVersion": "7", "uid": "u"},
    "spec": {"order": 1},
    "status": {"x": 1},
}
EVENT = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "level": "RequestResponse",
    "auditID": "a",
    "stage": "ResponseComplete",
    "verb": "update",
    "requestURI": "/apis/projectcalico.org/v3/namespaces/shop/networkpolicies/web",
    "user": {"username": "ana"},
    "objectRef": {
        "resource": "networkpolicies",
        "namespace": "shop",
        "name": "web",
        "apiGroup": "projectcalico.org",
        "apiVersion": "v3",
    },
    "responseStatus": {"code": 200},
    "requestReceivedTimestamp": "2026-11-23T14:00:00.000000Z",
    "stageTimestamp": "2026-11-23T14:00:01.000002Z",
    "requestObject": BODY,
    "responseObject": BODY,
}


def told(*events: dict[str, Any]) -> list[Sighting]:
    body = b"\n".join(json.dumps(event).encode() for event in events)
    batch = decode(
        body, Form.AUDIT, cluster="east", source="a", now=NOW, networks=Networks(()), limits=Limits()
    )
    assert batch.rejections == ()
    return sightings(batch, batch.records)


def event(**changes: Any) -> dict[str, Any]:
    reference = {**EVENT["objectRef"], **changes.pop("ref", {})}  # type: ignore[dict-item]
    return {**EVENT, "objectRef": reference, **changes}


@pytest.mark.parametrize("verb", ["create", "update", "patch"])
def test_a_write_tells_the_object_as_it_was_afterwards(verb: str) -> None:
    (seen,) = told(event(verb=verb, requestObject={"spec": {"order": 9}}))
    assert seen.key == ("east", "CalicoNetworkPolicy", "shop", "web")
    assert (seen.at, seen.origin, seen.by) == (
        parse_moment("2026-11-23T14:00:01.000002Z", NOW),
        Origin.AUDIT,
        "ana",
    )
    kept = {**BODY, "metadata": {"name": "web", "namespace": "shop"}}
    del kept["status"]
    assert json.loads(seen.body or "") == kept


def test_a_request_holds_the_object_where_no_response_is_logged() -> None:
    (seen,) = told(event(verb="create", level="Request", responseObject=None))
    assert '"order":1' in (seen.body or "")
    assert told(event(verb="patch", level="Request", responseObject=None)) == []


def test_what_is_removed_is_gone() -> None:
    (seen,) = told(event(verb="delete", responseObject={"kind": "Status"}))
    assert (seen.key.name, seen.body) == ("web", None)
    items = [{"metadata": {"name": name}} for name in ("a", "b")]
    listed = told(
        event(verb="deletecollection", ref={"name": ""}, responseObject={"kind": "L", "items": items})
    )
    assert [(each.key.name, each.key.namespace, each.body) for each in listed] == [
        ("a", "shop", None),
        ("b", "shop", None),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"verb": "get"},
        {"verb": "update", "responseStatus": {"code": 409}},
        {"responseStatus": {}},
        {"stage": "RequestReceived"},
        {"requestURI": "/apis/x?dryRun=All"},
        {"ref": {"resource": "secrets", "apiGroup": ""}},
        {"ref": {"subresource": "scale"}},
        {"requestObject": None, "responseObject": None},
        {"requestObject": "text", "responseObject": ["list"]},
        {"requestObject": None, "responseObject": {"kind": "Status", "metadata": {}}},
        {"requestObject": None, "responseObject": {"metadata": {"name": 5}}},
    ],
    ids=str,
)
def test_other_events_tell_nothing(changes: dict[str, Any]) -> None:
    assert told(event(**changes)) == []


def test_an_object_outside_of_namespaces_has_none() -> None:
    (seen,) = told(
        event(
            ref={"resource": "namespaces", "apiGroup": "", "apiVersion": "v1", "name": "shop"},
            responseObject={"metadata": {"name": "shop"}},
        )
    )
    assert seen.key == ("east", "Namespace", None, "shop")
    assert json.loads(seen.body or "")["kind"] == "Namespace"


def test_every_kind_that_is_read_is_known_and_no_other() -> None:
    read = {
        (version.rpartition("/")[0].removeprefix("crd."), kind)
        for version, kinds in READERS.items()
        for kind in kinds
    }
    assert {(each.group, each.written) for each in KINDS} == read
    assert kind_of("crd.projectcalico.org", "tiers") is kind_of("projectcalico.org", "tiers")
