"""The Elasticsearch server: one blocking client for writes, one asynchronous client a loop for reads.

The only module that knows the driver. What goes wrong leaves as one sentence, never as the engine's text.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import msgspec
from elasticsearch import (
    ApiError,
    AsyncElasticsearch,
    ConnectionTimeout,
    Elasticsearch,
    JsonSerializer,
    TransportError,
    UnsupportedProductError,
)

from tapetum.domain.errors import BadInputError, DeadlineError, TapetumError, UnavailableError

Body = dict[str, Any]

JSON = {"accept": "application/json", "content-type": "application/json"}
NDJSON = {"accept": "application/json", "content-type": "application/x-ndjson"}
_TOO_MUCH = ("too_many_clauses", "too_complex_to_determinize", "too_many_nested_clauses", "max_clause_count")
logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # what it warns of is raised here

_BUSY = frozenset({429, 502, 503, 504})
_GRACE = 5.0
"""Seconds beyond its own deadline that the server may take to say that it passed."""
_PAUSES = (0.1, 0.2, 0.4, 0.8)
"""Seconds before a search is sent again that shards did not answer: an index that is being made, at midnight
or for a new cluster, has none yet that could. Where no shard answered at all, the engine says so by a 503."""


class _Quick(JsonSerializer):
    """Answers are large; the standard reader would take several times as long."""

    def json_loads(self, data: bytes) -> Any:
        return msgspec.json.decode(data)


class Server:
    """Requests by method and path; `deadline` is how many seconds a read may take in the engine."""

    def __init__(self, url: str, *, deadline: float, patience: float, compress: bool) -> None:
        self._url = url
        self._compress = compress
        self._deadline = deadline
        parts = urlsplit(url)
        self.place = f"{parts.scheme}://{parts.hostname}:{parts.port or 9200}"  # without a password
        self._writer = Elasticsearch(
            url,
            request_timeout=patience,
            max_retries=0,
            retry_on_timeout=False,
            http_compress=compress,
            serializer=_Quick(),
        )
        self._readers: WeakKeyDictionary[asyncio.AbstractEventLoop, _Reader] = WeakKeyDictionary()

    # Writing, on worker threads

    def do(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        fine: Collection[int] = (),
        parameters: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and answer; a status that is neither a success nor `fine` raises."""
        sent = body if body is None or isinstance(body, bytes) else encoded(body)
        headers = NDJSON if isinstance(body, bytes) else JSON
        try:
            answer = self._writer.perform_request(method, path, params=parameters, headers=headers, body=sent)
        except ApiError as error:
            if error.meta.status in fine:
                return error.meta.status, error.body
            raise self._refused(error) from None
        except TransportError as error:
            raise self._away(error) from None
        return answer.meta.status, answer.body

    def search_now(self, indices: Iterable[str], body: Body) -> Body:
        """A search on this thread, for writers and upkeep."""
        return self._whole(self.do("POST", _search(indices), body, parameters=_LENIENT)[1])

    # Reading, on the running loop

    async def search(self, indices: Iterable[str], body: Body, preference: str | None = None) -> Body:
        """One search; cancelling the task closes the request, which cancels it in the engine.

        Those with one `preference` ask the same copies of indices, so that none shows less than one before.
        """
        sent = encoded({**body, "timeout": f"{int(self._deadline * 1000)}ms"})
        parameters = _LENIENT if preference is None else {**_LENIENT, "preference": preference}
        client = await self._reader()
        for pause in _PAUSES:
            with suppress(_BusyError):
                answer = await self._asked(client, indices, sent, parameters)
                if not answer["_shards"]["failed"]:
                    return self._whole(answer)
            await asyncio.sleep(pause)
        return self._whole(await self._asked(client, indices, sent, parameters))

    async def _asked(
        self, client: AsyncElasticsearch, indices: Iterable[str], sent: bytes, parameters: Mapping[str, str]
    ) -> Body:
        try:
            answer = await client.perform_request(
                "POST", _search(indices), params=parameters, headers=JSON, body=sent
            )
        except ApiError as error:
            raise self._refused(error) from None
        except ConnectionTimeout:
            raise self._late() from None
        except TransportError as error:
            raise self._away(error) from None
        return answer.body

    async def _reader(self) -> AsyncElasticsearch:
        loop = asyncio.get_running_loop()
        reader = self._readers.get(loop)
        if reader is None:
            reader = self._readers[loop] = _Reader(
                AsyncElasticsearch(
                    self._url,
                    request_timeout=self._deadline + _GRACE,
                    max_retries=0,
                    retry_on_timeout=False,
                    http_compress=self._compress,
                    serializer=_Quick(),
                )
            )
            await anext(reader.life)
        return reader.client

    async def aclose(self) -> None:
        """Close what the running loop opened; other loops close theirs when they end."""
        reader = self._readers.pop(asyncio.get_running_loop(), None)
        if reader is not None:
            await reader.life.aclose()

    def close(self) -> None:
        self._writer.close()

    def _whole(self, answer: Body) -> Body:
        """An answer from every shard and in time; a part of it would be a wrong one."""
        if answer["timed_out"]:
            raise self._late()
        if answer["_shards"]["failed"]:
            raise UnavailableError(
                f"Elasticsearch at {self.place} answered from some of its shards only; "
                "ask again when its health is not red."
            )
        return answer

    def _late(self) -> TapetumError:
        return DeadlineError(
            f"The question took Elasticsearch more than {self._deadline:g} s and was cancelled; "
            "ask for a shorter range."
        )

    def _away(self, error: TransportError) -> TapetumError:
        if isinstance(error, ConnectionTimeout):
            return UnavailableError(f"Elasticsearch at {self.place} did not answer in time; try again later.")
        return UnavailableError(
            f"Elasticsearch at {self.place} cannot be reached; start it, or correct "
            "TAPETUM_ELASTICSEARCH_URL."
        )

    def _refused(self, error: ApiError) -> TapetumError:
        if isinstance(error, UnsupportedProductError):
            return UnavailableError(
                f"What answers at {self.place} is no Elasticsearch; correct TAPETUM_ELASTICSEARCH_URL."
            )
        status = error.meta.status
        said = str(error.body)
        if status < 500 and any(cause in said for cause in _TOO_MUCH):  # noqa: PLR2004 - the engine's own fault from there on
            return BadInputError("The filter is too long for the log store; use fewer terms and asterisks.")
        if status in (401, 403):
            return UnavailableError(
                f"Elasticsearch at {self.place} does not let our user in; correct TAPETUM_ELASTICSEARCH_URL."
            )
        if status in _BUSY:
            return _BusyError(f"Elasticsearch at {self.place} is overloaded; try again later.")
        return UnavailableError(
            f"Elasticsearch at {self.place} refused a request (status {status}); "
            "its log says why, and `tapetum migrate` brings its templates up to date."
        )


class _BusyError(UnavailableError):
    """What may be asked again as it is."""


class _Reader:
    """A client and the generator that closes it: a loop that ends closes its generators first."""

    def __init__(self, client: AsyncElasticsearch) -> None:
        self.client = client
        self.life = _life(client)


async def _life(client: AsyncElasticsearch) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await client.close()
        await asyncio.sleep(0)  # transports end in the next round of the loop


_LENIENT = {"ignore_unavailable": "true", "allow_no_indices": "true"}
"""No index yet, or none any more, is an empty answer."""


def _search(indices: Iterable[str]) -> str:
    return f"/{','.join(indices)}/_search"


def encoded(body: Any) -> bytes:
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        raise BadInputError(
            "The text holds half of a character (a lone surrogate); no record does, so leave it out."
        ) from None
