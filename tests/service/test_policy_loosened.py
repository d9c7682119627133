"""A policy that is opened is told of with who opened it, once, from the audit log alone."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tapetum.domain.alerts import Alert
from tapetum.domain.moments import iso
from tapetum.domain.networks import Networks
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.context import Limits
from tapetum.ingest.forms import Form
from tapetum.ingest.pipeline import Pipeline
from tapetum.service.embedded import Embedded
from tapetum.service.window_rules import WindowRules
from tests.support.factory import DAY, MINUTE, NOW
from tests.support.stores import Clock, store

WEB: dict[str, Any] = {"action": "Allow", "source": {"selector": "app == 'web'"}}


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def embedded(tmp_path: Path, clock: Clock) -> Generator[Embedded]:
    with store(tmp_path, clock) as opened:
        yield opened


def event(verb: str, ingress: list[Any], at: int, code: int = 200, patch: object = None) -> bytes:
    policy = {
        "apiVersion": "projectcalico.org/v3",
        "kind": "NetworkPolicy",
        "metadata": {"name": "db", "namespace": "shop"},
        "spec": {"selector": "app == 'db'", "types": ["Ingress"], "ingress": ingress},
    }
    told = {
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "RequestResponse",
        "stage": "ResponseComplete",
        "auditID": f"{verb}-{at}", "verb": verb, "user": {"username": "mallory"},
        "sourceIPs": ["203.0.113.9"],
        "objectRef": {
            "resource": "networkpolicies", "namespace": "shop", "name": "db",
            "apiGroup": "projectcalico.org", "apiVersion": "v3",
        },
        "responseStatus": {"code": code},
        "requestReceivedTimestamp": iso(at), "stageTimestamp": iso(at),
        "requestURI": "/apis/projectcalico.org/v3/namespaces/shop/networkpolicies/db",
        "requestObject": policy if patch is None else patch,
        "responseObject": policy,
    }  # fmt: skip
    return json.dumps(told).encode() + b"\n"


async def raised(embedded: Embedded, clock: Clock, *events: bytes) -> list[Alert]:
    intake = Pipeline(embedded, clock=clock, networks=Networks(), limits=Limits(retention=None))
    intake.submit(b"".join(events), Form.AUDIT, "east", "test")
    clock.now += MINUTE
    await WindowRules(embedded).once()
    found = [one.alert for one in await embedded.logs.alerts_after(EVERYTHING, 0, 500)]
    return [one for one in found if one.rule == "A policy was opened"]


async def test_it_is_told_once_with_what_was_opened(embedded: Embedded, clock: Clock) -> None:
    made = event("create", [WEB], NOW - 3 * DAY)
    assert await raised(embedded, clock, made) == []
    opened = event("patch", [WEB, {"action": "Allow"}], clock.now - MINUTE, patch=[{"op": "add"}])
    (alert,) = await raised(embedded, clock, opened)
    assert alert.description.startswith("mallory changed networkpolicies shop/db from 203.0.113.9: ")
    assert "it allows ingress from anyone." in alert.description
    assert len(alert.evidence) == 1
    assert await raised(embedded, clock, opened) == [alert]
    again = event("update", [WEB, {"action": "Allow"}], clock.now - MINUTE)
    assert await raised(embedded, clock, again) == [alert], "it was open already"


async def test_what_was_refused_opened_nothing(embedded: Embedded, clock: Clock) -> None:
    assert await raised(embedded, clock, event("update", [{"action": "Allow"}], NOW - MINUTE, code=403)) == []


async def test_nobody_knows_how_it_was(embedded: Embedded, clock: Clock) -> None:
    (alert,) = await raised(embedded, clock, event("update", [{"action": "Allow"}], NOW - MINUTE))
    assert "allows ingress from anyone" in alert.description
