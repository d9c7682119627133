"""Alert rules over GraphQL: listed, saved, switched, deleted and imported, by whom it may be."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from tapetum.api import ApiSettings, issue
from tapetum.api.use.builtin import documents
from tapetum.domain.documents import DocumentKind
from tapetum.domain.identity import seal
from tapetum.domain.scope import Scope
from tests.api.world import World, opened

FIELDS = """id title document builtin editable shared owner version updatedBy enabled kind filter clusters
  severity level summary description technique tactic mitigations replacesBuiltin
  window { lookback period groupBy op field condition threshold clear hold }"""
LIST = f"query($kind: RecordKind) {{ alertRules(kind: $kind, limit: 1000) {{ {FIELDS} }} }}"
FIND = f"query($id: ID!) {{ alertRule(id: $id) {{ {FIELDS} }} node(id: $id) {{ id __typename }} }}"
CHANGE = f"{{ alertRule {{ {FIELDS} }} problems {{ code message path }} }}"
SAVE = f"""mutation($document: JSON!, $id: ID, $version: Int) {{
  saveAlertRule(document: $document, id: $id, version: $version) {CHANGE} }}"""
SWITCH = f"mutation($id: ID!, $enabled: Boolean!) {{ switchAlertRule(id: $id, enabled: $enabled) {CHANGE} }}"
DELETE = f"mutation($id: ID!, $version: Int) {{ deleteAlertRule(id: $id, version: $version) {CHANGE} }}"
IMPORT = """mutation($rules: [String!]!) { importAlertRules(rules: $rules) {
  alertRules { added changed unchanged } problems { code message path } } }"""

RULE: dict[str, Any] = {
    "format": 1,
    "title": "Lookups",
    "kind": "dns",
    "filter": "rcode: NXDomain",
    "severity": 75,
    "summary": "${value} by ${client_namespace}",
    "window": {
        "groupBy": ["client_namespace"],
        "metric": {"op": "sum", "field": "count"},
        "threshold": 5,
        "clear": 2,
    },
}
CALICO = """apiVersion: projectcalico.org/v3
kind: GlobalAlert
metadata: {name: ssh}
spec: {description: ssh, severity: 100, dataSet: flows, query: dest_port = 22}
"""


async def made(world: World, query: str, token: str | None = None, **variables: Any) -> Any:
    (answer,) = (await world.ask(query, variables, token)).values()
    assert answer["problems"] == []
    return answer["alertRule"]


async def problem(world: World, query: str, token: str | None = None, **variables: Any) -> Any:
    (answer,) = (await world.ask(query, variables, token)).values()
    thing, (found,) = answer.values()
    assert thing is None
    return found


async def listed(world: World, token: str | None = None, kind: str | None = None) -> dict[str, Any]:
    found = (await world.ask(LIST, {"kind": kind}, token))["alertRules"]
    assert len({each["id"] for each in found}) == len(found)
    return {each["id"]: each for each in found}


@pytest.fixture
def guarded() -> Generator[World]:
    with opened(ApiSettings(require_token=True)) as one:
        yield one


async def token(world: World, name: str, scope: Scope) -> str:
    made_, secret = issue(name, scope, ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
    await world.context.catalog.add_token(made_)
    return secret


@pytest.fixture
def builtin_id() -> str:
    return seal("alert_rule", min(documents(DocumentKind.ALERT_RULE)))


async def test_a_rule_is_saved_found_switched_and_deleted(world: World) -> None:
    rule = await made(world, SAVE, document=RULE)
    assert (rule["title"], rule["level"], rule["enabled"], rule["shared"]) == ("Lookups", "HIGH", True, True)
    assert (rule["builtin"], rule["editable"], rule["version"]) == (False, True, 1)
    assert rule["window"] == {
        "lookback": 600,
        "period": 60,
        "groupBy": ["client_namespace"],
        "op": "SUM",
        "field": "count",
        "condition": "GTE",
        "threshold": 5,
        "clear": 2,
        "hold": 0,
    }
    found = await world.ask(FIND, {"id": rule["id"]})
    assert found == {"alertRule": rule, "node": {"id": rule["id"], "__typename": "AlertRule"}}
    assert (await listed(world))[rule["id"]] == rule
    assert rule["id"] in await listed(world, kind="DNS")
    assert rule["id"] not in await listed(world, kind="FLOWS")
    off = await made(world, SWITCH, id=rule["id"], enabled=False)
    assert off == {
        **rule,
        "enabled": False,
        "version": 2,
        "document": {**rule["document"], "enabled": False},
    }
    assert await made(world, SWITCH, id=rule["id"], enabled=False) == off, "it is off already"
    stale = await problem(world, SAVE, document=RULE, id=rule["id"], version=1)
    assert (stale["code"], stale["path"]) == ("CONFLICT", "version")
    assert await made(world, DELETE, id=rule["id"], version=2) == off
    assert (await world.ask(FIND, {"id": rule["id"]}))["alertRule"] is None
    assert (await problem(world, SWITCH, id=rule["id"], enabled=True))["code"] == "NOT_FOUND"


async def test_one_of_the_product_is_saved_over_and_brought_back(world: World, builtin_id: str) -> None:
    before = await listed(world)
    ours = before[builtin_id]
    assert (ours["builtin"], ours["editable"], ours["version"]) == (True, True, 0)
    refused = await problem(world, DELETE, id=builtin_id)
    assert (refused["code"], refused["path"]) == ("NOT_ALLOWED", "id")
    assert "switch it off instead" in refused["message"]
    off = await made(world, SWITCH, id=builtin_id, enabled=False)
    assert (off["builtin"], off["replacesBuiltin"], off["version"], off["enabled"]) == (False, True, 1, False)
    after = await listed(world)
    assert list(after) == list(before), "it stands in its place"
    assert after[builtin_id] == off
    stale = await problem(world, SAVE, document=RULE, id=builtin_id, version=0)
    assert stale["code"] == "CONFLICT"
    other = await made(world, SAVE, document=RULE, id=builtin_id, version=1)
    assert (await listed(world, kind="DNS"))[builtin_id] == other
    await made(world, DELETE, id=builtin_id)
    assert await listed(world) == before


async def test_only_who_sees_everything_changes_rules(guarded: World, builtin_id: str) -> None:
    eve = await token(guarded, "eve", Scope())
    rule = await made(guarded, SAVE, eve, document={**RULE, "clusters": ["east", "west"]})
    assert (rule["owner"], rule["clusters"]) == ("eve", ["east", "west"])
    changes: list[tuple[str, dict[str, Any]]] = [
        (SAVE, {"document": RULE}),
        (SAVE, {"document": RULE, "id": rule["id"], "version": 1}),
        (SWITCH, {"id": builtin_id, "enabled": False}),
        (DELETE, {"id": rule["id"]}),
        (IMPORT, {"rules": [CALICO]}),
    ]
    for place, scope in enumerate((Scope(frozenset({"east"})), Scope(None, frozenset({("east", "shop")})))):
        limited = await token(guarded, "eve" if place else "ann", scope)
        for query, variables in changes:
            refused = await problem(guarded, query, limited, **variables)
            assert refused["code"] == "NOT_ALLOWED"
            assert "only a token without limits" in refused["message"]
        seen = (await listed(guarded, limited))[rule["id"]]
        assert (seen["clusters"], seen["document"]["clusters"], seen["editable"]) == (
            ["east"],
            ["east"],
            False,
        )
    north = await token(guarded, "north", Scope(frozenset({"north"})))
    assert rule["id"] not in await listed(guarded, north)
    assert (await guarded.ask(FIND, {"id": rule["id"]}, north)) == {"alertRule": None, "node": None}
    assert builtin_id in await listed(guarded, north), "what is for all clusters, everybody reads"
    ada = await token(guarded, "ada", Scope())
    assert (await made(guarded, SWITCH, ada, id=rule["id"], enabled=False))["owner"] == "eve"


async def test_an_import_is_kept_whole_or_not_at_all(world: World) -> None:
    before = await listed(world)
    wrong = CALICO.replace("dest_port", "port").replace("ssh}", "other}")
    answer = (await world.ask(IMPORT, {"rules": [CALICO, f"{wrong}---\na: ["]}))["importAlertRules"]
    assert answer["alertRules"] is None
    assert [(each["code"], each["path"]) for each in answer["problems"]] == [
        ("BAD_INPUT", "rules[1]"),
        ("BAD_INPUT", "rules[1].spec.query"),
    ]
    assert answer["problems"][1]["message"].startswith("rules[1], line 1: GlobalAlert other: spec.query: ")
    assert await listed(world) == before

    async def counts(*rules: str) -> Any:
        told = (await world.ask(IMPORT, {"rules": list(rules)}))["importAlertRules"]
        assert told["problems"] == []
        return tuple(told["alertRules"].values())

    assert await counts(CALICO, CALICO.replace("ssh}", "other}")) == (2, 0, 0)
    assert await counts(CALICO.replace("100", "50"), CALICO.replace("ssh}", "other}")) == (0, 1, 1)
    added = [each for key, each in (await listed(world)).items() if key not in before]
    assert [(each["title"], each["severity"], each["version"]) for each in added] == [
        ("other", 100, 1),
        ("ssh", 50, 2),
    ]
    assert await counts() == (0, 0, 0)


async def test_a_rule_that_does_not_fit_is_refused(world: World) -> None:
    found = await problem(world, SAVE, document={**RULE, "filter": "nix: 1"})
    assert (found["code"], found["path"]) == ("BAD_QUERY", "document.filter")
    for rest, path in (({"id": seal("alert_rule", "x")}, "version"), ({"version": 1}, "id")):
        assert (await problem(world, SAVE, document=RULE, **rest))["path"] == path
    for text in ("x", seal("dashboard", "x")):
        assert (await problem(world, DELETE, id=text))["path"] == "id"
    missing = seal("alert_rule", "nix")
    assert (await problem(world, DELETE, id=missing))["code"] == "NOT_FOUND"
    assert (await problem(world, SAVE, document=RULE, id=missing, version=0))["code"] == "NOT_FOUND"


async def test_an_import_may_be_larger_than_a_question(world: World) -> None:
    told = (await world.ask(IMPORT, {"rules": [f"{CALICO}# {'x' * 100_000}\n"]}))["importAlertRules"]
    assert told["alertRules"]["added"] == 1
