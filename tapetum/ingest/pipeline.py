"""The way of a delivery: decoded, then committed whole. It knows no engine, only a Store."""

import asyncio
from typing import Protocol

from tapetum.domain.batches import Batch, Receipt, RecordKind
from tapetum.domain.cluster_names import checked_cluster
from tapetum.domain.moments import Clock, Micros
from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode
from tapetum.ingest.forms import Form
from tapetum.ingest.tally import Tally

_AT_ONCE = 2


class Store(Protocol):
    """Log store, graph store and detectors behind one transaction."""

    def commit(self, batch: Batch) -> Receipt:
        """Make the whole batch durable, or raise and leave no trace; a known batch changes nothing."""
        ...

    def newest(self, cluster: str, kind: RecordKind) -> Micros | None:
        """The time of the cluster's newest record of a kind, if it has any."""
        ...


class Pipeline:
    """Takes deliveries from any source and any thread."""

    def __init__(
        self, store: Store, clock: Clock, networks: Networks, limits: Limits, at_once: int = _AT_ONCE
    ) -> None:
        self.tally = Tally()
        self._store = store
        self._clock = clock
        self._networks = networks
        self._limits = limits
        # Each delivery under way holds its body several times over: more of them at once would only
        # cost memory.
        self._slots = asyncio.Semaphore(at_once)

    def submit(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt:
        """Decode and commit; when this returns, every line is a record, a duplicate or a rejection."""
        batch = decode(
            body,
            form,
            cluster=checked_cluster(cluster),
            source=source,
            now=self._clock(),
            networks=self._networks,
            newest=self._store.newest(cluster, form.kind),
            limits=self._limits,
        )
        receipt = self._store.commit(batch)
        self.tally.add(form, batch, receipt)
        return receipt

    async def deliver(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt:
        """As submit, in a worker thread, a few at a time."""
        async with self._slots:
            return await asyncio.to_thread(self.submit, body, form, cluster, source)
