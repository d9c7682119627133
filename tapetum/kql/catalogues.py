"""Which catalogue belongs to which kind of record."""

from functools import cache

from tapetum.kql.alert_fields import ALERT_FIELDS
from tapetum.kql.fields import Catalogue
from tapetum.kql.flow_fields import FLOW_FIELDS

_FIELDS = {"flows": FLOW_FIELDS, "alerts": ALERT_FIELDS}


@cache
def catalogue(kind: str) -> Catalogue:
    """The catalogue of `flows` or `alerts`; an unknown kind is a KeyError, since no user names one."""
    return Catalogue(kind, _FIELDS[kind])
