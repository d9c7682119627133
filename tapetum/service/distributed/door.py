"""How commands reach the engines: by themselves, beside whatever workers and replicas run."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import anyio

from tapetum.catalog.documents import Draft
from tapetum.catalog.manifests import ManifestImport
from tapetum.catalog.port import Token
from tapetum.domain.batches import Receipt
from tapetum.domain.documents import DocumentCounts
from tapetum.domain.manifests import ManifestCounts
from tapetum.domain.scope import EVERYTHING
from tapetum.ingest.forms import Form
from tapetum.service.console import now
from tapetum.service.difference import Difference
from tapetum.service.distributed import composition
from tapetum.service.distributed.addresses import Addresses
from tapetum.service.distributed.composition import Distributed
from tapetum.service.distributed.recount import differences
from tapetum.service.door import Door
from tapetum.service.intake import pipeline
from tapetum.service.settings import Settings


class EnginesDoor(Door):
    def __init__(self, stores: Distributed, settings: Settings) -> None:
        self.name = "Each engine"
        self._stores = stores
        self._pipeline = pipeline(stores, settings, history=True)

    def submit(self, body: bytes, form: Form, cluster: str, source: str) -> Receipt:
        return self._pipeline.submit(body, form, cluster, source)

    def differences(self) -> list[Difference]:
        self._stores.logs.refresh()
        return anyio.run(differences, self._stores.logs, self._stores.graph.upkeep.hour_sums())

    def add_token(self, token: Token) -> None:
        anyio.run(self._stores.catalog.add_token, token)

    def tokens(self) -> list[Token]:
        return anyio.run(self._stores.catalog.tokens)

    def revoke_token(self, token_id: str) -> bool:
        return anyio.run(self._stores.catalog.revoke_token, token_id)

    def import_manifests(self, given: ManifestImport) -> ManifestCounts:
        return anyio.run(self._stores.catalog.import_manifests, EVERYTHING, given)

    def put_documents(self, drafts: Sequence[Draft]) -> DocumentCounts:
        return anyio.run(self._stores.catalog.put_documents, EVERYTHING, None, drafts)


@contextmanager
def opened(where: Addresses, settings: Settings) -> Generator[Door]:
    with composition.opened(where, now) as stores:
        stores.migrate()
        yield EnginesDoor(stores, settings)
