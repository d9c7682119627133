"""One request to a receiver, and what its answer comes to, in a sentence without anything secret.

No redirect is followed: what is sent holds secrets, which are for the address that was given.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from tapetum.domain.deliveries import Answer, Outcome
from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.moments import SECOND, Micros, to_micros
from tapetum.domain.receivers import MASK
from tapetum.service.delivery.message import Post, one_line
from tapetum.service.outbound.certificates import distrust

PATIENCE = 8.0
"""Seconds that one try may take: less than a question to the API, which may ask for one."""
_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
_READ, _QUOTED = 2048, 160
_SECONDS = re.compile(r"\d{1,9}\Z")

Client = Callable[[], httpx.AsyncClient]


async def posted(
    client: Client, post: Post, hidden: Sequence[str], now: Micros, patience: float = PATIENCE
) -> Answer:
    """`hidden` is what must not be told of it."""
    try:
        async with asyncio.timeout(patience), client() as opened:
            request = opened.build_request("POST", post.url, content=post.body, headers=post.headers)
            response = await opened.send(request, stream=True)
            try:
                said = await _beginning(response)
            finally:
                await response.aclose()
    except TimeoutError:
        return _put_off(f"The receiver had not answered after {patience:g} s.")
    except httpx.TimeoutException:
        return _put_off("The receiver does not answer.")
    except (BadInputError, UnavailableError) as error:  # of the guard
        return _put_off(_clean(error.message, hidden))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        if said := distrust(error):
            return _put_off(said)
        reason = one_line(_clean(str(error), hidden), _QUOTED) or type(error).__name__
        return _put_off(f"The receiver cannot be reached ({reason}).")
    return _judged(response, said, hidden, now)


def _judged(response: httpx.Response, said: str, hidden: Sequence[str], now: Micros) -> Answer:
    status = response.status_code
    reason = f"The receiver answered {status} {one_line(response.reason_phrase, 40)}".rstrip()
    if said := one_line(_clean(said, hidden), _QUOTED):
        reason += f": {said}"
    reason = f"{_clean(reason, hidden).rstrip('.')}."
    if response.is_success:
        return Answer(Outcome.DELIVERED, reason)
    if response.is_redirect:
        return _put_off(f"{reason[:-1]}, which leads elsewhere; give the address that it leads to.")
    if response.is_client_error and status not in _LATER:
        return Answer(Outcome.REFUSED, reason)
    return Answer(Outcome.PUT_OFF, reason, retry_after(response.headers.get("retry-after"), now))


def retry_after(told: str | None, now: Micros) -> Micros | None:
    """In seconds, or as a date of HTTP; None where it is neither."""
    if told is None:
        return None
    if _SECONDS.match(told.strip()):
        return int(told) * SECOND
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError):
        return None
    at: datetime = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, to_micros(at) - now)


async def _beginning(response: httpx.Response) -> str:
    """Of the answer's body, as it may never end; packed ones are not asked for."""
    if "content-encoding" in response.headers:
        return ""
    taken = b""
    async for piece in response.aiter_raw(_READ):
        taken += piece
        if len(taken) >= _READ:
            break
    return taken[:_READ].decode(errors="replace")


def _clean(text: str, hidden: Sequence[str]) -> str:
    """A receiver may send back whatever it was sent."""
    for each in sorted(hidden, key=len, reverse=True):
        text = text.replace(each, MASK)
    return text


def _put_off(said: str) -> Answer:
    return Answer(Outcome.PUT_OFF, said)
