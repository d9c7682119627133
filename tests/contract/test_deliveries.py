"""What every Catalog keeps of deliveries: how each target stands, changed by one at a time."""

from dataclasses import replace

import pytest

from tapetum.catalog.documents import Draft, Removal
from tapetum.catalog.port import Catalog
from tapetum.domain.deliveries import DeliveryState, Failed
from tapetum.domain.documents import DocumentKind
from tapetum.domain.errors import NotAllowedError
from tapetum.domain.scope import EVERYTHING, Scope
from tests.contract.adapters import Rig
from tests.support.factory import NOW

KIND = DocumentKind.DELIVERY_TARGET
DRAFT = Draft("t1", KIND, "SOC", "webhook", shared=True, body='{"format":1}', version=None, at=NOW)
STATE = DeliveryState(
    "t1",
    7,
    revision=1,
    version=1,
    tries=2,
    problem="o\U0001f63aps'",
    tried_at=NOW,
    wait=4_000_000,
    delivered=3,
    delivered_at=NOW,
    failed=1,
    failures=(Failed(5, "a5", "Title", "no.", NOW),),
    holder="one",
    held_at=NOW,
)


async def saved(store: Catalog) -> Catalog:
    await store.save_document(EVERYTHING, None, DRAFT)
    return store


async def test_a_state_is_kept_where_nobody_kept_another_before(catalog: Rig[Catalog]) -> None:
    store = await saved(catalog.store)
    assert await store.delivery_states(EVERYTHING) == []
    assert not await store.keep_delivery(EVERYTHING, 1, STATE, STATE), "there is none yet"
    assert await store.keep_delivery(EVERYTHING, 1, None, STATE)
    assert await store.delivery_states(EVERYTHING) == [STATE]
    assert not await store.keep_delivery(EVERYTHING, 1, None, replace(STATE, number=0, revision=1))
    after = replace(STATE, number=9, revision=2)
    assert await store.keep_delivery(EVERYTHING, 1, STATE, after)
    assert not await store.keep_delivery(EVERYTHING, 1, STATE, replace(STATE, number=8, revision=2))
    assert await store.delivery_states(EVERYTHING) == [after]


async def test_a_state_is_of_the_target_as_it_is(catalog: Rig[Catalog]) -> None:
    store = await saved(catalog.store)
    assert not await store.keep_delivery(EVERYTHING, 2, None, STATE)
    assert not await store.keep_delivery(EVERYTHING, 1, None, replace(STATE, target="t2"))
    await store.save_document(EVERYTHING, None, replace(DRAFT, version=1))
    assert not await store.keep_delivery(EVERYTHING, 1, None, STATE)
    assert await store.keep_delivery(EVERYTHING, 2, None, STATE)


async def test_a_deleted_target_leaves_nothing(catalog: Rig[Catalog]) -> None:
    store = await saved(catalog.store)
    await store.keep_delivery(EVERYTHING, 1, None, STATE)
    await store.remove_document(EVERYTHING, None, Removal("t1", KIND, None))
    assert await store.delivery_states(EVERYTHING) == []
    assert not await store.keep_delivery(EVERYTHING, 1, STATE, STATE)


@pytest.mark.parametrize(
    "scope", [Scope(frozenset({"east"})), Scope(None, frozenset({("east", "shop")}))], ids=str
)
async def test_limited_callers_neither_read_nor_keep_deliveries(catalog: Rig[Catalog], scope: Scope) -> None:
    store = await saved(catalog.store)
    with pytest.raises(NotAllowedError):
        await store.delivery_states(scope)
    with pytest.raises(NotAllowedError):
        await store.keep_delivery(scope, 1, None, STATE)
    assert await store.delivery_states(EVERYTHING) == []
