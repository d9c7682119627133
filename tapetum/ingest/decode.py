"""A delivery's bytes to a Batch: every line becomes a record or a rejection with its reason."""

from tapetum.domain.batches import Batch, RecordKind, batch_id
from tapetum.domain.moments import Micros
from tapetum.domain.networks import Networks
from tapetum.ingest import netobserv
from tapetum.ingest.calico import bulk
from tapetum.ingest.context import Context, Limits
from tapetum.ingest.derive import derive
from tapetum.ingest.flat import IDENTITY, Reading, flat_table
from tapetum.ingest.forms import Form
from tapetum.ingest.goldmane import record as goldmane
from tapetum.ingest.hubble import record as hubble
from tapetum.ingest.keys import digests
from tapetum.ingest.line_by_line import RecordReader, read_lines
from tapetum.ingest.lines import Lines, split
from tapetum.ingest.retention import refuse_expired

_READERS: dict[Form, RecordReader] = {
    Form.GOLDMANE: goldmane.read_record,
    Form.HUBBLE: hubble.read_record,
    Form.NETOBSERV: netobserv.read_record,
}


def decode(
    body: bytes,
    form: Form,
    *,
    cluster: str,
    source: str,
    now: Micros,
    networks: Networks,
    newest: Micros | None = None,
    limits: Limits | None = None,
) -> Batch:
    """Read a whole delivery. `newest` is the start of the cluster's newest record so far, if any."""
    context = Context(now, networks, limits or Limits())
    lines = split(body, form)
    reading = refuse_expired(_read(lines, form, context), context, newest)
    by_line = digests(cluster, RecordKind.FLOWS, lines.items)
    if reading.identities is None:
        identified = [by_line[number] for number in reading.flat.column("line_no").to_pylist()]
    else:
        identified = digests(cluster, RecordKind.FLOWS, reading.identities)
    records, traces = derive(reading.flat, identified, cluster, networks)
    return Batch(
        id=batch_id(cluster, RecordKind.FLOWS, form, b"".join(by_line)),
        cluster=cluster,
        kind=RecordKind.FLOWS,
        source=source,
        received_at=now,
        lines=_kept(lines, context.limits),
        records=records,
        traces=traces,
        rejections=tuple(reading.refusals),
    )


def identify(body: bytes, form: Form, cluster: str) -> str:
    """The id that `decode` will give the batch; it depends on the lines alone."""
    return batch_id(
        cluster,
        RecordKind.FLOWS,
        form,
        b"".join(digests(cluster, RecordKind.FLOWS, split(body, form).items)),
    )


def _read(lines: Lines, form: Form, context: Context) -> Reading:
    if form is Form.CALICO:
        return bulk.read(lines, context)
    rows, refusals = read_lines(lines.items, range(len(lines.items)), _READERS[form], context)
    identities = [row[IDENTITY] for row in rows if IDENTITY in row]
    return Reading(flat_table(rows), refusals, identities or None)


def _kept(lines: Lines, limits: Limits) -> tuple[bytes, ...]:
    """The lines as they are stored: whole, but for those that were refused for their length."""
    if lines.longest <= limits.max_line:
        return tuple(lines.items)
    return tuple(line if len(line) <= limits.max_line else line[: limits.kept] for line in lines.items)
