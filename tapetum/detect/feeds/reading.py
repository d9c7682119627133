"""A feed's body as indicators, each bad entry with its reason, or one sentence on why it is no feed at all.

Pure; knows nothing of where the body came from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tapetum.catalog.feeds import digest_of
from tapetum.detect.feeds import csv_rows, plain, stix
from tapetum.detect.feeds.entries import UnusableError, entry
from tapetum.detect.feeds.left_out import LeftOut
from tapetum.detect.feeds.plain import Candidate
from tapetum.domain.errors import BadInputError, TooLargeError
from tapetum.domain.feeds import Feed, FeedForm, FeedState, Indicators, Refused
from tapetum.domain.moments import Micros

MOST_BYTES = 64 << 20
MOST_INDICATORS = 500_000
_SHRUNK, _MANGLED = 0.5, 0.1
"""A copy shorter than this part of the last good one may have no larger part of bad entries than that."""
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Reading:
    """`refused` are the first entries that were left out, `left_out` counts all of them.

    `bad` is the part, 0 to 1, of what ought to be indicators that is none.
    """

    indicators: Indicators
    left_out: int
    refused: tuple[Refused, ...]
    bad: float = 0.0


def read_feed(body: bytes, feed: Feed, now: Micros) -> Reading:
    """Raises BadInputError or TooLargeError where the whole cannot be used."""
    if len(body) > MOST_BYTES:
        raise TooLargeError(f"The feed is larger than {MOST_BYTES >> 20} MiB, the most that is read.")
    text = _text(body)
    match feed.form:
        case FeedForm.LIST:
            return _read(plain.candidates(text), feed)
        case FeedForm.CSV:
            return _read(csv_rows.candidates(text, feed.column or ""), feed)
        case FeedForm.STIX:
            return _read(stix.candidates(body, now), feed)


def taken(before: FeedState, feed: Feed, read: Reading, now: Micros) -> tuple[FeedState, Indicators | None]:
    """How a feed stands with content that was read; its indicators where they are others than before.

    Raises BadInputError where it must not take the place of what was.
    """
    _hold_size(before, feed, read)
    digest = digest_of(read.indicators)
    state = replace(
        before,
        checked_at=now,
        fetched_at=now,
        failure=None,
        read_by=feed.reading,
        tried_by=feed.reading,
        digest=digest,
        networks=len(read.indicators.networks),
        domains=len(read.indicators.domains),
        left_out=read.left_out,
        refused=read.refused,
    )
    return state, None if digest == before.digest else read.indicators


def _hold_size(before: FeedState, feed: Feed, read: Reading) -> None:
    """What shrank and cannot be read in part was most likely cut or mangled on its way."""
    had, has = before.networks + before.domains, len(read.indicators)
    if before.read_by == feed.reading and has < _SHRUNK * had and read.bad > _MANGLED:
        raise BadInputError(
            f"The feed would list {has:,} instead of {had:,}, and {read.bad:.0%} of its entries are no "
            "indicators; where that is right, save it as a new feed."
        )


def _text(body: bytes) -> str:
    if body.startswith((_GZIP, _ZSTD, _ZIP)):
        raise BadInputError("The feed is compressed; give the address of the plain one, or unpack it.")
    if b"\0" in body:
        raise BadInputError("The feed is binary or not in UTF-8; it must be text.")
    text = body.decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] == "<":
        raise BadInputError("The feed is a page (HTML or XML), not a list; correct its address.")
    if not text.strip():
        raise BadInputError("The feed is empty.")
    return text


def _read(found: Iterable[Candidate | tuple[int, UnusableError]], feed: Feed) -> Reading:
    networks: set[str] = set()
    domains: set[str] = set()
    left = LeftOut()
    seen = 0
    for place, text in found:
        seen += 1
        try:
            if isinstance(text, UnusableError):
                raise text
            listed = entry(text, private=feed.private)
        except UnusableError as error:
            left.add(Refused(place, "" if isinstance(text, UnusableError) else text[:80], str(error)), error)
            continue
        networks.update(listed.networks)
        if listed.domain is not None:
            domains.add(listed.domain)
        if len(networks) + len(domains) > MOST_INDICATORS:
            raise TooLargeError(f"The feed lists more than {MOST_INDICATORS:,} indicators; split it.")
    bad = left.hold(seen, feed)
    found_all = Indicators(tuple(sorted(networks)), tuple(sorted(domains)))
    return Reading(found_all, left.count, tuple(left.first), bad)
