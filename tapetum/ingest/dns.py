"""Calico's DNS log: what was asked of which servers, and the answers; or how much was only counted."""

from typing import Any

from tapetum.domain.dns import LOGGED, RRSET, SERVER, Logging
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.objects import members, unwrapped
from tapetum.ingest.refusals import UnreadableError, missing, wrong
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.times import window

_RULES: dict[str, values.Rule] = {
    **dict.fromkeys(
        ("host", "client_name", "client_name_aggr", "client_namespace", "qname", "qtype", "qclass", "rcode"),
        values.text,
    ),
    **dict.fromkeys(("count", "latency_count", "latency_mean", "latency_max"), values.whole),
    "client_ip": values.address,
    "client_labels": values.labels,
}
_RRSET = {**dict.fromkeys(("name", "type", "class"), values.text), "rdata": values.texts}
_SERVER = {
    **dict.fromkeys(("name", "name_aggr", "namespace"), values.text),
    "ip": values.address,
    "labels": values.labels,
}
_TYPES = frozenset(Logging)
_KNOWN = frozenset([*LOGGED.names, "@timestamp"])
_KNOWN_RRSET, _KNOWN_SERVER = (frozenset(field.name for field in each) for each in (RRSET, SERVER))


def read_record(record: dict[str, Any], context: Context) -> Row:
    record = unwrapped(record)
    refuse_repeats(record, _KNOWN)
    row: Row = {"type": _type(record.get("type"))}
    row["start_time"], row["end_time"] = window(record, context)
    for name, rule in _RULES.items():
        row[name] = rule(record.get(name), name)
    row["rrsets"] = _each(record, "rrsets", _KNOWN_RRSET, _RRSET)
    servers = row["servers"] = _each(record, "servers", _KNOWN_SERVER, _SERVER)
    if servers:
        row |= {f"server_{name}": servers[0][name] for name in ("ip", "name_aggr", "namespace")}
    return row


def _type(value: Any) -> str:
    if value is None:
        raise missing("type", "LOG or UNLOGGED")
    if not isinstance(value, str) or value not in _TYPES:
        raise wrong("type", value, "LOG or UNLOGGED")
    return value


def _each(
    record: dict[str, Any], name: str, known: frozenset[str], rules: dict[str, values.Rule]
) -> list[Row] | None:
    found: list[Row] = []
    for place, item in enumerate(members(record, name, known)):
        try:
            found.append({field: rule(item.get(field), field) for field, rule in rules.items()})
        except UnreadableError as error:
            raise UnreadableError(error.cause, f"{name}[{place}].{error.reason}") from None
    return found or None
