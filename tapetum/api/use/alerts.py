"""Alerts as records that filters are applied to, and who sees them."""

from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.scope import Scope
from tapetum.logstore.alert_rows import alert_row
from tapetum.logstore.port import Record


def record_of(alert: Alert) -> Record:
    """What a search of the kind ALERTS would find, for predicates over alerts that were just raised."""
    return alert_row(NumberedAlert(0, alert))


def sees(scope: Scope, alert: Alert) -> bool:
    ends = (None if end is None else end.namespace for end in (alert.source, alert.target))
    return scope.sees(alert.cluster, *ends)
