"""Requests of DNS and HTTP: how many, how many failed, how long they took, what was answered."""

from dataclasses import dataclass

from tapetum.api.use.arguments import read_filter
from tapetum.api.use.cluster_health.asked import HealthAsked, Missing, whole
from tapetum.api.use.terms import begins, equal, present
from tapetum.domain.batches import RecordKind
from tapetum.domain.metrics import Op
from tapetum.kql import all_of
from tapetum.kql.syntax import Not
from tapetum.logstore.aggregation import Aggregation, Metric
from tapetum.logstore.port import Search

CODES = 50
_HTTP = read_filter("not reporter: src and type: html/*", RecordKind.L7)
"""In a mesh the server's proxy counts, not the client's as well."""
_NO_ERROR = "NoError"


@dataclass(frozen=True, slots=True)
class Answers:
    """Of DNS or HTTP: requests, those that failed, nanoseconds, and requests by code (None: not told)."""

    requests: int | None
    failures: int | None
    mean: float | None
    longest: int | None
    codes: tuple[tuple[str | None, int], ...]
    missing: Missing


async def dns(health: HealthAsked) -> Answers:
    kind, code = RecordKind.DNS, "rcode"
    failed = all_of([present(code), Not(equal(code, _NO_ERROR))])
    return await _answers(health, health.search(kind), health.search(kind, failed), code, "latency", "DNS")


async def http(health: HealthAsked) -> Answers:
    kind, code = RecordKind.L7, "response_code"
    failed = health.search(kind, _HTTP, begins(code, "5"))
    return await _answers(health, health.search(kind, _HTTP), failed, code, "duration", "HTTP")


async def _answers(
    health: HealthAsked, every: Search, failed: Search, code: str, time: str, what: str
) -> Answers:
    count = Metric(Op.SUM, "count")
    metrics = (count, Metric(Op.AVG, f"{time}_mean"), Metric(Op.MAX, f"{time}_max"))
    rows = (await health.told(every, Aggregation(metrics))).rows
    requests, mean, longest = rows[0].values if rows else (None, None, None)
    if requests is None:
        names = ("requests", "failures", "mean", "longest")
        return Answers(None, None, None, None, (), dict.fromkeys(names, health.no_record(what)))
    by_code = (await health.told(every, Aggregation((count,), (code,), limit=CODES))).rows
    codes = tuple((row.keys[0], whole(row.values[0]) or 0) for row in by_code)
    missing: dict[str, str] = {}
    failures: int | None = None
    if any(each is not None for each, _ in codes):
        rows = (await health.told(failed, Aggregation((count,)))).rows
        failures = (whole(rows[0].values[0]) if rows else None) or 0
    else:
        missing["failures"] = f"The {what} logs of {health.place} tell no response codes."
    for name, value in (("mean", mean), ("longest", longest)):
        if value is None:
            missing[name] = f"The {what} logs of {health.place} do not measure it."
    return Answers(
        whole(requests), failures, None if mean is None else float(mean), whole(longest), codes, missing
    )
