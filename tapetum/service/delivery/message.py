"""What is to be told of an alert, whoever is told; and texts of records made fit to be told.

Formatters make of it what their receiver reads. They are pure, and bound whatever they write.
"""

from dataclasses import dataclass, field

from tapetum.domain.alerts import Alert
from tapetum.domain.endpoints import NodeRef
from tapetum.domain.identity import seal

SHORT, LONG = 250, 3000
MOST_MITIGATIONS = 5


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is the same whenever the same alert is told to the same target; a `test` is of no real alert."""

    key: str
    alert: Alert
    link: str | None = None
    test: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """One request of HTTP."""

    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict[str, str])


def message_of(target: str, alert: Alert, public_url: str | None, *, test: bool = False) -> Message:
    link = None
    if public_url is not None and not test:
        link = f"{public_url.rstrip('/')}/alerts?alert={seal('alert', alert.id)}"
    return Message(f"{target}-{alert.id}", alert, link, test)


def one_line(text: str, most: int = SHORT) -> str:
    """Without line breaks and whatever else cannot be shown."""
    return cut(" ".join("".join(each if each.isprintable() else " " for each in text).split()), most)


def lines(text: str, most: int = LONG) -> str:
    """The same, but for its line breaks."""
    return cut("\n".join(one_line(each, most) for each in text.splitlines()).strip(), most)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def end(node: NodeRef | None) -> str | None:
    """An endpoint as people write it."""
    if node is None:
        return None
    return one_line(node.name if node.namespace is None else f"{node.namespace}/{node.name}")


def title(message: Message) -> str:
    told = one_line(message.alert.title)
    return f"[test] {told}" if message.test else told


def facts(message: Message) -> list[tuple[str, str]]:
    """What people look at first, with its names; what there is none of is left out."""
    alert = message.alert
    found = (
        ("Severity", str(alert.severity)),
        ("Cluster", one_line(alert.cluster)),
        ("Source", end(alert.source)),
        ("Target", end(alert.target)),
        ("Port", None if alert.port is None else f"{one_line(alert.protocol or '')} {alert.port}".strip()),
        ("Rule", one_line(alert.rule)),
        ("Technique", alert.technique),
        ("Category", alert.category),
    )
    return [(name, one_line(value)) for name, value in found if value]
