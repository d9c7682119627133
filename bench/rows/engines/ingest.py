"""Deliveries through one worker into Elasticsearch and Neo4j, against sending the same, prepared, in turn."""

import asyncio
import gc
import time
from dataclasses import replace

from bench import inputs
from bench.figures import Figure, Target, rate
from bench.prepared import Prepared, prepared
from bench.servers import addresses, cpu, stores
from bench.setting import Setting
from bench.timing import Took, middle, took, waited
from tapetum.bus.port import Delivery
from tapetum.bus.redis import RedisQueue
from tapetum.domain.moments import SECOND
from tapetum.ingest.forms import Form
from tapetum.ingest.sources.files import file_bodies
from tapetum.service.distributed.applying import applier
from tapetum.service.distributed.worker import Worker
from tapetum.service.settings import load

ROW = "engines.ingest"
_LINES = 100_000
_SIZES = {"2 MB, as pushed": 2 << 20, "32 MB, as of files": 32 << 20}
_PEER = "streaming_bulk, then UNWIND, all prepared"
_MUST = Target(0.8, at_least=True)


def run(setting: Setting) -> list[Figure]:
    lines = setting.sized(_LINES, 500)
    with setting.directory() as files:
        file = inputs.clean(files / "flows.ndjson", lines, setting.scale)
        return [
            figure
            for what, size in _SIZES.items()
            for figure in _against(setting, _deliveries(file, size), what)
        ]


def _deliveries(file: inputs.LogFile, size: int) -> list[Delivery]:
    bodies = file_bodies(file.path, 1 << 20, size)
    return [
        Delivery(f"{size}-{place}", "bench", Form.CALICO, "bench", _now(), body.data)
        for place, body in enumerate(bodies)
    ]


def _against(setting: Setting, deliveries: list[Delivery], what: str) -> list[Figure]:
    sent = prepared(deliveries, _now)
    lines = len(sent.actions)
    gc.collect()
    gc.freeze()  # what is prepared is large, and no worker has it
    ours: list[Took] = []
    bulks: list[Took] = []
    unwinds: list[Took] = []
    _theirs(sent)  # engines are slow with what they do for the first time
    for number in range(setting.rounds):
        ours.append(_ours([replace(each, id=f"{each.id}-{number}") for each in deliveries], lines))
        bulk, unwind = _theirs(sent)
        bulks.append(bulk)
        unwinds.append(unwind)
    gc.unfreeze()
    bulk, unwind = middle(bulks), middle(unwinds)
    floor = Took(bulk.wall + unwind.wall, bulk.cpu + unwind.cpu)
    return [
        rate(ROW, f"{lines:,} lines in deliveries of {what}", lines, middle(ours), floor, _PEER, _MUST),
        Figure(ROW, f"{what}: of the floor, UNWIND alone", 100 * unwind.wall / floor.wall, "%"),
    ]


def _ours(deliveries: list[Delivery], lines: int) -> Took:
    """From what waits in the queue to the last receipt, as `tapetum worker` does it: eight at once."""
    with stores(_now, empty=True) as opened:

        async def work() -> Took:
            async with RedisQueue(addresses().redis) as queue, opened.bus, queue.settlements() as settled:
                for delivery in deliveries:
                    if not await queue.offer(delivery):
                        raise AssertionError("The queue is full.")
                worker = Worker("bench", queue, applier(opened, load()))

                async def until_done() -> None:
                    for _ in deliveries:
                        await anext(settled)
                    worker.stop()

                async def whole() -> None:
                    await asyncio.gather(worker.run(), until_done())

                return await waited(whole, cpu)

        spent = asyncio.run(work())
        receipts = opened.logs.receipts([delivery.id for delivery in deliveries])
    if sum(receipt.accepted for receipt in receipts.values()) != lines:
        raise AssertionError(f"Not all of {lines} lines were accepted: {receipts}")
    return spent


def _theirs(sent: Prepared) -> tuple[Took, Took]:
    with stores(_now, empty=True):
        return took(sent.bulk, cpu), took(sent.unwind, cpu)


def _now() -> int:
    return int(time.time() * SECOND)
