"""What every transport works with: the schema, who may ask, what may run, and what runs."""

import time

import strawberry

from tapetum.api.admission import Admission, Admitted
from tapetum.api.auth import Authenticator, Caller
from tapetum.api.broadcast import Broadcast
from tapetum.api.context import ApiContext
from tapetum.api.errors import InvalidDocumentError, code_of
from tapetum.api.execute import Answer, run
from tapetum.api.lines import Lines
from tapetum.api.request import GraphQLRequest
from tapetum.api.schema import executable
from tapetum.domain.errors import TapetumError

_UNKNOWN = "unknown"


class Server:
    def __init__(self, api: ApiContext, schema: strawberry.Schema) -> None:
        graphql = executable(schema)
        self.api = api
        self.authenticator = Authenticator(api.catalog, api.clock, api.settings.require_token)
        self.broadcast = Broadcast(graphql, api)
        self.lines = Lines(api, self.authenticator)
        self._admission = Admission(graphql, api.settings)
        self._graphql = graphql

    def admit(self, request: GraphQLRequest) -> Admitted:
        try:
            return self._admission.admit(request)
        except (TapetumError, InvalidDocumentError) as error:
            self.api.metrics.count(_UNKNOWN, error.code)
            raise

    async def run(self, admitted: Admitted, caller: Caller) -> Answer:
        """A query's or a mutation's answer."""
        began = time.perf_counter()
        answer = await run(self._graphql, self.api, admitted, caller)
        self.api.metrics.count(admitted.field, code_of(answer.get("errors")), time.perf_counter() - began)
        return answer

    async def aclose(self) -> None:
        await self.broadcast.aclose()
