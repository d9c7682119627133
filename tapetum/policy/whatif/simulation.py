"""What edits of a cluster's policies would have done to the flows that were recorded."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tapetum.domain.traffic import Mask, Traffic
from tapetum.policy.evaluate import evaluate
from tapetum.policy.replay import Connections
from tapetum.policy.replay.truths import Ints
from tapetum.policy.replay.verdicts import ALLOWED, DENIED
from tapetum.policy.state import ClusterState
from tapetum.policy.trace import Evaluation
from tapetum.policy.whatif.changes import Change, Changes, what_if
from tapetum.policy.whatif.flips import Flip, Flips, Reports
from tapetum.policy.whatif.verdict_keys import connections_of


@dataclass(frozen=True, slots=True)
class Simulation:
    """`disagreeing` is what was logged otherwise than present policies surely decide it, of what the change
    bears on.
    """

    every: Flips
    codes: Ints
    disagreeing: Traffic
    _before: tuple[ClusterState, Connections]
    _after: tuple[ClusterState, Connections]

    @property
    def keys(self) -> int:
        """How many verdict keys were replayed."""
        return len(self.codes)

    def total(self, change: Change) -> Traffic:
        reports = self.every.reports
        return reports.sum((reports.allowed | reports.denied) & (self.codes == change))

    def places(self, change: Change | None = None) -> Ints:
        """Of `every`: those that change so, or in any way; in order."""
        codes = self.every.change
        return np.flatnonzero(codes != Change.UNCHANGED if change is None else codes == change)

    def traces(self, flip: Flip) -> tuple[Evaluation, Evaluation]:
        """What decides its busiest connections before, and what would after."""
        before, after = (
            evaluate(state, connections.at(flip.row)) for state, connections in (self._before, self._after)
        )
        return before, after


def simulate(rows: pa.Table, before: ClusterState, after: ClusterState, *, threads: int = 1) -> Simulation:
    """`rows` are one cluster's verdict keys with their counters, as a log store folds its records."""
    keyed = connections_of(rows)
    was = before, keyed.recorded.under(before)
    same = before.means(after)
    would = after, was[1] if same else keyed.recorded.under(after)
    changes = what_if(was, would, threads=threads)
    reports, codes = Reports.of(rows, keyed), changes.codes.astype(np.int64)
    return Simulation(
        Flips.of(reports, codes), codes, reports.sum(_disagreeing(reports, changes)), was, would
    )


def _disagreeing(reports: Reports, changes: Changes) -> Mask:
    """What a source allowed counts only where no destination spoke, so the verdict of both ends judges it."""
    verdict = changes.before.both
    found = np.zeros(len(changes.codes), np.bool_)
    allowed, denied = reports.allowed[changes.touched], reports.denied[changes.touched]
    found[changes.touched] = (allowed & (verdict == DENIED)) | (denied & (verdict == ALLOWED))
    return found
