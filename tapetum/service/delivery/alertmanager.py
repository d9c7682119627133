"""Prometheus' Alertmanager, version 2 of its API. Labels are what an alert is known by there.

An alert of ours is a moment: it is given an end, after which Alertmanager takes it for resolved.
"""

import msgspec

from tapetum.domain.moments import HOUR, iso
from tapetum.domain.receivers import Alertmanager
from tapetum.service.delivery.authorization import authorization
from tapetum.service.delivery.message import LONG, Message, Post, end, lines, one_line, title

_LASTS = HOUR


def post_of(receiver: Alertmanager, message: Message, now: int) -> Post:
    """It ends an hour from `now`, however late it comes: one that ended already would tell nobody."""
    alert = message.alert
    labels = {
        "alertname": one_line(alert.rule or alert.kind),
        "key": message.key,
        "kind": one_line(alert.kind),
        "severity": _level(alert.severity),
        "cluster": one_line(alert.cluster),
        "source": end(alert.source),
        "target": end(alert.target),
        "technique": alert.technique,
        "test": "true" if message.test else None,
    }
    told = {
        "labels": {name: value for name, value in labels.items() if value},
        "annotations": {
            "summary": title(message),
            "description": lines(alert.description, LONG),
            "severity": str(alert.severity),
        },
        "startsAt": iso(min(alert.time, now)),
        "endsAt": iso(now + _LASTS),
        **({} if message.link is None else {"generatorURL": message.link}),
    }
    url = f"{receiver.url.rstrip('/')}/api/v2/alerts"
    return Post(url, msgspec.json.encode([told]), authorization(receiver.user, receiver.secret))


def _level(severity: int) -> str:
    for level, least in (("critical", 90), ("high", 70), ("medium", 40)):
        if severity >= least:
            return level
    return "low"
