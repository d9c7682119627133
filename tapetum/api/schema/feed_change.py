"""What can be changed of feeds, by tokens without limits only."""

from typing import Annotated

import strawberry
from strawberry import ID, argument, field

from tapetum.api.context import Info
from tapetum.api.schema.feed import Feed
from tapetum.api.schema.problems import Problem, attempt
from tapetum.api.schema.scalars import JSON
from tapetum.api.use.feeds import refresh_feed, remove_feed, save_feed, upload_feed
from tapetum.domain.feeds import KnownFeed

_Id = Annotated[ID, argument(name="id", description="The feed's id.")]
_Version = Annotated[
    int | None,
    argument(description="The version that was read; refused when it is no longer the newest."),
]


@strawberry.type(description="What became of a feed.")
class FeedChange:
    feed: Feed | None = field(description="As it is now, or was; null where nothing was changed.")
    problems: list[Problem] = field(description="Why nothing was changed.")

    @classmethod
    def of(cls, changed: KnownFeed | None, problems: list[Problem]) -> "FeedChange":
        return cls(feed=None if changed is None else Feed.of(changed), problems=problems)


@strawberry.type
class FeedMutations:
    """Fields of the Mutation root."""

    @strawberry.mutation(description="Save a feed: a new one, a copy, or over a version that was read.")
    async def save_feed(
        self,
        info: Info,
        document: Annotated[JSON, argument(description="The whole feed, as docs/feeds.md describes it.")],
        text: Annotated[
            ID | None, argument(name="id", description="What to save over; null makes a new one.")
        ] = None,
        version: _Version = None,
    ) -> FeedChange:
        return FeedChange.of(*await attempt(save_feed(info.context, text, document, version)))

    @strawberry.mutation(description="Delete a feed and what it lists; its alerts stay.")
    async def delete_feed(self, info: Info, text: _Id, version: _Version = None) -> FeedChange:
        return FeedChange.of(*await attempt(remove_feed(info.context, text, version)))

    @strawberry.mutation(description="Have a feed looked for now; its `checkedAt` and `failure` tell more.")
    async def refresh_feed(self, info: Info, text: _Id) -> FeedChange:
        return FeedChange.of(*await attempt(refresh_feed(info.context, text)))

    @strawberry.mutation(
        description="Give a feed without an address its content, in place of what it had. The request may "
        "have 16 MiB."
    )
    async def upload_feed(
        self,
        info: Info,
        text: _Id,
        content: Annotated[str, argument(description="The list, the CSV or the STIX bundle, as text.")],
    ) -> FeedChange:
        return FeedChange.of(*await attempt(upload_feed(info.context, text, content)))
