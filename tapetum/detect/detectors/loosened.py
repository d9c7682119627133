"""A policy or a tier that was changed so that it lets through what it stopped, by the audit log."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tapetum.detect.detectors.asking import Asker, before, one_of, same
from tapetum.detect.detectors.finding import Finding
from tapetum.domain.audit_objects import member, object_after
from tapetum.domain.detectors import PolicyLoosened
from tapetum.domain.manifest_kinds import kind_of
from tapetum.domain.moments import TimeRange
from tapetum.kql import Query, all_of, parse
from tapetum.logstore.port import Record
from tapetum.policy.documents import Document, Place
from tapetum.policy.loosening import loosened
from tapetum.policy.resources.manifests import resolve
from tapetum.policy.resources.policies import Policy, Tier

_MOST = 500
"""Changes that are looked at together, the newest."""
_DONE = parse("responseStatus.code >= 200 and responseStatus.code < 300 and not requestURI: *dryRun=*")
_WRITTEN = one_of("verb", "create", "update", "patch")
_OBJECT = ("objectRef.apiGroup", "objectRef.resource", "objectRef.namespace", "objectRef.name")
_TOLD = ("user.username", *_OBJECT[1:])


async def find(says: PolicyLoosened, ask: Asker, span: TimeRange) -> list[Finding]:
    changes = await ask.newest(span, _MOST, _DONE, _WRITTEN)
    lines = await ask.lines(changes)
    found = [await _examined(says, ask, each, lines.get(each["id"])) for each in changes]
    return [each for each in found if each is not None]


async def _examined(says: PolicyLoosened, ask: Asker, change: Record, line: str | None) -> Finding | None:
    after = _read(change, line)
    if after is None:
        return None
    at = change["requestReceivedTimestamp"]
    was = None if change["verb"] == "create" else await _before(says, ask, change, at)
    opened = loosened(was, after)
    if not opened:
        return None
    which: tuple[Query, ...] = (same("auditID", change["auditID"]),)
    return Finding(
        (change["id"],),
        at,
        TimeRange(at, at + 1),
        which,
        {name: change[name] for name in _TOLD},
        {"change": "; ".join(opened), "sourceIPs": ", ".join(change["sourceIPs"] or ("somewhere",))},
    )


async def _before(says: PolicyLoosened, ask: Asker, change: Record, at: int) -> Policy | Tier | None:
    """As the newest earlier event left it; None where there is none that tells."""
    object_ = all_of([same(name, change[name]) for name in _OBJECT])
    earlier = await ask.newest(before(at, says.history), 1, _DONE, _WRITTEN, object_)
    lines = await ask.lines(earlier)
    return _read(earlier[0], lines.get(earlier[0]["id"])) if earlier else None


def _read(record: Record, line: str | None) -> Policy | Tier | None:
    kind = kind_of(record["objectRef.apiGroup"], record["objectRef.resource"])
    if kind is None or line is None or record["objectRef.subresource"] is not None:
        return None
    document = object_after(kind, record, _event(line))
    if document is None:
        return None
    read = resolve([Document(Place("audit log"), document)], lenient=True).resources
    return next((each for each in read if isinstance(each, Policy | Tier)), None)


def _event(line: str) -> Mapping[str, Any]:
    """The event of a hit of Elasticsearch, too."""
    event = msgspec.json.decode(line, type=dict[str, Any])
    return member(event, "_source") or event
