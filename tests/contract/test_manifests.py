"""What every Catalog does with manifests: their state and history as of any time, and whose they are."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapetum.catalog.manifests import LARGEST, ManifestChangesAsked, ManifestImport, ManifestsAsked
from tapetum.catalog.port import Catalog
from tapetum.domain.errors import NotAllowedError, TooLargeError
from tapetum.domain.manifests import (
    ManifestChange,
    ManifestCounts,
    ManifestKey,
    ManifestVersion,
    Origin,
    Sighting,
    digest,
)
from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING, Scope
from tests.contract.adapters import CATALOGS, Adapter, Rig, marked
from tests.support.factory import MINUTE, NOW

TIER = ManifestKey("east", "Tier", None, "security")
WEB = ManifestKey("east", "CalicoNetworkPolicy", "shop", "web")
DB = ManifestKey("east", "CalicoNetworkPolicy", "data", "db")
SHOP = Scope(frozenset({"east"}), frozenset({("east", "shop")}))
GIVEN = ManifestImport("east", NOW, Origin.IMPORT, "ann", {TIER: "t1", WEB: "w1", DB: "d1"})


def later(bodies: dict[ManifestKey, str | None], minutes: int = 1, **rest: object) -> ManifestImport:
    return replace(GIVEN, at=NOW + minutes * MINUTE, bodies=bodies, **rest)  # type: ignore[arg-type] # a test's own


async def state(
    store: Catalog, at: int, scope: Scope = EVERYTHING, cluster: str = "east"
) -> dict[ManifestKey, str | None]:
    found = await store.manifests(scope, ManifestsAsked(cluster, at), None, 500)
    assert await store.count_manifests(scope, ManifestsAsked(cluster, at)) == len(found)
    return {each.key: each.body for each in found}


async def test_what_is_imported_is_there_from_then_on(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    assert await store.import_manifests(EVERYTHING, GIVEN) == ManifestCounts(added=3)
    assert await state(store, NOW - 1) == {}
    assert await state(store, NOW) == GIVEN.bodies
    assert list(await state(store, NOW)) == [DB, WEB, TIER], "by kind, namespace and name"
    assert await state(store, NOW, cluster="west") == {}
    body = '{"odd":"\'\\"\\u0000\U0001f63a","long":"' + "x" * 100_000 + '"}'
    again = later({WEB: body, DB: "d1", ManifestKey("east", "Pod", "shop", "p"): "p1"})
    assert await store.import_manifests(EVERYTHING, again) == ManifestCounts(1, 1, 1, 0)
    assert (await state(store, NOW + MINUTE))[WEB] == body
    assert await state(store, NOW + MINUTE - 1) == GIVEN.bodies, "the past is as it was"
    assert await store.manifest_history(EVERYTHING, WEB, 10) == [
        ManifestVersion(WEB, NOW + MINUTE, None, body, Origin.IMPORT, "ann"),
        ManifestVersion(WEB, NOW, NOW + MINUTE, "w1", Origin.IMPORT, "ann"),
    ]
    assert len(await store.manifest_history(EVERYTHING, WEB, 1)) == 1


async def test_what_is_brought_again_changes_nothing(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    await store.import_manifests(EVERYTHING, GIVEN)
    again = replace(GIVEN, at=NOW + MINUTE, by="ben", origin=Origin.WATCH)
    assert await store.import_manifests(EVERYTHING, again) == ManifestCounts(unchanged=3)
    (version,) = await store.manifest_history(EVERYTHING, WEB, 10)
    assert version == ManifestVersion(WEB, NOW, None, "w1", Origin.IMPORT, "ann")


async def test_a_replacing_import_removes_the_rest(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    await store.import_manifests(EVERYTHING, GIVEN)
    other = ManifestKey("west", "Tier", None, "security")
    await store.import_manifests(EVERYTHING, replace(GIVEN, cluster="west", bodies={other: "o"}))
    given_ = later({WEB: "w2"}, replace=True)
    assert await store.import_manifests(EVERYTHING, given_) == ManifestCounts(0, 1, 0, 2)
    assert await state(store, NOW + MINUTE) == {WEB: "w2"}
    assert await state(store, NOW + MINUTE, cluster="west") == {other: "o"}
    gone, before = await store.manifest_history(EVERYTHING, DB, 10)
    assert (gone.body, gone.start, gone.until) == (None, NOW + MINUTE, None)
    assert (before.body, before.until) == ("d1", NOW + MINUTE)
    assert await store.import_manifests(EVERYTHING, later({DB: "d1"}, 2)) == ManifestCounts(added=1)
    assert (await state(store, NOW + 2 * MINUTE))[DB] == "d1"


async def test_a_removal_of_what_is_not_there_changes_nothing(catalog: Rig[Catalog]) -> None:
    assert await catalog.store.import_manifests(EVERYTHING, later({WEB: None})) == ManifestCounts(unchanged=1)
    assert await catalog.store.manifest_history(EVERYTHING, WEB, 10) == []


async def test_a_caller_of_namespaces_sees_and_changes_theirs(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    await store.import_manifests(EVERYTHING, GIVEN)
    assert await state(store, NOW, SHOP) == {WEB: "w1"}
    assert await state(store, NOW, Scope(frozenset({"west"}))) == {}
    assert await state(store, NOW, Scope(None, frozenset({("west", "shop")}))) == {}
    assert await state(store, NOW, Scope(frozenset({"east"}))) == GIVEN.bodies
    assert await store.manifest_history(SHOP, DB, 10) == []
    assert await store.manifest_history(SHOP, TIER, 10) == []
    assert len(await store.manifest_history(SHOP, WEB, 10)) == 1
    for key in (DB, TIER, WEB._replace(cluster="west")):
        with pytest.raises(NotAllowedError, match="leave it out"):
            await store.import_manifests(SHOP, later({WEB: "w2", key: "x"}))
        with pytest.raises(NotAllowedError):
            await store.note_manifests(SHOP, [Sighting(key, NOW, "x", Origin.AUDIT, None)])
    assert await state(store, NOW + MINUTE) == GIVEN.bodies, "nothing by half"
    assert await store.import_manifests(SHOP, later({}, replace=True)) == ManifestCounts(removed=1)
    assert await state(store, NOW + MINUTE) == {TIER: "t1", DB: "d1"}, "what is not theirs stays"


async def test_changes_are_told_to_who_sees_the_objects(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    await store.import_manifests(EVERYTHING, GIVEN)
    await store.import_manifests(EVERYTHING, later({TIER: "t2", WEB: "w2", DB: None}))
    kinds = frozenset({WEB.kind, TIER.kind})
    asked = ManifestChangesAsked("east", TimeRange(NOW, NOW + MINUTE), kinds)
    told = await store.manifest_changes(EVERYTHING, asked, 10)
    assert [(each.version.key, each.version.body, each.was_there) for each in told] == [
        (DB, None, True),
        (WEB, "w2", True),
        (TIER, "t2", True),
    ]
    first = replace(asked, within=TimeRange(NOW - 1, NOW), kinds=frozenset({TIER.kind}))
    (came,) = await store.manifest_changes(EVERYTHING, first, 10)
    assert (came.version.key, came.was_there) == (TIER, False)
    assert [each.version.key for each in await store.manifest_changes(SHOP, asked, 10)] == [WEB]
    for nobody in (Scope(frozenset({"west"})), Scope(None, frozenset({("west", "shop")}))):
        assert await store.manifest_changes(nobody, asked, 10) == []
    assert await store.manifest_changes(EVERYTHING, replace(asked, cluster="west"), 10) == []


async def test_an_import_has_bounds(catalog: Rig[Catalog], monkeypatch: pytest.MonkeyPatch) -> None:
    store = catalog.store
    with pytest.raises(TooLargeError, match=r"CalicoNetworkPolicy shop/web has 1,048,577 bytes"):
        await store.import_manifests(EVERYTHING, later({TIER: "t", WEB: "x" * (LARGEST + 1)}))
    monkeypatch.setattr("tapetum.catalog.manifests.MOST_BYTES", 5)
    with pytest.raises(TooLargeError, match=r"have 6 bytes.*takes 5; split it"):
        await store.import_manifests(EVERYTHING, GIVEN)
    monkeypatch.setattr("tapetum.catalog.manifests.MOST_OBJECTS", 2)
    with pytest.raises(TooLargeError, match=r"3 objects are too many .* takes 2; split it"):
        await store.import_manifests(EVERYTHING, GIVEN)
    assert await state(store, NOW + MINUTE) == {}


async def test_pages_are_narrowed_and_go_on_behind_a_key(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    keys = [
        ManifestKey("east", kind, namespace, name)
        for kind in ("NetworkPolicy", "Tier")
        for namespace in ([None] if kind == "Tier" else ["a", "b"])
        for name in ("x", "y")
    ]
    await store.import_manifests(EVERYTHING, replace(GIVEN, bodies=dict.fromkeys(reversed(keys), "1")))
    seen: list[ManifestKey] = []
    while page := await store.manifests(
        EVERYTHING, ManifestsAsked("east", NOW), seen[-1] if seen else None, 4
    ):
        seen += [each.key for each in page]
    assert seen == keys
    for asked, expected in (
        (ManifestsAsked("east", NOW, kind="Tier"), keys[4:]),
        (ManifestsAsked("east", NOW, namespace="b"), keys[2:4]),
        (ManifestsAsked("east", NOW, kind="Tier", namespace="b"), []),
    ):
        assert [each.key for each in await store.manifests(EVERYTHING, asked, None, 9)] == expected
        assert await store.count_manifests(EVERYTHING, asked) == len(expected)


async def test_a_large_import_is_one_change(catalog: Rig[Catalog]) -> None:
    bodies = {ManifestKey("east", "Pod", "shop", f"p{place:04}"): f"b{place}" for place in range(2500)}
    assert await catalog.store.import_manifests(EVERYTHING, replace(GIVEN, bodies=bodies)) == ManifestCounts(
        2500
    )
    assert await catalog.store.count_manifests(EVERYTHING, ManifestsAsked("east", NOW)) == 2500


async def test_imports_at_once_take_turns(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    counts = await asyncio.gather(
        *(store.import_manifests(EVERYTHING, replace(GIVEN, at=NOW + place)) for place in range(5))
    )
    assert sum(each.added for each in counts) in (3, 6, 9, 12, 15), "an earlier time may come later"
    assert await state(store, NOW + 5) == GIVEN.bodies


@pytest.mark.parametrize("adapter", marked(CATALOGS))
async def test_manifests_outlive_the_process(adapter: Adapter[Catalog], tmp_path: Path) -> None:
    with adapter.open(tmp_path) as catalog:
        await catalog.store.import_manifests(EVERYTHING, GIVEN)
    with adapter.open(tmp_path) as catalog:
        assert await state(catalog.store, NOW) == GIVEN.bodies


NAMES, TIMES = st.sampled_from("abc"), st.integers(0, 4)
BODIES = st.sampled_from(["1", "2", None])
IMPORTS = st.tuples(st.just("import"), TIMES, st.dictionaries(NAMES, BODIES, max_size=3), st.booleans())
NOTES = st.tuples(st.just("note"), st.lists(st.tuples(NAMES, TIMES, BODIES), min_size=1, max_size=3))
_clusters = count()


def key_of(cluster: str, name: str) -> ManifestKey:
    return ManifestKey(cluster, "Tier", None, name)


def sighted(cluster: str, name: str, at: int, body: str | None) -> Sighting:
    return Sighting(key_of(cluster, name), NOW + at, body, Origin.AUDIT, None)


def as_of(words: dict[tuple[str, int], str | None], at: int) -> dict[str, str]:
    """The oracle's state: the last word on each name."""
    found: dict[str, str] = {}
    for (name, _), body in sorted(
        ((place, body) for place, body in words.items() if place[1] <= at), key=lambda each: each[0][1]
    ):
        found.pop(name, None)
        if body is not None:
            found[name] = body
    return found


