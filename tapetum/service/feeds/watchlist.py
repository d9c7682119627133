"""The feeds in force, read anew when one of them changes; what they say of a batch.

No feed stops a batch: one that cannot be used is told of and passed over.
"""

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import structlog

from tapetum.detect.feeds.index import Index
from tapetum.detect.feeds.matching import Watch, see
from tapetum.domain.alerts import Alert
from tapetum.domain.batches import Batch
from tapetum.domain.documents import FEEDS_PAGE, Document, read_body
from tapetum.domain.errors import TapetumError
from tapetum.domain.feeds import Feed, Indicators
from tapetum.domain.moments import Micros
from tapetum.service.following import Following

log = structlog.get_logger()

Mark = tuple[int, str | None]
"""A feed's version, and the digest of its indicators."""


class Watchlist:
    """Asks for the marks of all feeds at most once `every` so long. Safe from any thread."""

    def __init__(self, every: Micros = 0) -> None:
        self._following = Following("feeds", every)
        self._marks: Mapping[str, Mark] = {}
        self._indices: dict[str, tuple[str, Index]] = {}
        self.watches: tuple[Watch, ...] = ()

    def follow(
        self,
        now: Micros,
        marks: Callable[[], Mapping[str, Mark]],
        documents: Callable[[], Sequence[Document]],
        indicators: Callable[[str], Indicators | None],
    ) -> None:
        """Raises UnavailableError where they cannot be asked for and were never known."""

        def look() -> None:
            told = marks()
            if told != self._marks:
                self._change(documents(), told, indicators)
                self._marks = told

        self._following.follow(now, look)

    def see(self, batch: Batch, fresh: pa.Table) -> list[Alert]:
        """What a batch's new records raise."""
        try:
            return see(self.watches, batch.kind, batch.cluster, fresh) if self.watches else []
        except Exception:  # a fault of ours must not stop what is ingested
            log.exception("feeds could not be matched")
            return []

    def _change(
        self,
        documents: Sequence[Document],
        marks: Mapping[str, Mark],
        indicators: Callable[[str], Indicators | None],
    ) -> None:
        found: list[Watch] = []
        for document in sorted(documents, key=lambda each: each.id):
            digest = marks.get(document.id, (0, None))[1]
            try:
                feed = read_body(document.body.encode(), Feed, FEEDS_PAGE)
            except TapetumError as error:
                log.warning("a feed is not in force", feed=document.title, reason=error.message)
                continue
            if feed.enabled and digest is not None:
                found.append(Watch(document.id, feed, self._index(document.id, digest, indicators)))
        self.watches = tuple(found)
        self._indices = {watch.id: self._indices[watch.id] for watch in found}

    def _index(self, feed: str, digest: str, indicators: Callable[[str], Indicators | None]) -> Index:
        known = self._indices.get(feed)
        if known is None or known[0] != digest:
            known = self._indices[feed] = (digest, Index.of(indicators(feed) or Indicators()))
        return known[1]
