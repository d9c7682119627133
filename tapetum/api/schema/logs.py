"""Which type shows the records of which kind."""

from tapetum.api.schema.audit import AuditLog
from tapetum.api.schema.bgp import BgpLog
from tapetum.api.schema.dns import DnsLog
from tapetum.api.schema.event import SecurityEvent
from tapetum.api.schema.flow import Flow
from tapetum.api.schema.l7 import L7Log
from tapetum.api.schema.log import LogRecord
from tapetum.domain.batches import RecordKind
from tapetum.domain.errors import BadInputError

LOGS: dict[RecordKind, type[LogRecord]] = {
    kind.kind_of_record: kind for kind in (Flow, DnsLog, L7Log, AuditLog, BgpLog, SecurityEvent)
}


def log_of(kind: RecordKind) -> type[LogRecord]:
    found = LOGS.get(kind)
    if found is None:
        raise BadInputError("Alerts are no log; `alertRaised` follows them.", path="kind")
    return found
