"""Summaries of captures that people sent: kept, found, and laid beside the flows that the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import anyio.to_thread
import msgspec

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_clusters, read_limit
from tapetum.api.use.cluster_objects import read_objects
from tapetum.api.use.saved import parse_document_id
from tapetum.api.use.terms import absent, among, equal
from tapetum.capture.matching import SLACK, Matched, matched, spellings, told_by
from tapetum.capture.whereabouts import Whereabouts, whereabouts
from tapetum.catalog.documents import Draft, Removal
from tapetum.domain.batches import RecordKind
from tapetum.domain.captures import MOST_CONVERSATIONS, CaptureSummary, Conversation
from tapetum.domain.documents import Document, DocumentKind, write_body
from tapetum.domain.moments import MINUTE, TimeRange
from tapetum.kql import Query, all_of, any_of
from tapetum.logstore.port import Order, Position, Record, Search

MOST = 50
"""Of summaries at once."""
_KIND = DocumentKind.CAPTURE
_WINDOW = 10 * MINUTE
"""How long before a packet the record that counts it may have begun."""
_PAGE, _PAGES = 2000, 5


@dataclass(frozen=True, slots=True)
class Beside:
    """Conversations with their flow records, and who has their addresses, as far as the reader may see.

    `told` is of manifests and records, `who` of manifests alone, by which records were looked for.
    `complete` False: there were more records than are read, so that older ones are not among them.
    """

    range: TimeRange
    conversations: Sequence[Matched]
    who: Mapping[str, Whereabouts]
    told: Mapping[str, Whereabouts]
    complete: bool

    def filter(self, one: Conversation) -> str:
        """KQL that finds its records, and those of others between the same ends."""
        return str(_between(one, self.who))


async def keep_summary(asked: Asked, summary: CaptureSummary, *, shared: bool) -> Document:
    draft = Draft(
        id=asked.api.document_id(),
        kind=_KIND,
        title=summary.file,
        about=summary.cluster,
        shared=shared,
        body=write_body(summary).decode(),
        version=None,
        at=asked.now,
    )
    return await asked.api.catalog.save_document(asked.scope, asked.caller, draft)


async def list_summaries(asked: Asked, clusters: Sequence[str] | None, limit: int) -> list[Document]:
    """The newest first."""
    read_limit("limit", limit, MOST)
    names = read_clusters(clusters)
    about = [None] if names is None else sorted(names)
    found: list[Document] = []
    for each in about:
        found += await asked.api.catalog.documents(asked.scope, asked.caller, _KIND, each, limit)
    return sorted(found, key=lambda each: (-each.created_at, each.id))[:limit]


async def find_summary(asked: Asked, text: str) -> Document | None:
    raw_id = parse_document_id(_KIND, text)
    found = await asked.api.catalog.document(asked.scope, asked.caller, raw_id)
    return found if found is not None and found.kind is _KIND else None


async def remove_summary(asked: Asked, text: str, version: int | None) -> Document:
    removal = Removal(parse_document_id(_KIND, text), _KIND, version)
    return await asked.api.catalog.remove_document(asked.scope, asked.caller, removal)


def read_summary(saved: Document) -> CaptureSummary:
    return msgspec.json.decode(saved.body, type=CaptureSummary)


async def beside_flows(asked: Asked, summary: CaptureSummary, limit: int) -> Beside:
    """The first conversations with what the reader may see of flows."""
    read_limit("limit", limit, MOST_CONVERSATIONS)
    some = summary.conversations[:limit]
    within = TimeRange(max(summary.first - _WINDOW, 0), summary.last + SLACK + 1)
    who = await _whereabouts(asked, summary, some)
    between = {str(query): query for query in (_between(each, who) for each in some)}
    search = Search(RecordKind.FLOWS, within, frozenset((summary.cluster,)), any_of(between.values()))
    records, complete = await _records(asked, search) if between else ([], True)
    found = await anyio.to_thread.run_sync(matched, some, records, who)
    return Beside(within, found, who, told_by(found, who), complete)


async def _whereabouts(
    asked: Asked, summary: CaptureSummary, some: Sequence[Conversation]
) -> Mapping[str, Whereabouts]:
    addresses = {address for each in some for address in (each.client, each.server)}
    objects = await read_objects(asked, summary.cluster, summary.last)
    return await anyio.to_thread.run_sync(
        whereabouts, objects.state, addresses, lambda name: asked.scope.sees(summary.cluster, name)
    )


async def _records(asked: Asked, search: Search) -> tuple[list[Record], bool]:
    found: list[Record] = []
    after: Position | None = None
    order = Order()
    for _ in range(_PAGES):
        page = await asked.api.logs.search(asked.scope, search, order, _PAGE, after)
        found += page.records
        if not page.more:
            return found, True
        last = page.records[-1]
        after = Position(last[order.field], last["id"])
    return found, False


def _between(one: Conversation, who: Mapping[str, Whereabouts]) -> Query:
    there = _way(one.protocol, one.client, one.server, one.server_port, who)
    if one.opened:
        return there
    return any_of([there, _way(one.protocol, one.server, one.client, one.client_port, who)])


def _way(protocol: str, client: str, server: str, port: int | None, who: Mapping[str, Whereabouts]) -> Query:
    called = who.get(server)
    terms = [among("proto", spellings(protocol)), _end("source", client, who)]
    if called is not None and called.service:
        terms += [equal("dest_service_namespace", called.namespace), equal("dest_service_name", called.name)]
    else:
        terms.append(_end("dest", server, who))
        terms += [] if port is None else [equal("dest_port", port)]
    return all_of(terms)


def _end(side: str, address: str, who: Mapping[str, Whereabouts]) -> Query:
    logged, known = equal(f"{side}_ip", address), who.get(address)
    if known is None or known.service:
        return logged
    named = [equal(f"{side}_namespace", known.namespace), equal(f"{side}_name_aggr", known.name)]
    return any_of([logged, all_of([absent(f"{side}_ip"), *named])])
