"""What every Catalog keeps of dismissed advice: one for each, seen and changed by whom it is about."""

from dataclasses import replace

import pytest

from tapetum.catalog.port import Catalog
from tapetum.domain.dismissals import Advice, Dismissal
from tapetum.domain.errors import NotAllowedError, NotFoundError
from tapetum.domain.scope import EVERYTHING, Scope
from tests.contract.adapters import Rig
from tests.support.factory import NOW

SHOP = Dismissal(Advice("exposure", "east", "shop", certain=True), "ann", NOW, "a shop'\U0001f63a", NOW + 1)
PAY = Dismissal(Advice("exposure", "east", "pay", certain=True), None, NOW, "ours")
EAST = Dismissal(Advice("exposure", "east", None, certain=False), "ann", NOW, "no sources there")
WEST = Dismissal(Advice("exposure", "west", "shop", certain=True), "ann", NOW, "theirs")
OF_SHOP = Scope(None, frozenset({("east", "shop")}))


async def filled(catalog: Rig[Catalog]) -> Catalog:
    for each in (SHOP, PAY, EAST, WEST):
        await catalog.store.keep_dismissal(EVERYTHING, each)
    return catalog.store


async def test_what_is_dismissed_is_kept_until_it_is_taken_back(catalog: Rig[Catalog]) -> None:
    store = await filled(catalog)
    assert set(await store.dismissals(EVERYTHING)) == {SHOP, PAY, EAST, WEST}
    again = replace(SHOP, by="ben", note="for good", until=None)
    await store.keep_dismissal(EVERYTHING, again)
    assert set(await store.dismissals(EVERYTHING)) == {again, PAY, EAST, WEST}
    assert await store.take_dismissal(EVERYTHING, SHOP.advice) == again
    assert await store.take_dismissal(EVERYTHING, SHOP.advice) is None
    assert set(await store.dismissals(EVERYTHING)) == {PAY, EAST, WEST}


@pytest.mark.parametrize(
    ("scope", "seen"),
    [(OF_SHOP, {SHOP}), (Scope(frozenset({"east"})), {SHOP, PAY, EAST}), (Scope(frozenset()), set())],
    ids=["a namespace", "a cluster", "nothing"],
)
async def test_nobody_sees_what_is_not_theirs(
    catalog: Rig[Catalog], scope: Scope, seen: set[Dismissal]
) -> None:
    assert set(await (await filled(catalog)).dismissals(scope)) == seen


async def test_nobody_decides_for_others(catalog: Rig[Catalog]) -> None:
    store = await filled(catalog)
    for each, error in ((PAY, NotFoundError), (WEST, NotFoundError), (EAST, NotAllowedError)):
        with pytest.raises(error):
            await store.keep_dismissal(OF_SHOP, replace(each, note="gone"))
        with pytest.raises(error):
            await store.take_dismissal(OF_SHOP, each.advice)
    assert set(await store.dismissals(EVERYTHING)) == {SHOP, PAY, EAST, WEST}
    await store.keep_dismissal(OF_SHOP, replace(SHOP, note="mine"))
    assert await store.take_dismissal(OF_SHOP, SHOP.advice) == replace(SHOP, note="mine")
