"""Counts of what came in and what became of it, for the metrics."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from tapetum.domain.batches import Batch, Receipt
from tapetum.ingest.forms import Form
from tapetum.ingest.refusals import Cause, Refusal


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the process started, by form; `rejected` by form and cause."""

    batches: Counter[Form] = field(default_factory=Counter[Form])
    received: Counter[Form] = field(default_factory=Counter[Form])
    accepted: Counter[Form] = field(default_factory=Counter[Form])
    duplicates: Counter[Form] = field(default_factory=Counter[Form])
    rejected: Counter[tuple[Form, Cause]] = field(default_factory=Counter[tuple[Form, Cause]])


class Tally:
    """Counts from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts = Counts()

    def add(self, form: Form, batch: Batch, receipt: Receipt) -> None:
        causes = Counter(found.cause for found in batch.rejections if isinstance(found, Refusal))
        with self._lock:
            self._counts.batches[form] += 1
            self._counts.received[form] += receipt.lines
            self._counts.accepted[form] += receipt.accepted
            self._counts.duplicates[form] += receipt.duplicates
            for cause, count in causes.items():
                self._counts.rejected[form, cause] += count

    def counts(self) -> Counts:
        """A copy of the counts as they are now."""
        now = self._counts
        with self._lock:
            return Counts(
                now.batches.copy(),
                now.received.copy(),
                now.accepted.copy(),
                now.duplicates.copy(),
                now.rejected.copy(),
            )
