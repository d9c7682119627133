"""Dashboards and presets over GraphQL: saved, shared, copied, exported and imported, by whom it may be."""

from collections.abc import Generator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tapetum.api import ApiSettings, issue
from tapetum.domain.documents import MOST_BYTES
from tapetum.domain.identity import seal
from tapetum.domain.moments import iso
from tapetum.domain.scope import Scope
from tests.api.world import World, opened
from tests.support.factory import MINUTE, NOW

FIELDS = "id title document builtin editable shared owner version createdAt updatedAt updatedBy"
SAVE = f"""mutation($document: JSON!, $id: ID, $version: Int, $shared: Boolean) {{
  saveDashboard(document: $document, id: $id, version: $version, shared: $shared) {{
    dashboard {{ {FIELDS} description }} problems {{ code message path }} }} }}"""
DELETE = f"""mutation($id: ID!, $version: Int) {{
  deleteDashboard(id: $id, version: $version) {{
    dashboard {{ {FIELDS} description }} problems {{ code message path }} }} }}"""
FIND = f"query($id: ID!) {{ dashboard(id: $id) {{ {FIELDS} description }} }}"
LIST = f"{{ dashboards(limit: 1000) {{ {FIELDS} description }} }}"
SAVE_PRESET = f"""mutation($document: JSON!, $id: ID, $version: Int, $shared: Boolean) {{
  savePreset(document: $document, id: $id, version: $version, shared: $shared) {{
    preset {{ {FIELDS} kind question explanation }} problems {{ code message path }} }} }}"""

WIDGET = {
    "id": "a",
    "title": "Connections",
    "kind": "bars",
    "place": {"x": 0, "y": 0, "w": 6, "h": 4},
    "query": {
        "kind": "flows",
        "filter": "action: allow",
        "groupBy": ["dest_namespace"],
        "metrics": [{"op": "sum", "field": "num_flows_started"}],
    },
}
BOARD: dict[str, Any] = {"format": 1, "title": "Ours", "widgets": [WIDGET]}
PRESET: dict[str, Any] = {
    "format": 1,
    "title": "Denied",
    "question": "What was denied?",
    "kind": "flows",
    "filter": "action: deny",
    "columns": ["start_time", "dest_port"],
    "orderBy": {"field": "start_time"},
}


def board(**widget: Any) -> dict[str, Any]:
    return {**BOARD, "widgets": [{**deepcopy(WIDGET), **widget}]}


async def saved(world: World, document: object = BOARD, token: str | None = None, **rest: Any) -> Any:
    answer = (await world.ask(SAVE, {"document": document, **rest}, token))["saveDashboard"]
    assert answer["problems"] == []
    return answer["dashboard"]


async def problem(
    world: World, query: str, variables: dict[str, Any], token: str | None = None
) -> dict[str, Any]:
    """The only one, of a mutation that changed nothing."""
    (answer,) = (await world.ask(query, variables, token)).values()
    thing, (found,) = answer.values()
    assert thing is None
    assert found["message"].endswith((".", "?"))
    assert "\n" not in found["message"]
    return found


@pytest.fixture
def guarded() -> Generator[World]:
    with opened(ApiSettings(require_token=True)) as one:
        yield one


async def token(world: World, name: str, scope: Scope | None = None) -> str:
    given = Scope(frozenset({"east"})) if scope is None else scope
    made, secret = issue(name, given, ingest=False, lifetime=timedelta(hours=1), clock=world.clock)
    await world.context.catalog.add_token(made)
    return secret


async def test_a_dashboard_is_saved_found_and_listed(world: World) -> None:
    dashboard = await saved(world)
    assert dashboard["document"] == {
        "format": 1,
        "title": "Ours",
        "description": "",
        "range": None,
        "variables": [],
        "widgets": [
            {
                **WIDGET,
                "description": "",
                "unit": "count",
                "drill": None,
                "calendar": None,
                "query": {
                    **WIDGET["query"],  # type: ignore[dict-item]
                    "metrics": [{"op": "sum", "field": "num_flows_started", "label": None, "unit": None}],
                    "interval": None,
                    "limit": 10,
                    "reporters": "combined",
                },
            }
        ],
    }
    del dashboard["document"]
    assert dashboard == {
        "id": dashboard["id"],
        "title": "Ours",
        "builtin": False,
        "editable": True,
        "shared": False,
        "owner": None,
        "version": 1,
        "createdAt": iso(NOW),
        "updatedAt": iso(NOW),
        "updatedBy": None,
        "description": "",
    }
    found = (await world.ask(FIND, {"id": dashboard["id"]}))["dashboard"]
    assert (await world.ask(LIST))["dashboards"][-1] == found
    node = await world.ask(
        "query($id: ID!) { node(id: $id) { __typename id ... on SavedDocument { title } } }",
        {"id": dashboard["id"]},
    )
    assert node["node"] == {"__typename": "Dashboard", "id": dashboard["id"], "title": "Ours"}


