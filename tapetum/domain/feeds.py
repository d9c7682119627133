"""An indicator feed: what is listed where, how bad that is, what its content comes to, and how it stands.

Knows nothing of how a feed is read or matched (detect/feeds), fetched (service/feeds) or kept (catalog).
"""

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tapetum.domain.documents import Document, MemberError, Prose, Title, printable
from tapetum.domain.moments import MINUTE, Micros
from tapetum.domain.saved_query import Form
from tapetum.domain.urls import hold_url

RETRY = 15 * MINUTE
"""After a failure, where the feed's own period is not shorter."""

_CATEGORY = re.compile(r"[a-z][a-z0-9-]{0,39}")


class FeedForm(StrEnum):
    """LIST is one indicator a line; CSV names the column; STIX is a 2.1 bundle."""

    LIST = "list"
    CSV = "csv"
    STIX = "stix"


class Feed(Form, frozen=True, kw_only=True):
    """Without a `url`, its content is what was uploaded. With `private`, private addresses count too.

    `terms` say under which licence or marking (such as TLP) its content may be used and passed on.
    """

    format: Literal[1]
    title: Title
    description: Prose = ""
    terms: Prose = ""
    category: str = "threat"
    severity: Annotated[int, Meta(ge=1, le=100)] = 70
    form: FeedForm = FeedForm.LIST
    column: Annotated[str, Meta(min_length=1, max_length=100)] | None = None
    url: Annotated[str, Meta(min_length=8, max_length=2000)] | None = None
    refresh_minutes: Annotated[int, Meta(ge=5, le=43_200)] = 1440
    enabled: bool = True
    private: bool = False

    def __post_init__(self) -> None:
        with _of("title"):
            printable("the title", self.title)
        if not _CATEGORY.fullmatch(self.category):
            told = "the category is up to 40 small letters, digits and hyphens, a letter first, such as tor"
            raise MemberError("category", told)
        if (self.form is FeedForm.CSV) != (self.column is not None):
            raise MemberError("column", "a feed in CSV names its column, and no other does")
        if self.url is not None:
            with _of("url"):
                hold_url(self.url, "feeds")

    @property
    def period(self) -> Micros:
        return self.refresh_minutes * MINUTE

    @property
    def reading(self) -> str:
        """What its indicators depend on beside its content: of another, a known copy is no longer good."""
        return msgspec.json.encode([self.form, self.column, self.url, self.private]).decode()


@contextmanager
def _of(member: str) -> Generator[None]:
    try:
        yield
    except ValueError as error:
        raise MemberError(member, str(error)) from None


@dataclass(frozen=True, slots=True)
class Indicators:
    """What a feed lists, in canonical text, sorted: networks as CIDRs, names without dots at their ends.

    A name stands for itself and for every name below it.
    """

    networks: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.networks) + len(self.domains)


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that is no indicator; `place` counts lines, rows or objects from 1."""

    place: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """How a feed stands. `digest` is of its last good indicators, None where there never were any.

    A `failure` is why the last try brought none: the good ones of `fetched_at` stay in force. `etag` and
    `modified` are what the server called that content, `read_by` and `tried_by` the Feed.reading of the good
    copy and of the last try, `matched` is the digest that history was searched for.
    """

    feed: str
    checked_at: Micros | None = None
    fetched_at: Micros | None = None
    failure: str | None = None
    etag: str | None = None
    modified: str | None = None
    read_by: str | None = None
    tried_by: str | None = None
    digest: str | None = None
    networks: int = 0
    domains: int = 0
    left_out: int = 0
    refused: tuple[Refused, ...] = ()
    wanted: bool = False
    matched: str | None = None


def due_at(feed: Feed, state: FeedState) -> Micros | None:
    """From when on to look for it; None where never."""
    if not feed.enabled or feed.url is None:
        return None
    if state.checked_at is None or state.wanted or state.tried_by != feed.reading:
        return state.checked_at or 0
    return state.checked_at + (feed.period if state.failure is None else min(feed.period, RETRY))


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """A feed as it is saved, and how it stands."""

    document: Document
    feed: Feed
    state: FeedState

    @property
    def next_at(self) -> Micros | None:
        """When it is looked for next: passed where that is at once, None where it never is."""
        due = due_at(self.feed, self.state)
        return None if due is None else max(due, self.document.updated_at)
