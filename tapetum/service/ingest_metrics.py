"""What ingest took, as Prometheus counters: lines received, accepted, suppressed and rejected by cause."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from tapetum.ingest.tally import Tally


class IngestCollector(Collector):
    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterator[CounterMetricFamily]:
        counts = self._tally.counts()
        for name, told, values in (
            ("batches", "Deliveries applied.", counts.batches),
            ("lines", "Lines received, blank ones uncounted.", counts.received),
            ("accepted", "Lines stored as new records.", counts.accepted),
            ("duplicates", "Lines that were there already.", counts.duplicates),
        ):
            family = CounterMetricFamily(f"tapetum_ingest_{name}", told, labels=["form"])
            for form, value in values.items():
                family.add_metric([form.value], value)
            yield family
        rejected = CounterMetricFamily(
            "tapetum_ingest_rejected", "Lines kept with a reason instead.", labels=["form", "cause"]
        )
        for (form, cause), value in counts.rejected.items():
            rejected.add_metric([form.value, cause.value], value)
        yield rejected
