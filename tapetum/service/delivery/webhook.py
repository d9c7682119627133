"""The generic webhook: an alert as JSON, under the names that the API gives its parts."""

from typing import Any

import msgspec

from tapetum.domain.endpoints import NodeRef
from tapetum.domain.moments import iso
from tapetum.domain.receivers import Webhook
from tapetum.service.delivery.message import LONG, MOST_MITIGATIONS, Message, Post, cut


def post_of(receiver: Webhook, message: Message) -> Post:
    headers = {} if receiver.secret is None else {receiver.header: receiver.secret}
    return Post(receiver.url, msgspec.json.encode(_told(message)), headers)


def _told(message: Message) -> dict[str, Any]:
    """JSON escapes what is hostile in texts; only their lengths are bounded."""
    alert = message.alert
    return {
        "version": 1,
        "key": message.key,
        "test": message.test,
        "link": message.link,
        "alert": {
            "id": alert.id,
            "time": iso(alert.time),
            "kind": alert.kind,
            "rule": cut(alert.rule, LONG),
            "title": cut(alert.title, LONG),
            "description": cut(alert.description, LONG),
            "severity": alert.severity,
            "cluster": alert.cluster,
            "source": _end(alert.source),
            "target": _end(alert.target),
            "protocol": None if alert.protocol is None else cut(alert.protocol, LONG),
            "port": alert.port,
            "technique": alert.technique,
            "tactic": alert.tactic,
            "category": alert.category,
            "status": alert.status,
            "mitigations": [cut(each, LONG) for each in alert.mitigations[:MOST_MITIGATIONS]],
            "evidence": alert.evidence,
            "evidenceKind": alert.evidence_kind,
        },
    }


def _end(node: NodeRef | None) -> dict[str, str | None] | None:
    return None if node is None else {"kind": node.kind, "namespace": node.namespace, "name": node.name}
