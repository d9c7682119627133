"""Layers over GraphQL: nodes and flows under a name, kept as saved views are."""

from typing import Any

from tapetum.api import ApiSettings
from tests.api.test_saved import problem, token
from tests.api.world import World, opened

FIELDS = "id title description members { kind name namespace cluster } filter document owner shared version"
SAVE = f"""mutation($document: JSON!, $id: ID, $version: Int, $shared: Boolean) {{
  saveLayer(document: $document, id: $id, version: $version, shared: $shared) {{
    layer {{ {FIELDS} }} problems {{ code message path }} }} }}"""
DELETE = """mutation($id: ID!, $version: Int) {
  deleteLayer(id: $id, version: $version) { layer { id } problems { code message path } } }"""
LIST = f"{{ layers {{ {FIELDS} }} }}"
FIND = f"query($id: ID!) {{ layer(id: $id) {{ {FIELDS} }} node(id: $id) {{ __typename }} }}"
MEMBERS = [
    {"kind": "namespace", "name": "shop-*"},
    {"kind": "workload", "namespace": "data", "name": "orders-db", "cluster": "east"},
]
LAYER: dict[str, Any] = {"format": 1, "title": "Payments", "members": MEMBERS}


async def saved(world: World, document: object = LAYER, by: str | None = None, **rest: Any) -> Any:
    answer = (await world.ask(SAVE, {"document": document, **rest}, by))["saveLayer"]
    assert answer["problems"] == []
    return answer["layer"]


async def test_a_layer_is_saved_found_changed_and_deleted(world: World) -> None:
    layer = await saved(world)
    assert layer == {
        "id": layer["id"],
        "title": "Payments",
        "description": "",
        "members": [
            {"kind": "NAMESPACE", "name": "shop-*", "namespace": None, "cluster": None},
            {"kind": "WORKLOAD", "name": "orders-db", "namespace": "data", "cluster": "east"},
        ],
        "filter": None,
        "document": {
            **LAYER,
            "description": "",
            "members": [{"namespace": None, "cluster": None, **each} for each in MEMBERS],
            "filter": "",
        },
        "owner": None,
        "shared": False,
        "version": 1,
    }
    assert await world.ask(FIND, {"id": layer["id"]}) == {"layer": layer, "node": {"__typename": "Layer"}}
    assert (await world.ask(LIST))["layers"] == [layer]
    over = {**LAYER, "title": "Names", "members": [], "filter": "dest_port : 53"}
    changed = await saved(world, over, id=layer["id"], version=1)
    assert (changed["title"], changed["members"], changed["filter"]) == ("Names", [], "dest_port : 53")
    stale = await problem(world, SAVE, {"document": LAYER, "id": layer["id"], "version": 1})
    assert (stale["code"], stale["path"]) == ("CONFLICT", "version")
    gone = (await world.ask(DELETE, {"id": layer["id"], "version": 2}))["deleteLayer"]
    assert gone == {"layer": {"id": layer["id"]}, "problems": []}
    assert await world.ask(FIND, {"id": layer["id"]}) == {"layer": None, "node": None}


async def test_a_filter_that_fits_no_flow_is_refused(world: World) -> None:
    for filter_text, says in (("dest_prt : 5", 'no field "dest_prt"'), ("a:(", "column")):
        found = await problem(world, SAVE, {"document": {**LAYER, "filter": filter_text}})
        assert found["path"] == "document.filter"
        assert says in found["message"]
    assert (await world.ask(LIST))["layers"] == []


async def test_a_layer_is_its_owners_until_it_is_shared() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        ann, ben = await token(world, "ann"), await token(world, "ben")
        layer = await saved(world, by=ann)
        assert (await world.ask(LIST, token=ben))["layers"] == []
        assert (await problem(world, DELETE, {"id": layer["id"]}, ben))["code"] == "NOT_FOUND"
        await saved(world, LAYER, ann, id=layer["id"], version=1, shared=True)
        (seen,) = (await world.ask(LIST, token=ben))["layers"]
        assert seen["owner"] == "ann"
        refused = await problem(world, SAVE, {"document": LAYER, "id": layer["id"], "version": 2}, ben)
        assert refused["code"] == "NOT_ALLOWED"
        assert "This layer is ann's; save a copy" in refused["message"]
