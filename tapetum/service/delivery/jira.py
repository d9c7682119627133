"""Jira: an issue by version 2 of its REST API, which both the cloud and the data centre have.

Its texts are wiki markup; those of records stand in a {noformat} block, which nothing in them can end.
"""

import msgspec

from tapetum.domain.receivers import Jira
from tapetum.service.delivery.authorization import authorization
from tapetum.service.delivery.message import MOST_MITIGATIONS, Message, Post, facts, lines, title

_FENCE = "{noformat}"


def post_of(receiver: Jira, message: Message) -> Post:
    fields = {
        "project": {"key": receiver.project},
        "issuetype": {"name": receiver.issue_type},
        "summary": title(message),
        "description": _description(message),
        "labels": ["tapetum", f"tapetum-{message.key}"[:250].replace(" ", "_")],
    }
    url = f"{receiver.url.rstrip('/')}/rest/api/2/issue"
    headers = authorization(receiver.user, receiver.secret)
    return Post(url, msgspec.json.encode({"fields": fields}), headers)


def _description(message: Message) -> str:
    told = [lines(message.alert.description)]
    told.append("\n".join(f"{name}: {value}" for name, value in facts(message)))
    told += [lines(each, 500) for each in message.alert.mitigations[:MOST_MITIGATIONS]]
    text = "\n\n".join(each for each in told if each).replace("{", "(").replace("}", ")")
    block = f"{_FENCE}\n{text}\n{_FENCE}"
    return block if message.link is None else f"{block}\n\n[Open in Tapetum|{message.link}]"
