"""How a command reaches a data directory: by itself, or through the `up` that holds it."""

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import anyio
import httpx
import msgspec

from tapetum.catalog.documents import Draft
from tapetum.catalog.manifests import ManifestImport
from tapetum.catalog.port import Token
from tapetum.domain.batches import Receipt
from tapetum.domain.documents import DocumentCounts
from tapetum.domain.errors import BadInputError, UnavailableError
from tapetum.domain.manifests import ManifestCounts
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.forms import Form
from tapetum.service.console import now, say
from tapetum.service.difference import Difference
from tapetum.service.embedded import DATA_FILE, Embedded, open_embedded
from tapetum.service.intake import pipeline
from tapetum.service.manifest_wire import encoded
from tapetum.service.ownership import Owner, owned
from tapetum.service.settings import Settings

OWNER_HEADER = "x-tapetum-owner"


class Door(Protocol):
    """What commands ask of a data directory, or of the engines. `name` is how a sentence calls it."""

    name: str

    def submit(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt: ...

    def differences(self) -> list[Difference]: ...

    def add_token(self, token: Token) -> None: ...

    def tokens(self) -> list[Token]: ...

    def revoke_token(self, token_id: str) -> bool: ...

    def import_manifests(self, given: ManifestImport) -> ManifestCounts: ...

    def put_documents(self, drafts: Sequence[Draft]) -> DocumentCounts: ...


class OwnDoor(Door):
    """For when the command's own process holds the directory."""

    def __init__(self, embedded: Embedded, settings: Settings) -> None:
        self.name = str(settings.data)
        self._embedded = embedded
        self._pipeline = pipeline(embedded, settings, history=True)

    def submit(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt:
        return self._pipeline.submit(body, form, cluster, source)

    def differences(self) -> list[Difference]:
        return self._embedded.engine.read_now(self._embedded.differences)

    def add_token(self, token: Token) -> None:
        anyio.run(self._embedded.catalog.add_token, token)

    def tokens(self) -> list[Token]:
        return anyio.run(self._embedded.catalog.tokens)

    def revoke_token(self, token_id: str) -> bool:
        return anyio.run(self._embedded.catalog.revoke_token, token_id)

    def import_manifests(self, given: ManifestImport) -> ManifestCounts:
        return anyio.run(self._embedded.catalog.import_manifests, EVERYTHING, given)

    def put_documents(self, drafts: Sequence[Draft]) -> DocumentCounts:
        return anyio.run(self._embedded.catalog.put_documents, EVERYTHING, None, drafts)


class RunningDoor(Door):
    """An `up` holds the directory; it answers its owner's user on the address that it noted."""

    def __init__(self, owner: Owner, data: Path) -> None:
        self.name = str(data)
        self._http = httpx.Client(base_url=owner.url, headers={OWNER_HEADER: owner.secret}, timeout=600)

    def submit(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt:
        where = {"form": form.value, "cluster": cluster, "source": source}
        return msgspec.json.decode(self._post("/control/submit", body, where), type=Receipt)

    def differences(self) -> list[Difference]:
        return msgspec.json.decode(self._post("/control/verify"), type=list[Difference])

    def add_token(self, token: Token) -> None:
        self._post("/control/tokens/add", msgspec.json.encode(token))

    def tokens(self) -> list[Token]:
        return msgspec.json.decode(self._post("/control/tokens"), type=list[Token])

    def revoke_token(self, token_id: str) -> bool:
        return msgspec.json.decode(self._post("/control/tokens/revoke", token_id.encode()), type=bool)

    def import_manifests(self, given: ManifestImport) -> ManifestCounts:
        return msgspec.json.decode(self._post("/control/manifests", encoded(given)), type=ManifestCounts)

    def put_documents(self, drafts: Sequence[Draft]) -> DocumentCounts:
        body = self._post("/control/documents", msgspec.json.encode(drafts))
        return msgspec.json.decode(body, type=DocumentCounts)

    def _post(self, path: str, body: bytes = b"", where: dict[str, str] | None = None) -> bytes:
        try:
            answer = self._http.post(path, content=body, params=where)
        except httpx.HTTPError as error:
            raise UnavailableError(
                f"The running tapetum at {self._http.base_url} does not answer ({error}); "
                "end it, or wait until it has started."
            ) from None
        if answer.is_success:
            return answer.content
        raise BadInputError(_sentence(answer))


@contextmanager
def opened(data: Path, settings: Settings, *, must_exist: bool = False) -> Generator[Door]:
    """The door to a directory, whoever holds it; with `must_exist`, only to one that was used before."""
    if must_exist and not os.path.exists(data / DATA_FILE):  # noqa: PTH110 - False for any odd name
        raise BadInputError(f"There is no data in {data}; give its directory with --data.")
    with owned(data, say) as owner:
        if owner is not None:
            yield RunningDoor(owner, data)
            return
        embedded = open_embedded(
            data, clock=now, memory_limit=settings.memory_limit, threads=settings.threads
        )
        try:
            yield OwnDoor(embedded, settings)
        finally:
            embedded.close()


def _sentence(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return f"The running tapetum answered {answer.status_code}; look at its own messages."
