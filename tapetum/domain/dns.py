"""The DNS record: Arrow columns under Calico's names. Latencies in nanoseconds, times in microseconds.

`count` requests were answered alike. UNLOGGED rows say only how many were not told apart, so totals add
them and breakdowns show them.
"""

from enum import StrEnum

import pyarrow as pa

_text, _number = pa.string(), pa.int64()
_texts = pa.list_(_text)
_moment = pa.timestamp("us")


class Logging(StrEnum):
    LOG = "LOG"
    UNLOGGED = "UNLOGGED"


RRSET = pa.struct([("name", _text), ("type", _text), ("class", _text), ("rdata", _texts)])
SERVER = pa.struct(
    [("ip", _text), ("name", _text), ("name_aggr", _text), ("namespace", _text), ("labels", _texts)]
)

LOGGED = pa.schema(
    [
        ("host", _text),
        ("start_time", _moment),
        ("end_time", _moment),
        ("type", _text),
        ("count", _number),
        ("client_ip", _text),
        ("client_name", _text),
        ("client_name_aggr", _text),
        ("client_namespace", _text),
        ("client_labels", _texts),
        ("qname", _text),
        ("qtype", _text),
        ("qclass", _text),
        ("rcode", _text),
        ("latency_count", _number),
        ("latency_mean", _number),
        ("latency_max", _number),
        ("rrsets", pa.list_(RRSET)),
        ("servers", pa.list_(SERVER)),
    ]
)

DERIVED = pa.schema(
    [
        ("server_ip", _text),  # of the first of `servers`: nearly always the only one
        ("server_name_aggr", _text),
        ("server_namespace", _text),
    ]
)
