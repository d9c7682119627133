"""F1, I1-I3 at the composition: a writer is killed at a random moment; what it acknowledged is there."""

import asyncio
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tapetum.domain.moments import TimeRange
from tapetum.domain.scope import EVERYTHING
from tapetum.logstore.port import LetterSearch
from tests.contract.graphs import WORKLOADS, a_flow, assert_graph, query
from tests.support.factory import DAY, HOUR, NOW, Bad, Flow, batch
from tests.support.stores import store

BATCHES = 14
WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from tests.service.test_embedded_killed import lines_of, BATCHES
from tests.support.factory import batch
from tests.support.stores import store
with store(Path(sys.argv[1])) as embedded:
    for number in range(BATCHES):
        embedded.commit(batch(lines_of(int(sys.argv[2]), number)))
        print(number, flush=True)
"""


def lines_of(seed: int, number: int) -> list[Flow | Bad]:
    """Flows of their own (by cluster), some bad lines, and some flows of the batch before."""
    chance = Random(f"{seed} {number}")
    flows = [a_flow(chance) for _ in range(chance.randrange(1, 60))]
    own = [replace(flow, cluster=f"b{number}", mark=place) for place, flow in enumerate(flows)]
    earlier = [one for one in lines_of(seed, number - 1)[:2] if isinstance(one, Flow)] if number else []
    return [*own, Bad(f"bad {number}".encode()), *earlier]


@pytest.mark.fault
def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path, fault_seed: int) -> None:
    chance = Random(fault_seed)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), str(fault_seed)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "0\n"
    time.sleep(chance.random() * 0.4)
    writer.kill()
    acknowledged = 1 + len(writer.stdout.read().splitlines())
    writer.wait()
    writer.stdout.close()
    ever = TimeRange(NOW - 60 * HOUR, NOW + DAY)
    batches = [lines_of(fault_seed, number) for number in range(BATCHES)]
    with store(tmp_path) as embedded:
        found = {one.cluster: one.records for one in asyncio.run(embedded.logs.census(EVERYTHING))}
        letters, _ = asyncio.run(embedded.logs.dead_letters(EVERYTHING, LetterSearch(ever), 500, None))
        bad = {letter.line for letter in letters}
        there = 0
        for number, lines in enumerate(batches):
            own = {one.id for one in lines if isinstance(one, Flow) and one.cluster == f"b{number}"}
            whole = found.get(f"b{number}", 0) == len(own) and f"bad {number}" in bad
            absent = f"b{number}" not in found and f"bad {number}" not in bad
            assert whole or (absent and number >= acknowledged), f"batch {number} of {acknowledged}"
            there += whole
        # At most the batch under way was committed and not yet told.
        assert acknowledged <= there <= acknowledged + 1
        assert embedded.ledger.totals.batches == there
        assert embedded.engine.read_now(embedded.differences) == []
        for lines in batches:  # everything is sent again, as its source would
            receipt = embedded.commit(batch(lines))
            assert receipt.lines == receipt.accepted + receipt.duplicates + receipt.rejected
        flows = {one.id: one for lines in batches for one in lines if isinstance(one, Flow)}
        graph = asyncio.run(embedded.graph.service_graph(EVERYTHING, query(ever), WORKLOADS))
        assert_graph(graph, list(flows.values()), WORKLOADS)
        assert embedded.engine.read_now(embedded.differences) == []
