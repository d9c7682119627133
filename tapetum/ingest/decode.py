"""A delivery's bytes to a Batch: every line becomes a record or a rejection with its reason."""

from tapetum.domain.batches import Batch, RecordKind, batch_id
from tapetum.domain.flows import TRACE
from tapetum.domain.moments import Micros
from tapetum.domain.networks import Networks
from tapetum.domain.shapes import SHAPES
from tapetum.ingest import audit, dns, netobserv
from tapetum.ingest.bgp import line as bgp
from tapetum.ingest.calico import bulk
from tapetum.ingest.context import Context, Limits
from tapetum.ingest.derive import derive
from tapetum.ingest.events import record as events
from tapetum.ingest.flat import IDENTITY, Reading, flat_table, keyed
from tapetum.ingest.forms import Form
from tapetum.ingest.goldmane import record as goldmane
from tapetum.ingest.hubble import record as hubble
from tapetum.ingest.keys import digests
from tapetum.ingest.l7 import line as l7
from tapetum.ingest.line_by_line import LineReader, of_objects, read_lines
from tapetum.ingest.lines import Lines, split
from tapetum.ingest.retention import refuse_expired

_READERS: dict[Form, LineReader] = {
    Form.GOLDMANE: of_objects(goldmane.read_record),
    Form.HUBBLE: of_objects(hubble.read_record),
    Form.NETOBSERV: of_objects(netobserv.read_record),
    Form.DNS: of_objects(dns.read_record),
    Form.L7: l7.read_line,
    Form.AUDIT: of_objects(audit.read_record),
    Form.BGP: bgp.read_line,
    Form.EVENTS: of_objects(events.read_record),
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
    """Read a whole delivery. `newest` is the time of the cluster's newest record of that kind, if any."""
    context = Context(now, networks, limits or Limits())
    kind = form.kind
    lines = split(body, form)
    reading = refuse_expired(_read(lines, form, context), SHAPES[kind].time, context, newest)
    by_line = digests(cluster, kind, lines.items)
    if reading.identities is None:
        identified = [by_line[number] for number in reading.flat.column("line_no").to_pylist()]
    else:
        identified = digests(cluster, kind, reading.identities)
    if kind is RecordKind.FLOWS:
        records, traces = derive(reading.flat, identified, cluster, networks)
    else:
        records, traces = keyed(reading.flat, identified, cluster, kind), TRACE.empty_table()
    return Batch(
        id=batch_id(cluster, kind, form, b"".join(by_line)),
        cluster=cluster,
        kind=kind,
        source=source,
        received_at=now,
        lines=_kept(lines, context.limits),
        records=records,
        traces=traces,
        rejections=tuple(reading.refusals),
    )


def identify(body: bytes, form: Form, cluster: str) -> str:
    """The id that `decode` will give the batch; it depends on the lines alone."""
    by_line = digests(cluster, form.kind, split(body, form).items)
    return batch_id(cluster, form.kind, form, b"".join(by_line))


def _read(lines: Lines, form: Form, context: Context) -> Reading:
    if form is Form.CALICO:
        return bulk.read(lines, context)
    rows, refusals = read_lines(lines.items, range(len(lines.items)), _READERS[form], context)
    identities = [row[IDENTITY] for row in rows if IDENTITY in row]
    return Reading(flat_table(rows, form.kind), refusals, identities or None)


def _kept(lines: Lines, limits: Limits) -> tuple[bytes, ...]:
    """The lines as they are stored: whole, but for those that were refused for their length."""
    if lines.longest <= limits.max_line:
        return tuple(lines.items)
    return tuple(line if len(line) <= limits.max_line else line[: limits.kept] for line in lines.items)
