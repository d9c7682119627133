"""Every kind of difference between stores is found: what is lost at start, what only moved by `verify`."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from tapetum.domain.errors import DamagedStoreError
from tapetum.embedded.duckdb import Connection
from tapetum.service import duckdb_recount
from tapetum.service.embedded import Embedded
from tapetum.service.ledger import Ledger
from tests.support.factory import HOUR, MINUTE, NOW, Bad, Flow, Hit, batch, wep
from tests.support.stores import Clock, store

FLOWS = [
    Flow(
        source=wep("shop", f"w{place % 5}"),
        at=NOW - place * 7 * MINUTE,
        reporter=("src", "dst")[place % 2],
        hits=(Hit(0, "t", f"p{place % 3}", "allow"),),
        mark=place,
    )
    for place in range(80)
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("recounted")
    with store(data) as embedded:
        embedded.commit(batch([*FLOWS[:50], Bad(b"x"), Bad(b"y")]))
        embedded.commit(batch([*FLOWS[40:], Bad(b"z")]))
    return data


@pytest.fixture
def copy(data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(data, tmp_path / "copy")


@pytest.fixture(scope="module")
def embedded(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Embedded]:
    with store(shutil.copytree(data, tmp_path_factory.mktemp("open") / "copy")) as opened:
        yield opened


class Undone(Exception):  # noqa: N818 - not an error
    """Ends a planted change."""


@contextmanager
def planted(embedded: Embedded, *statements: str) -> Generator[Connection]:
    """A connection that sees the changes, which nobody else ever does."""
    with suppress(Undone), embedded.engine.transaction() as transaction:
        for statement in statements:
            change(transaction.connection, statement)
        yield transaction.connection
        raise Undone


def change(connection: Connection, statement: str) -> None:
    assert connection.execute(statement).fetchall()[0][0] > 0, "nothing was planted"


LOST = {
    "a record": "DELETE FROM flows WHERE line_no = 3 AND batch = 1",
    "half of the records": "DELETE FROM flows WHERE hash(id) % 2 = 0",
    "a record's id": "UPDATE flows SET id = NULL WHERE line_no = 3 AND batch = 1",
    "a record's key": "UPDATE flows SET flow_key = NULL WHERE line_no = 3 AND batch = 1",
    "a record's time": "UPDATE flows SET start_time = NULL WHERE line_no = 3 AND batch = 1",
    "a record too many": "INSERT INTO flows FROM flows WHERE line_no = 3 AND batch = 1",
    "a counter": "UPDATE flows SET bytes_in = bytes_in + 1 WHERE line_no = 3 AND batch = 1",
    "a counter's value": "UPDATE flows SET bytes_in = NULL WHERE line_no = 3 AND batch = 1",
    "a dead letter": "DELETE FROM dead_letters WHERE line_no = 50",
    "a dead letter too many": "INSERT INTO dead_letters FROM dead_letters LIMIT 1",
    "an hour of the roll-ups": "DELETE FROM edge_hours WHERE bucket = (SELECT max(bucket) FROM edge_hours)",
    "a count of the roll-ups": "UPDATE edge_hours SET packets_in = packets_in + 1 WHERE code = 0",
    "a flow key": "DELETE FROM flow_keys WHERE code = 2",
    "the last flow key": "DELETE FROM flow_keys WHERE code = (SELECT max(code) FROM flow_keys)",
    "all flow keys": "DELETE FROM flow_keys",
    "a flow key's own code": "UPDATE flow_keys SET code = 3 WHERE code = 2",
    "the totals": "DELETE FROM totals",
    "a batch of the totals": "UPDATE totals SET batches = batches - 1",
    "a record of the totals": "UPDATE totals SET accepted = accepted - 1, batches = batches + 5",
}


@pytest.mark.parametrize("what", LOST)
def test_a_loss_is_found_at_start_and_later(embedded: Embedded, what: str) -> None:
    with planted(embedded, LOST[what]) as connection:
        with pytest.raises(DamagedStoreError, match="restore the directory from a copy, or start"):
            duckdb_recount.at_start(connection, embedded.ledger.totals)
        if what not in ("a batch of the totals", "a record of the totals"):  # only the ledger knows better
            try:
                assert embedded.differences(connection)
            except DamagedStoreError as error:
                assert "restore the directory" in error.message  # noqa: PT017 - either is a finding


@pytest.mark.parametrize("what", ["a record", "a count of the roll-ups", "the last flow key", "the totals"])
def test_what_is_lost_is_refused_for_good(copy: Path, what: str) -> None:
    with store(copy) as embedded, embedded.engine.transaction() as transaction:
        change(transaction.connection, LOST[what])
    for _ in range(2):
        with pytest.raises(DamagedStoreError), store(copy):
            pass


MOVED = {
    "an hour": "UPDATE edge_hours SET bucket = bucket - 1 WHERE code = 1",
    "a key": "UPDATE edge_hours SET code = 1 - code WHERE code < 2 AND bucket % 2 = 0",
    "a minute": "UPDATE edge_minutes SET bucket = bucket - 1 WHERE code = 1",
    "a minute's count": "UPDATE edge_minutes SET bytes_out = bytes_out - 1 WHERE code = 1",
    "a minute too many": "INSERT INTO edge_minutes FROM edge_minutes WHERE code = 1",
    "all minutes": "DELETE FROM edge_minutes",
    "a record's hour": "UPDATE flows SET start_time = start_time - INTERVAL 1 HOUR WHERE line_no = 3",
    "a record's key": "UPDATE flows SET flow_key = flow_key + 1 WHERE line_no = 3",
    "a counter between two records": (
        "UPDATE flows SET bytes_in = bytes_in + CASE line_no WHEN 3 THEN 1 ELSE -1 END "
        "WHERE line_no IN (3, 4) AND batch = 1"
    ),
    "a sum between two hours": (
        "UPDATE edge_hours SET records = records + CASE code WHEN 0 THEN 1 ELSE -1 END WHERE rowid IN "
        "(SELECT min(rowid) FROM edge_hours WHERE code < 2 GROUP BY code)"
    ),
}


@pytest.mark.parametrize("what", MOVED)
def test_what_moved_within_the_totals_is_found(embedded: Embedded, what: str) -> None:
    assert embedded.engine.read_now(embedded.differences) == []
    with planted(embedded, MOVED[what]) as connection:
        duckdb_recount.at_start(connection, embedded.ledger.totals)
        found = embedded.differences(connection)
    assert found
    assert all(difference.recorded != difference.rolled_up for difference in found)
    lengths = {"hour": HOUR, "minute": MINUTE}
    assert all(difference.start % lengths[difference.unit] == 0 for difference in found)
    assert {difference.unit for difference in found} >= ({"minute"} if "minute" in what else {"hour"})


FORGOTTEN = {
    "policies": "DELETE FROM traces WHERE trace = (SELECT min(trace) FROM traces)",
    "verdict keys": "DELETE FROM verdict_keys WHERE rowid = (SELECT min(rowid) FROM verdict_keys)",
    "lines": "DELETE FROM raw_lines WHERE batch = 1",
    "batch": "DELETE FROM batches WHERE number = 1",
}


@pytest.mark.parametrize("what", FORGOTTEN)
def test_records_without_what_belongs_to_them_are_found(embedded: Embedded, what: str) -> None:
    with (
        planted(embedded, FORGOTTEN[what]) as connection,
        pytest.raises(DamagedStoreError, match=f"have lost their {what}"),
    ):
        embedded.differences(connection)


def test_a_difference_says_where_it_is(embedded: Embedded) -> None:
    plus, minus = (
        f"UPDATE edge_hours SET bytes_in = bytes_in {sign} 5, bytes_out = bytes_out {sign} 7 "
        f"WHERE rowid = (SELECT min(rowid) FROM edge_hours WHERE code = {code})"
        for sign, code in (("+", 0), ("-", 1))
    )
    with planted(embedded, plus, minus) as connection:
        found = embedded.differences(connection)
    assert sorted((one.what, one.rolled_up - one.recorded) for one in found) == [
        ("bytes_in", -5),
        ("bytes_in", 5),
        ("bytes_out", -7),
        ("bytes_out", 7),
    ]
    starts = {flow.row["flow_key"]: {one.at // HOUR * HOUR for one in FLOWS} for flow in FLOWS}
    assert all(one.start in starts[one.flow_key or 0] for one in found)
    assert len({one.flow_key for one in found}) == 2


def test_no_more_differences_are_listed_than_asked_for(embedded: Embedded) -> None:
    with planted(embedded, "DELETE FROM edge_minutes") as connection:
        found = duckdb_recount.differences(connection, NOW, most=3)
    assert len({(one.start, one.flow_key) for one in found}) == 3


@pytest.mark.parametrize("ahead", [(1, 0, 0), (1, 1, 0), (1, 0, 1)])
def test_less_than_was_acknowledged_is_refused(copy: Path, ahead: tuple[int, int, int]) -> None:
    """The ledger holds what the data file lost: here a batch that no file holds any more."""
    ledger = Ledger(copy / "acknowledged.ledger")
    for _ in range(ahead[0]):
        ledger.enter(*ahead[1:])
    ledger.close()
    with pytest.raises(DamagedStoreError, match="were acknowledged"), store(copy):
        pass


def test_a_ledger_that_lost_its_end_lets_the_file_speak(copy: Path) -> None:
    ledger = copy / "acknowledged.ledger"
    whole = ledger.read_bytes()
    for kept in (len(whole) - 3, 5, 0):
        ledger.write_bytes(whole[:kept])
        with store(copy) as embedded:
            assert embedded.ledger.totals.accepted == 80
    ledger.unlink()
    with store(copy) as embedded:
        assert embedded.ledger.totals.batches == 2


def test_minutes_are_compared_for_as_long_as_they_are_kept(copy: Path) -> None:
    clock = Clock(NOW + 20 * HOUR)
    with store(copy, clock) as embedded:
        late = [Flow(at=NOW - 9 * HOUR + 5 * MINUTE * place, mark=1000 + place) for place in range(60)]
        embedded.commit(batch(late))
        for _ in range(3):
            assert embedded.engine.read_now(embedded.differences) == []
            clock.now += HOUR
        lost = "DELETE FROM edge_minutes WHERE bucket = (SELECT max(bucket) FROM edge_minutes)"
        with planted(embedded, lost) as connection:
            assert {one.unit for one in embedded.differences(connection)} == {"minute"}


@pytest.mark.fault
def test_any_row_that_goes_missing_is_missed(embedded: Embedded, fault_seed: int) -> None:
    chance = Random(fault_seed)
    table = chance.choice(["flows", "edge_hours", "flow_keys", "dead_letters", "totals"])
    rows = embedded.engine.read_now(lambda c: c.execute(f"SELECT rowid FROM {table}").fetchall())
    gone = chance.choice(rows)[0]
    with (
        planted(embedded, f"DELETE FROM {table} WHERE rowid = {gone}") as connection,
        pytest.raises(DamagedStoreError),
    ):
        duckdb_recount.at_start(connection, embedded.ledger.totals)