@pytest.mark.parametrize("adapter", marked(CATALOGS))
def test_any_sequence_is_as_in_a_dictionary_at_any_time(adapter: Adapter[Catalog]) -> None:
    with adapter.open() as rig, asyncio.Runner() as runner:

        @settings(max_examples=30 if adapter.engine is None else 10)
        @given(st.lists(IMPORTS | NOTES, max_size=8))
        def holds(steps: list[tuple]) -> None:  # type: ignore[type-arg]
            runner.run(_compared(rig.store, f"c{next(_clusters)}", steps))

        holds()


async def _compared(store: Catalog, cluster: str, steps: list[tuple]) -> None:  # type: ignore[type-arg]
    words: dict[tuple[str, int], str | None] = {}
    for act, *rest in steps:
        if act == "note":
            for name, at, body in rest[0]:
                if (name, at) not in words or digest(body) > digest(words[name, at]):
                    words[name, at] = body
            await store.note_manifests(EVERYTHING, [sighted(cluster, *each) for each in rest[0]])
            continue
        at, bodies, whole = rest
        before = as_of(words, at)
        told = {**({name: None for name in before if name not in bodies} if whole else {}), **bodies}
        new = {name: body for name, body in told.items() if before.get(name) != body}
        words |= {(name, at): body for name, body in new.items()}
        counts = await store.import_manifests(
            EVERYTHING,
            ManifestImport(
                cluster,
                NOW + at,
                Origin.IMPORT,
                None,
                {key_of(cluster, n): b for n, b in bodies.items()},
                whole,
            ),
        )
        assert counts == ManifestCounts(
            sum(name not in before for name in new),
            sum(name in before and body is not None for name, body in new.items()),
            len(told) - len(new),
            sum(body is None for body in new.values()),
        )
    for at in range(5):
        found = await store.manifests(EVERYTHING, ManifestsAsked(cluster, NOW + at), None, 9)
        assert {each.key.name: each.body for each in found} == as_of(words, at)
        for version in found:
            last = range(version.start - NOW, 5 if version.until is None else version.until - NOW)
            assert at in last
            same = [as_of(words, each).get(version.key.name) == version.body for each in range(5)]
            assert all(same[each] for each in last), "it is so for as long as is said"
            assert version.until is None or not same[version.until - NOW]
            assert version.start == NOW or not same[version.start - NOW - 1]
    for name in "abc":
        history = await store.manifest_history(EVERYTHING, key_of(cluster, name), 50)
        assert [each.start for each in history] == sorted({each.start for each in history}, reverse=True)
        for at in range(5):
            of_then = [each for each in history if _holds(each, NOW + at)]
            assert (of_then[0].body if of_then else None) == as_of(words, at).get(name)
            assert len(of_then) <= 1
    for start, end in ((0, 4), (0, 2), (1, 3), (-1, 0)):
        asked = ManifestChangesAsked(cluster, TimeRange(NOW + start, NOW + end), frozenset({TIER.kind}))
        changed = await store.manifest_changes(EVERYTHING, asked, 50)
        assert changed == await _changed(store, cluster, asked)
        assert await store.manifest_changes(EVERYTHING, asked, 1) == changed[:1]


