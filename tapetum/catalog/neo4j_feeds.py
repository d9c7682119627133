"""The content of feeds as nodes: the statements, and what they ask and tell."""

from typing import Any

from tapetum.catalog.feeds import packed, state_of, state_text
from tapetum.catalog.neo4j_documents import Runs
from tapetum.domain.documents import DocumentKind
from tapetum.domain.feeds import FeedState, Indicators

CONSTRAINTS = "CREATE CONSTRAINT feed_copy IF NOT EXISTS FOR (c:FeedCopy) REQUIRE c.feed IS UNIQUE"
STATES = "MATCH (c:FeedCopy) RETURN c.state, c.wanted, c.matched ORDER BY c.feed"
MARKS = """MATCH (d:Document {kind: $kind}) OPTIONAL MATCH (c:FeedCopy {feed: d.id})
RETURN d.id, d.version, c.digest"""
CONTENT = "MATCH (c:FeedCopy {feed: $feed}) WHERE c.content IS NOT NULL RETURN c.content"
WANT = "MATCH (c:FeedCopy {feed: $feed}) SET c.wanted = true"
NOTE_MATCHED = "MATCH (c:FeedCopy {feed: $feed}) SET c.matched = $digest"
_KEEP = """MATCH (d:Document {id: $feed, kind: $kind, version: $version})
MERGE (c:FeedCopy {feed: $feed}) SET c += $kept RETURN 1"""


def states(rows: list[list[Any]]) -> list[FeedState]:
    return [state_of(*row) for row in rows]


def keep(transaction: Runs, version: int, state: FeedState, fresh: Indicators | None) -> bool:
    kept: dict[str, Any] = {"state": state_text(state), "digest": state.digest, "wanted": False}
    if fresh is not None:
        kept["content"] = packed(fresh)
    values = {"feed": state.feed, "kind": DocumentKind.FEED.value, "version": version, "kept": kept}
    return bool(transaction.run(_KEEP, values))
