"""What every Catalog does with saved documents: whose they are, who sees them, and which write wins."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapetum.catalog.documents import MOST_ALIKE, MOST_OWNED, Draft, Removal
from tapetum.catalog.port import Catalog
from tapetum.domain.documents import Document, DocumentCounts, DocumentKind
from tapetum.domain.errors import (
    BadInputError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    TapetumError,
    TooLargeError,
)
from tapetum.domain.scope import EVERYTHING, Scope
from tests.contract.adapters import CATALOGS, Adapter, Rig, marked
from tests.support.factory import MINUTE, NOW

TEAM = Scope(frozenset({"east"}))
DASHBOARD, PRESET = DocumentKind.DASHBOARD, DocumentKind.PRESET
NEW = Draft("d1", DASHBOARD, "Ours", None, shared=False, body='{"format":1}', version=None, at=NOW)


def change(document: Document, **changes: object) -> Draft:
    read = Draft(
        document.id,
        document.kind,
        document.title,
        document.about,
        document.shared,
        document.body,
        document.version,
        NOW + MINUTE,
    )
    return replace(read, **changes)  # type: ignore[arg-type] # a test's own


async def seen(store: Catalog, scope: Scope, caller: str | None, about: str | None = None) -> list[str]:
    found = [await store.documents(scope, caller, kind, about, 100) for kind in (DASHBOARD, PRESET)]
    return [document.id for documents in found for document in documents]


async def test_a_document_is_found_as_it_was_saved(catalog: Rig[Catalog]) -> None:
    body = '{"odd":"\'\\"\\u0000\U0001f63a","long":"' + "x" * 60_000 + '"}'
    draft = replace(NEW, title="  'odd'\n\U0001f63a", about="dns", shared=True, body=body)
    saved = await catalog.store.save_document(TEAM, "ann", draft)
    assert saved == Document(
        "d1", DASHBOARD, draft.title, "dns", "ann", True, body, 1, "ann", NOW, "ann", NOW
    )  # fmt: skip
    assert await catalog.store.document(TEAM, "ann", "d1") == saved
    assert await catalog.store.documents(TEAM, "ann", DASHBOARD, None, 10) == [saved]
    assert await catalog.store.documents(TEAM, "ann", PRESET, None, 10) == []
    assert await catalog.store.document(TEAM, "ann", "d2") is None


@pytest.mark.parametrize(
    ("owner", "shared", "scope", "caller", "sees", "changes"),
    [
        ("ann", False, TEAM, "ann", True, True),
        ("ann", False, TEAM, "ben", False, False),
        ("ann", False, EVERYTHING, "ben", False, False),
        ("ann", False, EVERYTHING, None, False, False),
        ("ann", True, TEAM, "ben", True, False),
        ("ann", True, EVERYTHING, "ben", True, True),
        ("ann", True, EVERYTHING, None, True, True),
        (None, False, EVERYTHING, None, True, True),
        (None, False, EVERYTHING, "ben", True, True),
        (None, False, TEAM, "ben", False, False),
        (None, True, TEAM, "ben", True, False),
    ],
)
async def test_own_and_shared_ones_are_seen_and_owners_change_them(
    catalog: Rig[Catalog],
    owner: str | None,
    shared: bool,
    scope: Scope,
    caller: str | None,
    sees: bool,
    changes: bool,
) -> None:
    store = catalog.store
    saved = await store.save_document(EVERYTHING, owner, replace(NEW, shared=shared))
    assert await seen(store, scope, caller) == (["d1"] if sees else [])
    assert await store.document(scope, caller, "d1") == (saved if sees else None)
    draft, removal = change(saved, title="Theirs"), Removal("d1", DASHBOARD, 1)
    if not changes:
        refusal = NotAllowedError if sees else NotFoundError
        with pytest.raises(refusal):
            await store.save_document(scope, caller, draft)
        with pytest.raises(refusal):
            await store.remove_document(scope, caller, removal)
        assert await store.document(EVERYTHING, owner, "d1") == saved
        return
    changed = await store.save_document(scope, caller, draft)
    assert changed == replace(saved, title="Theirs", version=2, updated_by=caller, updated_at=NOW + MINUTE), (
        "the owner stays"
    )
    assert await store.remove_document(scope, caller, Removal("d1", DASHBOARD, 2)) == changed
    assert await store.document(EVERYTHING, owner, "d1") is None


async def test_views_are_listed_by_their_page(catalog: Rig[Catalog]) -> None:
    kind = DocumentKind.VIEW
    for name, page, shared in (("v1", "graph", False), ("v2", "flows", True), ("v3", "graph", True)):
        draft = replace(NEW, id=name, kind=kind, title=name, about=page, shared=shared)
        await catalog.store.save_document(TEAM, "ann", draft)
    for caller, page, ids in (
        ("ann", None, ["v1", "v2", "v3"]),
        ("ben", "graph", ["v3"]),
        ("ben", None, ["v2", "v3"]),
    ):
        assert [each.id for each in await catalog.store.documents(TEAM, caller, kind, page, 10)] == ids
    assert await seen(catalog.store, TEAM, "ann") == []


async def test_what_is_said_of_a_cluster_is_for_those_who_see_it(catalog: Rig[Catalog]) -> None:
    kind = DocumentKind.CLUSTER
    drafts = [
        replace(NEW, id=f"cluster.{name}", kind=kind, title=name, about=name, shared=True)
        for name in ("east", "west")
    ]
    for draft in drafts:
        await catalog.store.save_document(EVERYTHING, "ann", draft)
    tenant = Scope(None, frozenset({("west", "shop")}))
    for scope, names in ((EVERYTHING, ["east", "west"]), (TEAM, ["east"]), (tenant, ["west"])):
        listed = await catalog.store.documents(scope, "ben", kind, None, 10)
        assert [each.about for each in listed] == names
        found = [await catalog.store.document(scope, "ben", draft.id) for draft in drafts]
        assert [each.about for each in found if each] == names
    with pytest.raises(NotFoundError):
        await catalog.store.remove_document(tenant, "ann", Removal("cluster.east", kind, None))


async def test_the_newest_captures_that_the_reader_sees_come_first(catalog: Rig[Catalog]) -> None:
    """However many others have, and whatever they are called."""
    kind, store = DocumentKind.CAPTURE, catalog.store
    rows = [("ann", "east", True), ("ann", "west", True), ("ben", "east", False), ("ben", "west", False)]
    for place in range(8):
        owner, about, shared = rows[place % 4]
        title = f"{9 - place}.pcap"
        draft = replace(
            NEW, id=f"c{place}", kind=kind, title=title, about=about, shared=shared, at=NOW + place
        )
        await store.save_document(EVERYTHING, owner, draft)
    tenant, west = Scope(None, frozenset({("east", "shop")})), Scope(frozenset({"west"}))
    for scope, caller, ids in (
        (EVERYTHING, "ben", ["c7", "c6"]),
        (EVERYTHING, "eve", ["c5", "c4"]),
        (west, "eve", ["c5", "c1"]),
        (TEAM, "ben", ["c6", "c4"]),
        (tenant, "ben", ["c6", "c2"]),
        (tenant, "eve", []),
        (Scope(frozenset({"west"}), tenant.namespaces), "ben", []),
    ):
        found = await store.documents(scope, caller, kind, None, 2)
        assert [each.id for each in found] == ids


async def test_an_owner_keeps_fewer_captures_than_documents(
    catalog: Rig[Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_ALIKE, DocumentKind.CAPTURE, 1)
    store, capture = catalog.store, replace(NEW, kind=DocumentKind.CAPTURE, about="east", shared=True)
    await store.save_document(EVERYTHING, "ann", replace(NEW, id="d2"))
    await store.save_document(EVERYTHING, "ann", capture)
    with pytest.raises(TooLargeError, match="1 captures are kept for one owner"):
        await store.save_document(EVERYTHING, "ann", replace(capture, id="c2"))
    assert await store.save_document(EVERYTHING, "ben", replace(capture, id="c3")), "others' do not count"
    assert await store.save_document(EVERYTHING, "ann", replace(NEW, id="d4"))


async def test_lists_are_by_title_and_narrowed(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    for place, (title, about) in enumerate([("b", "dns"), ("a", "flows"), ("c", "dns"), ("a", "dns")]):
        draft = replace(NEW, id=f"d{place}", kind=PRESET, title=title, about=about)
        await store.save_document(TEAM, "ann", draft)
    assert await seen(store, TEAM, "ann") == ["d1", "d3", "d0", "d2"]
    assert await seen(store, TEAM, "ann", "dns") == ["d3", "d0", "d2"]
    assert [d.id for d in await store.documents(TEAM, "ann", PRESET, "dns", 2)] == ["d3", "d0"]


async def test_a_stale_write_is_refused_and_changes_nothing(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    first = await store.save_document(TEAM, "ann", NEW)
    second = await store.save_document(TEAM, "ann", change(first, body='{"second":2}'))
    with pytest.raises(ConflictError, match=r"changed by ann at .* is at version 2, not 1") as refused:
        await store.save_document(TEAM, "ann", change(first, body='{"third":3}'))
    assert refused.value.path == "version"
    with pytest.raises(ConflictError):
        await store.remove_document(TEAM, "ann", Removal("d1", DASHBOARD, 1))
    for version in (0, -1, 3):
        with pytest.raises(BadInputError, match=f"no version {version} of it, as the newest is 2"):
            await store.save_document(TEAM, "ann", change(second, version=version))
    assert await store.document(TEAM, "ann", "d1") == second
    assert await store.remove_document(TEAM, "ann", Removal("d1", DASHBOARD, None)) == second
    assert second.shared is False
    with pytest.raises(NotFoundError, match="may have been deleted"):
        await store.save_document(TEAM, "ann", change(second))


async def test_a_new_document_takes_no_others_place(catalog: Rig[Catalog]) -> None:
    saved = await catalog.store.save_document(TEAM, "ann", NEW)
    for caller in ("ann", "ben"):
        with pytest.raises(ConflictError, match="in use"):
            await catalog.store.save_document(TEAM, caller, replace(NEW, title="Mine"))
    assert await catalog.store.document(TEAM, "ann", "d1") == saved


async def test_kinds_are_not_mixed_up(catalog: Rig[Catalog]) -> None:
    saved = await catalog.store.save_document(TEAM, "ann", NEW)
    with pytest.raises(NotFoundError, match="no preset 'd1'"):
        await catalog.store.save_document(TEAM, "ann", change(saved, kind=PRESET))
    with pytest.raises(NotFoundError, match="no preset 'd1'"):
        await catalog.store.remove_document(TEAM, "ann", Removal("d1", PRESET, None))


async def test_of_concurrent_writes_one_wins(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    saved = await store.save_document(TEAM, "ann", NEW)
    drafts = [change(saved, title=f"try {place}") for place in range(8)]
    outcomes = await asyncio.gather(
        *(store.save_document(TEAM, "ann", draft) for draft in drafts), return_exceptions=True
    )
    won = [each for each in outcomes if isinstance(each, Document)]
    assert len(won) == 1
    assert sum(isinstance(each, ConflictError) for each in outcomes) == len(drafts) - 1
    assert await store.document(TEAM, "ann", "d1") == won[0]


async def test_an_owner_has_a_limit_of_their_own(
    catalog: Rig[Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tapetum.catalog.documents.MOST_OWNED", 2)
    store = catalog.store
    for place in range(2):
        for caller in ("ann", None):
            await store.save_document(
                EVERYTHING, caller, replace(NEW, id=f"{caller}{place}", shared=caller == "ann")
            )
    for caller in ("ann", None):
        with pytest.raises(TooLargeError, match="delete one"):
            await store.save_document(EVERYTHING, caller, replace(NEW, id="more", kind=PRESET))
    full = await store.document(EVERYTHING, None, "ann0")
    assert full is not None
    assert await store.save_document(EVERYTHING, None, change(full)), "what is there may be changed"
    assert await store.save_document(EVERYTHING, "ben", NEW)


async def test_a_document_waits_for_a_write_under_way(catalog: Rig[Catalog]) -> None:
    with catalog.transaction():
        saving = asyncio.create_task(catalog.store.save_document(TEAM, "ann", NEW))
        began = asyncio.get_running_loop().time()
        await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < 0.5, "the event loop is free meanwhile"
        assert not saving.done()
    saved = await saving
    assert await catalog.store.document(TEAM, "ann", "d1") == saved


@pytest.mark.parametrize("adapter", marked(CATALOGS))
async def test_documents_outlive_the_process(adapter: Adapter[Catalog], tmp_path: Path) -> None:
    with adapter.open(tmp_path) as catalog:
        saved = await catalog.store.save_document(TEAM, "ann", NEW)
        changed = await catalog.store.save_document(TEAM, "ann", change(saved, title="later"))
    with adapter.open(tmp_path) as catalog:
        assert await catalog.store.document(TEAM, "ann", "d1") == changed


CALLERS = st.sampled_from([(TEAM, "ann"), (TEAM, "ben"), (EVERYTHING, "eve"), (EVERYTHING, None)])
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["make", "change", "remove"]),
        CALLERS,
        st.sampled_from("abc"),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=12,
)


@given(STEPS)
def test_any_history_ends_alike_in_the_file_and_in_a_dictionary(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    """An oracle written otherwise: plain rules over a dictionary."""

    async def run() -> None:
        (embedded,) = (adapter for adapter in CATALOGS if adapter.engine is None)
        kept: dict[str, dict[str, object]] = {}
        with embedded.open() as rig:
            for act, (scope, caller), name, version, shared in steps:
                try:
                    if act == "remove":
                        await rig.store.remove_document(scope, caller, Removal(name, DASHBOARD, version))
                    else:
                        read = None if act == "make" else version
                        draft = replace(NEW, id=name, shared=shared, version=read)
                        await rig.store.save_document(scope, caller, draft)
                    done = True
                except TapetumError:
                    done = False
                assert done == step(kept, act, scope.everything, caller, name, version, shared)
            for scope, caller in ((TEAM, "ann"), (TEAM, "ben"), (EVERYTHING, "eve"), (EVERYTHING, None)):
                expected = sorted(
                    name
                    for name, each in kept.items()
                    if each["shared"]
                    or each["owner"] == caller
                    or (each["owner"] is None and scope.everything)
                )
                assert await seen(rig.store, scope, caller) == expected

    asyncio.run(run())


def step(
    kept: dict[str, dict[str, object]],
    act: str,
    everything: bool,
    caller: str | None,
    name: str,
    version: int,
    shared: bool,
) -> bool:
    before = kept.get(name)
    if act == "make":
        if before is None:
            kept[name] = {"owner": caller, "shared": shared, "version": 1}
        return before is None
    if before is None or before["version"] != version:
        return False
    mine = before["owner"] == caller
    if not (mine or (everything and (before["shared"] or before["owner"] is None))):
        return False
    if act == "remove":
        del kept[name]
    else:
        kept[name] = {"owner": before["owner"], "shared": shared, "version": version + 1}
    return True


def test_the_limit_of_an_owner_is_what_is_documented() -> None:
    assert MOST_OWNED == 500


async def test_documents_are_put_under_their_ids_all_or_none(catalog: Rig[Catalog]) -> None:
    store = catalog.store
    drafts = [replace(NEW, id=name, shared=True) for name in ("a", "b")]
    assert await store.put_documents(EVERYTHING, "ann", drafts) == DocumentCounts(added=2)
    other = replace(drafts[0], title="Other", at=NOW + MINUTE)
    given = [other, drafts[1], replace(NEW, id="c")]
    assert await store.put_documents(EVERYTHING, "eve", given) == DocumentCounts(1, 1, 1)
    changed = await store.document(EVERYTHING, "eve", "a")
    assert changed is not None
    assert (changed.title, changed.version, changed.owner, changed.updated_by) == ("Other", 2, "ann", "eve")
    kept = await store.document(EVERYTHING, "eve", "b")
    assert kept is not None
    assert (kept.version, kept.updated_by) == (1, "ann")
    with pytest.raises(NotFoundError):
        await store.put_documents(EVERYTHING, "ann", [replace(NEW, id="d"), replace(NEW, id="c")])
    with pytest.raises(NotAllowedError):
        await store.put_documents(TEAM, "ben", [replace(NEW, id="d"), drafts[0]])
    assert await store.document(EVERYTHING, "ann", "d") is None, "nothing is kept by half"
    assert await store.document(EVERYTHING, "eve", "a") == changed


async def test_what_is_put_counts_for_its_owner(
    catalog: Rig[Catalog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tapetum.catalog.documents.MOST_OWNED", 2)
    drafts = [replace(NEW, id=name) for name in ("a", "b", "c")]
    with pytest.raises(TooLargeError):
        await catalog.store.put_documents(EVERYTHING, "ann", drafts)
    assert await catalog.store.document(EVERYTHING, "ann", "a") is None
    assert await catalog.store.put_documents(EVERYTHING, "ann", drafts[:2]) == DocumentCounts(added=2)
