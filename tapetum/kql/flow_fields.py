"""The fields of flow records, as the data model names them."""

from tapetum.kql.fields import Field, FieldType

_KEYWORD, _IP, _LONG, _DATE = FieldType.KEYWORD, FieldType.IP, FieldType.LONG, FieldType.DATE
_BOOLEAN, _NESTED = FieldType.BOOLEAN, FieldType.NESTED


def _endpoint(side: str, role: str) -> tuple[Field, ...]:
    return (
        Field(
            f"{side}_name",
            _KEYWORD,
            f"Pod or host endpoint of the {role}; missing where aggregated.",
            default=True,
        ),
        Field(
            f"{side}_name_aggr",
            _KEYWORD,
            f"The {role} without its pod's suffix (web-6b687c8dcb-*), or the network set, pub or pvt.",
            default=True,
        ),
        Field(
            f"{side}_namespace",
            _KEYWORD,
            f"Namespace of the {role}; missing where it has none.",
            default=True,
        ),
        Field(
            f"{side}_type",
            _KEYWORD,
            f"What the {role} is: wep (workload), hep (host), ns (network set) or net (network).",
        ),
        Field(
            f"{side}_network",
            _KEYWORD,
            f"pub or pvt, judged by the address of a {role} outside the cluster: a network or one of a set.",
        ),
        Field(f"{side}_ip", _IP, f"Address of the {role}; missing where aggregated.", default=True),
        Field(f"{side}_port", _LONG, f"Port of the {role}; missing where aggregated, and for ICMP."),
        Field(
            f"{side}_labels",
            _KEYWORD,
            f"Labels of the {role} as key=value; those that all aggregated pods share.",
            multi=True,
            default=True,
            aliases=(f"{side}_labels.labels",),
        ),
    )


def _long(name: str, description: str) -> Field:
    return Field(name, _LONG, description)


def _policies(which: str, description: str) -> Field:
    return Field(
        f"policies.{which}_policies", _KEYWORD, description, multi=True, default=True, policy_strings=True
    )


FLOW_FIELDS = (
    Field("id", _KEYWORD, "Identity of the record, the same whenever the same line arrives."),
    Field("cluster", _KEYWORD, "Cluster that the record came from."),
    Field("host", _KEYWORD, "Node that collected the flow.", default=True),
    Field("start_time", _DATE, "Start of the window that the record sums up.", aliases=("@timestamp",)),
    Field("end_time", _DATE, "End of the window that the record sums up."),
    Field("action", _KEYWORD, "What the reporter did with the connection: allow or deny.", default=True),
    Field("reporter", _KEYWORD, "Which end reports: src, dst, or fwd for traffic in transit.", default=True),
    Field("proto", _KEYWORD, "Protocol: tcp, udp, icmp, or its number.", default=True),
    *_endpoint("source", "source"),
    *_endpoint("dest", "destination"),
    Field("dest_service_namespace", _KEYWORD, "Namespace of the service that was called.", default=True),
    Field("dest_service_name", _KEYWORD, "Service that was called; missing where unknown.", default=True),
    Field(
        "dest_service_port", _KEYWORD, "Name of the service's port; * where there were several.", default=True
    ),
    _long("dest_service_port_num", "Number of the service's port."),
    Field(
        "dest_domains",
        _KEYWORD,
        "Domains that the destination's address was looked up as.",
        multi=True,
        default=True,
    ),
    Field("dest_domain", _KEYWORD, "The domain by which the graph names the destination.", default=True),
    _long("bytes_in", "Bytes that the reporting endpoint received."),
    _long("bytes_out", "Bytes that the reporting endpoint sent."),
    _long("packets_in", "Packets that the reporting endpoint received."),
    _long("packets_out", "Packets that the reporting endpoint sent."),
    _long("num_flows", "Connections seen in the window; a long one counts in every window."),
    _long(
        "num_flows_started",
        "Connections that started in the window; this is what connections are counted by.",
    ),
    _long("num_flows_completed", "Connections that ended in the window."),
    Field(
        "process_name",
        _KEYWORD,
        "Process that made or took the connection; * where there were many.",
        default=True,
    ),
    Field("process_id", _KEYWORD, "Identity of that process; * where there were many."),
    Field("process_args", _KEYWORD, "Arguments that the process was started with.", multi=True, default=True),
    _long("num_process_names", "Different process names in the window."),
    _long("num_process_ids", "Different process identities in the window."),
    _long("num_process_args", "Different process arguments in the window."),
    Field("nat_outgoing_ports", _LONG, "Source ports after address translation.", multi=True),
    Field("original_source_ips", _IP, "Client addresses that a proxy forwarded.", multi=True, default=True),
    _long("num_original_source_ips", "Different forwarded client addresses in the window."),
    _long("http_requests_allowed_in", "HTTP requests that were let in."),
    _long("http_requests_denied_in", "HTTP requests that were denied."),
    _long("tcp_mean_send_congestion_window", "Mean send congestion window."),
    _long("tcp_min_send_congestion_window", "Smallest send congestion window."),
    _long("tcp_mean_smooth_rtt", "Mean smoothed round-trip time in microseconds."),
    _long("tcp_max_smooth_rtt", "Largest smoothed round-trip time in microseconds."),
    _long("tcp_mean_min_rtt", "Mean of the minimal round-trip times in microseconds."),
    _long("tcp_max_min_rtt", "Largest of the minimal round-trip times in microseconds."),
    _long("tcp_mean_mss", "Mean maximal segment size in bytes."),
    _long("tcp_min_mss", "Smallest maximal segment size in bytes."),
    _long("tcp_total_retransmissions", "Segments sent again."),
    _long("tcp_lost_packets", "Packets lost."),
    _long("tcp_unrecovered_to", "Retransmission timeouts that were not recovered from."),
    _long("sampling", "The source counted 1 in this many packets; missing where it counted all."),
    Field("policies", _NESTED, "The policy strings of the record, as logged."),
    _policies("all", "Enforced and staged policies mixed, as older logs have them."),
    _policies("enforced", "Policies that decided the connection when it started."),
    _policies("pending", "What would decide now, staged policies active."),
    _policies("transit", "Policies that the traffic passed on its way."),
    Field("policy_hits", _NESTED, "What each policy did, one element for each step of the evaluation."),
    Field("policy_hits.index", _LONG, "Place in the order of evaluation, from 0."),
    Field("policy_hits.tier", _KEYWORD, "Tier of the policy."),
    Field(
        "policy_hits.kind", _KEYWORD, "Kind of the policy, such as GlobalNetworkPolicy, Profile or EndOfTier."
    ),
    Field("policy_hits.namespace", _KEYWORD, "Namespace of the policy; missing where it is global."),
    Field("policy_hits.name", _KEYWORD, "Name of the policy, without tier or namespace."),
    Field("policy_hits.action", _KEYWORD, "What this step did: allow, deny or pass."),
    Field("policy_hits.rule_index", _LONG, "Rule that matched, from 0; -1: none did, -2: unknown."),
    Field("policy_hits.staged", _BOOLEAN, "Whether the policy is staged."),
    Field("policy_hits.end_of_tier", _BOOLEAN, "Whether the tier's default action applied."),
    Field("policy_hits.trigger", _KEYWORD, "Policy that made the tier apply when it ended without a match."),
    Field("policy_hits.set", _KEYWORD, "Evaluation that the step belongs to: enforced, pending or transit."),
)
