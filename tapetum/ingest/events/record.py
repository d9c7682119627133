"""Which maker's security event a record is: Suricata's, Calico's, or one of our own schema."""

from typing import Any

from tapetum.ingest.context import Context
from tapetum.ingest.events import calico, own, suricata
from tapetum.ingest.flat import Row
from tapetum.ingest.objects import unwrapped
from tapetum.ingest.refusals import Cause, UnreadableError


def read_record(record: dict[str, Any], context: Context) -> Row:
    record = unwrapped(record)
    for maker in (suricata, own, calico):
        if maker.is_record(record):
            return maker.read_record(record, context)
    raise UnreadableError(
        Cause.SHAPE, "not a security event: neither event_type (Suricata), title (our own) nor type (Calico)"
    )
