"""Sending bodies to a server's ingest address, patiently where it asks for patience."""

import time

import httpx
import msgspec

from tapetum.domain.batches import Receipt
from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.ingest.forms import Form

HTTP_BODY = 8 << 20
"""Bytes a body; servers take 32 MiB unless set otherwise."""

_PATIENCE = 120.0
_BUSY = (429, 503)
_TOO_LARGE = 413


class Pusher:
    def __init__(self, url: str, token: str | None) -> None:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        try:
            self._http = httpx.Client(base_url=url, headers=headers, timeout=_PATIENCE)
        except (httpx.InvalidURL, ValueError):
            raise BadInputError(f"{url[:80]!r} is no address; give one like http://127.0.0.1:8080.") from None

    def submit(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt:
        """Send a body until it is acknowledged; sending it twice changes nothing."""
        del source  # the server names the sender by its address
        path = "flows" if form is Form.CALICO else form.value
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                answer = self._http.post(f"/ingest/v1/{path}", params={"cluster": cluster}, content=body)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise UnavailableError(
                    f"{self._http.base_url} does not answer ({error}); start it, or correct --url."
                ) from None
            if answer.is_success:
                return msgspec.json.decode(answer.content, type=Receipt)
            if answer.status_code not in _BUSY or time.monotonic() > until:
                raise BadInputError(f"{self._http.base_url} refused a body: {_sentence(answer)}")
            time.sleep(float(answer.headers.get("retry-after", "1")))


def _sentence(answer: httpx.Response) -> str:
    if answer.status_code == _TOO_LARGE:
        return "it takes smaller bodies only; set its TAPETUM_MAX_BODY to 8 MiB or more."
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"it answered {answer.status_code}."
