"""F10 and F11: what comes twice changes nothing, and what meets in one batch adds up."""

import gzip
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from tests.faults.deliveries import Tally, assert_exact, assert_graph, deliveries
from tests.support import raw_flows
from tests.support.products import everywhere
from tests.support.served import Served

pytestmark = [pytest.mark.fault, pytest.mark.server, everywhere]

HOUR = 3600


def _start() -> int:
    return int(time.time()) // HOUR * HOUR - 3 * HOUR


def test_deliveries_ten_times_at_once_count_once(served: Served, fault_seed: int) -> None:
    chance = Random(fault_seed)
    cluster = f"f10-{fault_seed}"
    batches = deliveries(chance, _start(), count=4, most=400)
    orders = [each for each in batches for _ in range(10)]
    chance.shuffle(orders)
    tally = Tally()
    with ThreadPoolExecutor(4) as pool:
        for counts in pool.map(lambda each: served.ingest(each.body, cluster), orders):
            tally.add(counts)
    assert_exact(served, cluster, batches, tally)


def test_a_line_in_ten_batches_is_one_record(served: Served, fault_seed: int) -> None:
    chance = Random(fault_seed)
    cluster = f"f10-line-{fault_seed}"
    start = _start()
    line = raw_flows.line(start + 5, host="again")
    others = [raw_flows.line(start + 60 * number, host=str(number)) for number in range(10)]
    bodies = [chance.sample([line, line, other], 3) for other in others]
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda lines: served.ingest(lines, cluster), bodies))
    assert served.counts(cluster) == (11, 0)
    assert sum(each["accepted"] for each in counts) == 11
    assert sum(each["duplicates"] for each in counts) == 19
    assert_graph(served, cluster, [json.loads(each) for each in {line, *others}])


def test_a_file_ten_times_by_command_counts_once(served: Served, tmp_path: Path) -> None:
    cluster = "f10-file"
    (batch,) = deliveries(Random(1), _start(), count=1, most=900)
    plain, packed = tmp_path / "a.ndjson", tmp_path / "b.ndjson.gz"
    plain.write_bytes(batch.body)
    packed.write_bytes(gzip.compress(batch.body))
    paths = [plain, packed] * 5
    done = served.command("ingest", *paths, "--cluster", cluster, "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert counts["lines"] == 10 * len(batch.lines)
    tally = Tally()
    tally.add(counts)
    assert_exact(served, cluster, [batch], tally)


def test_one_edge_key_many_times_in_a_batch_adds_up(served: Served, fault_seed: int) -> None:
    chance = Random(fault_seed)
    cluster = f"f11-{fault_seed}"
    start = _start()
    flows = [
        raw_flows.row(
            start + chance.randrange(HOUR),
            reporter=chance.choice(("src", "dst", "fwd")),
            action=chance.choice(("allow", "deny")),
            num_flows_started=chance.randrange(2**40),
            bytes_in=chance.choice((None, chance.randrange(2**45))),
            packets_out=place,
        )
        for place in range(2000)
    ]
    assert served.ingest(map(raw_flows.encoded, flows), cluster)["accepted"] == len(flows)
    assert_graph(served, cluster, flows)
