"""The alert rules in force, read anew when their documents change; what they say of a batch.

No rule stops a batch: one that cannot be used, or fails, is told of and passed over.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import pyarrow as pa
import structlog

from tapetum.catalog.shipped import shipped
from tapetum.detect.rules import Rule, RuleSet, rule_set
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import Batch
from tapetum.domain.documents import Document, DocumentKind, Mark
from tapetum.domain.moments import Micros
from tapetum.kql.columns import Columns
from tapetum.service.following import Following

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Touched:
    """The times of the oldest and the newest record that came for a rule since it was judged."""

    earliest: Micros
    latest: Micros


class Rulebook:
    """The rules that ship, each until a saved one takes its id, and those saved.

    Asks for the marks of saved ones at most once `every` so long. Safe from any thread.
    """

    def __init__(self, every: Micros = 0) -> None:
        self._saved: Mapping[str, Mark] = {}
        self._following = Following("alert rules", every)
        self._touched: dict[tuple[str, str], Touched] = {}
        self._touching = Lock()
        self.rules = RuleSet()
        self._change([])

    def follow(
        self,
        now: Micros,
        marks: Callable[[], Mapping[str, Mark]],
        documents: Callable[[], Sequence[Document]],
    ) -> None:
        """Raises UnavailableError where they cannot be asked for and were never known."""

        def look() -> None:
            if marks() != self._saved:
                self._change(documents())

        self._following.follow(now, look)

    def see(self, batch: Batch, fresh: pa.Table, now: Micros) -> list[Alert]:
        """What a batch's new records raise, each by itself; notes which rules over time they concern."""
        columns = Columns(fresh, batch.traces)
        for rule in self._watching(batch, fresh):
            with _told_of(rule):
                if rule.later and (times := rule.times(columns, now)) is not None:
                    self.touch(rule.watch, batch.cluster, Touched(*times))
        return self.say(batch, fresh, now)

    def say(self, batch: Batch, records: pa.Table, now: Micros) -> list[Alert]:
        """What some of a batch's records raise, each by itself."""
        found: list[Alert] = []
        columns = Columns(records, batch.traces)
        for rule in self._watching(batch, records):
            with _told_of(rule):
                if not rule.later:
                    found += rule.see(columns, batch.cluster, now)
        return found

    def touch(self, watch: str, cluster: str, times: Touched) -> None:
        """There are new records for a rule that is judged later."""
        with self._touching:
            before = self._touched.get((watch, cluster), times)
            self._touched[watch, cluster] = Touched(
                min(before.earliest, times.earliest), max(before.latest, times.latest)
            )

    def touched(self) -> dict[tuple[str, str], Touched]:
        """By watch and cluster, until taken."""
        with self._touching:
            return dict(self._touched)

    def take(self, watch: str, cluster: str) -> Touched | None:
        """What there is to be judged; whoever does not gives it back by `touch`."""
        with self._touching:
            return self._touched.pop((watch, cluster), None)

    def _watching(self, batch: Batch, records: pa.Table) -> Iterable[Rule]:
        return self.rules.watching(batch.kind, batch.cluster) if records.num_rows else ()

    def _change(self, saved: Sequence[Document]) -> None:
        given = {each.id: each for each in (*shipped(DocumentKind.ALERT_RULE), *saved)}
        rules = rule_set(list(given.values()), self.rules)
        for rule_id, reason in rules.broken.items():
            if self.rules.broken.get(rule_id) != reason:
                log.warning("an alert rule is not in force", rule=rule_id, reason=reason)
        self.rules, self._saved = rules, {each.id: each.mark for each in saved}


@contextmanager
def _told_of(rule: Rule) -> Generator[None]:
    """A fault of ours must not stop what is ingested."""
    try:
        yield
    except Exception:
        log.exception("an alert rule failed", rule=rule.id, version=rule.mark[0])