async def test_what_is_exported_can_be_imported(world: World) -> None:
    first = await saved(world)
    again = await saved(world, first["document"])
    assert again["document"] == first["document"]
    assert again["id"] != first["id"]


async def test_a_change_is_made_to_the_version_that_was_read(world: World) -> None:
    first = await saved(world, shared=True)
    world.clock.now += MINUTE
    second = await saved(world, {**BOARD, "title": "Better"}, id=first["id"], version=1)
    assert (second["id"], second["title"], second["version"]) == (first["id"], "Better", 2)
    assert second["shared"], "it stays shared unless told"
    assert (second["createdAt"], second["updatedAt"]) == (iso(NOW), iso(NOW + MINUTE))
    stale = await problem(world, SAVE, {"document": BOARD, "id": first["id"], "version": 1})
    assert (stale["code"], stale["path"]) == ("CONFLICT", "version")
    assert "is at version 2, not 1; read it again" in stale["message"]
    assert (await problem(world, DELETE, {"id": first["id"], "version": 1}))["code"] == "CONFLICT"
    assert (await world.ask(FIND, {"id": first["id"]}))["dashboard"] == second
    private = await saved(world, second["document"], id=first["id"], version=2, shared=False)
    assert not private["shared"]
    removed = (await world.ask(DELETE, {"id": first["id"], "version": 3}))["deleteDashboard"]
    assert removed == {"dashboard": private, "problems": []}
    assert (await world.ask(FIND, {"id": first["id"]})) == {"dashboard": None}
    assert (await problem(world, DELETE, {"id": first["id"]}))["code"] == "NOT_FOUND"


async def test_an_id_and_a_version_come_together(world: World) -> None:
    dashboard = await saved(world)
    for rest, path in (({"id": dashboard["id"]}, "version"), ({"version": 1}, "id")):
        found = await problem(world, SAVE, {"document": BOARD, **rest})
        assert (found["code"], found["path"]) == ("BAD_INPUT", path)


@pytest.mark.parametrize(
    ("document", "path", "says"),
    [
        ("text", "document", "expected `object`, got `str`"),
        ([], "document", "expected `object`, got `array`"),
        (None, None, None),
        ({**BOARD, "format": 2}, "document.format", "not one of 1"),
        ({"format": 1, "widgets": []}, "document", "missing required field `title`"),
        ({**BOARD, "colour": "red"}, "document", "unknown field `colour`"),
        ({**BOARD, "title": "a\nb"}, "document", "characters that cannot be shown"),
        ({**BOARD, "title": "t" * 121}, "document.title", "length <= 120"),
        ({**BOARD, "widgets": [WIDGET, WIDGET]}, "document", "widgets has 'a' 2 times"),
        (board(kind="donut"), "document.widgets[0].kind", "not one of number, timeseries, bars"),
        (board(place={"x": 8, "y": 0, "w": 6, "h": 4}), "document.widgets[0].place", "x + w is 14"),
        (board(unit="parsecs"), "document.widgets[0].unit", "bytes/s"),
        (board(drill="dest_prt: 5"), "document.widgets[0].drill", 'no field "dest_prt"'),
        (board(query={**WIDGET["query"], "filter": "a:("}), "document.widgets[0].query.filter", "column"),  # type: ignore[dict-item]
        (
            board(query={**WIDGET["query"], "groupBy": ["dest_nmespace"]}),  # type: ignore[dict-item]
            "document.widgets[0].query.groupBy[0]",
            "did you mean dest_namespace?",
        ),
        (
            board(query={**WIDGET["query"], "groupBy": ["policies"]}),  # type: ignore[dict-item]
            "document.widgets[0].query.groupBy[0]",
            "holds objects",
        ),
        (
            board(query={**WIDGET["query"], "metrics": [{"op": "sum", "field": "dest_name"}]}),  # type: ignore[dict-item]
            "document.widgets[0].query.metrics[0]",
            "it has no sum",
        ),
        (
            board(query={**WIDGET["query"], "metrics": [{"op": "max", "field": "dest_name"}]}),  # type: ignore[dict-item]
            "document.widgets[0].query.metrics[0]",
            "it has no max",
        ),
        (
            board(
                query={
                    **WIDGET["query"],
                    "kind": "dns",
                    "filter": "",
                    "groupBy": ["qtype", "rrsets.type"],  # type: ignore[dict-item]
                    "metrics": [{"op": "sum", "field": "count"}],
                }
            ),
            "document.widgets[0].query.groupBy",
            "grouped by the parts of one list of objects alone",
        ),
        (
            {**BOARD, "variables": [{"name": "n", "title": "N", "fields": {"flows": ["nope"]}}]},
            "document.variables[0].fields.flows[0]",
            "no field 'nope'",
        ),
    ],
)
async def test_a_document_that_does_not_fit_is_refused_where_it_does_not(
    world: World, document: object, path: str | None, says: str | None
) -> None:
    if says is None:
        assert (await world.refusal(SAVE, {"document": document}))[0] == "BAD_INPUT"
    else:
        found = await problem(world, SAVE, {"document": document})
        assert found["code"] in ("BAD_INPUT", "BAD_QUERY")
        assert found["path"] == path
        assert found["message"].startswith(f"{path}: ")
        assert says in found["message"]
    assert [each for each in (await world.ask(LIST))["dashboards"] if not each["builtin"]] == []