async def _changed(store: Catalog, cluster: str, asked: ManifestChangesAsked) -> list[ManifestChange]:
    """The same from the objects' histories."""
    found: list[ManifestChange] = []
    for name in "abc":
        history = await store.manifest_history(EVERYTHING, key_of(cluster, name), 50)
        for version, earlier in zip(history, [*history, None][1:], strict=True):
            if asked.within.start < version.start <= asked.within.end:
                found.append(ManifestChange(version, earlier is not None and earlier.body is not None))
    return sorted(found, key=lambda each: (-each.version.start, each.version.key.name))


def _holds(version: ManifestVersion, at: int) -> bool:
    return version.start <= at and (version.until is None or at < version.until)


SIGHTINGS = st.lists(st.tuples(NAMES, TIMES, BODIES), max_size=10)


@pytest.mark.parametrize("adapter", marked(CATALOGS))
def test_audit_events_come_in_any_order_and_any_number_of_times(adapter: Adapter[Catalog]) -> None:
    with adapter.open() as rig, asyncio.Runner() as runner:

        @settings(max_examples=20 if adapter.engine is None else 8)
        @given(SIGHTINGS, st.data())
        def holds(seen: list[tuple[str, int, str | None]], data: st.DataObject) -> None:
            again = data.draw(st.lists(st.sampled_from(seen))) if seen else []
            other = data.draw(st.permutations([*seen, *again]))
            first, second = f"c{next(_clusters)}", f"c{next(_clusters)}"
            runner.run(_noted(rig.store, first, [seen]))
            runner.run(_noted(rig.store, second, [[each] for each in other]))
            for at in range(5):
                assert runner.run(_named(rig.store, first, at)) == runner.run(_named(rig.store, second, at))

        holds()


async def _noted(
    store: Catalog, cluster: str, batches: Sequence[Sequence[tuple[str, int, str | None]]]
) -> None:
    for batch in batches:
        await store.note_manifests(EVERYTHING, [sighted(cluster, *each) for each in batch])


async def _named(store: Catalog, cluster: str, at: int) -> list[tuple[str, str | None, int, int | None]]:
    found = await store.manifests(EVERYTHING, ManifestsAsked(cluster, NOW + at), None, 9)
    return [(each.key.name, each.body, each.start, each.until) for each in found]
