"""F9: bytes of a stopped directory are flipped, cut off, torn or added. Nothing opens short in silence."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.faults.deliveries import Delivery, Tally, assert_exact, deliveries
from tests.support.served import Refused, Served, run

pytestmark = [pytest.mark.fault, pytest.mark.server]

FILES = ("tapetum.duckdb.wal", "tapetum.duckdb", "acknowledged.ledger")


@dataclass(frozen=True)
class Stopped:
    """A directory whose process was killed, with data in its file and in the file's log of changes."""

    data: Path
    sent: list[Delivery]
    tally: Tally


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    served = Served(tmp_path_factory.mktemp("damaged") / "data")
    sent = deliveries(Random(9), int(time.time()) // 3600 * 3600 - 10_800, count=8, most=1500)
    tally = Tally()
    for half, end in ((sent[:5], served.stop), (sent[5:], served.kill)):
        served.start()
        for each in half:
            tally.add(served.ingest(each.body, "c"))
        end()
    sizes = {name: (served.data / name).stat().st_size for name in FILES}
    assert min(sizes.values()) > 0, f"there is nothing to damage: {sizes}"
    return Stopped(served.data, sent, tally)


def damaged(whole: bytes, chance: Random) -> tuple[str, bytes]:
    """What was done, and what is left."""
    at = chance.randrange(len(whole))
    kind = chance.choice(("flip", "page", "cut", "tear", "add"))
    if kind == "flip":
        return f"bit at {at}", whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
    if kind == "page":
        return f"zeros from {at}", whole[:at] + bytes(len(whole[at : at + 4096])) + whole[at + 4096 :]
    if kind == "cut":
        return f"cut at {at}", whole[:at]
    if kind == "tear":  # the file has its length, but its end never reached the disk
        return f"torn at {at}", whole[:at] + bytes(len(whole) - at)
    return "rubbish at the end", whole + chance.randbytes(1 + at % 5000)


@pytest.mark.parametrize("name", FILES)
def test_damage_is_refused_with_a_sentence_or_nothing_is_missing(
    stopped: Stopped, tmp_path: Path, name: str, fault_seed: int
) -> None:
    chance = Random(f"{name} {fault_seed}")
    data = tmp_path / "data"
    shutil.copytree(stopped.data, data)
    file = data / name
    what, left = damaged(file.read_bytes(), chance)
    file.write_bytes(left)
    try:
        served = Served(data).start()
    except Refused as refusal:
        refused = refusal
    else:
        with served:
            assert_exact(served, "c", stopped.sent, stopped.tally)
            flows = served.pages("flows", "id raw policyHits { name } sourceNameAggr bytesIn", "c")
            assert all(flow["raw"] for flow in flows), "a record without its line"
            for each in stopped.sent:  # known batches are found in an index of their own
                assert served.ingest(each.body, "c")["duplicates"] == len(each.lines)
        return
    assert (refused.code, what) == (2, what), refused.said
    assert_one_sentence(refused.said, what)
    again = run("verify", "--data", data)
    assert again.returncode == 2, (what, again)
    assert_one_sentence(again.stderr.decode(), what)


def assert_one_sentence(said: str, what: str) -> None:
    lines = said.strip().splitlines()
    assert len(lines) == 1, (what, said)
    assert lines[0].startswith("tapetum: "), (what, said)
    assert "Traceback" not in said, (what, said)
