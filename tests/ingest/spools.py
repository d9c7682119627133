"""Deliveries for spools, and what a spool must hold."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

from tapetum.bus.port import Delivery
from tapetum.ingest.spool import Spool

MOST = 64 << 20


def spool(directory: Path, most_bytes: int = MOST, reserve: int = 0) -> Spool:
    return Spool(directory, most_bytes, reserve)


def delivery(name: str | int, size: int = 100, *, compressible: bool = False) -> Delivery:
    """The same bytes for the same name."""
    chance = Random(f"{name}")
    body = b"x" * size if compressible else chance.randbytes(size)
    return Delivery(f"{name}", "prod", "calico", f"http {name}", 1_000_000 + chance.randrange(10**9), body)


def assert_holds(spool: Spool, deliveries: Iterable[Delivery]) -> None:
    """Exactly these, in order, byte for byte."""
    expected = list(deliveries)
    found = spool.pending(10**9, 0)
    assert [each.id for each in found] == [each.id for each in expected]
    assert [spool.get(each.id) for each in expected] == expected
    assert spool.count == len(expected)
    assert spool.bytes == sum(each.size for each in found)
    assert spool.oldest == (expected[0].received_at if expected else None)
