"""Which alerts a delivery target wants: by its severity, its clusters and its filter."""

from collections.abc import Callable

from tapetum.domain.alerts import Alert, NumberedAlert
from tapetum.domain.batches import RecordKind
from tapetum.domain.delivery_targets import DeliveryTarget
from tapetum.domain.moments import Micros
from tapetum.kql import compile_predicate, parse
from tapetum.logstore.alert_rows import alert_row


def wanted(target: DeliveryTarget, now: Micros) -> Callable[[Alert], bool]:
    """Raises KqlError where the filter is none."""
    if not target.filter.strip():
        return target.concerns
    meets = compile_predicate(parse(target.filter), RecordKind.ALERTS.value, now)
    return lambda alert: target.concerns(alert) and meets(alert_row(NumberedAlert(0, alert)))
