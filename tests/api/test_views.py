"""Saved views over GraphQL: what a page's address says, kept under a name, own and shared."""

from typing import Any

from tapetum.api import ApiSettings
from tests.api.test_saved import problem, token
from tests.api.world import World, opened

FIELDS = "id title description page search document builtin editable shared owner version"
SAVE = f"""mutation($document: JSON!, $id: ID, $version: Int, $shared: Boolean) {{
  saveView(document: $document, id: $id, version: $version, shared: $shared) {{
    view {{ {FIELDS} }} problems {{ code message path }} }} }}"""
DELETE = """mutation($id: ID!, $version: Int) {
  deleteView(id: $id, version: $version) { view { id } problems { code message path } } }"""
LIST = f"query($page: ViewPage) {{ views(page: $page) {{ {FIELDS} }} }}"
FIND = f"query($id: ID!) {{ view(id: $id) {{ {FIELDS} }} node(id: $id) {{ __typename }} }}"
SEARCH = {"from": "now-6h", "q": "dest_port : 5432", "open": ["a", "b"], "infra": "hidden"}
VIEW: dict[str, Any] = {"format": 1, "title": "Databases", "page": "graph", "search": SEARCH}


async def saved(world: World, document: object = VIEW, by: str | None = None, **rest: Any) -> Any:
    answer = (await world.ask(SAVE, {"document": document, **rest}, by))["saveView"]
    assert answer["problems"] == []
    return answer["view"]


async def test_a_view_is_saved_found_changed_and_deleted(world: World) -> None:
    view = await saved(world)
    assert view == {
        "id": view["id"],
        "title": "Databases",
        "description": "",
        "page": "GRAPH",
        "search": SEARCH,
        "document": {**VIEW, "description": ""},
        "builtin": False,
        "editable": True,
        "shared": False,
        "owner": None,
        "version": 1,
    }
    assert await world.ask(FIND, {"id": view["id"]}) == {"view": view, "node": {"__typename": "View"}}
    ring = await saved(world, {**VIEW, "page": "flows", "search": {"status": "denied"}})
    for page, found in ((None, [view, ring]), ("GRAPH", [view]), ("FLOWS", [ring])):
        listed = (await world.ask(LIST, {"page": page}))["views"]
        assert sorted(each["id"] for each in listed) == sorted(each["id"] for each in found)
    changed = await saved(world, {**VIEW, "search": {}}, id=view["id"], version=1, shared=True)
    assert (changed["search"], changed["shared"], changed["version"]) == ({}, True, 2)
    stale = await problem(world, SAVE, {"document": VIEW, "id": view["id"], "version": 1})
    assert (stale["code"], stale["path"]) == ("CONFLICT", "version")
    gone = (await world.ask(DELETE, {"id": view["id"], "version": 2}))["deleteView"]
    assert gone == {"view": {"id": view["id"]}, "problems": []}
    assert await world.ask(FIND, {"id": view["id"]}) == {"view": None, "node": None}


async def test_what_no_page_would_understand_is_refused(world: World) -> None:
    for search, path, says in (
        ({"colour": "red"}, "document.search", "no parameter 'colour'"),
        ({"q": "dest_prt : 5"}, "document.search.q", 'no field "dest_prt"'),
        ({"q": "a:("}, "document.search.q", "column"),
    ):
        found = await problem(world, SAVE, {"document": {**VIEW, "search": search}})
        assert found["path"] == path
        assert says in found["message"]
    assert (await world.ask(LIST))["views"] == []


async def test_a_view_is_its_owners_until_it_is_shared() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        ann, ben = await token(world, "ann"), await token(world, "ben")
        view = await saved(world, by=ann)
        assert (await world.ask(LIST, token=ben))["views"] == []
        assert (await problem(world, DELETE, {"id": view["id"]}, ben))["code"] == "NOT_FOUND"
        await saved(world, VIEW, ann, id=view["id"], version=1, shared=True)
        (seen,) = (await world.ask(LIST, token=ben))["views"]
        assert (seen["owner"], seen["editable"]) == ("ann", False)
        refused = await problem(world, SAVE, {"document": VIEW, "id": view["id"], "version": 2}, ben)
        assert refused["code"] == "NOT_ALLOWED"
        assert "This view is ann's; save a copy" in refused["message"]