async def test_directed_measures_of_flows_are_numbers(world: World) -> None:
    query = {**WIDGET["query"], "metrics": [{"op": "sum", "field": "bytes_to_target"}]}  # type: ignore[dict-item]
    assert await saved(world, board(query=query))
    query |= {"kind": "alerts", "filter": "", "groupBy": ["rule"]}
    assert (
        "no field 'bytes_to_target'"
        in (await problem(world, SAVE, {"document": board(query=query)}))["message"]
    )


async def test_own_and_shared_dashboards_are_seen(guarded: World) -> None:
    ann, ben = await token(guarded, "ann"), await token(guarded, "ben")
    eve, renewed = await token(guarded, "eve", Scope()), await token(guarded, "ann")
    private = await saved(guarded, token=ann)
    shared = await saved(guarded, {**BOARD, "title": "Shared"}, token=ann, shared=True)
    assert (private["owner"], private["updatedBy"]) == ("ann", "ann")

    async def seen(by: str) -> list[tuple[str, bool]]:
        found = (await guarded.ask(LIST, token=by))["dashboards"]
        return [(each["title"], each["editable"]) for each in found if not each["builtin"]]

    assert await seen(ann) == await seen(renewed) == [("Ours", True), ("Shared", True)]
    assert await seen(ben) == [("Shared", False)]
    assert await seen(eve) == [("Shared", True)], "who sees all data changes what is shared"
    for asker in (ben, eve):
        assert (await guarded.ask(FIND, {"id": private["id"]}, asker)) == {"dashboard": None}
        for query in (SAVE, DELETE):
            asked = {"id": private["id"], "version": 1, "document": BOARD}
            if query is DELETE:
                del asked["document"]
            assert (await problem(guarded, query, asked, asker))["code"] == "NOT_FOUND"
    theirs = {"document": BOARD, "id": shared["id"], "version": 1}
    refused = await problem(guarded, SAVE, theirs, ben)
    assert (refused["code"], refused["path"]) == ("NOT_ALLOWED", "id")
    assert "is ann's; save a copy" in refused["message"]
    changed = await saved(guarded, token=eve, id=shared["id"], version=1)
    assert (changed["owner"], changed["updatedBy"], changed["version"]) == ("ann", "eve", 2)


async def test_a_token_keeps_its_own_on_an_open_server(world: World) -> None:
    ann = await token(world, "ann")
    await saved(world, {**BOARD, "title": "Hers"}, token=ann)
    await saved(world, {**BOARD, "title": "Anybody's"})
    for by, titles in ((None, ["Anybody's"]), (ann, ["Hers"])):
        found = (await world.ask(LIST, token=by))["dashboards"]
        assert [each["title"] for each in found if not each["builtin"]] == titles


