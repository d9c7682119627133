from pathlib import Path

import pytest

from tapetum.domain.errors import DamagedStoreError
from tapetum.embedded.duckdb import Engine
from tapetum.service.duckdb_scrub import read_everything, suspicious

HEADERS, BLOCK = 12_288, 262_144


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with tables, an index over many keys, and blocks that are free again."""
    path = tmp_path_factory.mktemp("scrub") / "whole.duckdb"
    engine = Engine(path)
    with engine.transaction() as tx:
        tx.connection.execute("CREATE TABLE keys AS SELECT hash(i)::VARCHAR AS id FROM range(6_000) r(i)")
        tx.connection.execute("ALTER TABLE keys ADD PRIMARY KEY (id)")
        tx.connection.execute("CREATE TABLE gone AS SELECT hash(i) AS value FROM range(120_000) r(i)")
    engine.checkpoint()
    with engine.transaction() as tx:
        tx.connection.execute("DROP TABLE gone")
        tx.connection.execute(
            "CREATE TABLE rows AS SELECT [hash(i)::VARCHAR] AS texts FROM range(50_000) r(i)"
        )
    engine.checkpoint()
    engine.close()
    return path.read_bytes()


def opens(path: Path) -> bool:
    try:
        engine = Engine(path)
        try:
            engine.read_now(read_everything)
        finally:
            engine.close()
    except DamagedStoreError:
        return False
    return True


def test_a_whole_file_is_above_suspicion(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "whole.duckdb"
    path.write_bytes(whole)
    assert not suspicious(path)
    assert opens(path)
    assert not suspicious(tmp_path / "none yet")


def test_damage_to_any_block_is_suspicious_and_refused_where_the_block_is_in_use(
    whole: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "damaged.duckdb"
    blocks = (len(whole) - HEADERS) // BLOCK
    opened = []
    for block in range(blocks):
        data = bytearray(whole)
        data[HEADERS + block * BLOCK + 1000] ^= 1
        path.write_bytes(data)
        assert suspicious(path), block
        opened.append(opens(path))
    free = opened.count(True)
    assert 0 < free < blocks
    path.write_bytes(whole)
    engine = Engine(path)
    told = engine.read_now(lambda connection: connection.execute("PRAGMA database_size").fetchall())[0]
    engine.close()
    assert free == told[5], "a damaged block that is in use was not found"


def test_a_file_that_lost_its_end_is_suspicious(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cut.duckdb"
    for size in (len(whole) - 1, len(whole) - BLOCK, HEADERS + BLOCK, HEADERS, HEADERS - 1, 5000, 10, 0):
        path.write_bytes(whole[:size])
        assert suspicious(path), size


def test_a_new_file_is_above_suspicion(tmp_path: Path) -> None:
    path = tmp_path / "new.duckdb"
    for _ in range(2):
        engine = Engine(path)
        engine.close()
        assert not suspicious(path)


def test_half_a_block_at_the_end_is_no_damage(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "grown.duckdb"
    path.write_bytes(whole + b"\x01" * 5000)
    assert not suspicious(path)
    assert opens(path)
