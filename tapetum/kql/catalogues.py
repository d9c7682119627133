"""Which catalogue belongs to which kind of record."""

from functools import cache

from tapetum.kql.alert_fields import ALERT_FIELDS
from tapetum.kql.audit_fields import AUDIT_FIELDS
from tapetum.kql.bgp_fields import BGP_FIELDS
from tapetum.kql.dns_fields import DNS_FIELDS
from tapetum.kql.event_fields import EVENT_FIELDS
from tapetum.kql.fields import Catalogue
from tapetum.kql.flow_fields import FLOW_FIELDS
from tapetum.kql.l7_fields import L7_FIELDS

_FIELDS = {
    "flows": FLOW_FIELDS,
    "dns": DNS_FIELDS,
    "l7": L7_FIELDS,
    "audit": AUDIT_FIELDS,
    "bgp": BGP_FIELDS,
    "events": EVENT_FIELDS,
    "alerts": ALERT_FIELDS,
}
KINDS = tuple(_FIELDS)


@cache
def catalogue(kind: str) -> Catalogue:
    """The catalogue of a RecordKind by its value; an unknown kind is a KeyError, since no user names one."""
    return Catalogue(kind, _FIELDS[kind])
