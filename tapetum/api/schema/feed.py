"""Indicator feeds: the type, and the roots that find them."""

from typing import Annotated

import strawberry
from strawberry import ID, Private, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.common import maybe_point
from tapetum.api.schema.saved import SavedDocument
from tapetum.api.schema.scalars import TimePoint
from tapetum.api.use.feeds import MOST, feed_indicators, feed_network_set, find_feed, list_feeds
from tapetum.api.use.saved import document_id
from tapetum.domain import feeds

_Limit = Annotated[int, argument(description=f"How many, 1 to {MOST}.")]


@strawberry.type(description="An entry that was left out, as it is no indicator.")
class RefusedEntry:
    place: int = field(description="Its line, row or object, from 1.")
    text: str = field(description="Its text, cut to 80 characters; empty for a STIX indicator.")
    reason: str = field(description="Why it was left out.")

    @classmethod
    def of(cls, refused: feeds.Refused) -> "RefusedEntry":
        return cls(place=refused.place, text=refused.text, reason=refused.reason)


@strawberry.type(description="A list of bad or telling addresses, networks and names; docs/feeds.md.")
class Feed(SavedDocument):
    known: Private[feeds.KnownFeed]

    category: str = field(description="What it lists, such as malware, tor or vpn.")
    severity: int = field(description="Of its alerts, from 1 to 100.")
    enabled: bool = field(description="Whether it is fetched and matched.")
    url: str | None = field(description="Where it is fetched from; null where it is uploaded.")
    checked_at: TimePoint | None = field(description="When it was last looked for.")
    fetched_at: TimePoint | None = field(
        description="When its content in force was last fetched, or found unchanged."
    )
    next_at: TimePoint | None = field(
        description="When it is looked for next: passed where that is at once, null where it is uploaded or "
        "switched off."
    )
    failure: str | None = field(
        description="Why the last try brought nothing; what was fetched before stays in force."
    )
    pending: bool = field(description="Whether it is about to be looked for, as somebody asked.")
    networks: int = field(description="Addresses and networks in force.")
    domains: int = field(description="Names in force, each with what is below it.")
    left_out: int = field(description="Entries that are no indicators.")
    refused: list[RefusedEntry] = field(description="The first of them.")

    @classmethod
    def of(cls, known: feeds.KnownFeed) -> "Feed":
        feed, state = known.feed, known.state
        return cls(
            id=ID(document_id(known.document)),
            saved=known.document,
            known=known,
            category=feed.category,
            severity=feed.severity,
            enabled=feed.enabled,
            url=feed.url,
            checked_at=maybe_point(state.checked_at),
            fetched_at=maybe_point(state.fetched_at),
            next_at=maybe_point(known.next_at),
            failure=state.failure,
            pending=state.wanted,
            networks=state.networks,
            domains=state.domains,
            left_out=state.left_out,
            refused=[RefusedEntry.of(each) for each in state.refused],
        )

    @field(description="What it lists: networks, then names, each in order.", metadata={"searches": 1})
    async def indicators(
        self,
        info: Info,
        containing: Annotated[str, argument(description="Only those with this in them.")] = "",
        limit: _Limit = 100,
    ) -> list[str]:
        return await feed_indicators(info.context, self.known, containing, limit)

    @field(
        description="What it lists as a GlobalNetworkSet in YAML, for policies to select by its labels "
        "`feed` and `feed-category`.",
        metadata={"searches": 1},
    )
    async def network_set(self, info: Info) -> str:
        return await feed_network_set(info.context, self.known)


@strawberry.type
class FeedRoots:
    """Fields of the Query root."""

    @field(description="Indicator feeds by title; for tokens without limits to clusters or namespaces.")
    async def feeds(
        self,
        info: Info,
        category: Annotated[str | None, argument(description="Only of this category.")] = None,
        limit: _Limit = 100,
    ) -> list[Feed]:
        return [Feed.of(each) for each in await list_feeds(info.context, category, limit)]

    @field(description="An indicator feed; null where there is none.")
    async def feed(
        self, info: Info, text: Annotated[ID, argument(name="id", description="The feed's id.")]
    ) -> Feed | None:
        found = await find_feed(info.context, text)
        return None if found is None else Feed.of(found)
