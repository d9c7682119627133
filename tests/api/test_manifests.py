"""Manifests over GraphQL: brought in whole or not at all, and read as of any time by whom it may be."""

import json
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from tapetum.api import ApiSettings, issue
from tapetum.domain.moments import iso
from tapetum.domain.scope import Scope
from tests.api.world import World, opened
from tests.support.factory import MINUTE, NOW

IMPORT = """mutation($cluster: String!, $manifests: [String!]!, $replace: Boolean! = false, $kinds: [String!],
  $remove: [ID!], $at: TimePoint! = "now") {
  importManifests(cluster: $cluster, manifests: $manifests, replace: $replace, kinds: $kinds, remove: $remove,
    at: $at) {
    manifests { added changed unchanged removed } problems { code message path } } }"""
FIELDS = "id cluster kind namespace name version { from until document origin by }"
LIST = f"""query($cluster: String!, $at: TimePoint! = "now", $kind: String, $namespace: String,
  $first: Int! = 50, $after: String) {{
  manifests(cluster: $cluster, at: $at, kind: $kind, namespace: $namespace, first: $first, after: $after) {{
    totalCount range {{ from }} nodes {{ {FIELDS} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
FIND = f"""query($id: ID!, $at: TimePoint! = "now") {{ manifest(id: $id, at: $at) {{ {FIELDS}
  history {{ from until document origin by }} }} }}"""

POLICY = """apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: web, namespace: shop, resourceVersion: "12", uid: abc}
spec: {selector: app == 'web', order: ORDER}
"""
TIER = "apiVersion: projectcalico.org/v3\nkind: Tier\nmetadata: {name: security}\nspec: {order: 100}\n"
OTHER = POLICY.replace("web", "db").replace("shop", "data").replace("ORDER", "5")
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"


def policy(order: int) -> str:
    return POLICY.replace("ORDER", str(order))


async def sent(world: World, *texts: str, token: str | None = None, **rest: Any) -> dict[str, Any]:
    asked = {"cluster": "east", "manifests": list(texts), **rest}
    return (await world.ask(IMPORT, asked, token))["importManifests"]


async def brought(world: World, *texts: str, token: str | None = None, **rest: Any) -> tuple[int, ...]:
    """Added, changed, unchanged, removed."""
    answer = await sent(world, *texts, token=token, **rest)
    assert answer["problems"] == []
    return tuple(answer["manifests"].values())


async def names(world: World, token: str | None = None, **rest: Any) -> list[str]:
    found = (await world.ask(LIST, {"cluster": "east", **rest}, token))["manifests"]
    assert int(found["totalCount"]) >= len(found["nodes"])
    return [each["name"] for each in found["nodes"]]


@pytest.fixture
def guarded() -> Generator[World]:
    with opened(ApiSettings(require_token=True)) as one:
        yield one


async def token(world: World, name: str, scope: Scope) -> str:
    made, secret = issue(name, scope, ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
    await world.context.catalog.add_token(made)
    return secret


async def test_manifests_are_brought_in_and_read_as_of_any_time(world: World) -> None:
    listed = json.dumps({"kind": "List", "apiVersion": "v1", "items": []})
    assert await brought(world, f"{TIER}---\n{policy(1)}", DEPLOYMENT, listed) == (2, 0, 0, 0)
    world.clock.now += MINUTE
    assert await brought(world, policy(2), TIER) == (0, 1, 1, 0)
    assert await brought(world, policy(2)) == (0, 0, 1, 0), "sent again it changes nothing"
    found = (await world.ask(LIST, {"cluster": "east"}))["manifests"]
    assert found["totalCount"] == "2"
    web, tier = found["nodes"]
    document = {
        "apiVersion": "projectcalico.org/v3",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"selector": "app == 'web'", "order": 2},
    }
    version = {
        "from": iso(NOW + MINUTE),
        "until": None,
        "document": document,
        "origin": "IMPORT",
        "by": None,
    }
    assert web == {
        "id": web["id"],
        "cluster": "east",
        "kind": "CalicoNetworkPolicy",
        "namespace": "shop",
        "name": "web",
        "version": version,
    }
    assert (tier["kind"], tier["namespace"]) == ("Tier", None)
    one = (await world.ask(FIND, {"id": web["id"], "at": iso(NOW)}))["manifest"]
    before = {
        **version,
        "from": iso(NOW),
        "until": iso(NOW + MINUTE),
        "document": {**document, "spec": {**document["spec"], "order": 1}},  # type: ignore[dict-item]
    }
    assert one == {**web, "version": before, "history": [version, before]}
    assert (await world.ask(FIND, {"id": web["id"], "at": "now-2m"}))["manifest"] is None
    assert await names(world, at="now-2m") == []
    node = await world.ask("query($id: ID!) { node(id: $id) { __typename id } }", {"id": web["id"]})
    assert node["node"] == {"__typename": "Manifest", "id": web["id"]}


async def test_a_replacing_import_removes_the_rest_from_then_on(world: World) -> None:
    await brought(world, TIER, policy(1), at="now-1h")
    assert await brought(world, TIER, replace=True) == (0, 0, 1, 1)
    assert await names(world) == ["security"]
    assert await names(world, at="now-1s") == ["web", "security"]
    key = (await world.ask(LIST, {"cluster": "east", "at": "now-1s"}))["manifests"]["nodes"][0]["id"]
    assert (await world.ask(FIND, {"id": key}))["manifest"] is None


async def test_one_kind_is_replaced_and_one_object_removed(world: World) -> None:
    await brought(world, TIER, policy(1), OTHER)
    found = (await world.ask(LIST, {"cluster": "east"}))["manifests"]["nodes"]
    ids = {each["name"]: each["id"] for each in found}
    world.clock.now += MINUTE
    assert await brought(world, OTHER, replace=True, kinds=["CalicoNetworkPolicy"]) == (0, 0, 1, 1)
    assert await names(world) == ["db", "security"]
    assert await brought(world, remove=[ids["db"], ids["web"]]) == (0, 0, 1, 1)
    assert await names(world) == ["security"]
    for remove in ("nothing", ids["db"]):
        (problem,) = (await sent(world, remove=[remove], cluster="west"))["problems"]
        assert (problem["code"], problem["path"]) == ("BAD_INPUT", "remove")


async def test_pages_go_on_as_of_the_same_time(world: World) -> None:
    await brought(world, TIER, policy(1), OTHER)
    first = (await world.ask(LIST, {"cluster": "east", "first": 2}))["manifests"]
    assert [each["name"] for each in first["nodes"]] == ["db", "web"]
    assert first["pageInfo"]["hasNextPage"]
    world.clock.now += MINUTE
    await brought(world, TIER, replace=True)
    rest = {"after": first["pageInfo"]["endCursor"]}
    assert await names(world, **rest) == ["security"]
    assert (await world.ask(LIST, {"cluster": "east", **rest}))["manifests"]["range"] == first["range"]
    assert await names(world, kind="Tier") == ["security"]
    assert await names(world, at=iso(NOW), namespace="data") == ["db"]
    assert (await world.refusal(LIST, {"cluster": "west", **rest}))[0] == "BAD_INPUT"
    assert (await world.refusal(LIST, {"cluster": "east", "first": 501}))[0] == "BAD_INPUT"
    assert (await world.refusal(FIND, {"id": "nothing"}))[0] == "BAD_INPUT"


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "path", "says"),
    [
        (BOMB, "manifests[1]", "aliases repeat more than"),
        ("{" * 1000, "manifests[1]", ""),
        (
            "kind: Wolf\napiVersion: v1\nmetadata: {name: x}",
            "manifests[1].kind",
            '"Wolf" of "v1" is not known',
        ),
        ("just a text", "manifests[1]", "it is not an object"),
        ("[1, 2]", "manifests[1]", "bare list"),
        ("a: 1\na: 2", "manifests[1]", '"a" is there twice'),
        ('{"kind": "Tier", "kind": "Tier"}', "manifests[1]", '"kind" is there twice'),
        ("!!python/object/apply:os.system [ls]", "manifests[1]", "has no meaning here"),
        (policy(1).replace("1", "[]"), "manifests[1].spec.order", "is not a number"),
        (policy(1).replace("app ==", "app = ="), "manifests[1].spec.selector", ""),
        (TIER.replace("{name: security}", "[]"), "manifests[1].metadata", ""),
        ("x" * (11 << 20), "manifests[1]", "10,485,760 are the most"),
        ("\u0000", "manifests[1]", ""),
    ],
    ids=lambda each: each[:20] if isinstance(each, str) else None,
)
async def test_one_bad_object_is_told_and_nothing_is_applied(
    world: World, text: str, path: str, says: str
) -> None:
    answer = await sent(world, TIER, text)
    assert answer["manifests"] is None
    (problem,) = answer["problems"]
    assert problem["code"] == "BAD_INPUT"
    assert problem["path"] == path
    assert says in problem["message"]
    assert problem["message"].startswith("manifests[1]")
    assert problem["message"].endswith(".")
    assert len(problem["message"]) < 500
    assert await names(world) == []


async def test_each_bad_object_has_its_problem_and_its_place(world: World) -> None:
    items = [{"apiVersion": "v1", "kind": "Wolf", "metadata": {"name": "w"}}] * 2
    texts = [
        f"{TIER}---\n{policy(1).replace('shop', 'S H')}---\nkind: Wolf\n",
        json.dumps({"kind": "List", "apiVersion": "v1", "items": items}),
        TIER,
    ]
    answer = await sent(world, *texts)
    told = [each["message"].split(": ")[0] for each in answer["problems"]]
    assert told == [
        "manifests[0], line 6",
        "manifests[0], line 11",
        "manifests[1], line 1, item 1",
        "manifests[1], line 1, item 2",
        "manifests[2], line 1",
    ]
    assert "given twice, first at manifests[0], line 1" in answer["problems"][-1]["message"]
    many = json.dumps({"kind": "List", "apiVersion": "v1", "items": items * 400})
    problems = (await sent(world, many))["problems"]
    assert len(problems) == 501
    assert problems[-1]["message"] == "300 more objects are wrong; correct these first."


@pytest.mark.parametrize(
    ("rest", "path"),
    [({"cluster": "no such/name"}, "cluster"), ({"at": "now+1m"}, "at"), ({"at": "soon"}, "at")],
)
async def test_arguments_are_checked(world: World, rest: dict[str, str], path: str) -> None:
    (problem,) = (await sent(world, TIER, **rest))["problems"]
    assert (problem["code"], problem["path"]) == ("BAD_INPUT", path)


async def test_a_caller_of_namespaces_changes_and_sees_theirs(guarded: World) -> None:
    everything = await token(guarded, "eve", Scope())
    shop = await token(guarded, "ann", Scope(frozenset({"east"}), frozenset({("east", "shop")})))
    west = await token(guarded, "wes", Scope(frozenset({"west"})))
    assert await brought(guarded, TIER, policy(1), OTHER, token=everything) == (3, 0, 0, 0)
    assert await names(guarded, shop) == ["web"]
    assert await names(guarded, west) == []
    answer = await sent(guarded, TIER, policy(2), OTHER, token=shop)
    assert answer["manifests"] is None
    assert [each["code"] for each in answer["problems"]] == ["NOT_ALLOWED"] * 2
    assert "Tier security of east is outside of what this token may see" in answer["problems"][0]["message"]
    (refused,) = (await sent(guarded, policy(2), token=west))["problems"]
    assert (refused["code"], refused["path"]) == ("NOT_ALLOWED", "cluster")
    guarded.clock.now += MINUTE
    assert await brought(guarded, policy(2), replace=True, token=shop) == (0, 1, 0, 0)
    assert await names(guarded, everything) == ["db", "web", "security"]
    found = (await guarded.ask(LIST, {"cluster": "east", "kind": "Tier"}, everything))["manifests"]["nodes"]
    assert found[0]["version"]["by"] == "eve"
    for of in (shop, west):
        assert (await guarded.ask(FIND, {"id": found[0]["id"]}, of))["manifest"] is None


async def test_only_imports_may_be_long(world: World) -> None:
    long = "# " + "x" * (1 << 20)
    assert await brought(world, f"{TIER}{long}") == (1, 0, 0, 0)
    async with world.client() as client:
        for query, variables in (
            (LIST, {"cluster": long}),
            ("{ __typename }", {"a": long}),
            (f"{{ __typename }} {long}", {}),
            (IMPORT, {"cluster": "east", "manifests": [TIER], "more": [[]] * 1_000_000}),
            (f"{IMPORT} {long}", {"cluster": "east", "manifests": [TIER]}),
        ):  # fmt: skip
            response = await client.post("/graphql", json={"query": query, "variables": variables})
            assert response.status_code == 413
        huge = {"cluster": "east", "manifests": ["x" * (17 << 20)]}
        response = await client.post("/graphql", json={"query": IMPORT, "variables": huge})
        assert response.status_code == 413
        assert "longer than 16777216 bytes" in response.text
