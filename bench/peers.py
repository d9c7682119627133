"""DuckDB by hand: what the embedded product is measured against. Knows no code of ours."""

from pathlib import Path

import duckdb

_TEXT, _NUMBER, _TEXTS = "VARCHAR", "BIGINT", "VARCHAR[]"
_LABELS = "STRUCT(labels VARCHAR[])"
_POLICY_LISTS = ("all_policies", "enforced_policies", "pending_policies", "transit_policies")
_POLICIES = f"STRUCT({', '.join(f'{name} {_TEXTS}' for name in _POLICY_LISTS)})"
_SIDE = ("ip", "name", "name_aggr", "namespace", "type")
_TCP = (
    "mean_send_congestion_window",
    "min_send_congestion_window",
    "mean_smooth_rtt",
    "max_smooth_rtt",
    "mean_min_rtt",
    "max_min_rtt",
    "mean_mss",
    "min_mss",
    "total_retransmissions",
    "lost_packets",
    "unrecovered_to",
)
_COUNTS = (
    *("bytes_in", "bytes_out", "packets_in", "packets_out"),
    *("num_flows", "num_flows_started", "num_flows_completed"),
    *("num_process_names", "num_process_ids", "num_process_args", "num_original_source_ips"),
    *("http_requests_allowed_in", "http_requests_denied_in"),
)
COLUMNS = {
    "start_time": _NUMBER,
    "end_time": _NUMBER,
    **{f"{end}_{name}": _TEXT for end in ("source", "dest") for name in _SIDE},
    **{f"{end}_port": _NUMBER for end in ("source", "dest")},
    **{f"{end}_labels": _LABELS for end in ("source", "dest")},
    **{f"dest_service_{name}": _TEXT for name in ("namespace", "name", "port")},
    **dict.fromkeys(("proto", "action", "reporter", "host", "process_name", "process_id"), _TEXT),
    **dict.fromkeys(("dest_domains", "process_args", "original_source_ips"), _TEXTS),
    "nat_outgoing_ports": "BIGINT[]",
    "policies": _POLICIES,
    **dict.fromkeys((*_COUNTS, *(f"tcp_{name}" for name in _TCP)), _NUMBER),
    "@timestamp": _NUMBER,
}
"""A flow log's fields, each with its type: what `read_json` is told, so that it guesses nothing."""


def read_json(file: Path, directory: Path) -> int:
    """The rows that one thread of DuckDB puts into a file table; bad lines become rows of nulls or worse."""
    connection = duckdb.connect(str(directory / "floor.duckdb"), config={"threads": 1})
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    connection.execute(
        f"CREATE TABLE flows AS FROM read_json('{file}', format = 'newline_delimited', "
        f"ignore_errors = true, columns = {{{columns}}})"
    )
    connection.execute("CHECKPOINT")
    (rows,) = connection.execute("SELECT count(*) FROM flows").fetchall()[0]
    connection.close()
    return int(rows)
