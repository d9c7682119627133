"""Of alerts, and of what they are sent to."""

from enum import StrEnum

from tapetum.api.schema.enums.showing import shown
from tapetum.domain.alert_rules import Condition
from tapetum.domain.alerts import Status
from tapetum.domain.receivers import ReceiverKind


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


_CRITICAL, _HIGH, _MEDIUM = 90, 70, 40


def level_of(severity: int) -> Severity:
    """How people read a severity from 1 to 100; the steps are CVSS's, times ten."""
    if severity >= _CRITICAL:
        return Severity.CRITICAL
    if severity >= _HIGH:
        return Severity.HIGH
    return Severity.MEDIUM if severity >= _MEDIUM else Severity.LOW


shown(
    Severity,
    "Severity",
    "A severity from 1 to 100 as people read it.",
    {"LOW": "Below 40.", "MEDIUM": "From 40.", "HIGH": "From 70.", "CRITICAL": "From 90."},
)
shown(
    Status,
    "AlertStatus",
    "What became of an alert.",
    {
        "OPEN": "Nobody has looked at it yet.",
        "ACKNOWLEDGED": "Somebody is on it.",
        "DISMISSED": "It was judged to be harmless.",
    },
)
shown(
    Condition,
    "AlertCondition",
    "How a window's value stands to a bound.",
    {
        "GT": "Greater.",
        "GTE": "At least.",
        "LT": "Less.",
        "LTE": "At most.",
        "EQ": "Equal.",
        "NOT_EQ": "Not equal.",
    },
)
shown(
    ReceiverKind,
    "ReceiverKind",
    "What alerts are sent to.",
    {
        "WEBHOOK": "Any server that takes JSON by HTTP.",
        "SLACK": "An incoming webhook of Slack.",
        "JIRA": "A project of Jira, in which each alert becomes an issue.",
        "ALERTMANAGER": "Prometheus' Alertmanager.",
        "SYSLOG": "A syslog server that reads CEF.",
    },
)
