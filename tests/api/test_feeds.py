"""Feeds over GraphQL: saved, uploaded, refreshed, shown with their state, by whom it may be."""

from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest

from tapetum.api import ApiSettings, issue
from tapetum.domain.documents import DocumentKind
from tapetum.domain.feeds import FeedState
from tapetum.domain.scope import EVERYTHING, Scope
from tapetum.policy.resources.manifests import read_manifests
from tests.api.world import OPEN, World, opened
from tests.support.factory import NOW

FIELDS = """id title document version category severity enabled url updatedAt checkedAt fetchedAt nextAt
  failure pending networks domains leftOut refused { place text reason } shared editable"""
SAVE = f"""mutation($document: JSON!, $id: ID, $version: Int) {{
  saveFeed(document: $document, id: $id, version: $version) {{
    feed {{ {FIELDS} }} problems {{ code message path }} }} }}"""
_CHANGE = f"{{ feed {{ {FIELDS} }} problems {{ code message path }} }}"
DELETE = f"mutation($id: ID!) {{ deleteFeed(id: $id) {_CHANGE} }}"
REFRESH = f"mutation($id: ID!) {{ refreshFeed(id: $id) {_CHANGE} }}"
UPLOAD = f"""mutation($id: ID!, $content: String!) {{
  uploadFeed(id: $id, content: $content) {{ feed {{ {FIELDS} }} problems {{ code message path }} }} }}"""
LIST = f"query($category: String) {{ feeds(category: $category) {{ {FIELDS} }} }}"
LISTED = "query($id: ID!, $with: String!) { feed(id: $id) { indicators(containing: $with) } }"
NETWORK_SET = "query($id: ID!) { feed(id: $id) { networkSet } }"

UPLOADED: dict[str, Any] = {"format": 1, "title": "Our list", "category": "malware", "severity": 90}
FETCHED: dict[str, Any] = {
    **UPLOADED,
    "title": "Tor exits",
    "category": "tor",
    "url": "https://tor.example/x",
}
CONTENT = "203.0.113.7\n198.51.100.0/24\n2001:db8::1\nBad.Example.\n(a+)+\n"


@pytest.fixture
def world() -> Generator[World]:
    with opened(OPEN) as one:
        yield one


async def done(world: World, query: str, token: str | None = None, **variables: Any) -> Any:
    (answer,) = (await world.ask(query, variables, token)).values()
    assert answer["problems"] == []
    return answer["feed"]


async def refused(world: World, query: str, token: str | None = None, **variables: Any) -> Any:
    (answer,) = (await world.ask(query, variables, token)).values()
    assert answer["feed"] is None
    (problem,) = answer["problems"]
    assert problem["message"].endswith(".")
    return problem


async def test_a_feed_is_saved_uploaded_and_shown(world: World) -> None:
    saved = await done(world, SAVE, document=UPLOADED)
    assert (saved["title"], saved["category"], saved["severity"], saved["url"]) == (
        "Our list",
        "malware",
        90,
        None,
    )
    assert saved["nextAt"] is None
    assert (saved["networks"], saved["fetchedAt"], saved["failure"], saved["shared"]) == (0, None, None, True)
    loaded = await done(world, UPLOAD, id=saved["id"], content=CONTENT)
    assert (loaded["networks"], loaded["domains"], loaded["leftOut"]) == (3, 1, 1)
    assert loaded["refused"][0]["place"] == 5
    assert loaded["fetchedAt"] is not None
    assert (await world.ask(LIST))["feeds"] == [loaded]
    assert (await world.ask(LIST, {"category": "tor"}))["feeds"] == []
    found = await world.ask(LISTED, {"id": saved["id"], "with": ""})
    assert found["feed"]["indicators"] == ["198.51.100.0/24", "2001:db8::1", "203.0.113.7", "bad.example"]
    found = await world.ask(LISTED, {"id": saved["id"], "with": "BAD"})
    assert found["feed"]["indicators"] == ["bad.example"]


async def test_an_upload_that_is_no_list_leaves_what_was(world: World) -> None:
    feed_id = (await done(world, SAVE, document=UPLOADED))["id"]
    loaded = await done(world, UPLOAD, id=feed_id, content=CONTENT)
    problem = await refused(world, UPLOAD, id=feed_id, content="<html>")
    assert (problem["code"], problem["path"]) == ("BAD_INPUT", "content")
    assert (await world.ask(LIST))["feeds"] == [loaded]


async def test_a_large_upload_is_taken(world: World) -> None:
    feed_id = (await done(world, SAVE, document=UPLOADED))["id"]
    content = "\n".join(
        f"198.{18 + place // 65536}.{place // 256 % 256}.{place % 256}" for place in range(100_000)
    )
    assert (await done(world, UPLOAD, id=feed_id, content=content))["networks"] == 100_000


