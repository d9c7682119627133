"""`tapetum worker`: apply what the receivers took to the engines."""

import asyncio
import os
import secrets
import signal
import socket
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number
from prometheus_client import CollectorRegistry

from tapetum.bus.redis import RedisQueue
from tapetum.domain.moments import SECOND
from tapetum.service.console import log_to_stderr, now, say
from tapetum.service.delivery.composed import deliveries
from tapetum.service.delivery.tally import DeliveryTally
from tapetum.service.distributed.addresses import Addresses, needed
from tapetum.service.distributed.applying import applier
from tapetum.service.distributed.aside import held
from tapetum.service.distributed.composition import opened
from tapetum.service.distributed.preparing import Preparing
from tapetum.service.distributed.upkeep import Upkeep
from tapetum.service.distributed.watch import watched
from tapetum.service.distributed.worker import Worker
from tapetum.service.feeds.composed import feed_keeper
from tapetum.service.ingest_metrics import IngestCollector
from tapetum.service.settings import Settings, load
from tapetum.service.window_rules import WindowRules

_SETTLED = 10 * SECOND
"""Until every worker matches by a feed that changed, and searches find what was committed before."""


def worker(
    *,
    host: Annotated[str, Parameter(help="The address of its health and metrics.")] = "127.0.0.1",
    port: Annotated[
        int, Parameter(help="Their port; 0 takes a free one.", validator=Number(gte=0, lte=65_535))
    ] = 0,
) -> None:
    """Take deliveries from Redis and apply them to Elasticsearch and Neo4j, until it is interrupted.

    It waits for engines that are away.
    """
    settings = load()
    where = needed(settings, "worker")
    log_to_stderr()
    asyncio.run(_work(where, settings, host, port))


async def _work(where: Addresses, settings: Settings, host: str, port: int) -> None:
    with opened(where, now, settings.metric_pairs) as stores:
        preparing = Preparing(stores.ready, stores.migrate)
        applies = applier(stores, settings)
        registry = CollectorRegistry()
        tally = DeliveryTally()
        for each in (IngestCollector(applies.tally), stores.traffic, tally):
            registry.register(each)
        async with AsyncExitStack() as stack:
            queue = await stack.enter_async_context(RedisQueue(where.redis))
            await stack.enter_async_context(stores.bus)
            name = f"{socket.gethostname()}-{os.getpid()}"
            working = Worker(name, queue, applies)
            url = await stack.enter_async_context(watched(host, port, registry, preparing.ready))
            loop = asyncio.get_running_loop()
            prepared = loop.create_task(preparing.run())

            def turn() -> AbstractAsyncContextManager[None]:
                return held(stores.in_turn("feeds"))

            def stop() -> None:
                prepared.cancel()
                working.stop()

            for each in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(each, stop)
            say(f"Worker {name} applies deliveries; its health is at {url}. Stop it with Ctrl+C.")
            await asyncio.wait([prepared])
            if not prepared.cancelled():
                await stack.enter_async_context(Upkeep(stores, settings.retention_days).running())
                feeds = feed_keeper(stores, settings, turn, settled=_SETTLED)
                await stack.enter_async_context(feeds.running())
                await stack.enter_async_context(WindowRules(stores).running())
                sending = deliveries(stores, settings, f"{name}-{secrets.token_hex(4)}", tally)
                await stack.enter_async_context(sending.running())
                await working.run()
    say("Stopped.")
