"""Slack's incoming webhook: a header, the facts and a link, in blocks.

In Slack's markup &, < and > begin mentions and links, so that texts of records are told without them.
"""

from typing import Any

import msgspec

from tapetum.domain.receivers import Slack
from tapetum.service.delivery.message import LONG, Message, Post, cut, facts, lines, title

_HEADER, _TEXT, _FIELDS = 150, 2900, 8
"""Slack's own bounds: 150 characters of a header, 3000 of a section, ten fields."""


def post_of(receiver: Slack, message: Message) -> Post:
    told = title(message)
    body = {"text": escaped(f"{told} ({message.alert.cluster})", LONG), "blocks": _blocks(message, told)}
    return Post(receiver.url, msgspec.json.encode(body))


def escaped(text: str, most: int) -> str:
    """Cut before it is escaped bit by bit, so that no escape is cut in two."""
    found = ""
    for each in cut(text, most):
        piece = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(each, each)
        if len(found) + len(piece) > most:
            break
        found += piece
    return found


def _blocks(message: Message, told: str) -> list[dict[str, Any]]:
    fields = [_plain(f"{name}: {value}") for name, value in facts(message)[:_FIELDS]]
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(cut(told, _HEADER))},
        {"type": "section", "fields": fields},
    ]
    description = lines(message.alert.description, _TEXT)
    if description:
        blocks.insert(1, {"type": "section", "text": _plain(description)})
    told_last = [_plain(message.key)]
    if message.link is not None:
        link = {"type": "mrkdwn", "text": f"<{escaped(message.link, _TEXT)}|Open in Tapetum>"}
        told_last.insert(0, link)
    return [*blocks, {"type": "context", "elements": told_last}]


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
