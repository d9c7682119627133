"""Batches: receipts add up, and an id says which bytes were read how for whom."""

from itertools import combinations

from tapetum.domain.batches import NOTHING, Receipt, RecordKind, batch_id


def test_receipts_add_up() -> None:
    assert Receipt(3, 1, 1, 1) + Receipt(5, 5, 0, 0) == Receipt(8, 6, 1, 1)
    assert NOTHING + Receipt(1, 0, 0, 1) == Receipt(1, 0, 0, 1)


def test_an_id_depends_on_all_that_it_is_made_of() -> None:
    told = [
        ("east", RecordKind.FLOWS, "calico", b"x"),
        ("west", RecordKind.FLOWS, "calico", b"x"),
        ("east", RecordKind.ALERTS, "calico", b"x"),
        ("east", RecordKind.FLOWS, "hubble", b"x"),
        ("east", RecordKind.FLOWS, "calico", b"y"),
        ("east", RecordKind.FLOWS, "calic", b"ox"),
        ("east", RecordKind.FLOWS, "calico", b""),
    ]
    ids = [batch_id(*one) for one in told]
    assert all(one != other for one, other in combinations(ids, 2))
    assert ids == [batch_id(*one) for one in told]
    assert {len(one) for one in ids} == {24}
