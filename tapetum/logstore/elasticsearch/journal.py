"""The journal: what each batch was first decoded with, whose delivery it is, and what is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tapetum.domain.batches import Receipt
from tapetum.domain.errors import UnavailableError
from tapetum.domain.moments import Micros
from tapetum.logstore.elasticsearch.names import Names
from tapetum.logstore.elasticsearch.server import Server

_THERE, _MISSING = 409, 404
_COUNTS = ("lines", "accepted", "duplicates", "rejected")
_AT_ONCE = 1000
_DIRECT = "direct."
"""Begins the delivery of a write without one: such a write is named after its batch."""


@dataclass(frozen=True, slots=True)
class Intent:
    """How a batch is decoded, whoever does it and however often. `created`: by this call."""

    batch_id: str
    delivery: str
    received_at: Micros
    newest: Micros | None
    created: bool = False


def direct(batch_id: str) -> str:
    return f"{_DIRECT}{batch_id}"


class Journal:
    """One small index, read by id only, so that it needs no refresh."""

    def __init__(self, server: Server, names: Names) -> None:
        self._server = server
        self._index = names.journal
        self._begun: dict[str, Intent] = {}

    def begin(self, batch_id: str, delivery: str, received_at: Micros, newest: Micros | None) -> Intent:
        """Create the batch's entry, or read the one that is there.

        An attempt asks twice, to decode and to append. An entry of its own delivery stays as it is, so the
        second time the server need not be asked.
        """
        begun = self._begun.pop(batch_id, None)
        if begun is not None and begun.delivery == delivery:
            return begun
        intent = self._begin(batch_id, delivery, received_at, newest)
        if intent.delivery == delivery and not delivery.startswith(_DIRECT):
            if len(self._begun) >= _AT_ONCE:  # of attempts that ended between the two
                self._begun.clear()
            self._begun[batch_id] = intent
        return intent

    def _begin(self, batch_id: str, delivery: str, received_at: Micros, newest: Micros | None) -> Intent:
        entry = {
            "what": "batch",
            "batch": batch_id,
            "delivery": delivery,
            "received_at": received_at,
            "newest": newest,
        }
        path = self._path("batch", batch_id)
        for _ in range(3):  # an entry may go between the two requests
            if self._create(path, entry):
                return Intent(batch_id, delivery, received_at, newest, created=True)
            status, found = self._server.do("GET", path, fine=(_MISSING,))
            if status == _MISSING:
                continue
            source = found["_source"]
            if source["delivery"].startswith(_DIRECT) and not delivery.startswith(_DIRECT):
                source = self._adopt(path, found, delivery)
            return Intent(batch_id, source["delivery"], source["received_at"], source["newest"])
        raise UnavailableError(f"The journal's entry of batch {batch_id} comes and goes; try again later.")

    def _adopt(self, path: str, found: Any, delivery: str) -> Any:
        """A write without a delivery that ended early is never repeated: the next delivery continues it."""
        source = found["_source"]
        if self.receipt(source["delivery"]) is not None:
            return source
        taken = {**source, "delivery": delivery}
        seen = {"if_seq_no": str(found["_seq_no"]), "if_primary_term": str(found["_primary_term"])}
        if self._server.do("PUT", path, taken, fine=(_THERE,), parameters=seen)[0] != _THERE:
            return taken
        return self._server.do("GET", path)[1]["_source"]

    def settle(self, delivery: str, batch_id: str, receipt: Receipt, at: Micros) -> None:
        """Mark a delivery as done; the first receipt stays."""
        entry = {
            "what": "delivery",
            "delivery": delivery,
            "batch": batch_id,
            "received_at": at,
            **{name: getattr(receipt, name) for name in _COUNTS},
        }
        self._create(self._path("delivery", delivery), entry)

    def receipt(self, delivery: str) -> Receipt | None:
        return self.receipts([delivery]).get(delivery)

    def receipts(self, deliveries: Sequence[str]) -> dict[str, Receipt]:
        """Of those that are done."""
        if not deliveries:
            return {}
        keys = [f"delivery:{delivery}" for delivery in deliveries]
        answer = self._server.do("POST", f"/{self._index}/_mget", {"ids": keys})[1]
        return {
            delivery: Receipt(*(found["_source"][name] for name in _COUNTS))
            for delivery, found in zip(deliveries, answer["docs"], strict=True)
            if found.get("found")
        }

    def forget(self, batch_id: str) -> None:
        """Undo `begin`; the batch's documents must be gone before."""
        self._server.do("DELETE", self._path("batch", batch_id), fine=(_MISSING,))

    def abandoned(self, before: Micros) -> list[str]:
        """Some batches whose direct write began before a time and was never done: nobody will repeat it."""
        self._server.do("POST", f"/{self._index}/_refresh")
        direct_ones = [{"term": {"what": "batch"}}, {"prefix": {"delivery": _DIRECT}}, _older(before)]
        body = {"query": {"bool": {"filter": direct_ones}}, "size": _AT_ONCE, "_source": ["batch"]}
        found = self._server.search_now([self._index], body)["hits"]["hits"]
        batches = [one["_source"]["batch"] for one in found]
        done = self.receipts([direct(batch_id) for batch_id in batches])
        return [batch_id for batch_id in batches if direct(batch_id) not in done]

    def expire(self, before: Micros, held: Callable[[list[str]], set[str]]) -> None:
        """Drop entries and receipts from before a time, but for batches that records are still `held` of:
        without its entry, a batch that is sent again would take them for its own.
        """
        self._server.do("POST", f"/{self._index}/_refresh")
        after: str | None = None
        while True:
            batches = self._old(before, after)
            if not batches:
                return
            after = batches[-1]
            gone = sorted(set(batches) - held(batches))
            query = {"query": {"bool": {"filter": [{"terms": {"batch": gone}}, _older(before)]}}}
            path = f"/{self._index}/_delete_by_query"
            self._server.do("POST", path, query, parameters={"conflicts": "proceed"})

    def _old(self, before: Micros, after: str | None) -> list[str]:
        """Some batches with entries from before a time, in order."""
        source = {"batch": {"terms": {"field": "batch"}}}
        pages: dict[str, Any] = {"size": _AT_ONCE, "sources": [source]}
        if after is not None:
            pages["after"] = {"batch": after}
        body = {"query": _older(before), "size": 0, "aggs": {"old": {"composite": pages}}}
        found = self._server.search_now([self._index], body)["aggregations"]["old"]["buckets"]
        return [bucket["key"]["batch"] for bucket in found]

    def _create(self, path: str, entry: dict[str, Any]) -> bool:
        """Whether it was not there."""
        status, _ = self._server.do("PUT", path, entry, fine=(_THERE,), parameters={"op_type": "create"})
        return status != _THERE

    def _path(self, what: str, name: str) -> str:
        return f"/{self._index}/_doc/{quote(f'{what}:{name}', safe='')}"


def _older(before: Micros) -> dict[str, Any]:
    return {"range": {"received_at": {"lt": before}}}
