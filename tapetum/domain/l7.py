"""The L7 record: Arrow columns under Calico's names (`src_`, where flows say `source_`).

Durations in nanoseconds, times in microseconds; `count` requests were alike. Access logs of Envoy and Istio
are one request each and know addresses, which Calico's documents do not. In a mesh both ends' proxies report
a request: only one end's reports may be added up.
"""

import pyarrow as pa

_text, _number = pa.string(), pa.int64()
_moment = pa.timestamp("us")

LOGGED = pa.schema(
    [
        ("host", _text),
        ("start_time", _moment),
        ("end_time", _moment),
        ("bytes_in", _number),
        ("bytes_out", _number),
        ("duration_mean", _number),
        ("duration_max", _number),
        ("count", _number),
        ("src_ip", _text),
        ("src_port", _number),
        ("src_name_aggr", _text),
        ("src_namespace", _text),
        ("src_type", _text),
        ("dest_ip", _text),
        ("dest_port", _number),
        ("dest_name_aggr", _text),
        ("dest_namespace", _text),
        ("dest_type", _text),
        ("dest_service_name", _text),
        ("dest_service_namespace", _text),
        ("dest_service_port", _number),
        ("url", _text),
        ("response_code", _text),
        ("response_flags", _text),
        ("method", _text),
        ("user_agent", _text),
        ("request_id", _text),
        ("type", _text),
        ("protocol", _text),
        ("protocol_version", _text),
        ("collector_type", _text),
        ("collector_name", _text),
        ("reporter", _text),  # src or dst: whose proxy saw it, where those of both ends do
        ("tls_sni", _text),
        ("tls_version", _text),
        ("tls_cipher_suite", _text),
    ]
)
DERIVED: pa.Schema = pa.schema([])