async def test_builtin_ones_come_first_and_stay_as_they_are(world: World) -> None:
    await saved(world, {**BOARD, "title": " first by title"})
    found = (await world.ask(LIST))["dashboards"]
    builtin = [each for each in found if each["builtin"]]
    assert builtin
    assert found[: len(builtin)] == builtin
    assert len(found) == len(builtin) + 1
    assert [each["title"] for each in builtin] == sorted(each["title"] for each in builtin)
    one = builtin[0]
    assert (one["editable"], one["owner"], one["version"], one["createdAt"]) == (False, None, 0, None)
    for query, asked in ((SAVE, {"document": BOARD, "version": 0}), (DELETE, {})):
        refused = await problem(world, query, {"id": one["id"], **asked})
        assert refused["code"] == "NOT_ALLOWED"
        assert "save a copy" in refused["message"]
    copied = await saved(world, one["document"])
    assert (copied["builtin"], copied["title"], copied["editable"]) == (False, one["title"], True)
    assert len((await world.ask("{ dashboards(limit: 2) { id } }"))["dashboards"]) == 2


async def test_presets_are_saved_and_listed_by_kind(world: World) -> None:
    answer = (await world.ask(SAVE_PRESET, {"document": PRESET}))["savePreset"]
    assert answer["problems"] == []
    preset = answer["preset"]
    assert (preset["kind"], preset["question"], preset["explanation"]) == ("FLOWS", "What was denied?", "")
    listed = "query($kind: RecordKind) { presets(kind: $kind) { id kind builtin } }"
    for kind, holds in ((None, True), ("FLOWS", True), ("ALERTS", False)):
        found = (await world.ask(listed, {"kind": kind}))["presets"]
        assert (preset["id"] in [each["id"] for each in found]) is holds
        assert kind is None or {each["kind"] for each in found} <= {kind}
    again = await world.ask(
        "query($id: ID!) { preset(id: $id) { title } node(id: $id) { __typename } }", {"id": preset["id"]}
    )
    assert again == {"preset": {"title": "Denied"}, "node": {"__typename": "Preset"}}
    delete = "mutation($id: ID!) { deletePreset(id: $id) { preset { id } problems { code } } }"
    assert (await world.ask(delete, {"id": preset["id"]}))["deletePreset"]["preset"] == {"id": preset["id"]}
    wrong = await problem(world, SAVE_PRESET, {"document": {**PRESET, "columns": ["start_time", "nope"]}})
    assert wrong["path"] == "document.columns[1]"
    wrong = await problem(world, SAVE_PRESET, {"document": {**PRESET, "orderBy": {"field": "policies"}}})
    assert wrong["path"] == "document.orderBy.field"


async def test_ids_of_other_things_are_refused(world: World) -> None:
    dashboard = await saved(world)
    raw_id = dashboard["id"]
    for text in ("", "x", seal("preset", "x"), seal("dashboard", 5), seal("dashboard")):
        assert (await problem(world, DELETE, {"id": text}))["path"] == "id"
        assert (await world.refusal(FIND, {"id": text}))[0] == "BAD_INPUT"
    assert (await world.refusal("query($id: ID!) { preset(id: $id) { id } }", {"id": raw_id}))[
        0
    ] == "BAD_INPUT"
    for text in (seal("dashboard", "nothing"), seal("preset", "nothing")):
        assert await world.ask("query($id: ID!) { node(id: $id) { id } }", {"id": text}) == {"node": None}


async def test_a_long_document_is_refused_with_its_size(world: World) -> None:
    """As a request of that size is refused before it is read, the API's own limit is raised here."""
    limits = replace(world.context.settings.limits, request_bytes=10 * MOST_BYTES)
    settings = replace(world.context.settings, limits=limits)
    with opened(settings) as roomy:
        found = await problem(roomy, SAVE, {"document": {**BOARD, "description": "d" * MOST_BYTES}})
    assert found["code"] == "TOO_LARGE"
    assert str(MOST_BYTES) in found["message"]


async def test_several_mutations_run_in_order(world: World) -> None:
    query = """mutation($one: JSON!, $two: JSON!) {
      a: saveDashboard(document: $one) { dashboard { title } problems { code } }
      b: saveDashboard(document: $two) { dashboard { title } problems { code } } }"""
    answer = await world.ask(query, {"one": {"format": 1}, "two": BOARD})
    assert answer["a"] == {"dashboard": None, "problems": [{"code": "BAD_INPUT"}]}
    assert answer["b"] == {"dashboard": {"title": "Ours"}, "problems": []}
