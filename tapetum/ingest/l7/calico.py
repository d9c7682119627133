"""Calico's L7 log: what was asked alike within a window, summed up."""

from typing import Any

from tapetum.domain.l7 import LOGGED
from tapetum.ingest import values
from tapetum.ingest.context import Context
from tapetum.ingest.flat import Row
from tapetum.ingest.strict_json import refuse_repeats
from tapetum.ingest.times import window

_RULES: dict[str, values.Rule] = {
    **dict.fromkeys(
        ("host", "src_name_aggr", "src_namespace", "dest_name_aggr", "dest_namespace", "dest_service_name",
         "dest_service_namespace", "url", "method", "user_agent", "type", "protocol",
         "protocol_version", "collector_type", "collector_name", "tls_sni", "tls_version",
         "tls_cipher_suite"),
        values.text,
    ),
    **dict.fromkeys(("bytes_in", "bytes_out", "duration_mean", "duration_max", "count"), values.whole),
    **dict.fromkeys(("src_type", "dest_type"), values.endpoint_type),
    "dest_service_port": lambda value, field: None if value in values.ABSENT else values.port(value, field),
    "response_code": lambda value, field: values.text(str(value) if type(value) is int else value, field),
}  # fmt: skip
_KNOWN = frozenset([*LOGGED.names, "@timestamp"])
_TELLING = frozenset((
    "src_name_aggr", "src_namespace", "dest_name_aggr", "dest_namespace", "duration_mean", "collector_type",
    "url", "tls_sni",
))  # fmt: skip


def is_record(record: dict[str, Any]) -> bool:
    return not _TELLING.isdisjoint(record)


def read_record(record: dict[str, Any], context: Context) -> Row:
    refuse_repeats(record, _KNOWN)
    row: Row = {name: rule(record.get(name), name) for name, rule in _RULES.items()}
    row["start_time"], row["end_time"] = window(record, context)
    return row
