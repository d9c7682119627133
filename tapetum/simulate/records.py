"""Records of every kind but flows, as chunks of newline-terminated JSON in time order."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice

import msgspec

from tapetum.simulate.audit import audit_records
from tapetum.simulate.bgp import bgp_records
from tapetum.simulate.dns import dns_records
from tapetum.simulate.events import event_records
from tapetum.simulate.flows import WINDOW
from tapetum.simulate.l7 import l7_records
from tapetum.simulate.pieces import DROP_PODS
from tapetum.simulate.world import World

_CHUNK = 512


class RecordKind(StrEnum):
    """Named as the ingest path names them."""

    FLOWS = "flows"
    DNS = "dns"
    L7 = "l7"
    AUDIT = "audit"
    BGP = "bgp"
    EVENTS = "events"


_MAKERS = {
    RecordKind.DNS: dns_records,
    RecordKind.L7: l7_records,
    RecordKind.AUDIT: audit_records,
    RecordKind.BGP: bgp_records,
    RecordKind.EVENTS: event_records,
}


def record_lines(
    world: World,
    kind: RecordKind,
    start: int,
    end: int,
    *,
    window: int = WINDOW,
    level: int = DROP_PODS,
) -> Iterator[bytes]:
    """What happens in [start, end), unix seconds; flows have `flow_lines` with its rate.

    DNS and L7 logs are flushed every `window` and count the connections that the flow logs of the
    same window count; the others are written when they happen. `level` 1 names the client's pod.
    """
    records = _MAKERS[kind](world, start, end, window, level)
    encoder = msgspec.json.Encoder()
    while chunk := [encoder.encode(record) for record in islice(records, _CHUNK)]:
        yield b"\n".join(chunk) + b"\n"
