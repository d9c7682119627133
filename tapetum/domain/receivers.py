"""The receivers that alerts can be sent to, each with what it needs, and which part of that is secret.

What breaks its rules is no value. Sends nothing, and knows no alert.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from msgspec import Meta, structs

from tapetum.domain.documents import printable
from tapetum.domain.saved_query import Form
from tapetum.domain.urls import hold_url

MASK = "********"
"""What stands for a secret wherever a target is shown; saved, it keeps the secret that is known."""

_READERS = "delivery targets"
_OURS = frozenset(
    (
        "host",
        "content-length",
        "content-type",
        "transfer-encoding",
        "connection",
        "idempotency-key",
        "user-agent",
    )
)

Url = Annotated[str, Meta(min_length=8, max_length=2000)]
Secret = Annotated[str, Meta(min_length=1, max_length=4000)]
User = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\s:]+\Z")]
Place = tuple[str, str, int]
"""Where a secret goes: scheme, host and port."""


class ReceiverKind(StrEnum):
    WEBHOOK = "webhook"
    SLACK = "slack"
    JIRA = "jira"
    ALERTMANAGER = "alertmanager"
    SYSLOG = "syslog"


class Webhook(Form, frozen=True, kw_only=True, tag_field="kind", tag="webhook"):
    """`secret` is the value of `header`."""

    hidden_member: ClassVar[str | None] = "secret"
    url: Url
    header: Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]{1,60}\Z")] = "Authorization"
    secret: Secret | None = None

    def __post_init__(self) -> None:
        hold_url(self.url, _READERS)
        _hold_value(self.secret)
        if self.header.lower() in _OURS:
            raise ValueError(f"the header {self.header} is set by the product; name another")


class Slack(Form, frozen=True, kw_only=True, tag_field="kind", tag="slack"):
    """Of an incoming webhook the whole address is the secret."""

    hidden_member: ClassVar[str | None] = "url"
    url: Url

    def __post_init__(self) -> None:
        if self.url != MASK:
            hold_url(self.url, _READERS)


class Jira(Form, frozen=True, kw_only=True, tag_field="kind", tag="jira"):
    """With a `user` the secret is their API token, without one a personal access token."""

    hidden_member: ClassVar[str | None] = "secret"
    url: Url
    project: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9_]{0,49}\Z")]
    issue_type: Annotated[str, Meta(min_length=1, max_length=60)] = "Task"
    user: User | None = None
    secret: Secret

    def __post_init__(self) -> None:
        hold_url(self.url, _READERS)
        _hold_value(self.secret)
        printable("the issue type", self.issue_type)


class Alertmanager(Form, frozen=True, kw_only=True, tag_field="kind", tag="alertmanager"):
    """With a `user` the secret is a password, without one a bearer token."""

    hidden_member: ClassVar[str | None] = "secret"
    url: Url
    user: User | None = None
    secret: Secret | None = None

    def __post_init__(self) -> None:
        hold_url(self.url, _READERS)
        _hold_value(self.secret)
        if self.user is not None and self.secret is None:
            raise ValueError("a user comes with a password, the secret; give both or none")


class Syslog(Form, frozen=True, kw_only=True, tag_field="kind", tag="syslog"):
    """CEF in RFC 5424; UDP tells nobody whether it arrived."""

    hidden_member: ClassVar[str | None] = None
    host: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]{1,253}\Z")]
    port: Annotated[int, Meta(ge=1, le=65_535)] = 514
    transport: Literal["udp", "tcp", "tls"] = "tcp"


Receiver = Webhook | Slack | Jira | Alertmanager | Syslog


def kind_of(receiver: Receiver) -> ReceiverKind:
    return ReceiverKind(str(receiver.__struct_config__.tag))


def secret_of(receiver: Receiver) -> str | None:
    name = receiver.hidden_member
    return None if name is None else getattr(receiver, name)


def with_secret(receiver: Receiver, secret: str) -> Receiver:
    """The same with another secret; as it is where the kind has none."""
    name = receiver.hidden_member
    return receiver if name is None else structs.replace(receiver, **{name: secret})


def masked(receiver: Receiver) -> Receiver:
    return receiver if secret_of(receiver) is None else with_secret(receiver, MASK)


def shown(receiver: Receiver) -> str:
    """Where it sends to, without what is or may be secret."""
    match receiver:
        case Syslog():
            return f"{receiver.transport}://{receiver.host}:{receiver.port}"
        case _:
            parts = urlsplit(receiver.url)
            return f"{parts.scheme}://{parts.netloc}" if parts.hostname else MASK


def place_of(receiver: Receiver) -> Place:
    match receiver:
        case Syslog():
            return receiver.transport, receiver.host.lower(), receiver.port
        case _:
            parts = urlsplit(receiver.url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            return parts.scheme, (parts.hostname or "").lower(), port


def _hold_value(secret: str | None) -> None:
    if secret is not None and not (secret.isascii() and secret.isprintable() and secret == secret.strip()):
        raise ValueError("the secret has characters that no header can hold, or spaces at its ends")
