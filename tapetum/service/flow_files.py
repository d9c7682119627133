"""Flow logs from files and directories as verdict keys, on both sides of a moment; DNS logs as lookups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from tapetum.domain.arrow import compute as pc
from tapetum.domain.batches import Batch, RecordKind
from tapetum.domain.errors import BadInputError
from tapetum.domain.moments import SECOND, Micros
from tapetum.domain.networks import Networks
from tapetum.ingest.context import Limits
from tapetum.ingest.decode import decode
from tapetum.ingest.detection import detect_form
from tapetum.ingest.sources.files import file_bodies, log_files
from tapetum.policy.recommend import Lookup, answering, fold, lookups_of, summed
from tapetum.service.settings import Settings

_SAMPLE = 256 * 1024


@dataclass(frozen=True, slots=True)
class FlowFiles:
    """`later` None: nothing lies at or after the moment. `rejected` lines could not be read."""

    earlier: pa.Table
    later: pa.Table | None
    rejected: int


def read_flows(
    paths: Sequence[Path], cluster: str, settings: Settings, now: Micros, until: Micros | None
) -> FlowFiles:
    """Logs of other kinds are passed over; records of any age are read."""
    halves: tuple[list[pa.Table], list[pa.Table]] = ([], [])
    rejected = 0
    for batch in _batches(paths, RecordKind.FLOWS, cluster, settings, now):
        rejected += len(batch.rejections)
        for half, table in zip(halves, _cut(batch.records, until), strict=True):
            if len(table):
                half.append(fold(table))
    earlier, later = halves
    if not earlier:
        when = "" if until is None else " before --learn-until"
        raise BadInputError(f"The files hold no flow{when} to learn from; name others, or another time.")
    return FlowFiles(summed(earlier), summed(later) if later else None, rejected)


def read_lookups(
    paths: Sequence[Path], cluster: str, settings: Settings, now: Micros, addresses: Sequence[str]
) -> set[Lookup]:
    """What DNS logs among the files tell of these addresses; logs of other kinds are passed over."""
    found: set[Lookup] = set()
    if addresses:
        for batch in _batches(paths, RecordKind.DNS, cluster, settings, now):
            found.update(lookups_of(answering(batch.records, addresses).to_pylist()))
    return found


def _batches(
    paths: Sequence[Path], kind: RecordKind, cluster: str, settings: Settings, now: Micros
) -> Iterator[Batch]:
    """Of the files of one kind, whatever their records' age."""
    limits = Limits(max_line=settings.max_line, retention=None)
    for file in log_files(paths):
        form = None
        for body in file_bodies(file, settings.max_line, settings.batch_bytes):
            form = form or detect_form(body.data[:_SAMPLE])
            if form is None or form.kind is not kind:
                break
            yield decode(
                body.data,
                form,
                cluster=cluster,
                source=body.source,
                now=now,
                networks=Networks(settings.private_ranges),
                limits=limits,
            )


def _cut(records: pa.Table, until: Micros | None) -> tuple[pa.Table, pa.Table]:
    if until is None:
        return records, records.slice(0, 0)
    moment = datetime.fromtimestamp(until // SECOND, UTC).replace(tzinfo=None, microsecond=until % SECOND)
    before = pc.less(records.column("start_time"), pa.scalar(moment, pa.timestamp("us")))
    return records.filter(before), records.filter(pc.invert(before))
