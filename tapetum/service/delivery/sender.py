"""Tells a receiver of an alert in its own words; never raises what a receiver or a text can bring about."""

from base64 import b64encode
from dataclasses import dataclass
from importlib.metadata import version
from ssl import SSLContext
from typing import assert_never
from urllib.parse import urlsplit

import structlog

from tapetum.domain.alerts import Alert
from tapetum.domain.deliveries import Answer, Outcome
from tapetum.domain.moments import Clock
from tapetum.domain.receivers import Alertmanager, Jira, Receiver, Slack, Syslog, Webhook, secret_of
from tapetum.service.delivery import alertmanager, cef, jira, slack, webhook
from tapetum.service.delivery.message import Message, Post, message_of
from tapetum.service.delivery.posting import PATIENCE, Client, posted
from tapetum.service.delivery.wire import written
from tapetum.service.outbound.certificates import certificates
from tapetum.service.outbound.targets import Targets
from tapetum.service.outbound.transport import Guard, guarded_client
from tapetum.service.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sender:
    """`version` is the product's, `public_url` where its page is, for links."""

    client: Client
    guard: Guard
    clock: Clock
    version: str
    public_url: str | None = None
    trusted: SSLContext | None = None
    """Whose certificates count with syslog over TLS; None: those of the public authorities."""

    async def send(self, target: str, receiver: Receiver, alert: Alert, *, test: bool = False) -> Answer:
        message = message_of(target, alert, self.public_url, test=test)
        try:
            if isinstance(receiver, Syslog):
                return await written(self.guard, receiver, cef.line_of(message, self.version), self.trusted)
            post = self._headed(self._post(receiver, message), message)
            return await posted(self.client, post, _hidden(receiver), self.clock())
        except Exception:  # a fault of ours must not keep back the alerts behind it for good
            log.exception("an alert could not be told", target=target, alert=alert.id)
            return Answer(
                Outcome.REFUSED, "The alert could not be put into the receiver's words; report this."
            )

    def _post(self, receiver: Webhook | Slack | Jira | Alertmanager, message: Message) -> Post:
        match receiver:
            case Webhook():
                return webhook.post_of(receiver, message)
            case Slack():
                return slack.post_of(receiver, message)
            case Jira():
                return jira.post_of(receiver, message)
            case Alertmanager():
                return alertmanager.post_of(receiver, message, self.clock())
            case _:
                assert_never(receiver)

    def _headed(self, post: Post, message: Message) -> Post:
        ours = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "Idempotency-Key": message.key.encode("ascii", "replace").decode(),
            "User-Agent": f"tapetum/{self.version}",
        }
        return Post(post.url, post.body, post.headers | ours)


def sender(clock: Clock, settings: Settings) -> Sender:
    targets, trusted = Targets(settings.outbound_allowed), certificates(settings.outbound_authorities)
    return Sender(
        lambda: guarded_client(targets, timeout=PATIENCE, redirects=0, verify=trusted),
        Guard(targets),
        clock,
        version("tapetum"),
        settings.public_url,
        trusted,
    )


def _hidden(receiver: Receiver) -> list[str]:
    """Whatever of a receiver's answer would give its secret away."""
    secret = secret_of(receiver)
    if secret is None:
        return []
    match receiver:
        case Slack():
            parts = urlsplit(secret)
            return [secret, *(part for part in (parts.path, parts.query) if part.strip("/"))]
        case Jira() | Alertmanager() if receiver.user is not None:
            return [secret, b64encode(f"{receiver.user}:{secret}".encode()).decode()]
        case _:
            return [secret, secret.rpartition(" ")[2]]
