"""Tries of deliveries by this process, as Prometheus counters."""

from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from tapetum.domain.deliveries import Outcome
from tapetum.domain.receivers import ReceiverKind


class DeliveryTally(Collector):
    """Counts each kind of receiver and outcome from 0, so that a rate shows the first one too."""

    def __init__(self) -> None:
        self._tries = Counter({(kind, outcome): 0 for kind in ReceiverKind for outcome in Outcome})

    def count(self, kind: ReceiverKind, outcome: Outcome) -> None:
        self._tries[kind, outcome] += 1

    def collect(self) -> Iterator[CounterMetricFamily]:
        family = CounterMetricFamily(
            "tapetum_deliveries", "Tries to send an alert outward.", labels=["kind", "outcome"]
        )
        for (kind, outcome), tries in self._tries.items():
            family.add_metric([kind.value, outcome.value], tries)
        yield family