async def test_uploads_and_refreshes_are_for_feeds_of_their_kind(world: World) -> None:
    uploaded = (await done(world, SAVE, document=UPLOADED))["id"]
    fetched = (await done(world, SAVE, document=FETCHED))["id"]
    off = (await done(world, SAVE, document={**FETCHED, "enabled": False}))["id"]
    assert (
        "fetched from its address" in (await refused(world, UPLOAD, id=fetched, content=CONTENT))["message"]
    )
    assert "upload its content" in (await refused(world, REFRESH, id=uploaded))["message"]
    assert "switched off" in (await refused(world, REFRESH, id=off))["message"]
    gone = (await done(world, DELETE, id=fetched))["id"]
    assert (await refused(world, REFRESH, id=gone))["code"] == "NOT_FOUND"


async def test_a_refresh_is_noted_and_a_failure_shown(world: World) -> None:
    feed_id = (await done(world, SAVE, document=FETCHED))["id"]
    (document,) = await world.context.catalog.documents(EVERYTHING, None, DocumentKind.FEED, None, 9)
    state = FeedState(document.id, checked_at=NOW, failure="The server answered 500.")
    await world.context.catalog.keep_feed(EVERYTHING, 1, state, None)
    (shown,) = (await world.ask(LIST))["feeds"]
    assert shown["nextAt"] is not None
    shown = await done(world, REFRESH, id=feed_id)
    assert shown["nextAt"] <= shown["updatedAt"], "at once"
    assert (shown["pending"], shown["failure"], shown["fetchedAt"]) == (
        True,
        "The server answered 500.",
        None,
    )


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"title": " "}, "document.title"),
        ({"url": "ftp://a.example/"}, "document.url"),
        ({"url": "https://me:secret@a.example/"}, "document.url"),
        ({"url": "https://a.example/\n"}, "document.url"),
        ({"form": "csv"}, "document.column"),
        ({"column": "ip"}, "document.column"),
        ({"form": "xml"}, "document.form"),
        ({"severity": 0}, "document.severity"),
        ({"category": "Tor!"}, "document.category"),
        ({"category": "tor\n"}, "document.category"),
        ({"category": "a" * 41}, "document.category"),
        ({"refreshMinutes": 1}, "document.refreshMinutes"),
        ({"other": 1}, "document"),
    ],
    ids=str,
)
async def test_what_is_no_feed_is_refused(world: World, change: dict[str, Any], path: str) -> None:
    problem = await refused(world, SAVE, document={**UPLOADED, **change})
    assert (problem["code"], problem["path"]) == ("BAD_INPUT", path)
    assert "docs/feeds.md" in problem["message"]


async def test_a_stale_save_is_refused(world: World) -> None:
    saved = await done(world, SAVE, document=UPLOADED)
    await done(world, SAVE, document={**UPLOADED, "severity": 10}, id=saved["id"], version=1)
    assert (await refused(world, SAVE, document=UPLOADED, id=saved["id"], version=1))["code"] == "CONFLICT"


async def test_a_feed_becomes_a_network_set(world: World) -> None:
    feed_id = (await done(world, SAVE, document=UPLOADED))["id"]
    await done(world, UPLOAD, id=feed_id, content=CONTENT)
    text = (await world.ask(NETWORK_SET, {"id": feed_id}))["feed"]["networkSet"]
    read = read_manifests([("set", text)])
    assert not read.problems
    assert "- 203.0.113.7/32" in text.replace('"', "")
    assert "*.bad.example" in text
    assert "name: feed-our-list" in text


async def test_only_tokens_without_limits_see_and_change_feeds() -> None:
    with opened(ApiSettings(require_token=True)) as world:
        tokens: dict[str, str] = {}
        for name, scope in (("ann", EVERYTHING), ("ben", EVERYTHING), ("eve", Scope(frozenset({"east"})))):
            token, secret = issue(name, scope, ingest=False, lifetime=timedelta(days=1), clock=world.clock)
            await world.context.catalog.add_token(token)
            tokens[name] = secret
        saved = await done(world, SAVE, tokens["ann"], document=UPLOADED)
        for query, rest in (
            (SAVE, {"document": UPLOADED}),
            (SAVE, {"document": UPLOADED, "id": saved["id"], "version": 1}),
            (DELETE, {"id": saved["id"]}),
            (UPLOAD, {"id": saved["id"], "content": CONTENT}),
        ):
            assert (await refused(world, query, tokens["eve"], **rest))["code"] == "NOT_ALLOWED"
        assert (await world.refusal(LIST, token=tokens["eve"]))[0] == "NOT_ALLOWED"
        changed = await done(
            world, SAVE, tokens["ben"], document={**UPLOADED, "severity": 5}, id=saved["id"], version=1
        )
        assert changed["severity"] == 5
