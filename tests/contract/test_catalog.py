"""What every Catalog keeps: tokens, until they are revoked."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tapetum.catalog.port import Catalog, Token
from tapetum.domain.scope import EVERYTHING, Scope
from tests.contract.adapters import CATALOGS, Adapter, Rig, marked
from tests.support.factory import DAY, NOW

TOKEN = Token("t1", "reader", "hash-1", EVERYTHING, ingest=False, created_at=NOW, expires_at=NOW + DAY)
SCOPES = {
    "everything": EVERYTHING,
    "no cluster": Scope(frozenset()),
    "two clusters": Scope(frozenset({"east", "west"})),
    "no namespace": Scope(None, frozenset()),
    "two namespaces": Scope(frozenset({"east"}), frozenset({("east", "shop"), ("east", "a-b.c")})),
}


@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
async def test_a_token_is_found_by_its_hash_as_it_was_saved(catalog: Rig[Catalog], scope: Scope) -> None:
    token = replace(TOKEN, scope=scope, ingest=True, name="  odd 'name'\n\U0001f63a")
    await catalog.store.add_token(token)
    assert await catalog.store.token("hash-1") == token
    assert await catalog.store.token("hash-2") is None
    assert await catalog.store.token("t1") is None


async def test_tokens_are_listed_oldest_first(catalog: Rig[Catalog]) -> None:
    assert await catalog.store.tokens() == []
    tokens = [
        replace(TOKEN, id=f"t{place}", hashed=f"h{place}", created_at=NOW - place // 2) for place in range(4)
    ]
    for token in tokens:
        await catalog.store.add_token(token)
    assert await catalog.store.tokens() == sorted(tokens, key=lambda token: (token.created_at, token.id))


async def test_a_revoked_token_is_gone(catalog: Rig[Catalog]) -> None:
    other = replace(TOKEN, id="t2", hashed="hash-2")
    await catalog.store.add_token(TOKEN)
    await catalog.store.add_token(other)
    assert await catalog.store.revoke_token("t1")
    assert not await catalog.store.revoke_token("t1")
    assert await catalog.store.token("hash-1") is None
    assert await catalog.store.tokens() == [other]


async def test_tokens_are_saved_while_others_are_read(catalog: Rig[Catalog]) -> None:
    tokens = [replace(TOKEN, id=f"t{place}", hashed=f"h{place}") for place in range(10)]
    await asyncio.gather(
        *(catalog.store.add_token(token) for token in tokens), *(catalog.store.tokens() for _ in range(10))
    )
    assert {token.id for token in await catalog.store.tokens()} == {token.id for token in tokens}


async def test_saving_leaves_the_event_loop_free(catalog: Rig[Catalog]) -> None:
    """A batch under way may hold the write for a second; other requests must not wait for a token."""
    with catalog.transaction():
        saving = asyncio.create_task(catalog.store.add_token(TOKEN))
        revoking = asyncio.create_task(catalog.store.revoke_token("nothing"))
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < 5
        assert not saving.done()
    await saving
    assert not await revoking
    assert await catalog.store.token("hash-1") == TOKEN


@pytest.mark.parametrize("adapter", marked(CATALOGS))
async def test_tokens_outlive_the_process(adapter: Adapter[Catalog], tmp_path: Path) -> None:
    with adapter.open(tmp_path) as catalog:
        await catalog.store.add_token(TOKEN)
    with adapter.open(tmp_path) as catalog:
        assert await catalog.store.tokens() == [TOKEN]
