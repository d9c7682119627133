"""Clusters over GraphQL: what is stored of each, how its logs stand, who registers and sees it."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from tapetum.api import ApiSettings, issue
from tapetum.domain.batches import RecordKind
from tapetum.domain.identity import seal
from tapetum.domain.scope import EVERYTHING, Scope
from tests.api.world import OPEN, World, opened
from tests.support.factory import HOUR, MINUTE, NOW, SECOND, Bad, Flow
from tests.support.records import entry

FIELDS = """id name title colour description registered version editable updatedBy firstSeen lastSeen records
  rejected state lag rate kinds { kind records lastSeen }"""
LIST = f"{{ clusters {{ {FIELDS} }} }}"
SAVE = f"""mutation($id: ID!, $document: ClusterInput!, $version: Int) {{
  saveCluster(id: $id, document: $document, version: $version) {{
    cluster {{ {FIELDS} }} problems {{ code message path }} }} }}"""
DELETE = f"""mutation($id: ID!, $version: Int) {{ deleteCluster(id: $id, version: $version) {{
    cluster {{ {FIELDS} }} problems {{ code message path }} }} }}"""
NODE = "query($id: ID!) { node(id: $id) { id ... on Cluster { title state } } }"
PRODUCTION = {"title": "Production", "colour": "teal", "description": "Berlin"}


@pytest.fixture
def world() -> Generator[World]:
    with opened(OPEN) as one:
        yield one


async def done(world: World, query: str, token: str | None = None, **variables: Any) -> Any:
    (answer,) = (await world.ask(query, variables, token)).values()
    assert answer["problems"] == []
    return answer["cluster"]


async def refused(world: World, query: str, token: str | None = None, **variables: Any) -> Any:
    (answer,) = (await world.ask(query, variables, token)).values()
    assert answer["cluster"] is None
    (problem,) = answer["problems"]
    return problem


async def listed(world: World, token: str | None = None) -> dict[str, Any]:
    return {each["name"]: each for each in (await world.ask(LIST, None, token))["clusters"]}


async def test_a_cluster_without_registration_is_shown_as_its_logs_tell(world: World) -> None:
    world.commit([Flow(at=NOW - 5 * MINUTE), Flow(at=NOW - 14 * MINUTE), Flow(at=NOW - HOUR), Bad(b"{")])
    world.log(entry(RecordKind.DNS, NOW - 2 * MINUTE), entry(RecordKind.DNS, NOW - 3 * HOUR))
    (east,) = (await listed(world)).values()
    assert (east["title"], east["colour"], east["registered"], east["version"]) == ("east", None, False, 0)
    assert (east["records"], east["rejected"]) == ("5", "1")
    assert (east["state"], east["lag"]) == ("RECEIVING", 120)
    assert east["rate"] == pytest.approx(3 / 15)
    assert [(kind["kind"], kind["records"]) for kind in east["kinds"]] == [("FLOWS", "3"), ("DNS", "2")]
    assert east["kinds"][1]["lastSeen"] == east["lastSeen"]


async def test_states_follow_the_newest_record(world: World) -> None:
    for name, ago in (("late", 11 * MINUTE), ("silent", 2 * HOUR), ("ahead", -MINUTE)):
        world.commit([Flow(at=NOW - ago, cluster=name)], cluster=name)
    world.commit([Bad(b"{")], cluster="broken")
    await done(world, SAVE, id="coming", document={})
    found = await listed(world)
    assert {name: each["state"] for name, each in found.items()} == {
        "ahead": "RECEIVING",
        "broken": "NEVER",
        "coming": "NEVER",
        "late": "LATE",
        "silent": "SILENT",
    }
    assert (found["ahead"]["lag"], found["coming"]["lag"], found["silent"]["rate"]) == (0, None, 0)


async def test_a_cluster_is_registered_before_its_first_line(world: World) -> None:
    saved = await done(world, SAVE, id="east", document=PRODUCTION)
    assert (saved["name"], saved["title"], saved["colour"]) == ("east", "Production", "teal")
    assert (saved["description"], saved["registered"], saved["version"]) == ("Berlin", True, 1)
    assert (saved["records"], saved["state"], saved["kinds"]) == ("0", "NEVER", [])
    world.commit([Flow(at=NOW - SECOND)])
    east = (await listed(world))["east"]
    assert (east["title"], east["records"], east["state"]) == ("Production", "1", "RECEIVING")
    found = (await world.ask(NODE, {"id": saved["id"]}))["node"]
    assert found == {"id": saved["id"], "title": "Production", "state": "RECEIVING"}
    changed = await done(world, SAVE, id=saved["id"], document={"colour": "#aB0099"}, version=1)
    assert (changed["title"], changed["colour"], changed["version"]) == ("east", "#aB0099", 2)


async def test_removing_a_registration_keeps_what_is_stored(world: World) -> None:
    world.commit([Flow()])
    await done(world, SAVE, id="east", document=PRODUCTION)
    await done(world, SAVE, id="west", document=PRODUCTION)
    for name in ("east", "west"):
        gone = await done(world, DELETE, id=name, version=1)
        assert (gone["name"], gone["title"], gone["registered"]) == (name, name, False)
    assert [(each["name"], each["records"]) for each in (await listed(world)).values()] == [("east", "1")]
    problem = await refused(world, DELETE, id="east")
    assert (problem["code"], problem["path"]) == ("NOT_FOUND", "id")
    assert "not registered" in problem["message"]


async def test_stale_and_second_registrations_change_nothing(world: World) -> None:
    await done(world, SAVE, id="east", document=PRODUCTION)
    await done(world, SAVE, id="east", document={**PRODUCTION, "title": "Ours"}, version=1)
    for version in (None, 0, 1):
        problem = await refused(world, SAVE, id="east", document={"title": "Theirs"}, version=version)
        assert (problem["code"], problem["path"]) == ("CONFLICT", "version")
    assert (await refused(world, DELETE, id="east", version=1))["code"] == "CONFLICT"
    problem = await refused(world, SAVE, id="west", document={}, version=3)
    assert (problem["code"], problem["message"][:22]) == ("NOT_FOUND", "west is not registered")
    assert (await listed(world))["east"]["title"] == "Ours"


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"id": "a b", "document": {}}, "id"),
        ({"id": "x" * 64, "document": {}}, "id"),
        ({"id": seal("dashboard", "d1"), "document": {}}, "id"),
        ({"id": "east", "document": {"colour": "red"}}, "document"),
        ({"id": "east", "document": {"title": "x" * 121}}, "document.title"),
        ({"id": "east", "document": {"description": "x" * 2001}}, "document.description"),
    ],
)
async def test_refusals_are_sentences(world: World, told: dict[str, Any], path: str) -> None:
    problem = await refused(world, SAVE, **told)
    assert (problem["code"], problem["path"]) == ("BAD_INPUT", path)
    assert await listed(world) == {}


async def test_only_who_may_see_a_cluster_sees_it_and_who_sees_all_changes_it() -> None:
    with opened(ApiSettings()) as world:
        token, secret = issue(
            "admin", EVERYTHING, ingest=False, lifetime=timedelta(hours=1), clock=world.clock
        )
        await world.context.catalog.add_token(token)
        for name in ("east", "west"):
            await done(world, SAVE, secret, id=name, document=PRODUCTION)
        east = await world.token(Scope(frozenset({"east"})))
        shop = await world.token(Scope(None, frozenset({("west", "shop")})))
        assert list(await listed(world, secret)) == ["east", "west"]
        assert [each["editable"] for each in (await listed(world, secret)).values()] == [True, True]
        (seen,) = (await listed(world, east)).values()
        assert (seen["name"], seen["title"], seen["editable"]) == ("east", "Production", False)
        for token, may in ((secret, True), (east, False)):
            assert (await world.ask("{ mayRegisterClusters }", token=token))["mayRegisterClusters"] is may
        assert list(await listed(world, shop)) == ["west"]
        for limited in (east, shop):
            problem = await refused(world, SAVE, limited, id="east", document={}, version=1)
            assert problem["code"] == "NOT_ALLOWED"
            assert (await refused(world, DELETE, limited, id="east"))["code"] == "NOT_ALLOWED"
        hidden = (await listed(world, secret))["west"]["id"]
        assert (await world.ask(NODE, {"id": hidden}, east))["node"] is None
