"""From a record to those of other kinds that tell about the same: which search finds them.

Each is a search as anybody could write it, run with the caller's scope. None: the record says too little.
"""

from collections.abc import Iterable

from tapetum.api.context import Asked
from tapetum.api.use.arguments import read_limit
from tapetum.api.use.terms import absent, among, begins, equal, is_address, same, since
from tapetum.domain.batches import RecordKind
from tapetum.domain.moments import DAY, HOUR, MINUTE, Micros, TimeRange
from tapetum.domain.shapes import SHAPES
from tapetum.kql import Query, all_of, any_of
from tapetum.logstore.port import Order, Record, Search

MOST = 50
WINDOW = 5 * MINUTE
"""A record sums up at most so much: one that tells of a moment may have begun so long before it."""

_LOOKED_UP = HOUR
"""How long before a flow its address may have been looked up, and a flow may come after an answer."""

_ANSWERS = 50
_SHOWN_BY = 7 * DAY
"""How long before an event its evidence may lie."""

_EVIDENCE = (RecordKind.FLOWS, RecordKind.DNS, RecordKind.L7)


async def follow(asked: Asked, search: Search | None, limit: int) -> tuple[Record, ...]:
    """The newest records that a search finds; few searches of one operation run at a time."""
    read_limit("limit", limit, MOST)
    if search is None:
        return ()
    async with asked.searching:
        page = await asked.api.logs.search(asked.scope, search, Order(SHAPES[search.kind].time), limit, None)
    return page.records


def answers_of_flow(flow: Record) -> Search | None:
    """DNS records by which the source may have learnt where the flow went."""
    names = [name for name in flow.get("dest_domains") or () if name]
    address, service = flow.get("dest_ip"), flow.get("dest_service_name")
    told: list[Query] = []
    if is_address(address):
        told.append(equal("rrsets.rdata", str(address)))
    else:
        told += [among("qname", names)] if names else []
    if service and flow.get("dest_service_namespace") and "*" not in service:
        told.append(begins("qname", f"{service}.{flow['dest_service_namespace']}.svc."))
    client = _end("client", flow.get("source_namespace"), flow.get("source_name_aggr"), flow.get("source_ip"))
    if not told or client is None:
        return None
    start, end = _span(flow)
    return _search(RecordKind.DNS, flow, start - _LOOKED_UP, end, [client, any_of(told)])


def flows_of_answers(dns: Record) -> Search | None:
    """Flows of the client to what it was answered."""
    name = dns.get("qname")
    addresses = [
        address for each in dns.get("rrsets") or () for address in each["rdata"] or () if is_address(address)
    ]
    told = [among("dest_ip", addresses[:_ANSWERS])] if addresses else []
    if name:
        told.append(equal("dest_domains", name))
        service, _, rest = name.partition(".")
        namespace, dot, zone = rest.partition(".")
        if dot and zone.startswith("svc."):
            told.append(
                all_of([equal("dest_service_name", service), equal("dest_service_namespace", namespace)])
            )
    client = _end("source", dns.get("client_namespace"), dns.get("client_name_aggr"), dns.get("client_ip"))
    if not told or client is None:
        return None
    start, end = _span(dns)
    terms = [client, any_of(told), since("end_time", start)]
    return _search(RecordKind.FLOWS, dns, start - WINDOW, end + _LOOKED_UP, terms)


def requests_of_flow(flow: Record) -> Search | None:
    """L7 records between the same ends at the same time."""
    port = flow.get("dest_port")
    same_port = [] if port is None else [any_of([absent("dest_port"), equal("dest_port", port)])]
    return _same_ends(RecordKind.L7, flow, "source", "src", same_port)


def flows_of_requests(l7: Record) -> Search | None:
    """Flows between the same ends at the same time."""
    port = l7.get("dest_port")
    same_port = [] if port is None else [any_of([absent("dest_port"), equal("dest_port", port)])]
    return _same_ends(RecordKind.FLOWS, l7, "src", "source", same_port)


def flows_of_event(event: Record) -> Search | None:
    """Flows between the ends of a security event around its time."""
    sides = [_event_end(event, side) for side in ("source", "dest")]
    terms = [term for term in sides if term is not None]
    if not terms:
        return None
    if event.get("dest_port") is not None:
        terms.append(equal("dest_port", event["dest_port"]))
    at: Micros = event["time"]
    terms.append(since("end_time", at - WINDOW))
    return _search(RecordKind.FLOWS, event, at - 2 * WINDOW, at + WINDOW, terms)


def evidence_of(event: Record) -> list[Search]:
    """The records that show an event, by the identities that it names."""
    wanted = (event.get("evidence") or ())[:MOST]
    if not wanted:
        return []
    at: Micros = event["time"]
    named = among("id", wanted)
    return [_search(kind, event, at - _SHOWN_BY, at + HOUR, [named]) for kind in _EVIDENCE]


def _same_ends(kind: RecordKind, record: Record, own: str, other: str, terms: list[Query]) -> Search | None:
    """By workload, or by address: access logs know addresses, aggregated flows know workloads."""
    names = ("namespace", "name_aggr")
    alike: list[Query] = []
    if record.get(f"{own}_name_aggr") and record.get("dest_name_aggr"):
        alike.append(
            all_of(
                same(f"{to}_{name}", record.get(f"{side}_{name}"))
                for side, to in ((own, other), ("dest", "dest"))
                for name in names
            )
        )
    if is_address(record.get(f"{own}_ip")) and is_address(record.get("dest_ip")):
        alike.append(all_of([equal(f"{other}_ip", record[f"{own}_ip"]), equal("dest_ip", record["dest_ip"])]))
    if not alike:
        return None
    start, end = _span(record)
    return _search(kind, record, start - WINDOW, end, [any_of(alike), *terms, since("end_time", start)])


def _end(side: str, namespace: str | None, name: str | None, address: str | None) -> Query | None:
    if name and name not in ("pub", "pvt"):
        return all_of([same(f"{side}_name_aggr", name), same(f"{side}_namespace", namespace)])
    return equal(f"{side}_ip", str(address)) if is_address(address) else None


def _event_end(event: Record, side: str) -> Query | None:
    """An event names a pod or a workload, as its source does."""
    address, name = event.get(f"{side}_ip"), event.get(f"{side}_name")
    alike: list[Query] = []
    if is_address(address):
        alike.append(equal(f"{side}_ip", str(address)))
    if name:
        either = any_of([equal(f"{side}_name", name), equal(f"{side}_name_aggr", name)])
        alike.append(all_of([either, same(f"{side}_namespace", event.get(f"{side}_namespace"))]))
    return any_of(alike) if alike else None


def _span(record: Record) -> tuple[Micros, Micros]:
    """Of what a record sums up; at least a moment."""
    start: Micros = record["start_time"]
    return start, max(record.get("end_time") or start + WINDOW, start + 1)


def _search(kind: RecordKind, record: Record, start: Micros, end: Micros, terms: Iterable[Query]) -> Search:
    return Search(kind, TimeRange(max(start, 0), end), frozenset({record["cluster"]}), all_of(terms))
