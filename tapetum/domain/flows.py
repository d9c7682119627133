"""The flow record as every source is normalised to it: Arrow columns under the log's own names.

`-` in a log is null, several (`*`) stays as written. Units as in docs/data-model.md: times in
microseconds, RTTs in microseconds, counters relative to the reporter.
"""

from enum import StrEnum

import pyarrow as pa


class Reporter(StrEnum):
    SRC = "src"
    DST = "dst"
    FWD = "fwd"


_text = pa.string()
_number = pa.int64()
_texts = pa.list_(pa.string())
_moment = pa.timestamp("us")

LOGGED = pa.schema(
    [
        ("host", _text),
        ("start_time", _moment),
        ("end_time", _moment),
        ("action", _text),
        ("reporter", _text),
        ("proto", _text),
        ("source_ip", _text),
        ("source_name", _text),
        ("source_name_aggr", _text),
        ("source_namespace", _text),
        ("source_type", _text),
        ("source_port", _number),
        ("source_labels", _texts),
        ("dest_ip", _text),
        ("dest_name", _text),
        ("dest_name_aggr", _text),
        ("dest_namespace", _text),
        ("dest_type", _text),
        ("dest_port", _number),
        ("dest_labels", _texts),
        ("dest_service_namespace", _text),
        ("dest_service_name", _text),
        ("dest_service_port", _text),
        ("dest_service_port_num", _number),
        ("dest_domains", _texts),
        ("bytes_in", _number),
        ("bytes_out", _number),
        ("packets_in", _number),
        ("packets_out", _number),
        ("num_flows", _number),
        ("num_flows_started", _number),
        ("num_flows_completed", _number),
        ("http_requests_allowed_in", _number),
        ("http_requests_denied_in", _number),
        ("process_name", _text),
        ("process_id", _text),
        ("process_args", _texts),
        ("num_process_names", _number),
        ("num_process_ids", _number),
        ("num_process_args", _number),
        ("nat_outgoing_ports", pa.list_(_number)),
        ("original_source_ips", _texts),
        ("num_original_source_ips", _number),
        ("tcp_mean_send_congestion_window", _number),
        ("tcp_min_send_congestion_window", _number),
        ("tcp_mean_smooth_rtt", _number),
        ("tcp_max_smooth_rtt", _number),
        ("tcp_mean_min_rtt", _number),
        ("tcp_max_min_rtt", _number),
        ("tcp_mean_mss", _number),
        ("tcp_min_mss", _number),
        ("tcp_total_retransmissions", _number),
        ("tcp_lost_packets", _number),
        ("tcp_unrecovered_to", _number),
    ]
)
"""What a log line says, after normalisation."""

POLICY_LISTS = ("enforced_policies", "pending_policies", "transit_policies", "all_policies")

DERIVED = pa.schema(
    [
        ("id", _text),  # 96 bits of the identity hash in base64url: 16 characters
        ("cluster", _text),
        ("line_no", pa.int32()),  # in its batch, from 0; finds the raw line
        ("source_network", _text),  # pub or pvt by the address, or by a log that calls it so
        ("dest_network", _text),
        ("dest_domain", _text),  # the first of dest_domains: the one that names the graph's node
        ("sampling", _number),  # 1 in N; null: exact
        ("known", pa.uint8()),  # bit i: COUNTERS[i] is counted by this source
        ("trace", pa.uint64()),  # key of the policy trace in TRACE
        ("flow_key", pa.uint64()),  # hash of the FLOW_KEY columns
        ("verdict_key", pa.uint64()),  # hash of the VERDICT_KEY columns
    ]
)
RECORD = pa.schema([*DERIVED, *LOGGED])

HIT = pa.struct(
    [
        ("index", pa.int32()),
        ("tier", _text),
        ("kind", _text),
        ("namespace", _text),
        ("name", _text),
        ("action", _text),
        ("rule_index", pa.int32()),
        ("staged", pa.bool_()),
        ("end_of_tier", pa.bool_()),
        ("trigger", _text),
        ("set", _text),
    ]
)
TRACE = pa.schema(
    [("trace", pa.uint64()), *((name, _texts) for name in POLICY_LISTS), ("policy_hits", pa.list_(HIT))]
)

FLOW_KEY = (
    "cluster",
    "reporter",
    "action",
    "source_type",
    "source_namespace",
    "source_name_aggr",
    "source_network",
    "dest_type",
    "dest_namespace",
    "dest_name_aggr",
    "dest_network",
    "dest_domain",
    "proto",
    "dest_port",
    "dest_service_namespace",
    "dest_service_name",
    "dest_service_port",
    "known",
    "sampling",
)
"""What roll-ups are kept by: Goldmane's key without policies, finer than the edge key.

An edge key is (cluster, source node, target node, proto, dest_port); service, reporter and action
split it further. Filters on these columns run over roll-ups, any other filter over raw records.
"""

VERDICT_TEXTS = ("source_ip", "dest_ip", "source_name", "dest_name")
VERDICT_LISTS = ("source_labels", "dest_labels", "dest_domains")
VERDICT_KEY = (*FLOW_KEY, *VERDICT_TEXTS, *VERDICT_LISTS)
"""All that a policy's verdict on a record can depend on, but the source's port: hardly two records share
that, so rules that name one stay uncertain where keys stand for records.
"""

COUNTERS = ("num_flows_started", "packets_in", "packets_out", "bytes_in", "bytes_out")
"""Summed in roll-ups, beside the number of records, in this order."""
