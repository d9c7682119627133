"""Policy traces of the searched records: how often each occurs, and the hits that it stands for.

Records repeat their traces, so hits are read once for each trace and everything else is counting.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from tapetum.logstore.elasticsearch.fields import hits_of, lists_of
from tapetum.logstore.elasticsearch.reading import one_of_each
from tapetum.logstore.elasticsearch.server import Body, Server
from tapetum.logstore.elasticsearch.sums import summed
from tapetum.logstore.elasticsearch.where import Where
from tapetum.logstore.port import Record


@dataclass(frozen=True, slots=True)
class Use:
    """Records of one trace and reporter; connections are None where none of them counts any."""

    trace: int | None
    reporter: str
    records: int
    connections: int | None


async def uses_of_traces(server: Server, where: Where) -> AsyncIterator[Use]:
    counted = "num_flows_started"
    async for keys, records, sums in summed(server, where, ["trace", "reporter"], [counted], missing=True):
        yield Use(keys["trace"], keys["reporter"], records, sums[counted])


async def hits_by_trace(
    server: Server, where: Where, traces: Iterable[int | None]
) -> dict[int | None, list[Record]]:
    """Each trace's hits, from any one record that has it."""
    found = await _by_trace(server, where, traces, ["policy_hits"])
    return {trace: hits_of(one) for trace, one in found.items()}


async def lists_by_trace(
    server: Server, where: Where, traces: Iterable[int | None]
) -> dict[int | None, dict[str, list[str]]]:
    """Each trace's lists of policy strings, from any one record that has it."""
    found = await _by_trace(server, where, traces, ["policies", "policies_as_logged"])
    return {trace: lists_of(one) for trace, one in found.items()}


async def _by_trace(
    server: Server, where: Where, traces: Iterable[int | None], told: list[str]
) -> dict[int | None, Body]:
    wanted = {trace for trace in traces if trace is not None}
    return {**await one_of_each(server, where, "trace", wanted, told)}
