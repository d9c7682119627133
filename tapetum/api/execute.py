"""Running admitted operations with graphql-core, and their answers as JSON.

The schema's resolvers are Strawberry's; its own request pipeline is left out, since everything it
would do has happened in admission.py, and errors are shown by errors.py.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

import msgspec
from graphql import ExecutionResult, Executor, GraphQLSchema, execute
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from tapetum.api.admission import Admitted
from tapetum.api.auth import Caller
from tapetum.api.context import ApiContext, Asked
from tapetum.api.errors import shown, shown_field
from tapetum.domain.errors import DeadlineError

Answer = dict[str, Any]

_COERCION_ERRORS = 5
_IS_AWAITABLE: Any = optimized_is_awaitable  # a type guard in all but its annotation


async def run(schema: GraphQLSchema, api: ApiContext, admitted: Admitted, caller: Caller) -> Answer:
    """An operation's answer; past the deadline its reads are cancelled, in the engines too."""
    seconds = api.settings.deadline.total_seconds()
    asked = Asked(api, caller.scope, api.clock(), caller.name, writes=caller.ingest)
    try:
        async with asyncio.timeout(seconds):
            result = execute(
                schema,
                admitted.document.node,
                context_value=asked,
                variable_values=admitted.variables,
                operation_name=admitted.name,
                executor_class=StrawberryGraphQLCoreExecutionContext,
                is_awaitable=_IS_AWAITABLE,
                max_coercion_errors=_COERCION_ERRORS,
                hide_suggestions=True,
            )
            done = result if isinstance(result, ExecutionResult) else await result
    except TimeoutError:
        return {"data": None, "errors": shown(_late(seconds, admitted), api)}
    return answer_of(done, api, admitted)


def _late(seconds: float, admitted: Admitted) -> DeadlineError:
    """A write that has begun is not interrupted."""
    if admitted.writes:
        return DeadlineError(
            f"The change took longer than {seconds:g} s and may have been made all the same; "
            "look before you send it again."
        )
    return DeadlineError(
        f"The operation took longer than {seconds:g} s and was stopped; ask for a shorter range."
    )


def answer_of(result: ExecutionResult, api: ApiContext, admitted: Admitted) -> Answer:
    """Without `data` where execution never began, as the specification has it."""
    if not result.errors:
        return {"data": result.data}
    errors = [shown_field(error, api, admitted.field) for error in result.errors]
    began = result.data is not None or any(error.path for error in result.errors)
    return {"data": result.data, "errors": errors} if began else {"errors": errors}


def encoded(answer: Answer) -> bytes:
    return msgspec.json.encode(answer)


def live_executor(schema: GraphQLSchema, admitted: Admitted, asked: Asked) -> Executor[Any]:
    """What runs one subscription, event by event. Raises GraphQLError where variables do not fit."""
    built = StrawberryGraphQLCoreExecutionContext.build(
        schema,
        admitted.document.node,
        context_value=asked,
        raw_variable_values=admitted.variables,
        operation_name=admitted.name,
        is_awaitable=_IS_AWAITABLE,
        max_coercion_errors=_COERCION_ERRORS,
        hide_suggestions=True,
    )
    if isinstance(built, list):
        raise built[0]
    return built


async def settled(result: ExecutionResult | Awaitable[ExecutionResult]) -> ExecutionResult:
    return result if isinstance(result, ExecutionResult) else await result
