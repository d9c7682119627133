r"""ArcSight's Common Event Format in a line of syslog (RFC 5424).

In CEF's head | and \ are escaped, in its extension = and \; no line break gets through.
"""

from tapetum.domain.moments import iso
from tapetum.service.delivery.message import Message, end, one_line, title

_PRIORITY = 13 * 8
"""The facility `log audit`."""
_LEVELS = ((90, 2), (70, 3), (40, 4), (0, 5))
"""Severities of syslog, from critical to notice."""
_NAME, _TOLD = 120, 1000


def line_of(message: Message, version: str) -> bytes:
    alert = message.alert
    level = next(level for least, level in _LEVELS if alert.severity >= least)
    head = "|".join(
        _head(each)
        for each in ("Tapetum", "Tapetum", version, alert.kind, title(message), str(_of_ten(alert.severity)))
    )
    syslog = f"<{_PRIORITY + level}>1 {iso(alert.time)} - tapetum - alert -"
    return f"{syslog} CEF:0|{head}|{_extension(message)}".encode(errors="replace")


def _of_ten(severity: int) -> int:
    """CEF counts to ten."""
    return min(10, max(0, round(severity / 10)))


def _extension(message: Message) -> str:
    alert = message.alert
    told: tuple[tuple[str, str | None], ...] = (
        ("rt", str(alert.time // 1000)),
        ("externalId", message.key),
        ("cat", "test" if message.test else alert.category or alert.kind),
        ("shost", end(alert.source)),
        ("dhost", end(alert.target)),
        ("dpt", None if alert.port is None else str(alert.port)),
        ("proto", alert.protocol),
        *_labelled("cs1", "cluster", alert.cluster),
        *_labelled("cs2", "rule", alert.rule),
        *_labelled("cs3", "technique", alert.technique),
        ("msg", one_line(alert.description, _TOLD)),
        ("request", message.link),
    )
    return " ".join(f"{name}={_value(value)}" for name, value in told if value)


def _labelled(name: str, label: str, value: str | None) -> tuple[tuple[str, str | None], ...]:
    return ((f"{name}Label", label if value else None), (name, value))


def _head(text: str) -> str:
    return one_line(text, _NAME).replace("\\", "\\\\").replace("|", "\\|")


def _value(text: str) -> str:
    return one_line(text, _TOLD).replace("\\", "\\\\").replace("=", "\\=")
