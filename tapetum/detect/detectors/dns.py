"""What a workload asks of DNS: names that carry data, and domains that a program made up."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from tapetum.detect.detectors.asking import FIRST, Asker, before, same
from tapetum.detect.detectors.finding import Finding
from tapetum.detect.detectors.names import carried, looks_generated, outside, registered
from tapetum.detect.detectors.screen import Candidate, screened
from tapetum.domain.detectors import GeneratedDomains, Tunnel
from tapetum.domain.metrics import Op
from tapetum.domain.moments import DAY, Micros, TimeRange
from tapetum.kql import Query, parse
from tapetum.kql.syntax import FieldRef, Is, Wildcard
from tapetum.logstore.aggregation import Metric

_CLIENT = ("client_namespace", "client_name_aggr")
_NAMES = Metric(Op.DISTINCT, "qname")
_REQUESTS = Metric(Op.SUM, "count")
_MISSING = parse("rcode: NXDomain")
_CARRIES = 12
"""Signs a name that look like data, on average."""


async def find_tunnels(says: Tunnel, ask: Asker, span: TimeRange) -> list[Finding]:
    found: list[Finding] = []
    for each in await _asking(says.names, says.lookback, ask, span):
        names = await _names(ask, each)
        for domain, below in tunnels(list(names), says.names).items():
            if not await _fresh_below(says, ask, each, domain, below):
                continue
            told = {"names": str(len(below)), "domain": domain}
            begun = min(names[name] for name in below)
            found.append(_finding(each, begun, (domain,), domain, told))
    return found


async def find_generated(says: GeneratedDomains, ask: Asker, span: TimeRange) -> list[Finding]:
    found: list[Finding] = []
    for each in await _asking(says.names, says.lookback, ask, span, _MISSING):
        names = await _names(ask, each, _MISSING)
        if len(generated(list(names))) < says.names:
            continue
        known = await _asked(ask, before(each.window.start, says.history), *_client(each), _MISSING)
        domains = generated([name for name in names if name not in known])
        if len(domains) >= says.names:
            told = {"names": str(len(domains)), "example": ", ".join(list(domains)[:3])}
            begun = min(names[name] for name in domains.values())
            found.append(_finding(each, begun, (), None, told, _MISSING))
    return found


def tunnels(names: Sequence[str], least: int) -> Mapping[str, list[str]]:
    """By registered domain the names below it, where there are so many and they look like data."""
    found: dict[str, list[str]] = {}
    for name in filter(outside, dict.fromkeys(names)):
        domain = registered(name)
        if name.rstrip(".").lower() != domain:
            found.setdefault(domain, []).append(name)
    return {
        domain: below
        for domain, below in found.items()
        if len(below) >= least and fmean(carried(name, domain) for name in below) >= _CARRIES
    }


async def _fresh_below(
    says: Tunnel, ask: Asker, candidate: Candidate, domain: str, below: Sequence[str]
) -> bool:
    """Whether so many names were not asked for before, by anybody, and others like them not for long.

    Reputation services and tenants have such names too, the same or of the same domain day by day.
    """
    theirs, history = (
        Is(FieldRef(("qname",)), Wildcard(("", f".{domain}"))),
        before(candidate.window.start, says.history),
    )
    lately = TimeRange(max(history.start, history.end - DAY), history.end)
    long_known = await _asked(ask, TimeRange(history.start, lately.start), theirs)
    if tunnels(long_known, says.names):
        return False
    known = {*long_known, *await _asked(ask, lately, theirs)}
    return len(set(below) - known) >= says.names


async def _asked(ask: Asker, within: TimeRange, *where: Query) -> list[str]:
    rows = await ask.groups(within, ("qname",), (_REQUESTS,), *where)
    return [name for row in rows for name in row.keys if name]


def generated(names: Sequence[str]) -> Mapping[str, str]:
    """Registered domains that look made up, in order, each with the first name below it."""
    found: dict[str, str] = {}
    for name in filter(outside, names):
        if looks_generated((domain := registered(name)).partition(".")[0]):
            found.setdefault(domain, name)
    return found


async def _asking(least: int, lookback: int, ask: Asker, span: TimeRange, *where: Query) -> list[Candidate]:
    """Clients that ask for so many different names."""
    return await screened(
        ask, span, lookback, _CLIENT, (_NAMES,), lambda _, values: values[0] >= least, *where
    )


async def _names(ask: Asker, candidate: Candidate, *where: Query) -> Mapping[str, Micros]:
    """With the time of the first record. The rarest would be cut first; whoever tunnels asks for each name
    once, so there are enough of them.
    """
    rows = await ask.groups(candidate.window, ("qname",), (_REQUESTS, FIRST), *_client(candidate), *where)
    return {name: int(row.values[1] or 0) for row in rows for name in row.keys if name}


def _client(candidate: Candidate) -> list[Query]:
    return [same(name, key) for name, key in zip(_CLIENT, candidate.keys, strict=True)]


def _finding(
    candidate: Candidate,
    begun: Micros,
    group: tuple[str, ...],
    domain: str | None,
    told: Mapping[str, str],
    *where: Query,
) -> Finding:
    ends = {**dict(zip(_CLIENT, candidate.keys, strict=True)), "qname": domain}
    return Finding(
        (*candidate.keys, *group),
        begun,
        candidate.window,
        (*_client(candidate), *where),
        ends,
        told,
    )
